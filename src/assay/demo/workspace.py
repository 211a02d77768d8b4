"""The made-up company in the catalog: its people, groups, profiles and a key.

What a person needs to come in is kept beside the data, for the next time.
"""

from __future__ import annotations

import os
import secrets
import shutil
from datetime import datetime
from pathlib import Path

import msgspec
from sqlalchemy import Connection

from assay import auth
from assay.demo.company import COMPANY, PEOPLE, PROFILES
from assay.errors import Invalid
from assay.store.catalog import companies, groups, keys, members, profiles, users
from assay.store.catalog.keys import Scope
from assay.store.catalog.members import Role

FILE = "demo.json"
EXAMPLE = "example-junit.xml"


class Workspace(msgspec.Struct, frozen=True):
    """The way in, and the id of each profile by name. `filled` when the whole history is there."""

    email: str
    password: str
    api_key: str
    profiles: dict[str, int]
    filled: bool = False


def load(data: Path) -> Workspace | None:
    """The workspace that fills the folder, if one does.

    A folder that was left half full is emptied. Raises `Invalid` for a folder of another kind.
    """
    if (data / FILE).exists():
        found = msgspec.json.decode((data / FILE).read_bytes(), type=Workspace)
        if found.filled:
            return found
        shutil.rmtree(data)
    elif data.exists() and any(data.iterdir()):
        raise Invalid(f"{data} holds something else than a demo. Name another folder.", "data")
    return None


def save(data: Path, workspace: Workspace) -> None:
    """Write it down where only its owner can read it."""
    data.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(data / FILE, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(msgspec.json.encode(workspace))


def make(conn: Connection, now: datetime) -> Workspace:
    """Enter the company into an empty catalog. Its first person can sign in."""
    company = companies.make(conn, name=COMPANY, now=now)
    password = secrets.token_urlsafe(9)
    people = [enter(conn, company.id, *person, now) for person in PEOPLE]
    users.set_password(conn, people[0].id, auth.hash_password(password))
    within = {
        name: groups.make(conn, company=company.id, name=name, now=now).id
        for name in dict.fromkeys(profile.group for profile in PROFILES)
    }
    made = {
        each.name: profiles.make(
            conn,
            group=within[each.group],
            name=each.name,
            owner=people[number % len(people)].id,
            now=now,
        ).id
        for number, each in enumerate(PROFILES)
    }
    owner = people[0]
    _, secret = keys.make(conn, user=owner.id, name="Pipelines", scopes=list(Scope), now=now)
    return Workspace(owner.email, password, secret, made)


def enter(
    conn: Connection, company: int, name: str, email: str, role: Role, now: datetime
) -> users.User:
    user = users.make(conn, email=email, name=name, password_hash=None, now=now)
    members.add(conn, company=company, user=user.id, role=role, now=now)
    return user
