"""Two reports beside each other: what differs, and which tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from sqlalchemy import Connection
from starlette.responses import Response

from assay import auth
from assay.model import FAILURES
from assay.queries.compare import Compared, Difference, Side, count_differences, list_differences
from assay.store.catalog import profiles, reports
from assay.store.catalog.reports import Report, State
from assay.web.pages import runs, words
from assay.web.pages.frame import Frame
from assay.web.pages.parts import Hidden, Link, Option, Run, Tab, Verdict
from assay.web.pages.view import show
from assay.web.pages.visit import Guest, Visit, frame, go

router = APIRouter(include_in_schema=False)

PAGE = 50
OFFERED = 50  # reports of the profile that can be chosen from
TITLES = {
    Difference.BROKE: "Newly failing",
    Difference.FIXED: "Fixed",
    Difference.STATUS: "Other status",
    Difference.STILL_FAILING: "Still failing",
    Difference.ADDED: "New",
    Difference.REMOVED: "Gone",
    Difference.SLOWER: "Slower",
    Difference.FASTER: "Faster",
}
COUNTED = ("passed", "failed", "broken", "skipped", "unknown", "flaky", "total")
WORSE = frozenset({"failed", "broken", "unknown", "flaky"})


@dataclass(frozen=True, slots=True)
class Half:
    """One of the two, and those that could stand in its place."""

    title: str
    run: Run
    profile: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many ended so in both; `tone` is the status the difference is coloured as."""

    status: str
    before: int
    after: int
    change: str
    tone: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A test in both; a side it is missing from has the status none."""

    url: str
    before: str
    after: str
    name: words.Name
    took_before: float | None
    took_after: float | None
    change: str


@dataclass(frozen=True, slots=True)
class ComparisonPage:
    frame: Frame
    verdict: Verdict
    before: Half
    after: Half
    swap_url: str
    tallies: tuple[Tally, ...]
    tabs: tuple[Tab, ...]
    action: str
    choose_url: str
    hidden: tuple[Hidden, ...]
    q: str
    clear_url: str
    pairs: tuple[Pair, ...]
    more_url: str
    nothing: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for."""

    before: Report
    after: Report
    difference: Difference
    q: str = ""
    cursor: str | None = None

    def url(self, **other: object) -> str:
        """The address of the same with something else."""
        kept = {"difference": self.difference.value, "q": self.q} | other
        query = urlencode({name: value for name, value in kept.items() if value})
        return f"{address(self.before.id, self.after.id)}?{query}"


def address(before: int, after: int) -> str:
    """Where the two are compared."""
    return f"/reports/{after}/compare/{before}"


@router.get("/reports/{report_id}/compare")
def choose(
    guest: Guest,
    report_id: int,
    before: Annotated[int, Query(ge=1)] = 0,
    after: Annotated[int, Query(ge=1)] = 0,
) -> Response:
    """To the comparison of what was chosen; without a choice, with the report before."""
    with guest.ours.stores.catalog.read() as conn:
        report = auth.see_report(conn, guest.who, report_id)
        last = reports.previous(conn, report) or reports.next_(conn, report) or report
    return go(address(before or last.id, after or report.id))


@router.get("/reports/{report_id}/compare/{other_id}")
def show_comparison(
    guest: Guest,
    report_id: int,
    other_id: int,
    difference: str = "",
    q: Annotated[str, Query(max_length=500)] = "",
    cursor: str | None = None,
) -> Response:
    """What differs in a report from the other, which stands for before."""
    with guest.ours.stores.catalog.read() as conn:
        after = auth.see_report(conn, guest.who, report_id)
        before = auth.see_report(conn, guest.who, other_id)
    for each in (before, after):
        if each.state is not State.DONE:
            return go(f"/reports/{each.id}")
    counts = count_differences(guest.ours.stores.results, _side(before), _side(after))
    first = next((each for each in TITLES if counts[each]), Difference.BROKE)
    chosen = Difference(difference) if difference in set(Difference) else first
    return show("comparison", build(guest, Asked(before, after, chosen, q, cursor), counts))


def build(guest: Visit, asked: Asked, counts: dict[Difference, int]) -> ComparisonPage:
    """The page of two reports the guest may see."""
    before, after = asked.before, asked.after
    page = list_differences(
        guest.ours.stores.results,
        _side(before),
        _side(after),
        asked.difference,
        q=asked.q,
        cursor=asked.cursor,
        limit=PAGE,
    )
    with guest.ours.stores.catalog.read() as conn:
        around = _frame(conn, guest, after)
        halves = _half(conn, "Before", before), _half(conn, "After", after)
    return ComparisonPage(
        frame=around,
        verdict=_verdict(asked, counts),
        before=halves[0],
        after=halves[1],
        swap_url=address(after.id, before.id),
        tallies=_tallies(before, after),
        tabs=tuple(
            Tab(
                title,
                asked.url(difference=each.value, q=""),
                each is asked.difference,
                counts[each],
            )
            for each, title in TITLES.items()
            if counts[each] or each is asked.difference
        ),
        action=address(before.id, after.id),
        choose_url=f"/reports/{after.id}/compare",
        hidden=(Hidden("difference", asked.difference.value),),
        q=asked.q,
        clear_url=asked.url(q="") if asked.q else "",
        pairs=tuple(_pair(each, asked) for each in page.items),
        more_url=asked.url(cursor=page.next) if page.next else "",
        nothing="No such test has that in its name." if asked.q else "No test differs like that.",
    )


def _side(report: Report) -> Side:
    return Side(report.profile_id, report.id)


def _frame(conn: Connection, guest: Visit, report: Report) -> Frame:
    profile = profiles.get(conn, report.profile_id)
    assert profile is not None
    return frame(
        conn,
        guest,
        "Comparison",
        company=profile.company_id,
        profile=profile.id,
        crumbs=(
            Link(profile.name, f"/profiles/{profile.id}"),
            Link(f"Report #{report.id}", f"/reports/{report.id}"),
        ),
    )


def _half(conn: Connection, title: str, report: Report) -> Half:
    profile = profiles.get(conn, report.profile_id)
    offered = reports.of_profile(conn, report.profile_id, limit=OFFERED)
    if report.id not in {each.id for each in offered}:
        offered.append(report)
    options = (Option(str(each.id), _choice(each), each.id == report.id) for each in offered)
    return Half(title, runs.run(report), profile.name if profile else "", tuple(options))


def _choice(report: Report) -> str:
    told = (
        f"#{report.id}",
        words.day(report.date),
        runs.source(report),
        runs.sentence(report.counts),
    )
    return " · ".join(part for part in told if part)


def _verdict(asked: Asked, counts: dict[Difference, int]) -> Verdict:
    """The sentence above."""
    if asked.before.id == asked.after.id:
        return Verdict("none", "This is one report, beside itself.", "Choose another one below.")
    broke, fixed = counts[Difference.BROKE], counts[Difference.FIXED]
    others = sum(counts[each] for each in (Difference.STATUS, Difference.ADDED, Difference.REMOVED))
    rest = f"{words.count(others, 'other test')} came, went or ended otherwise." if others else ""
    if broke:
        mended = f", {words.number(fixed)} fixed" if fixed else ""
        return Verdict("failed", f"{words.count(broke, 'test')} newly failing{mended}.", rest)
    if fixed:
        return Verdict("passed", f"{words.count(fixed, 'test')} fixed, none newly failing.", rest)
    lead = "No test fails that did not fail before."
    return Verdict("passed" if not counts[Difference.STILL_FAILING] else "broken", lead, rest)


def _tallies(before: Report, after: Report) -> tuple[Tally, ...]:
    numbers = [
        (each, getattr(before.counts, each), getattr(after.counts, each)) for each in COUNTED
    ]
    return tuple(
        Tally(each, was, now, _signed(now - was), _tone(each, now - was))
        for each, was, now in numbers
        if was or now
    )


def _signed(change: int) -> str:
    return f"{'+' if change > 0 else '−'}{words.number(abs(change))}" if change else "="


def _tone(status: str, change: int) -> str:
    if not change or status not in (*WORSE, "passed"):
        return ""
    return "failed" if (change > 0) == (status in WORSE) else "passed"


def _pair(found: Compared, asked: Asked) -> Pair:
    report, position = asked.after.id, found.position_after
    if position is None:
        report, position = asked.before.id, found.position_before
    return Pair(
        url=f"/reports/{report}/results/{position}",
        before=found.before.value if found.before else "none",
        after=found.after.value if found.after else "none",
        name=words.name(found.path, found.name),
        took_before=found.duration_before,
        took_after=found.duration_after,
        change=_factor(found),
    )


def _factor(found: Compared) -> str:
    """By how much a test that ran in both became slower or faster."""
    was, now = found.duration_before, found.duration_after
    if not was or not now or {found.before, found.after} & FAILURES:
        return ""
    return f"×{now / was:.1f}" if now >= was else f"÷{was / now:.1f}"
