"""One result: what it is to those before it, and everything the report says of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.responses import PlainTextResponse, Response

from assay import auth, history
from assay.charts import durations
from assay.errors import NotFound
from assay.queries.labels import Label
from assay.queries.result_detail import ResultDetail, show_result
from assay.queries.siblings import list_siblings
from assay.queries.test_history import Occurrence
from assay.rows import Detail
from assay.store.catalog import assets, profiles
from assay.store.catalog.reports import Report
from assay.variants import variant
from assay.web.pages import measurements, runs, stories, verdicts, words
from assay.web.pages.frame import Frame, Search
from assay.web.pages.measurements import Metric
from assay.web.pages.parts import Link, Past, Public, Run, Story, Verdict
from assay.web.pages.past import read_past
from assay.web.pages.place import Scene
from assay.web.pages.rows import explain
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
class VariantRow:
    """The test with other parameters, or (`current`) with these."""

    parameters: str
    url: str
    status: str
    duration: float | None
    current: bool


@dataclass(frozen=True, slots=True)
class ResultPage:
    frame: Frame
    name: Name
    verdict: Verdict
    run: Run
    status: str
    label: str
    label_title: str
    duration: float | None
    attempts: int
    past: Past
    history: durations.Chart
    history_words: str
    metrics: tuple[Metric, ...]
    variants: tuple[VariantRow, ...]
    story: Story
    public: Public | None = None


@router.get("/reports/{report_id}/results/{position}")
def show_result_page(guest: Guest, report_id: int, position: int) -> Response:
    with guest.ours.stores.catalog.read() as conn:
        report = auth.see_report(conn, guest.who, report_id)
    scene = Scene(guest.ours.stores, report)
    found = find(scene, position)
    with guest.ours.stores.catalog.read() as conn:
        around = _frame(conn, guest, report, found)
    return show("result", build(scene, found, around))


@router.get("/reports/{report_id}/results/{position}/{part}.txt")
def show_text(guest: Guest, report_id: int, position: int, part: str) -> Response:
    """A long text whole, as plain text."""
    with guest.ours.stores.catalog.read() as conn:
        report = auth.see_report(conn, guest.who, report_id)
    return text(Scene(guest.ours.stores, report), position, part)


def find(scene: Scene, position: int) -> ResultDetail:
    """A result of the scene's report. Raises `NotFound`."""
    report = scene.report
    return show_result(scene.stores.results, report.profile_id, report.id, position)


def text(scene: Scene, position: int, part: str) -> Response:
    """A long text of a result, whole. Raises `NotFound`."""
    if part not in TEXTS:
        raise NotFound(f"A result has no {part}; it has {', '.join(TEXTS)}.")
    return PlainTextResponse(TEXTS[part](find(scene, position).detail))


def build(scene: Scene, found: ResultDetail, around: Frame) -> ResultPage:
    """The page of a result of a report that may be seen, within its frame."""
    report, place = scene.report, scene.place
    with scene.stores.catalog.read() as conn:
        held = assets.of_result(conn, report.id, found.position)
    told = read_past(scene, found, HISTORY - 1)
    before = told.occurrences if told.past.moments else ()
    alone = bool(told.past.alike_url) or (place.keys is not None and not before)
    chart = durations.draw([_point(each, told.dates, found, scene) for each in reversed(before)])
    label = None if alone else _label(scene, found.test)
    verdict = verdicts.of_result(told.occurrences, told.dates, around.now, alone=alone)
    return ResultPage(
        frame=around,
        name=words.name(found.path, found.name),
        verdict=verdict,
        run=runs.run(report, place),
        status=runs.shown_status(found.status, found.flaky),
        label=label.text if label and not verdict.lead.startswith(label.text) else "",
        label_title=explain(label),
        duration=found.duration,
        attempts=found.attempts,
        past=told.past,
        history=chart,
        history_words=_words(chart) if before else "",
        metrics=measurements.metrics(scene, found.test, told.dates),
        variants=_variants(scene, found),
        story=stories.tell(found, scene.at, held, scene.stores.blobs),
    )


def _variants(scene: Scene, found: ResultDetail) -> tuple[VariantRow, ...]:
    """The same test with all its parameters, where this report has it with several."""
    own = variant(found.name)
    if own is None:
        return ()
    report, results = scene.report, scene.stores.results
    listed = list_siblings(results, report.profile_id, report.id, found.path, own.base)
    rows = tuple(
        VariantRow(
            other.parameters,
            scene.place.result(report.id, each.position),
            runs.shown_status(each.status, each.flaky),
            each.duration,
            each.position == found.position,
        )
        for each in listed
        if (other := variant(each.name)) and other.base == own.base
    )
    return rows if len(rows) > 1 else ()


def _label(scene: Scene, test: int) -> Label | None:
    return history.label(scene.stores, scene.report, [test], among=scene.place.keys).get(test)


def _frame(conn: Connection, guest: Visit, report: Report, found: ResultDetail) -> Frame:
    profile = profiles.get(conn, report.profile_id)
    assert profile is not None
    return frame(
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


def _point(
    each: Occurrence, dates: dict[int, Report], found: ResultDetail, scene: Scene
) -> durations.Point:
    status = runs.shown_status(each.status, each.flaky)
    told = (status, words.duration(each.duration), runs.tooltip(dates[each.report]))
    return durations.Point(
        status=status,
        duration=each.duration,
        title=" · ".join(part for part in told if part),
        url=scene.place.result(each.report, each.position),
        current=each.report == scene.report.id and each.position == found.position,
    )


def _words(chart: durations.Chart) -> str:
    longest = f"longest {words.duration(chart.longest)}" if chart.longest else ""
    count = f"{words.count(len(chart.strokes), 'result')}, the newest at the right"
    return " · ".join(part for part in (count, longest) if part)
