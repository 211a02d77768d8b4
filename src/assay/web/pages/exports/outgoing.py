"""A report on its way out: what is known of it, and its results as often as they are asked for."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from assay import history
from assay.errors import Invalid, Unavailable
from assay.model import Attachment, Item, Status
from assay.queries.labels import Label
from assay.queries.report_errors import list_causes
from assay.queries.report_items import (
    Attach,
    Placed,
    attach_names,
    list_containers_files,
    stream_items,
    stream_results,
)
from assay.rows import AssetRef
from assay.store import Stores
from assay.store.catalog import assets, profiles
from assay.store.catalog.reports import Report, State

MOST_CAUSES = 50


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A report that is done, in the profile of that name; `url` is its page's address."""

    stores: Stores
    report: Report
    profile: str
    url: str
    now: datetime

    def items(self, attach: Attach = attach_names) -> Iterator[Item]:
        """All it is made of, results in document order."""
        report = self.report
        results = self.stores.results
        return stream_items(results, report.profile_id, report.id, report.counts.total, attach)

    def results(
        self,
        statuses: Collection[Status] = tuple(Status),
        *,
        flaky: Collection[bool] = (False, True),
        detailed: bool = True,
        attach: Attach = attach_names,
    ) -> Iterator[Placed]:
        """The results that ended so, in document order."""
        report = self.report
        return stream_results(
            self.stores.results,
            report.profile_id,
            report.id,
            report.counts.total,
            statuses=statuses,
            flaky=flaky,
            detailed=detailed,
            attach=attach,
        )

    def causes(self) -> int:
        """Of how many causes its failures are, as far as they are counted."""
        report = self.report
        return len(list_causes(self.stores.results, report.profile_id, report.id, MOST_CAUSES))

    def labels(self, tests: Collection[int]) -> dict[int, Label]:
        """What results are to those before them."""
        return history.label(self.stores, self.report, tests)

    def files(self, attach: Attach) -> tuple[Attachment, ...]:
        """The files of the report itself: those that no result and no container refers to."""
        report = self.report
        with self.stores.catalog.read() as conn:
            own = [each for each in assets.of_report(conn, report.id) if each.position is None]
        taken = list_containers_files(self.stores.results, report.profile_id, report.id)
        refs = (AssetRef(each.name, each.number, each.name, each.media_type) for each in own)
        return tuple(attach(ref) for ref in refs if ref.number not in taken)


def outgoing(stores: Stores, report: Report, url: str, now: datetime) -> Outgoing:
    """The report, ready to be taken out. Raises `Unavailable` while it is still being read, and
    `Invalid` where it could not be."""
    if report.state is State.FAILED:
        message = f"Report {report.id} could not be read, so there is nothing to export. {url}"
        raise Invalid(message, "report_id")
    if report.state is not State.DONE:
        raise Unavailable(f"Report {report.id} is still being read. Export it in a moment")
    with stores.catalog.read() as conn:
        profile = profiles.get(conn, report.profile_id)
    return Outgoing(stores, report, profile.name if profile else "report", url, now)
