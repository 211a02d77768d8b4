"""Rights: what alice, bob and charlie may do, by role, by key, and as strangers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import Connection, update

from assay import auth
from assay.auth import RIGHTS, SCOPES, Caller, Right
from assay.errors import NotAllowed, NotFound
from assay.store.catalog import (
    Catalog,
    channels,
    companies,
    dashboards,
    deliveries,
    executions,
    imports,
    keys,
    profiles,
    reports,
    tables,
)
from assay.store.catalog.imports import Import
from assay.store.catalog.keys import Key, Scope
from assay.store.catalog.members import Role
from support.people import Person, join

MATRIX = """
                read_only  user  moderator  administrator  owner
VIEW                x        x       x            x          x
IMPORT              -        x       x            x          x
EDIT                -        x       x            x          x
INVITE              -        -       x            x          x
COMPANY             -        -       x            x          x
PUBLIC              -        -       x            x          x
BILLING             -        -       -            x          x
DELETE_COMPANY      -        -       -            -          x
"""


def test_the_table_of_roles_is_the_documented_one() -> None:
    head, *lines = MATRIX.strip().splitlines()
    for line in lines:
        right, *marks = line.split()
        for role, mark in zip(head.split(), marks, strict=True):
            assert (Right[right] in RIGHTS[Role(role)]) is (mark == "x"), (right, role)
    assert len(lines) == len(Right)
    assert len(head.split()) == len(Role) == len(RIGHTS)


def test_a_higher_role_may_all_that_a_lower_one_may() -> None:
    roles = list(Role)
    for lower, higher in pairwise(roles):
        assert RIGHTS[lower] < RIGHTS[higher]


def test_no_key_touches_money_or_the_companys_end() -> None:
    assert set(SCOPES) == set(Scope)
    granted = frozenset[Right]().union(*SCOPES.values())
    assert granted == set(Right) - {Right.BILLING, Right.DELETE_COMPANY}


@pytest.fixture
def delivered(catalog: Catalog, alice: Person, now: datetime) -> Import:
    """An import, and with it a report, in alice's profile; a channel, and something sent by it."""
    profile = alice.profile.id
    with catalog.write() as conn:
        channels.make(
            conn,
            profile=profile,
            kind="slack",
            name="Team",
            condition="always",
            config={},
            creator=None,
            now=now,
        )
        asked = executions.make(
            conn, profile=profile, user=None, kind="webhook", parameters={}, now=now
        )
        conn.execute(
            update(tables.executions).where(tables.executions.c.id == asked.id).values(id=ASKED)
        )
        dashboards.make(conn, company=alice.company.id, name="Wall", now=now)
        deliveries.queue(
            conn, key="k", kind="slack", address="", payload={}, now=now, profile=profile
        )
        return imports.record(
            conn,
            profile=alice.profile.id,
            user=alice.user.id,
            key=None,
            formatter="",
            options={},
            files=[],
            now=now,
        )


Door = Callable[[Connection, Caller, Person, Import], Any]

DOORS: dict[str, Door] = {
    "see_company": lambda c, who, at, _: auth.see_company(c, who, at.company.id),
    "see_dashboard": lambda c, who, *_: auth.see_dashboard(c, who, FIRST),
    "see_group": lambda c, who, at, _: auth.see_group(c, who, at.group.id),
    "see_profile": lambda c, who, at, _: auth.see_profile(c, who, at.profile.id),
    "see_report": lambda c, who, _, of: auth.see_report(c, who, of.report_id),
    "see_import": lambda c, who, _, of: auth.see_import(c, who, of.id),
    "know_group": lambda c, who, at, _: auth.know_group(c, who, at.group.id),
    "know_profile": lambda c, who, at, _: auth.know_profile(c, who, at.profile.id),
    "know_report": lambda c, who, _, of: auth.know_report(c, who, of.report_id),
    "know_execution": lambda c, who, *_: auth.know_execution(c, who, ASKED),
    "import_into": lambda c, who, at, _: auth.import_into(c, who, at.profile.id),
    "edit_group": lambda c, who, at, _: auth.edit_group(c, who, at.group.id),
    "edit_profile": lambda c, who, at, _: auth.edit_profile(c, who, at.profile.id),
    "edit_report": lambda c, who, _, of: auth.edit_report(c, who, of.report_id),
    "edit_channel": lambda c, who, *_: auth.edit_channel(c, who, FIRST),
    "edit_delivery": lambda c, who, *_: auth.edit_delivery(c, who, FIRST),
}
KNOWN = {door for door in DOORS if door.startswith("know_")}
TO_CHANGE = {"import_into"} | {door for door in DOORS if door.startswith("edit_")}
ASKED = "asked-for"
"""The id of the only run that was asked for."""
FIRST = 1
"""The number of the only channel, of the only delivery and of the only dashboard."""


def test_every_door_is_tried_here() -> None:
    prefixes = ("see_", "edit_", "know_", "import_")
    assert {name for name in auth.__all__ if name.startswith(prefixes)} == set(DOORS)


@pytest.mark.parametrize("door", DOORS)
def test_a_member_gets_in_and_a_stranger_finds_nothing(
    catalog: Catalog, alice: Person, bob: Person, charlie: Person, delivered: Import, door: str
) -> None:
    with catalog.read() as conn:
        assert DOORS[door](conn, alice.caller(), alice, delivered) is not None
        assert DOORS[door](conn, bob.caller(), alice, delivered) is not None
        with pytest.raises(NotFound) as strangers:
            DOORS[door](conn, charlie.caller(), alice, delivered)
    with catalog.write() as conn:
        reports.remove(conn, delivered.report_id)
        companies.remove(conn, alice.company.id)
    with catalog.read() as conn, pytest.raises(NotFound) as nobodys:
        DOORS[door](conn, charlie.caller(), alice, delivered)
    assert str(strangers.value) == str(nobodys.value)  # what is not there looks the same


@pytest.mark.parametrize("door", DOORS)
def test_who_may_only_read_changes_nothing(
    catalog: Catalog, alice: Person, delivered: Import, door: str
) -> None:
    with catalog.write() as conn:
        dave = join(conn, alice, "Dave", Role.READ_ONLY)
        if door not in TO_CHANGE:
            assert DOORS[door](conn, dave.caller(), alice, delivered) is not None
            return
        with pytest.raises(NotAllowed, match="Read Only"):
            DOORS[door](conn, dave.caller(), alice, delivered)


@pytest.mark.parametrize(
    ("scope", "opened"),
    [
        (Scope.IMPORT, {"import_into", "see_import", *KNOWN}),
        (Scope.READ, {name for name in DOORS if name.startswith(("see_", "know_"))}),
        (Scope.WRITE, set(DOORS) - {"import_into"}),
    ],
)
def test_a_key_opens_what_its_scope_says(
    catalog: Catalog,
    alice: Person,
    delivered: Import,
    now: datetime,
    scope: Scope,
    opened: set[str],
) -> None:
    key = _key(catalog, alice, now, scopes=[scope])
    with catalog.read() as conn:
        assert _opened(conn, alice.caller(key), alice, delivered) == opened


def test_a_key_never_can_more_than_its_user(
    catalog: Catalog, alice: Person, delivered: Import, now: datetime
) -> None:
    with catalog.write() as conn:
        dave = join(conn, alice, "Dave", Role.READ_ONLY)
    with catalog.read() as conn:
        assert _opened(conn, dave.caller(dave.key), alice, delivered) == set(DOORS) - TO_CHANGE


def test_a_key_for_one_profile_is_good_for_that_one(
    catalog: Catalog, alice: Person, delivered: Import, now: datetime
) -> None:
    with catalog.write() as conn:
        other = profiles.make(conn, group=alice.group.id, name="Other", now=now)
    key = _key(catalog, alice, now, scopes=list(Scope), profile=other.id)
    caller = alice.caller(key)
    with catalog.read() as conn:
        assert auth.import_into(conn, caller, other.id) == other
        assert auth.visible_profiles(conn, caller) == [other]
        assert auth.visible_companies(conn, caller) == []
        assert _opened(conn, caller, alice, delivered) == {"know_group"}  # as it holds that profile
        with pytest.raises(NotAllowed, match=f"profile {other.id} alone"):
            auth.see_report(conn, caller, delivered.report_id)


def test_lists_hold_what_one_may_see(
    catalog: Catalog, alice: Person, bob: Person, charlie: Person, now: datetime
) -> None:
    importing = _key(catalog, alice, now, scopes=[Scope.IMPORT])
    with catalog.read() as conn:
        assert auth.visible_profiles(conn, bob.caller()) == [alice.profile]
        assert auth.visible_profiles(conn, charlie.caller()) == [charlie.profile]
        assert auth.visible_profiles(conn, charlie.caller(), alice.company.id) == []
        assert auth.visible_companies(conn, bob.caller()) == [alice.company]
        assert auth.visible_profiles(conn, alice.caller(importing)) == []
        assert auth.visible_companies(conn, alice.caller(importing)) == []


def test_a_page_can_ask_before_it_offers(alice: Person, bob: Person, charlie: Person) -> None:
    company = alice.company.id
    assert alice.caller().may(Right.DELETE_COMPANY, company)
    assert not bob.caller().may(Right.INVITE, company)
    assert not charlie.caller().may(Right.VIEW, company)
    assert bob.caller().role_in(company) is Role.USER
    assert charlie.caller().role_in(company) is None


def test_a_right_can_be_asked_for_by_name(catalog: Catalog, alice: Person, bob: Person) -> None:
    with catalog.read() as conn:
        assert auth.see_company(conn, alice.caller(), alice.company.id, Right.COMPANY)
        with pytest.raises(NotAllowed, match="User, which may not change the company"):
            auth.see_company(conn, bob.caller(), alice.company.id, Right.COMPANY)


def test_keys_are_made_by_people_only(alice: Person) -> None:
    assert auth.require_person(alice.caller()) == alice.user
    with pytest.raises(NotAllowed):
        auth.require_person(alice.caller(alice.key))


@pytest.mark.parametrize("number", [0, -5, 2**64, 10**40])
def test_a_number_beyond_all_is_not_found(catalog: Catalog, alice: Person, number: int) -> None:
    with catalog.read() as conn:
        for door in (auth.see_group, auth.see_profile, auth.see_report, auth.see_company):
            with pytest.raises(NotFound):
                door(conn, alice.caller(), number)
        with pytest.raises(NotFound):
            auth.see_import(conn, alice.caller(), f"{number}\0")


def _key(catalog: Catalog, person: Person, now: datetime, **values: Any) -> Key:
    with catalog.write() as conn:
        return keys.make(conn, user=person.user.id, name="Some", now=now, **values)[0]


def _opened(conn: Connection, caller: Caller, at: Person, delivered: Import) -> set[str]:
    opened = set()
    for name, door in DOORS.items():
        try:
            door(conn, caller, at, delivered)
        except NotAllowed:
            continue
        opened.add(name)
    return opened
