"""Results of a report as rows: labelled, with the strip of what they were before."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from assay import history
from assay.model import FAILURES
from assay.queries.changes import LOOKBACK
from assay.queries.duplicates import count_alike
from assay.queries.grid import Cell as GridCell
from assay.queries.grid import read_cells
from assay.queries.labels import Kind, Label
from assay.queries.report_results import ListedResult
from assay.queries.result_detail import show_result
from assay.store import Stores
from assay.store.catalog import assets, reports
from assay.store.catalog.reports import Report
from assay.web.pages import runs, stories, words
from assay.web.pages.parts import Cell, Row, Story
from assay.web.pages.past import read_past
from assay.web.pages.place import MEMBERS, Place, Scene

STRIP = 10  # results in a row's strip, its own counted
MOST_OPEN = 10  # rows that one address can hold unfolded

WORDS = {Kind.NEW_RESULT: "new", Kind.NEW_FAILURE: "new", Kind.FIXED: "fixed"}
FRESH = frozenset(WORDS)
EXPLAINED = {
    Kind.NEW_RESULT: "{0}: no report before has this test",
    Kind.NEW_FAILURE: "{0}: it {1} before",
    Kind.FIXED: "{0}: it was {1} before",
    Kind.WAS: "{0} before",
    Kind.TIMES: "{0} in a row that it ends like this",
    Kind.CHANGED: "{0}: {1} before too, but not in the same way",
}


@dataclass(frozen=True, slots=True)
class Context:
    """What rows are told against: their report and those in sight before it, newest first."""

    stores: Stores
    report: Report
    earlier: tuple[Report, ...]
    place: Place
    open: Collection[int] = ()
    here: str = ""  # the page's address, with `{open}` where an unfolded position goes

    @property
    def alone(self) -> bool:
        """Whether reports may be out of sight, so that nobody can say what is new."""
        return self.place.keys is not None and not self.earlier


def context(scene: Scene, opened: Collection[int] = (), here: str = "") -> Context:
    """The context of a report's rows."""
    report, place = scene.report, scene.place
    with scene.stores.catalog.read() as conn:
        found = reports.of_profile(
            conn,
            report.profile_id,
            limit=LOOKBACK,
            before=(report.date, report.id),
            among=place.keys,
        )
    return Context(scene.stores, report, tuple(found), place, opened, here)


def rows(within: Context, found: Sequence[ListedResult]) -> tuple[Row, ...]:
    """The rows of `found`, in its order."""
    tests = {each.test for each in found}
    report = within.report
    labels = labelled(within, tests)
    alike = count_alike(within.stores.results, report.profile_id, report.id, tests)
    strips = _strips(within, tests - alike.keys())
    return tuple(
        _row(within, each, labels.get(each.test), alike.get(each.test, 1), strips) for each in found
    )


def labelled(within: Context, tests: Collection[int]) -> dict[int, Label]:
    """The labels of tests of the report; none where no other report is in sight."""
    if within.alone:
        return {}
    return history.label(within.stores, within.report, tests, among=within.place.keys)


def fold(within: Context, position: int) -> Story:
    """What a row unfolds to."""
    report = within.report
    found = show_result(within.stores.results, report.profile_id, report.id, position)
    with within.stores.catalog.read() as conn:
        held = assets.of_result(conn, report.id, position)
    story = stories.tell(found, within.place.report(report.id), held, within.stores.blobs)
    scene = Scene(within.stores, report, within.place)
    return replace(story, past=read_past(scene, found).past)


def say(label: Label | None, status: str, alike: int = 1) -> str:
    """A label in a row's few letters."""
    if alike > 1:
        return f"{alike} alike"
    if label is None:
        return "flaky" if status == "flaky" else ""
    return WORDS.get(label.kind, label.text[:1].lower() + label.text[1:])


def explain(label: Label | None, alike: int = 1) -> str:
    """The label in full, for its tooltip."""
    if alike > 1:
        return f"{alike} results of this report have this name, so they have no history"
    return EXPLAINED[label.kind].format(label.text, label.before) if label else ""


def cell(
    found: GridCell | None, report: Report, place: Place = MEMBERS, *, current: bool = False
) -> Cell:
    """A result in a strip or grid, with its tooltip and address."""
    if found is None:
        return Cell("none", f"not in this report · {runs.tooltip(report)}", "", current)
    status = runs.shown_status(found.status, found.flaky)
    told = (status, words.duration(found.duration), runs.tooltip(report))
    url = place.result(report.id, found.position)
    return Cell(status, " · ".join(part for part in told if part), url, current)


Strips = dict[int, tuple[Cell, ...]]


def _strips(within: Context, tests: Collection[int]) -> Strips:
    """Each test's latest results, oldest first, the report's own at the end."""
    if within.alone:
        return {}
    shown = [within.report, *within.earlier[: STRIP - 1]]
    ids = [report.id for report in shown]
    found = read_cells(within.stores.results, within.report.profile_id, ids, sorted(tests))
    return {
        test: tuple(
            cell(each, report, within.place, current=report is within.report)
            for each, report in reversed(list(zip(cells, shown, strict=True)))
        )
        for test, cells in found.items()
    }


def _row(
    within: Context, found: ListedResult, label: Label | None, alike: int, strips: Strips
) -> Row:
    status = runs.shown_status(found.status, found.flaky)
    opened = found.position in within.open
    url = within.place.result(within.report.id, found.position)
    fresh = label is not None and label.kind in FRESH
    return Row(
        position=found.position,
        url=within.here.replace("{open}", str(found.position)) if within.here else url,
        fold_url=f"{url}/fold",
        status=status,
        label=say(label, status, alike),
        label_title=explain(label, alike),
        fresh=fresh and (found.status in FAILURES or status == "passed"),
        name=words.name(found.path, found.name),
        error=words.said(found.type, found.message),
        duration=found.duration,
        strip=strips.get(found.test, ()),
        fold=fold(within, found.position) if opened else None,
    )
