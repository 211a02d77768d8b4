"""The people of the stories: alice owns a company, bob is a user in it, charlie owns another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from sqlalchemy import Connection

from assay.auth import Caller, hash_password
from assay.store.catalog import Catalog, companies, groups, keys, members, profiles, users
from assay.store.catalog.companies import Company
from assay.store.catalog.groups import Group
from assay.store.catalog.keys import Key, Scope
from assay.store.catalog.members import Role
from assay.store.catalog.profiles import Profile
from assay.store.catalog.users import User

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Person:
    """Someone with an account, a company with a group and a profile, and a key for everything."""

    user: User
    password: str
    role: Role
    company: Company
    group: Group
    profile: Profile
    key: Key
    secret: str

    @property
    def email(self) -> str:
        return self.user.email

    def caller(self, key: Key | None = None) -> Caller:
        """As signed in, or as acting through a key."""
        return Caller(self.user, key, {self.company.id: self.role})


@dataclass(frozen=True, slots=True)
class People:
    alice: Person
    bob: Person
    charlie: Person


def settle(catalog: Catalog, now: datetime = NOW) -> People:
    """Enter the three into an empty catalog."""
    with catalog.write() as conn:
        alice = _owner(conn, "Alice", "Acme", now)
        charlie = _owner(conn, "Charlie", "Initech", now)
        bob = join(conn, alice, "Bob", Role.USER, now)
    return People(alice, bob, charlie)


def join(conn: Connection, owner: Person, name: str, role: Role, now: datetime = NOW) -> Person:
    """Someone new in a person's company."""
    user = _user(conn, name, now)
    members.add(conn, company=owner.company.id, user=user.id, role=role, now=now)
    key, secret = keys.make(conn, user=user.id, name=f"{name}'s", scopes=Scope, now=now)
    return Person(
        user, _password(name), role, owner.company, owner.group, owner.profile, key, secret
    )


def _owner(conn: Connection, name: str, company: str, now: datetime) -> Person:
    user, work = _user(conn, name, now), companies.make(conn, name=company, now=now)
    members.add(conn, company=work.id, user=user.id, role=Role.OWNER, now=now)
    group = groups.make(conn, company=work.id, name=f"{company} web", now=now)
    profile = profiles.make(
        conn, group=group.id, name=f"{company} UI tests", owner=user.id, now=now
    )
    key, secret = keys.make(conn, user=user.id, name=f"{name}'s", scopes=Scope, now=now)
    return Person(user, _password(name), Role.OWNER, work, group, profile, key, secret)


def _user(conn: Connection, name: str, now: datetime) -> User:
    email = f"{name.lower()}@example.org"
    return users.make(conn, email=email, name=name, password_hash=_hash(name), now=now)


def _password(name: str) -> str:
    return f"{name.lower()}'s password"


@cache
def _hash(name: str) -> str:
    """Hashing is slow on purpose; once a run is enough."""
    return hash_password(_password(name))
