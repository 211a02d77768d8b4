"""When one is told of profiles: the bell of a profile, and the table of all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form
from sqlalchemy import Connection
from starlette.responses import Response

from assay import auth
from assay.errors import NotFound
from assay.notify import upkeep
from assay.notify.conditions import CHOICES, Condition
from assay.notify.post import can_mail
from assay.store.catalog import groups, subscriptions
from assay.store.catalog.profiles import Profile
from assay.web.pages.parts import Option
from assay.web.pages.visit import Guest, Visit, go

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Pick:
    """One of the six choices."""

    value: str
    title: str
    words: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Bell:
    """The menu of the bell; `mute` is when this server sends no mails."""

    url: str
    more_url: str
    title: str
    rings: bool
    mute: bool
    picks: tuple[Pick, ...]


@dataclass(frozen=True, slots=True)
class SubscriptionRow:
    """A profile in the account's table."""

    id: int
    title: str
    url: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class SubscriptionGroup:
    title: str
    rows: tuple[SubscriptionRow, ...]


@router.post("/profiles/{profile_id}/subscription")
def subscribe(guest: Guest, profile_id: int, condition: Annotated[str, Form()] = "") -> Response:
    with guest.ours.stores.catalog.read() as conn:
        profile = auth.subscribe_to(conn, guest.who, profile_id)
    with guest.ours.stores.catalog.write() as conn:
        _choose(conn, guest, profile.id, condition)
    back = guest.request.headers.get("referer", "").split("?")[0]
    page = "/notifications?done=subscribed" if back.endswith("/notifications") else ""
    return go(f"/profiles/{profile.id}{page}")


@router.post("/account/subscriptions")
def subscribe_to_several(
    guest: Guest,
    profile: Annotated[list[int] | None, Form()] = None,
    condition: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """The table of the account: a profile and a condition for each row."""
    user = auth.require_person(guest.who)
    with guest.ours.stores.catalog.write() as conn:
        seen = {each.id for each in auth.visible_profiles(conn, guest.who)}
        known = subscriptions.of_user(conn, user.id)
        for number, chosen in zip(profile or (), condition or (), strict=False):
            if number not in seen:
                raise NotFound(f"There is no profile {number}, or you may not see it.")
            if chosen != known.get(number, Condition.NEVER):
                _choose(conn, guest, number, chosen)
    return go("/account?done=subscriptions#notifications")


def bell(conn: Connection, guest: Visit, profile: Profile) -> Bell:
    """The bell of a profile, as `guest` has set it."""
    chosen = subscriptions.chosen(conn, user=guest.who.user.id, profile=profile.id)
    url = f"/profiles/{profile.id}"
    return Bell(
        url=f"{url}/subscription",
        more_url=f"{url}/notifications",
        title=CHOICES[Condition(chosen)].title,
        rings=chosen != Condition.NEVER,
        mute=not can_mail(guest.ours.settings),
        picks=tuple(
            Pick(each.value, choice.title, choice.words, each == chosen)
            for each, choice in CHOICES.items()
        ),
    )


def subscription_groups(conn: Connection, guest: Visit) -> tuple[SubscriptionGroup, ...]:
    """All profiles that `guest` may see, by group, with what they have chosen for each."""
    seen = auth.visible_profiles(conn, guest.who)
    chosen = subscriptions.of_user(conn, guest.who.user.id)
    titles = {
        group.id: group.name
        for company in sorted({each.company_id for each in seen})
        for group in groups.of_company(conn, company)
    }
    return tuple(
        SubscriptionGroup(title, tuple(_row(p, chosen) for p in seen if p.group_id == number))
        for number, title in titles.items()
        if any(p.group_id == number for p in seen)
    )


def condition_options(chosen: str) -> tuple[Option, ...]:
    """The six choices for a select."""
    return tuple(
        Option(each.value, choice.title, each == chosen) for each, choice in CHOICES.items()
    )


def _row(profile: Profile, chosen: Mapping[int, str]) -> SubscriptionRow:
    options = condition_options(chosen.get(profile.id, Condition.NEVER))
    return SubscriptionRow(profile.id, profile.name, f"/profiles/{profile.id}", options)


def _choose(conn: Connection, guest: Visit, profile: int, condition: str) -> None:
    known = upkeep.read_condition(condition)
    subscriptions.choose(conn, user=guest.who.user.id, profile=profile, condition=known)
