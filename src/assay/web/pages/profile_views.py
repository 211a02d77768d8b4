"""What stands below a profile's tabs: the grid, its reports, its tests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from urllib.parse import urlencode

from sqlalchemy import Connection

from assay import auth
from assay.model import FAILURES
from assay.queries.grid import Cell as GridCell
from assay.queries.grid import GridRow, read_cells, show_grid
from assay.queries.profile_tests import Sort, TestSummary, list_tests
from assay.queries.test_errors import read_errors
from assay.store.catalog import reports, trash
from assay.store.catalog.profiles import Profile
from assay.store.catalog.reports import Report
from assay.web.pages import rows, runs, words
from assay.web.pages.frame import Choices
from assay.web.pages.gate_marks import dissent, tooltip
from assay.web.pages.notices import kept_since
from assay.web.pages.parts import Cell, Chip, Hidden, Run, Tab
from assay.web.pages.visit import Visit, choices, may_edit
from assay.web.shapes import read_report_cursor, report_cursor

TABS = ("grid", "reports", "tests")
TITLES = ("Grid", "Reports", "Tests")
COLUMNS = 20  # reports in the grid
NARROW = 10  # of them on a phone
STRIP = 14  # results in a test's strip
OVER = 50  # reports that a test's rate and time are told over
PAGE = 50
APART = 4  # columns between two dates


SORTS = {
    Sort.FAILURES: "most failures",
    Sort.FLAKY: "flakiest",
    Sort.SLOWEST: "slowest",
    Sort.NAME: "by name",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for."""

    tab: str = "grid"
    q: str = ""
    branch: str = ""
    cursor: str | None = None
    sort: str = Sort.FAILURES.value
    metadata: str = ""

    def url(self, profile: int, cursor: str | None = None) -> str:
        """The address of the same, from another place on."""
        tab = "" if self.tab == "grid" else self.tab
        sort = "" if self.sort == Sort.FAILURES else self.sort
        kept = {"tab": tab, "q": self.q, "branch": self.branch, "sort": sort}
        kept |= {"metadata": self.metadata, "cursor": cursor or ""}
        query = urlencode({name: value for name, value in kept.items() if value})
        return f"/profiles/{profile}?{query}" if query else f"/profiles/{profile}"


@dataclass(frozen=True, slots=True)
class Column:
    """A report above the grid; `old` ones give way on a phone."""

    url: str
    title: str
    label: str
    status: str
    old: bool
    gate: str = ""


@dataclass(frozen=True, slots=True)
class Square:
    """A result in the grid."""

    status: str
    title: str
    url: str
    old: bool
    bad: bool


@dataclass(frozen=True, slots=True)
class TestRow:
    """A test in the grid."""

    name: words.Name
    url: str
    cells: tuple[Square, ...]
    status: str
    label: str
    fresh: bool
    error: str
    duration: float | None


@dataclass(frozen=True, slots=True)
class Grid:
    columns: tuple[Column, ...]
    rows: tuple[TestRow, ...]
    more_url: str
    more_words: str = f"{PAGE} more tests"


@dataclass(frozen=True, slots=True)
class Acts:
    """What can be done to selected reports; `targets` are the profiles they can be moved to."""

    url: str
    hidden: tuple[Hidden, ...]
    may_edit: bool
    targets: tuple[Choices, ...] = ()
    trash_url: str = ""
    trashed: int = 0


@dataclass(frozen=True, slots=True)
class Reports:
    items: tuple[Run, ...]
    more_url: str
    acts: Acts | None = None


@dataclass(frozen=True, slots=True)
class TestLine:
    """A test in the list of tests."""

    name: words.Name
    url: str
    status: str
    strip: tuple[Cell, ...]
    rate: str
    duration: float | None


@dataclass(frozen=True, slots=True)
class Tests:
    items: tuple[TestLine, ...]
    more_url: str


@dataclass(frozen=True, slots=True)
class View:
    """One of the three; none of them where nothing matches."""

    grid: Grid | None = None
    runs: Reports | None = None
    tests: Tests | None = None
    chips: tuple[Chip, ...] = ()
    said: str = ""


def profile_tabs(
    profile: int, *, may_edit: bool, current: str, branch: str = "", is_set: bool = False
) -> tuple[Tab, ...]:
    """The ways to look at a profile, and its settings for those who may change them."""
    views = tuple(
        Tab(title, Asked(tab, branch=branch).url(profile), current == tab)
        for tab, title in zip(TABS, TITLES, strict=True)
    )
    gate = Tab("Gate", f"/profiles/{profile}/gate", current == "gate")
    charts = Tab("Charts", f"/profiles/{profile}/charts", current == "charts")
    settings = (Tab("Settings", f"/profiles/{profile}/settings"),) if may_edit else ()
    if is_set:
        return (Tab("Members", f"/profiles/{profile}", current == "members"), charts, *settings)
    return (*views, charts, gate, *settings)


def _grid(guest: Visit, profile: Profile, latest: Sequence[Report], asked: Asked) -> View:
    shown = latest[:COLUMNS]
    results = guest.ours.stores.results
    ids = [each.id for each in shown]
    page = show_grid(results, profile.id, ids, q=asked.q, cursor=asked.cursor, limit=PAGE)
    if not page.items:
        return View()
    errors = _errors(guest, profile, shown[0], page.items)
    more = asked.url(profile.id, page.next) if page.next else ""
    grid = Grid(_columns(shown), tuple(_row(each, shown, errors) for each in page.items), more)
    return View(grid=grid, said=f"{words.count(len(shown), 'report')}, the newest at the right")


def _about(report: Report) -> tuple[str, str, str]:
    return runs.sentence(report.counts), runs.tooltip(report), tooltip(report)


def _columns(shown: Sequence[Report]) -> tuple[Column, ...]:
    """Oldest first; every few of them say their day."""
    labels: list[str] = []
    for at, report in enumerate(reversed(shown)):
        day = words.day(report.date)
        said = [label for label in labels[-APART + 1 :] if label]
        labels.append("" if said or day in labels or at > len(shown) - 2 else day)
    return tuple(
        Column(
            url=f"/reports/{report.id}",
            title=" · ".join(filter(None, _about(report))),
            label=label,
            status=runs.outcome(report.counts),
            gate=dissent(report),
            old=at < len(shown) - NARROW,
        )
        for at, (report, label) in enumerate(zip(reversed(shown), labels, strict=True))
    )


def _errors(
    guest: Visit, profile: Profile, newest: Report, found: Sequence[GridRow]
) -> dict[int, str]:
    """What the failing tests of the newest report say, by test."""
    failing = [row.test for row in found if row.cells[0] and row.cells[0].status in FAILURES]
    said = read_errors(guest.ours.stores.results, profile.id, newest.id, failing)
    return {test: words.said(each.type, each.message) for test, each in said.items()}


def _row(found: GridRow, shown: Sequence[Report], errors: dict[int, str]) -> TestRow:
    squares = [
        _square(cell, report, old=at >= NARROW)
        for at, (cell, report) in enumerate(zip(found.cells, shown, strict=True))
    ]
    last = next((square for square in squares if square.url), None)
    label, fresh = _since(found.cells, shown)
    here = found.cells[0]
    return TestRow(
        name=words.name(found.path, found.name),
        url=last.url if last else "",
        cells=tuple(reversed(squares)),
        status=squares[0].status,
        label=label,
        fresh=fresh,
        error=errors.get(found.test, "") if squares[0].bad else "",
        duration=here.duration if here else None,
    )


def _square(cell: GridCell | None, report: Report, *, old: bool) -> Square:
    shown = rows.cell(cell, report)
    return Square(shown.status, shown.title, shown.url, old, shown.status in FAILURES)


def _since(cells: Sequence[GridCell | None], shown: Sequence[Report]) -> tuple[str, bool]:
    """Since when a test fails (cells are newest first), and whether that is news."""
    here = cells[0]
    if here is None:
        return "", False
    if here.status not in FAILURES:
        return ("flaky" if here.flaky else ""), False
    known = [(cell, report) for cell, report in zip(cells, shown, strict=True) if cell]
    streak = list(takewhile(lambda each: each[0].status in FAILURES, known))
    if len(streak) == 1:
        return "new", True
    if len(streak) == len(known):
        return f"{len(streak)}+ times", False
    first = streak[-1][1]
    return f"since {words.short(first.commit) or words.day(first.date)}", False


def _reports(guest: Visit, profile: Profile, _: Sequence[Report], asked: Asked) -> View:
    with guest.ours.stores.catalog.read() as conn:
        found = reports.of_profile(
            conn,
            profile.id,
            limit=PAGE,
            before=read_report_cursor(asked.cursor),
            branch=asked.branch or None,
            q=asked.q,
            fact=asked.metadata,
        )
        acts = _acts(conn, guest, profile, asked)
    following = report_cursor(found, PAGE)
    more = asked.url(profile.id, following) if following else ""
    listed = tuple(runs.run(each) for each in found)
    chips = (_fact(profile, asked),) if asked.metadata else ()
    return View(runs=Reports(listed, more, acts) if found else None, chips=chips)


def _fact(profile: Profile, asked: Asked) -> Chip:
    """What of the metadata the reports are chosen by: touched, it is no more."""
    name, _, value = asked.metadata.partition(":")
    plain = replace(asked, metadata="", cursor=None).url(profile.id)
    return Chip(f"{name}: {value} ×" if value else f"{name} ×", plain, on=True)


def _acts(conn: Connection, guest: Visit, profile: Profile, asked: Asked) -> Acts:
    kept = (Hidden(name, getattr(asked, name)) for name in ("q", "branch", "metadata"))
    url, hidden = f"/profiles/{profile.id}/reports/act", tuple(each for each in kept if each.value)
    if not may_edit(guest, profile):
        return Acts(url, hidden, may_edit=False)
    return Acts(
        url,
        hidden,
        may_edit=True,
        targets=_others(choices(conn, guest, right=auth.Right.EDIT), profile.id),
        trash_url=f"/profiles/{profile.id}/trash",
        trashed=trash.count(conn, profile.id, kept_since(guest)),
    )


def _others(known: Sequence[Choices], profile: int) -> tuple[Choices, ...]:
    """The profiles to choose from without the one we are in."""
    left = (
        replace(group, options=tuple(o for o in group.options if o.value != str(profile)))
        for group in known
    )
    return tuple(group for group in left if group.options)


def _tests(guest: Visit, profile: Profile, latest: Sequence[Report], asked: Asked) -> View:
    results = guest.ours.stores.results
    over = latest[:OVER]
    page = list_tests(
        results,
        profile.id,
        [each.id for each in over],
        q=asked.q,
        sort=Sort(asked.sort),
        cursor=asked.cursor,
        limit=PAGE,
    )
    shown = latest[:STRIP]
    ids = [each.id for each in shown]
    cells = read_cells(results, profile.id, ids, [each.test for each in page.items])
    lines = tuple(_line(each, cells[each.test], shown) for each in page.items)
    more = asked.url(profile.id, page.next) if page.next else ""
    return View(
        tests=Tests(lines, more) if lines else None,
        chips=_sorts(profile, asked),
        said=f"pass rate and median time over {words.count(len(over), 'report')}",
    )


def _sorts(profile: Profile, asked: Asked) -> tuple[Chip, ...]:
    return tuple(
        Chip(title, replace(asked, sort=sort.value).url(profile.id), on=asked.sort == sort)
        for sort, title in SORTS.items()
    )


def _line(
    found: TestSummary, cells: Sequence[GridCell | None], shown: Sequence[Report]
) -> TestLine:
    squares = [rows.cell(cell, report) for cell, report in zip(cells, shown, strict=True)]
    return TestLine(
        name=words.name(found.path, found.name),
        url=f"/reports/{found.report}/results/{found.position}",
        status=found.status.value,
        strip=tuple(Cell(each.status, each.title) for each in reversed(squares)),
        rate=words.rate(found.runs - found.failures, found.runs),
        duration=found.median,
    )


VIEWS: dict[str, Callable[[Visit, Profile, Sequence[Report], Asked], View]] = {
    "grid": _grid,
    "reports": _reports,
    "tests": _tests,
}
