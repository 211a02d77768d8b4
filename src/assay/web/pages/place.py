"""Where a report is looked at: the addresses its things have there, and what else is in sight.

Members look at it on its own pages, guests through a share. Whatever shows a report takes its
addresses from the `Place`, so that no link of a guest's page leads out of what was shared.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from assay.store import Stores
from assay.store.catalog.reports import Report


@dataclass(frozen=True, slots=True)
class Place:
    """`root` stands before the addresses of reports. `keys` are of the only reports in sight, each
    at the public address of its own; None where every report of the profile is."""

    root: str = ""
    keys: Mapping[int, str] | None = None

    @property
    def members(self) -> bool:
        """Whether it is the pages of those who are signed in; all others are a guest's."""
        return not self.root and self.keys is None

    def report(self, report: int) -> str:
        """The address of a report in sight."""
        if self.keys is None:
            return f"{self.root}/reports/{report}"
        return f"/reports/{report}/public/{self.keys[report]}"

    def result(self, report: int, position: int) -> str:
        """The address of a result of it."""
        return f"{self.report(report)}/results/{position}"


MEMBERS = Place()
"""The pages of those who are signed in."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A report, looked at from a place. `hidden` are the views of it that are not shown there."""

    stores: Stores
    report: Report
    place: Place = field(default=MEMBERS)
    hidden: frozenset[str] = frozenset()

    @property
    def at(self) -> str:
        """The report's address."""
        return self.place.report(self.report.id)
