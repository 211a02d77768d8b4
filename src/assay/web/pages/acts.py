"""What is done to the reports that were selected in a profile's list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form
from starlette.responses import Response

from assay import auth, upkeep
from assay.errors import Invalid, NotFound
from assay.store.catalog.profiles import Profile
from assay.store.catalog.reports import Report
from assay.web.pages.comparison import address
from assay.web.pages.profile_views import Asked
from assay.web.pages.visit import Guest, Visit, go

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the form says: the reports in the order of the list (newest first), tags as a person
    writes them, the profile to move to."""

    within: Profile
    found: tuple[Report, ...]
    tags: tuple[str, ...]
    to: int
    back: Asked

    def url(self, **said: object) -> str:
        """The list it came from, with a word on what was done."""
        url = self.back.url(self.within.id)
        return f"{url}{'&' if '?' in url else '?'}{urlencode(said)}"


def seen(guest: Guest, profile_id: int) -> Profile:
    """The profile, for those who may see it: asked before the form is looked at."""
    with guest.ours.stores.catalog.read() as conn:
        return auth.see_profile(conn, guest.who, profile_id)


Within = Annotated[Profile, Depends(seen)]


@router.post("/profiles/{profile_id}/reports/act")
def act(
    guest: Guest,
    within: Within,
    act: Annotated[str, Form()] = "",
    ids: Annotated[list[int] | None, Form()] = None,
    tags: Annotated[str, Form(max_length=5000)] = "",
    to: Annotated[str, Form()] = "",
    q: Annotated[str, Form(max_length=500)] = "",
    branch: Annotated[str, Form(max_length=500)] = "",
    metadata: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    if act not in ACTS:
        raise Invalid(f"This form knows no {act[:40]!r}.", "act")
    wanted = Wanted(
        within,
        _find(guest, within, ids or [], auth.Right.VIEW if act == "compare" else auth.Right.EDIT),
        tuple(dict.fromkeys(name for part in tags.split(",") if (name := part.strip()))),
        int(to) if to.isdecimal() else 0,
        Asked("reports", q, branch, metadata=metadata),
    )
    return go(ACTS[act](guest, wanted))


def _find(
    guest: Visit, within: Profile, ids: Sequence[int], right: auth.Right
) -> tuple[Report, ...]:
    """The reports of the profile with these ids, newest first."""
    chosen = dict.fromkeys(ids)
    if not 0 < len(chosen) <= upkeep.AT_ONCE:
        raise Invalid(f"Select at least one report, and at most {upkeep.AT_ONCE}.", "ids")
    with guest.ours.stores.catalog.read() as conn:
        auth.see_profile(conn, guest.who, within.id, right)
        found = [auth.see_report(conn, guest.who, each, right) for each in chosen]
    for each in found:
        if each.profile_id != within.id:
            raise NotFound(f"There is no report {each.id} in this profile.")
    return tuple(sorted(found, key=lambda each: (each.date, each.id), reverse=True))


def _delete(guest: Visit, wanted: Wanted) -> str:
    upkeep.delete(guest.ours.stores, wanted.found, guest.now)
    return wanted.url(deleted=guest.now.isoformat())


def _compare(_guest: Visit, wanted: Wanted) -> str:
    """The oldest with the newest of them."""
    if len(wanted.found) < 2:
        raise Invalid(
            "Select two reports to compare, or more: the oldest and the newest are.", "ids"
        )
    return address(wanted.found[-1].id, wanted.found[0].id)


def _tag(guest: Visit, wanted: Wanted) -> str:
    upkeep.tag(guest.ours.stores, wanted.found, _tags(wanted), (), guest.now)
    return wanted.url(did="tagged", n=len(wanted.found))


def _untag(guest: Visit, wanted: Wanted) -> str:
    upkeep.tag(guest.ours.stores, wanted.found, (), _tags(wanted), guest.now)
    return wanted.url(did="untagged", n=len(wanted.found))


def _tags(wanted: Wanted) -> tuple[str, ...]:
    if not wanted.tags:
        raise Invalid("Write the tags first, with commas between them: nightly, env:test", "tags")
    return wanted.tags


def _move(guest: Visit, wanted: Wanted) -> str:
    with guest.ours.stores.catalog.read() as conn:
        to = auth.edit_profile(conn, guest.who, wanted.to)
    upkeep.move(guest.ours.stores, wanted.found, to, guest.now)
    guest.ours.wake()
    return wanted.url(did="moved", n=len(wanted.found))


ACTS: dict[str, Callable[[Visit, Wanted], str]] = {
    "delete": _delete,
    "compare": _compare,
    "tag": _tag,
    "untag": _untag,
    "move": _move,
}
"""What the form's buttons do, and where they lead."""
