"""A set: whether all that is in it is good, each member with its verdict, and who is in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Form
from sqlalchemy import Connection
from starlette.responses import Response

from assay import auth
from assay.charts.spark import RUNS
from assay.errors import Invalid
from assay.store.catalog import companies, groups, sets
from assay.store.catalog.latest import latest_of
from assay.store.catalog.profiles import Kind, Profile
from assay.web.pages import runs, words
from assay.web.pages.frame import Frame
from assay.web.pages.parts import Link, Tab, Verdict
from assay.web.pages.parts import Profile as ProfileLine
from assay.web.pages.profile_views import profile_tabs
from assay.web.pages.view import show
from assay.web.pages.visit import Guest, Visit, frame, go, may_edit
from assay.workspace import sets as workspace
from assay.workspace.qualifying import Qualified, qualify_each

router = APIRouter(include_in_schema=False, prefix="/profiles/{profile_id}/members")

MARKS = {True: "passed", False: "failed", None: "none"}


@dataclass(frozen=True, slots=True)
class Member:
    """A row: a profile or a set, and its verdict in words; `why` where it failed, and of a set
    which of all that is in it did."""

    line: ProfileLine
    status: str
    said: str
    why: str
    failed: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """What may be a member, or is one."""

    id: int
    title: str
    is_set: bool
    chosen: bool


@dataclass(frozen=True, slots=True)
class Shelf:
    """A group of candidates."""

    title: str
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class SetPage:
    frame: Frame
    id: int
    url: str
    tabs: tuple[Tab, ...]
    verdict: Verdict
    members: tuple[Member, ...]
    shelves: tuple[Shelf, ...]
    may_edit: bool
    problem: str = ""


@router.post("")
def change(
    guest: Guest, profile_id: int, member: Annotated[list[int] | None, Form()] = None
) -> Response:
    """The boxes that are ticked: those that were members stay where they are, the others follow."""
    wanted = set(member or [])
    try:
        with guest.ours.stores.catalog.write() as conn:
            before = [each.id for each in workspace.members(conn, guest.who, profile_id)]
            ids = [each for each in before if each in wanted] + sorted(wanted - set(before))
            workspace.change_members(conn, guest.who, profile_id, ids)
    except Invalid as error:
        with guest.ours.stores.catalog.read() as conn:
            profile = auth.edit_profile(conn, guest.who, profile_id)
            return show("set", build(conn, guest, profile, str(error)), 422)
    return go(f"/profiles/{profile_id}")


def build(conn: Connection, guest: Visit, found: Profile, problem: str = "") -> SetPage:
    """The page of a set that `guest` may see."""
    inside = workspace.members(conn, guest.who, found.id)
    edits = may_edit(guest, found)
    members = _members(conn, guest, found, inside)
    return SetPage(
        frame=_frame(conn, guest, found),
        id=found.id,
        url=f"/profiles/{found.id}",
        tabs=profile_tabs(found.id, may_edit=edits, current="members", is_set=True),
        verdict=_verdict(members, guest.now),
        members=members,
        shelves=_shelves(conn, guest, found, inside) if edits else (),
        may_edit=edits,
        problem=problem,
    )


def _members(
    conn: Connection, guest: Visit, found: Profile, inside: Sequence[Profile]
) -> tuple[Member, ...]:
    known = {each.id: each for each in auth.visible_profiles(conn, guest.who, found.company_id)}
    everything = sets.of_company(conn, found.company_id)
    below = [known[each] for each in sets.within(everything, found.id) if each in known]
    verdicts = qualify_each(conn, below)
    latest = latest_of(conn, [each.id for each in inside], RUNS)
    return tuple(
        _member(
            runs.profile(each, latest[each.id], None),
            verdicts[each.id],
            [known[n] for n in sets.within(everything, each.id) if n in known],
            verdicts,
        )
        for each in inside
    )


def _member(
    line: ProfileLine,
    verdict: Qualified,
    below: Sequence[Profile],
    verdicts: dict[int, Qualified],
) -> Member:
    leaves = [each for each in below if each.kind is not Kind.SET]
    bad = [each for each in leaves if verdicts[each.id].passed is False]
    said = runs.set_size(len(leaves)) if line.is_set else line.words
    why = verdict.reason if verdict.passed is not True else ""
    links = tuple(Link(each.name, f"/profiles/{each.id}") for each in bad)
    return Member(line, MARKS[verdict.passed], said, why, links)


def _verdict(members: Sequence[Member], now: datetime) -> Verdict:
    failed = [each for each in members if each.status == "failed"]
    silent = [each for each in members if each.status == "none"]
    if not members:
        return Verdict("none", "The set is empty.")
    newest = [each.line.newest.date for each in members if each.line.newest]
    parts = (
        f"{words.count(len(silent), 'member')} not judged yet." if silent else "",
        f"The newest report is from {words.relative(max(newest), now)}." if newest else "",
    )
    rest = " ".join(part for part in parts if part)
    if failed:
        fail = "fails" if len(failed) == 1 else "fail"
        lead = f"{len(failed)} of {words.count(len(members), 'member')} {fail}."
        return Verdict("failed", lead, rest)
    if len(silent) == len(members):
        return Verdict("none", "No member has been judged yet.")
    whole = len(members) - len(silent)
    lead = f"All {words.count(whole, 'member')} pass." if whole > 1 else "The one judged passes."
    return Verdict("passed", lead, rest)


def _shelves(
    conn: Connection, guest: Visit, found: Profile, inside: Sequence[Profile]
) -> tuple[Shelf, ...]:
    chosen = {each.id for each in inside}
    may_be = workspace.candidates(conn, guest.who, found)
    shelves = (
        Shelf(
            group.name,
            tuple(
                Candidate(each.id, each.name, each.kind is Kind.SET, each.id in chosen)
                for each in may_be
                if each.group_id == group.id
            ),
        )
        for group in groups.of_company(conn, found.company_id)
    )
    return tuple(each for each in shelves if each.candidates)


def _frame(conn: Connection, guest: Visit, found: Profile) -> Frame:
    company, group = companies.get(conn, found.company_id), groups.get(conn, found.group_id)
    url = f"/companies/{found.company_id}"
    crumbs = (
        Link(company.name if company else "", url),
        Link(group.name if group else "", f"{url}#g{found.group_id}"),
    )
    return frame(conn, guest, found.name, company=found.company_id, profile=found.id, crumbs=crumbs)
