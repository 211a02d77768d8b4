"""A profile's gate: its rules, what they would have said of the latest reports, and an editor."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Form
from sqlalchemy import Connection
from starlette.responses import Response

from assay import auth, gates, judgement
from assay.errors import Invalid
from assay.gates import BUILT_IN, RULES, Rule
from assay.judgement import Chosen
from assay.store.catalog import companies, reports, users
from assay.store.catalog.profiles import Profile
from assay.store.catalog.reports import Report
from assay.web.pages import gate_marks, runs, words
from assay.web.pages.frame import Frame
from assay.web.pages.parts import Cell, Link, Tab, Verdict
from assay.web.pages.profile_views import profile_tabs
from assay.web.pages.view import show
from assay.web.pages.visit import Guest, Visit, frame, go, may_edit
from assay.workspace.gates import write_gate

router = APIRouter(include_in_schema=False, prefix="/profiles/{profile_id}/gate")

ROWS = 8  # reports that a trial tells the reason of
LINES = (10, 28)  # of the editor, at least and at most
SAID = {"saved": "The gate is saved.", "removed": "The profile has no gate of its own any more."}

Typed = Annotated[str, Form(max_length=100_000)]


@dataclass(frozen=True, slots=True)
class Starter:
    """Rules to begin with."""

    name: str
    title: str
    about: str
    rules: str


STARTERS = (
    *(Starter(each.name, each.title, each.description, each.rules) for each in BUILT_IN.values()),
    Starter(
        "strict",
        "Strict main",
        "On main and releases nothing may fail, be lost or be flaky.",
        "only: {branches: [main, release/*]}\nfailures: 0\nflaky: 0\nvanished: 0\nskipped: 5 %\n",
    ),
    Starter(
        "legacy",
        "Not worse",
        "For a suite with old failures: no new ones, no tests lost, not much slower.",
        "new failures: 0\nvanished: 0\nduration: 120 % of the average of the last 20\n",
    ),
    Starter(
        "load",
        "Service level",
        "For load tests: errors and response times, in all and for each request.",
        'error rate: 1 %\np95:\n  "*": 800 ms\nmean: 110 % of the average of the last 20\n',
    ),
)


@dataclass(frozen=True, slots=True)
class TrialRow:
    """A report of a trial, and why it would fail or could not be judged."""

    status: str
    url: str
    id: int
    date: datetime
    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class Trial:
    """What rules say of the latest reports, or what is wrong with them. `cells` are a report each,
    the oldest first; `rows` those that would fail, the newest first."""

    troubles: tuple[str, ...] = ()
    verdict: Verdict | None = None
    cells: tuple[Cell, ...] = ()
    rows: tuple[TrialRow, ...] = ()
    more: str = ""


@dataclass(frozen=True, slots=True)
class TrialPart:
    """The trial alone, for a page that is there already."""

    trial: Trial
    now: datetime


@dataclass(frozen=True, slots=True)
class GatePage:
    """`text` is in the editor; `own` says that it is the profile's own gate that is kept."""

    frame: Frame
    url: str
    tabs: tuple[Tab, ...]
    verdict: Verdict
    about: str
    text: str
    rows: int
    trial: Trial
    starters: tuple[Starter, ...]
    rules: tuple[Rule, ...]
    own: bool
    may_edit: bool
    now: datetime
    said: Verdict | None = None


@router.get("")
def show_gate(guest: Guest, profile_id: int, begin: str = "", done: str = "") -> Response:
    """The page; `begin` names rules to begin with, which are in the editor and not yet kept."""
    profile = _seen(guest, profile_id)
    starter = next((each for each in STARTERS if each.name == begin), None)
    page = _page(guest, profile, starter.rules if starter else None)
    return show("gate", replace(page, said=_said(guest, profile, done)))


@router.post("")
def save(guest: Guest, profile_id: int, rules: Typed = "") -> Response:
    text = _plain(rules)
    try:
        write_gate(guest.ours.stores, guest.who, profile_id, text, guest.now)
    except Invalid as error:
        page = _page(guest, _seen(guest, profile_id), text)
        said = Verdict("failed", "The gate is not saved.", str(error))
        return show("gate", replace(page, said=said), 422)
    return go(f"/profiles/{profile_id}/gate?done=saved")


@router.post("/remove")
def remove(guest: Guest, profile_id: int) -> Response:
    write_gate(guest.ours.stores, guest.who, profile_id, None, guest.now)
    return go(f"/profiles/{profile_id}/gate?done=removed")


@router.post("/trial")
def attempt(guest: Guest, profile_id: int, rules: Typed = "") -> Response:
    """What these rules would have said; nothing is kept. A page that is there takes that alone."""
    profile, text = _seen(guest, profile_id), _plain(rules)
    if "hx-request" in guest.request.headers:
        return show("_trial", TrialPart(_trial(guest, profile, text), guest.now))
    return show("gate", _page(guest, profile, text))


def _seen(guest: Visit, profile_id: int) -> Profile:
    with guest.ours.stores.catalog.read() as conn:
        return auth.see_profile(conn, guest.who, profile_id)


def _plain(typed: str) -> str:
    """A form's lines end as those of the web do."""
    return typed.replace("\r\n", "\n").strip("\n") + "\n"


def _page(guest: Visit, profile: Profile, typed: str | None) -> GatePage:
    chosen = judgement.choose(guest.ours.stores, profile)
    text = chosen.text if typed is None else typed
    editable = may_edit(guest, profile)
    with guest.ours.stores.catalog.read() as conn:
        newest = next(iter(reports.of_profile(conn, profile.id, limit=1)), None)
        around, about = _frame(conn, guest, profile), _about(conn, guest, chosen)
    return GatePage(
        frame=around,
        url=f"/profiles/{profile.id}/gate",
        tabs=profile_tabs(profile.id, may_edit=editable, current="gate"),
        verdict=_verdict(newest),
        about=about,
        text=text,
        rows=min(max(text.count("\n") + 3, LINES[0]), LINES[1]),
        trial=_trial(guest, profile, text),
        starters=STARTERS,
        rules=RULES,
        own=chosen.own is not None,
        may_edit=editable,
        now=guest.now,
    )


def _frame(conn: Connection, guest: Visit, profile: Profile) -> Frame:
    company = companies.get(conn, profile.company_id)
    crumbs = (
        Link(company.name if company else "", f"/companies/{profile.company_id}"),
        Link(profile.name, f"/profiles/{profile.id}"),
    )
    company_id, number = profile.company_id, profile.id
    return frame(conn, guest, "Gate", company=company_id, profile=number, crumbs=crumbs)


def _verdict(newest: Report | None) -> Verdict:
    """How the newest report came through."""
    if newest is None:
        return Verdict("none", "No report has come to this gate yet.")
    told = (Link(f"Report #{newest.id}", f"/reports/{newest.id}"),)
    reason = gate_marks.reason(newest.judged)
    if newest.gate == gates.FAIL:
        return Verdict("failed", "The newest report fails the gate.", f"{reason}.", told)
    if newest.gate == gates.PASS:
        return Verdict("passed", "The newest report passes the gate.", f"{reason}.", told)
    return Verdict(
        "none", "The newest report was not judged.", f"{reason}." if reason else "", told
    )


def _about(conn: Connection, guest: Visit, chosen: Chosen) -> str:
    """Whose gate it is."""
    if chosen.own:
        editor = users.get(conn, chosen.own.editor_id) if chosen.own.editor_id else None
        when = words.relative(chosen.own.updated_at, guest.now)
        return f"Written by {editor.name}, {when}" if editor else f"Written {when}"
    if chosen.built_in:
        return f"The gate “{chosen.built_in.title}”, which comes with Assay"
    load, other = gates.PERFORMANCE, gates.FUNCTIONAL
    return (
        f"No gate of its own: “{other.title}” is asked of every report, and of a load test's "
        f"“{load.title}”"
    )


def _said(guest: Visit, profile: Profile, done: str) -> Verdict | None:
    """What was done, and what came of it."""
    if done not in SAID:
        return None
    with guest.ours.stores.catalog.read() as conn:
        newest = next(iter(reports.of_profile(conn, profile.id, limit=1)), None)
    again = f"Report #{newest.id}, the newest, was judged again by it." if newest else ""
    return Verdict(
        "passed", SAID[done], f"{again} Older ones keep their verdicts." if again else ""
    )


def _trial(guest: Visit, profile: Profile, text: str) -> Trial:
    gate, troubles = gates.read(text)
    if troubles:
        return Trial(tuple(map(str, troubles)))
    tried = judgement.preview(guest.ours.stores, profile, gate)
    if not tried:
        return Trial(verdict=Verdict("none", "There is no report yet to try these rules on."))
    failing = [each for each in tried if each.verdict.gate == gates.FAIL]
    unjudged = [each for each in tried if each.verdict.gate is None]
    told = failing or unjudged
    return Trial(
        verdict=_summary(len(tried), len(failing), len(unjudged)),
        cells=tuple(map(_cell, reversed(tried))),
        rows=tuple(map(_row, told[:ROWS])),
        more=f"and {words.count(len(told) - ROWS, 'more')}" if len(told) > ROWS else "",
    )


def _summary(total: int, failing: int, unjudged: int) -> Verdict:
    whole = f"the last {total} reports" if total > 1 else "the one report there is"
    passing = total - failing - unjudged
    rest = [f"{passing} would have passed"] if passing and failing else []
    rest += [f"{unjudged} could not be judged"] if unjudged and (passing or failing) else []
    said = ", ".join(rest) + "." if rest else ""
    if failing:
        of = f"{failing} of {whole}" if total > 1 else whole
        return Verdict("failed", f"These rules would have failed {of}.", said)
    if passing:
        of = "all of " if passing == total and total > 1 else f"{passing} of " if total > 1 else ""
        return Verdict("passed", f"These rules would have passed {of}{whole}.", said)
    return Verdict("none", f"These rules could judge none of {whole}." if total > 1 else
                   "These rules could not judge the one report there is.")  # fmt: skip


def _cell(each: judgement.Trial) -> Cell:
    status = gate_marks.STATUS[each.verdict.gate]
    reason = gate_marks.reason(each.verdict.judged)
    title = f"#{each.report.id} · {runs.tooltip(each.report)} · {reason}"
    return Cell(status, title, f"/reports/{each.report.id}")


def _row(each: judgement.Trial) -> TrialRow:
    report = each.report
    return TrialRow(
        gate_marks.STATUS[each.verdict.gate],
        f"/reports/{report.id}",
        report.id,
        report.date,
        runs.source(report),
        gate_marks.reason(each.verdict.judged),
    )
