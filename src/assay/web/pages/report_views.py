"""What stands below a report's tabs: one view for each, from what the address asks for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from assay.charts import shares
from assay.charts.shares import Bar
from assay.errors import Invalid
from assay.model import FAILURES, Status
from assay.queries.changes import Change, ChangedTest, list_changes
from assay.queries.report_results import ListedResult, Sort, list_results
from assay.queries.report_tree import Branch, show_level
from assay.store.catalog import assets, imports
from assay.web.pages import runs, stories, verdicts, words
from assay.web.pages.importing import Entry, Sent, entries, sent
from assay.web.pages.measurements import Table, table
from assay.web.pages.parts import Chip, File, Link, Row, Verdict
from assay.web.pages.place import Scene
from assay.web.pages.rows import Context, context, rows

PAGE = 50
BAD = (Status.FAILED, Status.BROKEN)
TABS = ("failures", "changes", "tree", "slowest", "measured", "all", "files")
STATUSES = ("failed", "broken", "flaky", "unknown", "skipped", "passed")
CHANGES = {
    Change.NEW_FAILURE: ("new failure", "failed"),
    Change.FIXED: ("fixed", "passed"),
    Change.STILL_FAILING: ("still failing", "broken"),
    Change.NEW_TEST: ("new test", ""),
    Change.GONE: ("gone", ""),
}
"""What a kind of change is called, and the status it is coloured as."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for."""

    tab: str = "failures"
    status: str = ""
    q: str = ""
    cause: str = ""
    change: str = ""
    path: tuple[str, ...] = ()
    cursor: str | None = None
    open: tuple[int, ...] = ()

    def url(self, at: str, **other: object) -> str:
        """The address of the same with something else, of the report whose address is `at`."""
        kept = {name: getattr(self, name) for name in ("tab", "status", "q", "cause", "change")}
        values = [*(kept | {"path": self.path} | other).items()]
        pairs = [(name, value) for name, value in values if value not in ("", (), None)]
        query = urlencode([pair for pair in pairs if pair != ("tab", "failures")], doseq=True)
        return f"{at}?{query}" if query else at


@dataclass(frozen=True, slots=True)
class ListRow:
    row: Row
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Rows:
    items: tuple[ListRow, ...]
    more_url: str = ""
    more_words: str = "More"


@dataclass(frozen=True, slots=True)
class Node:
    """A container in the tree."""

    name: words.Name
    url: str
    status: str
    words: str
    bar: Bar
    duration: float | None


@dataclass(frozen=True, slots=True)
class Tree:
    above: tuple[Link, ...]
    title: str
    nodes: tuple[Node, ...]


LONGEST_FACT = 300
"""Characters of metadata that reports are looked for by."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One of the metadata: an address of the web leads there, all else to the reports that say the
    same."""

    name: str
    value: str
    url: str
    outside: bool


@dataclass(frozen=True, slots=True)
class Papers:
    """What was sent, what came out of it, and what the import said."""

    files: tuple[Sent, ...]
    assets: tuple[File, ...]
    metadata: tuple[Fact, ...]
    log: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class View:
    """What stands below the tabs: one of these."""

    rows: Rows | None = None
    tree: Tree | None = None
    papers: Papers | None = None
    measured: Table | None = None
    more_url: str = ""
    chips: tuple[Chip, ...] = ()
    filtered: bool = False
    searched: bool = False
    nothing: Verdict = field(default=Verdict("none", "Nothing here."))


def _within(scene: Scene, asked: Asked) -> Context:
    here = asked.url(scene.at, open="OPEN") + "#rOPEN"
    return context(scene, asked.open, here.replace("OPEN", "{open}"))


def _list(scene: Scene, asked: Asked, statuses: Sequence[Status], sort: Sort) -> Rows:
    found = list_results(
        scene.stores.results,
        scene.report.profile_id,
        scene.report.id,
        statuses=statuses,
        flaky=asked.status == "flaky",
        error=_cause(asked.cause),
        q=asked.q,
        sort=sort,
        cursor=asked.cursor,
        limit=PAGE,
    )
    items = rows(_within(scene, asked), found.items)
    more = asked.url(scene.at, cursor=found.next) if found.next else ""
    return Rows(tuple(map(ListRow, items)), more, f"{PAGE} more")


def _cause(text: str) -> int | None:
    if not text:
        return None
    try:
        return int(text, 16)
    except ValueError:
        raise Invalid("This address names no cause of failure.", "cause") from None


def _failures(scene: Scene, asked: Asked) -> View:
    wanted = [Status(asked.status)] if asked.status in FAILURES else BAD
    listed = _list(scene, asked, wanted, Sort.DOCUMENT)
    none_at_all = not verdicts.failures(scene.report)
    counts = runs.sentence(scene.report.counts)
    nothing = Verdict("passed", "No failures in this report.", f"{counts}.")
    return View(
        rows=listed,
        chips=_chips(scene, asked, BAD),
        filtered=not none_at_all,
        searched=True,
        nothing=nothing if none_at_all else NO_MATCH,
    )


def _all(scene: Scene, asked: Asked) -> View:
    wanted = [Status(asked.status)] if asked.status in set(Status) else []
    listed = _list(scene, asked, wanted, Sort.FAILURES)
    return View(
        rows=listed,
        chips=_chips(scene, asked, STATUSES),
        filtered=True,
        searched=True,
        nothing=NO_MATCH,
    )


def _slowest(scene: Scene, asked: Asked) -> View:
    listed = _list(scene, asked, [], Sort.SLOWEST)
    return View(rows=listed, filtered=True, searched=True, nothing=NO_MATCH)


def _chips(scene: Scene, asked: Asked, statuses: Sequence[str]) -> tuple[Chip, ...]:
    counts = scene.report.counts
    return tuple(
        Chip(
            status,
            asked.url(scene.at, status="" if asked.status == status else status),
            status,
            asked.status == status,
            getattr(counts, status),
        )
        for status in statuses
        if getattr(counts, status)
    )


def _changed_tests(scene: Scene, asked: Asked) -> View:
    report, within = scene.report, _within(scene, asked)
    counts = {change: getattr(report.changes, change.value) for change in CHANGES}
    first = next((change for change, n in counts.items() if n), Change.NEW_FAILURE)
    chosen = Change(asked.change) if asked.change in set(Change) else first
    earlier = [each.id for each in within.earlier]
    found = list_changes(
        scene.stores.results,
        report.profile_id,
        report.id,
        earlier,
        chosen,
        cursor=asked.cursor,
        limit=PAGE,
    )
    chips = tuple(
        Chip(CHANGES[change][0], Asked("changes", change=change.value).url(scene.at),
             CHANGES[change][1], change is chosen, n)
        for change, n in counts.items() if n
    )  # fmt: skip
    gone = within.earlier[0] if chosen is Change.GONE and within.earlier else report
    listed = rows(context(replace(scene, report=gone)) if gone is not report else within,
                  [_as_result(each) for each in found.items])  # fmt: skip
    more = asked.url(scene.at, change=chosen.value, cursor=found.next) if found.next else ""
    return View(
        rows=Rows(tuple(map(ListRow, listed)), more, f"{PAGE} more"),
        chips=chips,
        filtered=bool(chips),
        nothing=UNCHANGED if within.earlier else NONE_PUBLIC if within.alone else FIRST,
    )


def _as_result(each: ChangedTest) -> ListedResult:
    return ListedResult(
        each.position, each.test, each.path, each.name, each.status, False, 1,
        each.duration, None, 0, each.type, each.message,
    )  # fmt: skip


def _tree(scene: Scene, asked: Asked) -> View:
    report = scene.report
    level = show_level(
        scene.stores.results, report.profile_id, report.id, asked.path, cursor=asked.cursor
    )
    titles = ("Report", *asked.path)
    above = tuple(
        Link(title, Asked("tree", path=asked.path[:depth]).url(scene.at))
        for depth, title in enumerate(titles[:-1])
    )
    nodes = tuple(_node(scene, each) for each in level.branches)
    listed = rows(_within(scene, asked), level.results.items)
    more = asked.url(scene.at, cursor=level.results.next) if level.results.next else ""
    return View(
        rows=Rows(tuple(map(ListRow, listed)), more),
        tree=Tree(above if asked.path else (), titles[-1], nodes if not asked.cursor else ()),
    )


def _node(scene: Scene, branch: Branch) -> Node:
    counts = branch.counts
    return Node(
        name=words.name((), branch.path[-1]),
        url=Asked("tree", path=branch.path).url(scene.at),
        status=runs.outcome(counts),
        words=runs.sentence(counts),
        bar=shares.draw(counts),
        duration=branch.duration,
    )


def _measured(scene: Scene, asked: Asked) -> View:
    found = table(scene, asked.cursor, PAGE)
    more = asked.url(scene.at, cursor=found.next) if found.next else ""
    return View(measured=found if found.rows else None, more_url=more, nothing=NOT_MEASURED)


def _papers(scene: Scene, _asked: Asked) -> View:
    report = scene.report
    with scene.stores.catalog.read() as conn:
        files = imports.files(conn, report.import_id) if report.import_id else []
        log = imports.log_of(conn, report.import_id) if report.import_id else []
        own = [each for each in assets.of_report(conn, report.id) if each.position is None]
    return View(
        papers=Papers(
            sent(report.import_id or "", files),
            stories.listed(scene.at, own),
            _facts(scene),
            entries(log),
        )
    )


def _facts(scene: Scene) -> tuple[Fact, ...]:
    return tuple(_fact(scene.report.profile_id, *pair) for pair in scene.report.metadata.items())


def _fact(profile: int, name: str, value: str) -> Fact:
    if outside := runs.web_address(value):
        return Fact(name, value, outside, outside=True)
    said = f"{name}:{value}"
    query = urlencode({"tab": "reports", "metadata": said})
    alike = f"/profiles/{profile}?{query}" if len(said) <= LONGEST_FACT else ""
    return Fact(name, value, alike, outside=False)


UNCHANGED = Verdict("none", "Nothing changed.", "Every test ended as it did in the report before.")
FIRST = Verdict("none", "This is the profile's first report.", "There is none to compare with.")
NONE_PUBLIC = Verdict("none", "No earlier report is public.", "There is none to compare with.")
NOT_MEASURED = Verdict(
    "none", "Nothing was measured in this report.", "Load tests and benchmarks bring numbers."
)
NO_MATCH = Verdict("none", "No result is like that.", "Clear the filters to see all.")
VIEWS: dict[str, Callable[[Scene, Asked], View]] = {
    "failures": _failures,
    "changes": _changed_tests,
    "tree": _tree,
    "slowest": _slowest,
    "measured": _measured,
    "all": _all,
    "files": _papers,
}
