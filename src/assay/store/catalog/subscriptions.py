"""Subscriptions: when a user wants to hear of a profile. No row is what everyone has at first:
never."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, and_, delete, insert, select

from assay.store.catalog.tables import memberships, profiles, subscriptions, users

NEVER = "never"


@dataclass(frozen=True, slots=True)
class Subscriber:
    user_id: int
    email: str
    condition: str


def choose(conn: Connection, *, user: int, profile: int, condition: str) -> None:
    """From now on, this is when the user hears of the profile."""
    s = subscriptions.c
    conn.execute(delete(subscriptions).where(s.user_id == user, s.profile_id == profile))
    if condition != NEVER:
        values = {"user_id": user, "profile_id": profile, "condition": condition}
        conn.execute(insert(subscriptions).values(values))


def chosen(conn: Connection, *, user: int, profile: int) -> str:
    """What the user has chosen for the profile."""
    s = subscriptions.c
    mine = select(s.condition).where(s.user_id == user, s.profile_id == profile)
    return conn.scalar(mine) or NEVER


def of_user(conn: Connection, user_id: int) -> dict[int, str]:
    """By profile id, those other than never."""
    s = subscriptions.c
    rows = conn.execute(select(s.profile_id, s.condition).where(s.user_id == user_id))
    return {each.profile_id: each.condition for each in rows}


def of_profile(conn: Connection, profile_id: int) -> list[Subscriber]:
    """Those who still belong to the profile's company, by user id."""
    s = subscriptions.c
    member = and_(
        memberships.c.user_id == s.user_id, memberships.c.company_id == profiles.c.company_id
    )
    rows = conn.execute(
        select(s.user_id, users.c.email, s.condition)
        .join(users, users.c.id == s.user_id)
        .join(profiles, profiles.c.id == s.profile_id)
        .join(memberships, member)
        .where(s.profile_id == profile_id)
        .order_by(s.user_id)
    )
    return [Subscriber(*row) for row in rows]
