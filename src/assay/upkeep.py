"""What people do to reports that are there: delete them and have them back, correct and tag them,
move them to another profile.

The catalog is changed first and in one transaction; what follows from it can be repeated. Whoever
calls has made sure that they may.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from assay import auth, history, judgement
from assay.errors import Invalid
from assay.store import Stores
from assay.store.catalog import imports, reports, trash
from assay.store.catalog.profiles import Profile
from assay.store.catalog.reports import Report, State

AT_ONCE = 200
"""Reports that one request may change."""

MOST_TAGS = 100
LONGEST = 255
"""Of a tag, branch, commit or build, in characters."""


@dataclass(frozen=True, slots=True)
class Edits:
    """What a person says of a report; None for what they say nothing of."""

    date: datetime | None = None
    branch: str | None = None
    commit: str | None = None
    build: str | None = None
    tags: Sequence[str] | None = None

    def said(self) -> dict[str, Any]:
        """What there is, by name. Raises `Invalid` for what is too long or too many."""
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        found = {name: value for name, value in values.items() if value is not None}
        for name, value in found.items():
            _check(name, value)
        return found


def _check(name: str, value: object) -> None:
    texts = value if isinstance(value, list | tuple) else [value]
    if len(texts) > MOST_TAGS:
        raise Invalid(f"A report has {MOST_TAGS} tags at most", name)
    if any(isinstance(text, str) and len(text) > LONGEST for text in texts):
        raise Invalid(f"A {name.rstrip('s')} has {LONGEST} characters at most", name)


def delete(stores: Stores, found: Sequence[Report], now: datetime) -> None:
    """Put reports into the trash. What was still being read is not read on."""
    with stores.catalog.write() as conn:
        trash.put(conn, [each.id for each in found], now)
    _relate(stores, found)


def restore(stores: Stores, found: Sequence[Report], now: datetime) -> None:
    """Take reports out of the trash. What was not read yet waits to be read."""
    with stores.catalog.write() as conn:
        trash.take(conn, [each.id for each in found], now)
    _relate(stores, found)


def correct(stores: Stores, report: Report, edits: Edits, now: datetime) -> None:
    """Change what is said of a report, for good: reading it again does not undo it. Raises
    `Invalid`."""
    said = edits.said()
    if not said:
        return
    kept = said | ({"date": said["date"].isoformat()} if "date" in said else {})
    with stores.catalog.write() as conn:
        reports.edit(conn, report.id, said, now)
        if report.import_id:
            imports.edit(conn, report.import_id, kept)
    if "date" in said and said["date"] != report.date:
        places = [(report.date, report.id), (said["date"], report.id)]
        history.relate(stores, report.profile_id, places)
    if report.judged is not None:  # its gate may ask for what is said of it now
        judgement.judge_report(stores, report.id)


def tag(
    stores: Stores, found: Sequence[Report], add: Sequence[str], drop: Sequence[str], now: datetime
) -> None:
    """Add and drop tags. Raises `Invalid`."""
    edits = []
    for each in found:
        tags = [*(name for name in each.tags if name not in drop), *add]
        edits.append(Edits(tags=list(dict.fromkeys(name for name in tags if name))))
        edits[-1].said()
    for each, edit in zip(found, edits, strict=True):
        correct(stores, each, edit, now)


def move(stores: Stores, found: Sequence[Report], to: Profile, now: datetime) -> None:
    """Put reports into another profile, to be read there from their raw uploads; none is public any
    more. If we die before their rows are removed from the old one, they show nowhere and are swept.
    Raises `Invalid`."""
    auth.require_own_reports(to)
    moved = [each for each in found if each.profile_id != to.id]
    if any(each.state is State.RUNNING for each in moved):
        raise Invalid("A report that is still running can be moved when it has ended")
    if any(each.import_id is None for each in moved):
        raise Invalid("A report without a raw upload cannot be moved")
    with stores.catalog.write() as conn:
        for each in moved:
            reports.move(conn, each.id, to.id, now)
            imports.move(conn, str(each.import_id), to.id)
    for each in moved:
        stores.results.delete(each.profile_id, [each.id])
    _relate(stores, moved)


def _relate(stores: Stores, found: Sequence[Report]) -> None:
    for profile in {each.profile_id for each in found}:
        places = [(each.date, each.id) for each in found if each.profile_id == profile]
        history.relate(stores, profile, places)
