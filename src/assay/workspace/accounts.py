"""Accounts: the first one of a server, those that people make themselves, lost passwords."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from assay import auth
from assay.errors import Invalid, NotAllowed, NotFound
from assay.notify.post import can_mail, post_mail
from assay.settings import Settings
from assay.store.catalog import companies, groups, members, password_resets, profiles, users
from assay.store.catalog.members import Role
from assay.store.catalog.profiles import Profile
from assay.store.catalog.users import User
from assay.workspace import letters
from assay.workspace.audit import note
from assay.workspace.letters import Sender

SET_UP = "This Assay has been set up before. Sign in, and make keys on the page Account"
USED = "This link is not good any more: it was used, or is older than an hour. Ask for another"
CLOSED = "Nobody makes an account by themselves here. Ask a member of your company to invite you"


@dataclass(frozen=True, slots=True)
class Beginning:
    """The first person of a server, and what they begin with."""

    email: str
    name: str
    password_hash: str = field(repr=False)
    company: str = "My company"
    group: str = "My first group"
    profile: str = "My tests"


def set_up(conn: Connection, first: Beginning, now: datetime) -> tuple[User, Profile]:
    """The first owner, company, group and profile. Raises `Invalid` where there is a user already,
    and for what cannot be a name."""
    if users.exist(conn):
        raise Invalid(SET_UP)
    owner = users.make(
        conn, email=first.email, name=first.name, password_hash=first.password_hash, now=now
    )
    company = companies.make(conn, name=first.company, now=now)
    members.add(conn, company=company.id, user=owner.id, role=Role.OWNER, now=now)
    group = groups.make(conn, company=company.id, name=first.group, now=now)
    profile = profiles.make(conn, group=group.id, name=first.profile, owner=owner.id, now=now)
    return owner, profile


def require_open(settings: Settings) -> None:
    """Raise `NotAllowed` where people come by invitation only."""
    if settings.sign_up != "open":
        raise NotAllowed(CLOSED)


def register(
    conn: Connection,
    settings: Settings,
    *,
    email: str,
    name: str,
    password_hash: str,
    now: datetime,
) -> User:
    """An account for someone who asks for one. Raises `Invalid` for the e-mail and the name."""
    require_open(settings)
    user = users.make(conn, email=email, name=name, password_hash=password_hash, now=now)
    note("account made", None, user=user.id)
    return user


def forgot(conn: Connection, email: str, sender: Sender, now: datetime) -> None:
    """Mail a link for a new password, if somebody has that address and none was mailed just now.
    Whoever asked is told nothing of this."""
    user = users.by_email(conn, email)
    if user is None or not can_mail(sender.settings):
        return
    token = password_resets.make(conn, user=user.id, now=now)
    if token is None:
        return
    letter = letters.forgotten(user.email, f"{sender.base}/reset/{token}")
    post_mail(conn, letter, key=f"reset {user.id} {now.isoformat()}", now=now, user=user.id)
    note("new password asked for", None, user=user.id)


def who_forgot(conn: Connection, token: str, now: datetime) -> User:
    """Whom a link is for. Raises `NotFound` for one that is good for nothing."""
    number = password_resets.find(conn, token, now)
    user = users.get(conn, number) if number else None
    if user is None:
        raise NotFound(USED)
    return user


def reset(conn: Connection, token: str, password: str, now: datetime) -> User:
    """Change the password and end every session and link of theirs. Raises as `who_forgot` and
    `auth.hash_password` do."""
    user = who_forgot(conn, token, now)
    auth.set_password(conn, user.id, password)
    note("password changed by a link", None, user=user.id)
    return user
