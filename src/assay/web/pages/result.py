"""One result: what it is to those before it, and everything the report says of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import PlainTextResponse, Response

from assay import auth
from assay.charts import durations
from assay.errors import NotFound
from assay.queries.result_detail import ResultDetail, show_result
from assay.queries.test_history import Occurrence, list_history
from assay.rows import Detail
from assay.store.catalog import assets, profiles, reports
from assay.store.catalog.reports import Report
from assay.web.pages import runs, stories, verdicts, words
from assay.web.pages.frame import Frame, Search
from assay.web.pages.parts import Link, Run, Story, Verdict
from assay.web.pages.rows import shown_status
from assay.web.pages.view import show
from assay.web.pages.visit import Guest, Visit, frame
from assay.web.pages.words import Name

router = APIRouter(include_in_schema=False)

HISTORY = 60  # reports looked through
TEXTS: dict[str, Callable[[Detail], str]] = {
    "trace": lambda detail: detail.trace,
    "stdout": lambda detail: detail.stdout,
    "stderr": lambda detail: detail.stderr,
}


@dataclass(frozen=True, slots=True)
class ResultPage:
    frame: Frame
    name: Name
    verdict: Verdict
    run: Run
    status: str
    duration: float | None
    attempts: int
    history: durations.Chart
    history_words: str
    story: Story


@router.get("/reports/{report_id}/results/{position}")
def show_result_page(guest: Guest, report_id: int, position: int) -> Response:
    with guest.ours.stores.catalog.read() as conn:
        report = auth.see_report(conn, guest.who, report_id)
    return show("result", build(guest, report, position))


@router.get("/reports/{report_id}/results/{position}/{part}.txt")
def show_text(guest: Guest, report_id: int, position: int, part: str) -> Response:
    """A long text whole, as plain text."""
    with guest.ours.stores.catalog.read() as conn:
        report = auth.see_report(conn, guest.who, report_id)
    if part not in TEXTS:
        raise NotFound(f"A result has no {part}; it has {', '.join(TEXTS)}.")
    found = show_result(guest.ours.stores.results, report.profile_id, report.id, position)
    return PlainTextResponse(TEXTS[part](found.detail))


def build(guest: Visit, report: Report, position: int) -> ResultPage:
    """The page of a result of a report the guest may see."""
    stores = guest.ours.stores
    found = show_result(stores.results, report.profile_id, report.id, position)
    with stores.catalog.read() as conn:
        profile = profiles.get(conn, report.profile_id)
        assert profile is not None
        before = reports.of_profile(
            conn, profile.id, limit=HISTORY - 1, before=(report.date, report.id)
        )
        held = assets.of_result(conn, report.id, position)
        around = frame(
            conn,
            guest,
            found.name or "(no name)",
            company=profile.company_id,
            profile=profile.id,
            crumbs=(
                Link(profile.name, f"/profiles/{profile.id}"),
                Link(f"Report #{report.id}", f"/reports/{report.id}"),
            ),
            search=Search(f"/reports/{report.id}", "Search this report"),
        )
    dates = {each.id: each for each in (report, *before)}
    history = list_history(stores.results, profile.id, found.test, list(dates))
    mine = _from_here(history, found, report)
    told = mine if len(mine) > 1 else []
    chart = durations.draw([_point(each, dates, found, report) for each in reversed(told)])
    return ResultPage(
        frame=around,
        name=words.name(found.path, found.name),
        verdict=verdicts.of_result(mine, dates, guest.now),
        run=runs.run(report),
        status=shown_status(found.status, found.flaky),
        duration=found.duration,
        attempts=found.attempts,
        history=chart,
        history_words=_words(chart),
        story=stories.tell(found, report.id, held),
    )


def _from_here(history: list[Occurrence], found: ResultDetail, report: Report) -> list[Occurrence]:
    """This result first, then one of each earlier report: where a test stands several times in a
    report, that is its first."""
    here = [e for e in history if e.report == report.id and e.position == found.position]
    earlier: dict[int, Occurrence] = {}
    for each in history:
        if each.report != report.id:
            earlier.setdefault(each.report, each)
    return [*here, *earlier.values()]


def _point(
    each: Occurrence, dates: dict[int, Report], found: ResultDetail, report: Report
) -> durations.Point:
    status = shown_status(each.status, each.flaky)
    told = (status, words.duration(each.duration), runs.tooltip(dates[each.report]))
    return durations.Point(
        status=status,
        duration=each.duration,
        title=" · ".join(part for part in told if part),
        url=f"/reports/{each.report}/results/{each.position}",
        current=each.report == report.id and each.position == found.position,
    )


def _words(chart: durations.Chart) -> str:
    longest = f"longest {words.duration(chart.longest)}" if chart.longest else ""
    count = f"{words.count(len(chart.strokes), 'result')}, the newest at the right"
    return " · ".join(part for part in (count, longest) if part)
