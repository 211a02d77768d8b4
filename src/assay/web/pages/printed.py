"""A report laid out for paper: the counts, what changed, every failure with its message, and the
names of the rest."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from fastapi import APIRouter
from starlette.responses import Response

from assay import auth
from assay.model import FAILURES, Result, Status
from assay.queries.changes import LOOKBACK, Change, list_changes
from assay.queries.labels import Label
from assay.queries.report_items import Placed
from assay.store.catalog import reports
from assay.web.pages import rows, runs, traces, verdicts, words
from assay.web.pages.exports import Outgoing, outgoing
from assay.web.pages.frame import Frame
from assay.web.pages.parts import Run, Verdict
from assay.web.pages.view import show
from assay.web.pages.visit import Guest, bare

router = APIRouter(include_in_schema=False)

MOST_FAILURES = 500
MOST_NAMES = 2_000
MOST_CHANGED = 100
MESSAGE = 1_500
"""Characters of a message; a page of paper holds some three thousand."""

COUNTED = ("failed", "broken", "skipped", "unknown", "passed", "flaky")
LISTED = ((Change.FIXED, "Fixed"), (Change.GONE, "Gone"), (Change.NEW_TEST, "New tests"))


@dataclass(frozen=True, slots=True)
class PrintedFailure:
    status: str
    label: str
    path: str
    name: str
    kind: str
    message: str
    cut: bool
    duration: float | None


@dataclass(frozen=True, slots=True)
class PrintedName:
    """A test with a word on it: how long it took, or why it was skipped."""

    status: str
    name: str
    words: str


@dataclass(frozen=True, slots=True)
class PrintedList:
    """Some tests of `count`."""

    title: str
    count: int
    items: tuple[PrintedName, ...]

    @property
    def more(self) -> int:
        return self.count - len(self.items)


@dataclass(frozen=True, slots=True)
class PrintedPage:
    frame: Frame
    profile: str
    url: str
    run: Run
    verdict: Verdict
    numbers: tuple[tuple[str, int], ...]
    rate: str
    changes: tuple[PrintedList, ...]
    failures: tuple[PrintedFailure, ...]
    failures_more: int
    lists: tuple[PrintedList, ...]
    now: datetime


@router.get("/reports/{report_id}/print")
def show_printed(guest: Guest, report_id: int) -> Response:
    with guest.ours.stores.catalog.read() as conn:
        found = auth.see_report(conn, guest.who, report_id)
    url = f"{guest.base}/reports/{found.id}"
    return show("printed", build(guest, outgoing(guest.ours.stores, found, url, guest.now)))


def build(guest: Guest, report: Outgoing) -> PrintedPage:
    found, counts = report.report, report.report.counts
    failures = list(islice(report.results(FAILURES), MOST_FAILURES))
    labels = report.labels([each.test for each in failures])
    return PrintedPage(
        frame=bare(guest.request, f"{report.profile} #{found.id}", guest.now),
        profile=report.profile,
        url=report.url,
        run=runs.run(found),
        verdict=verdicts.of_report(found, report.causes()),
        numbers=tuple((name, n) for name in COUNTED if (n := getattr(counts, name))),
        rate=runs.pass_rate(counts),
        changes=tuple(_changes(report)),
        failures=tuple(_failure(each, labels.get(each.test)) for each in failures),
        failures_more=verdicts.failures(found) - len(failures),
        lists=tuple(_lists(report)),
        now=guest.now,
    )


def _failure(placed: Placed, label: Label | None) -> PrintedFailure:
    result = placed.result
    kind, message = (result.error.type, result.error.message) if result.error else ("", "")
    shown = traces.cut(message, MESSAGE)
    return PrintedFailure(
        status=result.status.value,
        label=rows.say(label, result.status.value),
        path=words.BETWEEN.join(result.path),
        name=result.name,
        kind=kind,
        message=shown,
        cut=len(shown) < len(message),
        duration=result.duration,
    )


def _changes(report: Outgoing) -> Iterator[PrintedList]:
    """What changed beside the failures, which say themselves what is new of them."""
    found = report.report
    with report.stores.catalog.read() as conn:
        place = (found.date, found.id)
        earlier = reports.of_profile(conn, found.profile_id, limit=LOOKBACK, before=place)
    ids = [each.id for each in earlier]
    for change, title in LISTED:
        count = getattr(found.changes, change.value)
        if count and ids:
            results = report.stores.results
            page = list_changes(
                results, found.profile_id, found.id, ids, change, limit=MOST_CHANGED
            )
            named = (_name(each.status, each.path, each.name, "") for each in page.items)
            yield PrintedList(title, count, tuple(named))


def _lists(report: Outgoing) -> Iterator[PrintedList]:
    counts = report.report.counts
    kinds: tuple[tuple[str, int, Status, Collection[bool]], ...] = (
        ("Flaky", counts.flaky, Status.PASSED, (True,)),
        ("Unknown", counts.unknown, Status.UNKNOWN, (False, True)),
        ("Skipped", counts.skipped, Status.SKIPPED, (False, True)),
        ("Passed", counts.passed - counts.flaky, Status.PASSED, (False,)),
    )
    for title, count, status, flaky in kinds:
        if count:
            found = report.results((status,), flaky=flaky, detailed=title != "Passed")
            items = (_listed(each.result) for each in islice(found, MOST_NAMES))
            yield PrintedList(title, count, tuple(items))


def _listed(result: Result) -> PrintedName:
    error = result.error
    status = runs.shown_status(result.status, result.flaky)
    why = words.said(error.type, error.message) if error else ""
    return _name(status, result.path, result.name, why or words.duration(result.duration))


def _name(status: str, path: tuple[str, ...], name: str, said: str) -> PrintedName:
    return PrintedName(status, words.BETWEEN.join((*path, name)), said)
