"""Who may do what to whom: the table of roles, tried out right by right."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Connection

from assay.auth import Right
from assay.errors import AssayError, Invalid, NotAllowed, NotFound
from assay.settings import Settings
from assay.store.catalog import Catalog, groups, invitations, members, profiles
from assay.store.catalog.members import Role
from assay.store.catalog.profiles import Intake, Kind
from assay.workspace import companies, people, sets
from assay.workspace import invitations as inviting
from assay.workspace import profiles as workspace
from assay.workspace.letters import Sender
from support.people import NOW, Person, join

SENDER = Sender(Settings(), "https://assay.example")

Deed = Callable[[Connection, Person, Person], Any]
"""What somebody, the first, does to the company, group and profile of the second."""

DEEDS: dict[str, tuple[Right, Deed]] = {
    "rename the company": (
        Right.COMPANY,
        lambda c, who, of: companies.rename_company(c, who.caller(), of.company.id, "New"),
    ),
    "delete the company": (
        Right.DELETE_COMPANY,
        lambda c, who, of: companies.delete_company(
            c, who.caller(), of.company.id, of.company.name, NOW
        ),
    ),
    "invite": (
        Right.INVITE,
        lambda c, who, of: inviting.invite(
            c, who.caller(), of.company.id, "dora@example.org", Role.READ_ONLY, SENDER, NOW
        ),
    ),
    "send an invitation again": (
        Right.INVITE,
        lambda c, who, of: inviting.resend(c, who.caller(), _invited(c, of), SENDER, NOW),
    ),
    "withdraw an invitation": (
        Right.INVITE,
        lambda c, who, of: inviting.withdraw(c, who.caller(), _invited(c, of)),
    ),
    "change a role": (
        Right.COMPANY,
        lambda c, who, of: people.change_role(
            c, who.caller(), of.company.id, _reader(c, of), Role.READ_ONLY
        ),
    ),
    "remove a member": (
        Right.COMPANY,
        lambda c, who, of: people.remove_member(c, who.caller(), of.company.id, _reader(c, of)),
    ),
    "make a group": (
        Right.EDIT,
        lambda c, who, of: workspace.make_group(c, who.caller(), of.company.id, "New", NOW),
    ),
    "rename a group": (
        Right.EDIT,
        lambda c, who, of: workspace.rename_group(c, who.caller(), of.group.id, "New"),
    ),
    "delete a group": (
        Right.EDIT,
        lambda c, who, of: workspace.delete_group(c, who.caller(), _empty_group(c, of)),
    ),
    "make a profile": (
        Right.EDIT,
        lambda c, who, of: workspace.make_profile(c, who.caller(), of.group.id, "New", NOW),
    ),
    "change what a profile takes in": (
        Right.EDIT,
        lambda c, who, of: workspace.change_intake(c, who.caller(), of.profile.id, CUCUMBER),
    ),
    "change the members of a set": (
        Right.EDIT,
        lambda c, who, of: sets.change_members(c, who.caller(), _set(c, of), [of.profile.id]),
    ),
    "rename a profile": (
        Right.EDIT,
        lambda c, who, of: workspace.rename_profile(c, who.caller(), of.profile.id, "New"),
    ),
    "move a profile": (
        Right.EDIT,
        lambda c, who, of: workspace.move_profile(
            c, who.caller(), of.profile.id, _empty_group(c, of)
        ),
    ),
    "give a profile away": (
        Right.EDIT,
        lambda c, who, of: workspace.give_profile(c, who.caller(), of.profile.id, None),
    ),
    "delete a profile": (
        Right.EDIT,
        lambda c, who, of: workspace.delete_profile(
            c, who.caller(), of.profile.id, of.profile.name, NOW
        ),
    ),
}
MAY = {
    Right.EDIT: {Role.USER, Role.MODERATOR, Role.ADMINISTRATOR, Role.OWNER},
    Right.INVITE: {Role.MODERATOR, Role.ADMINISTRATOR, Role.OWNER},
    Right.COMPANY: {Role.MODERATOR, Role.ADMINISTRATOR, Role.OWNER},
    Right.DELETE_COMPANY: {Role.OWNER},
}


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize("role", Role)
def test_each_role_does_what_its_row_says_and_no_more(
    catalog: Catalog, alice: Person, role: Role, deed: str
) -> None:
    right, act = DEEDS[deed]
    with catalog.write() as conn:
        dave = join(conn, alice, "Dave", role)
    refused = _refusal(catalog, dave, alice, act)
    assert refused is (None if role in MAY[right] else NotAllowed)


@pytest.mark.parametrize("deed", DEEDS)
def test_a_stranger_does_nothing_and_learns_nothing(
    catalog: Catalog, alice: Person, charlie: Person, deed: str
) -> None:
    assert _refusal(catalog, charlie, alice, DEEDS[deed][1]) is NotFound


def _refusal(catalog: Catalog, who: Person, of: Person, act: Deed) -> type[AssayError] | None:
    try:
        with catalog.write() as conn:
            act(conn, who, of)
    except AssayError as error:
        return type(error)
    return None


CUCUMBER = Intake(tool="xlt.Cucumber")


def _set(conn: Connection, of: Person) -> int:
    intake = Intake(Kind.SET)
    return profiles.make(conn, group=of.group.id, name="All", intake=intake, now=NOW).id


def _invited(conn: Connection, of: Person) -> int:
    made, _ = invitations.make(
        conn,
        company=of.company.id,
        email="erin@example.org",
        role=Role.READ_ONLY,
        inviter=of.user.id,
        now=NOW,
    )
    return made.id


def _reader(conn: Connection, of: Person) -> int:
    return join(conn, of, "Reader", Role.READ_ONLY).user.id


def _empty_group(conn: Connection, of: Person) -> int:
    return groups.make(conn, company=of.company.id, name="Empty", now=NOW).id


@pytest.mark.parametrize("giver", [Role.MODERATOR, Role.ADMINISTRATOR, Role.OWNER])
@pytest.mark.parametrize("role", Role)
def test_nobody_gives_or_takes_a_role_above_their_own(
    catalog: Catalog, alice: Person, giver: Role, role: Role
) -> None:
    company, reaches = alice.company.id, list(Role).index(role) <= list(Role).index(giver)
    with catalog.write() as conn:
        dave, erin = join(conn, alice, "Dave", giver), join(conn, alice, "Erin", Role.USER)
        frank = join(conn, alice, "Frank", role)
    for act in (
        lambda c: people.change_role(c, dave.caller(), company, erin.user.id, role),
        lambda c: people.change_role(c, dave.caller(), company, frank.user.id, Role.READ_ONLY),
        lambda c: people.remove_member(c, dave.caller(), company, frank.user.id),
        lambda c: inviting.invite(c, dave.caller(), company, "g@example.org", role, SENDER, NOW),
    ):
        if not reaches:
            with pytest.raises(NotAllowed), catalog.write() as conn:
                act(conn)
            continue
        with catalog.write() as conn:
            act(conn)


def test_the_last_owner_stays(catalog: Catalog, alice: Person) -> None:
    company, me = alice.company.id, alice.user.id
    for act in (
        lambda c: people.leave(c, alice.caller(), company),
        lambda c: people.remove_member(c, alice.caller(), company, me),
        lambda c: people.change_role(c, alice.caller(), company, me, Role.USER),
    ):
        with pytest.raises(Invalid, match="needs an owner"), catalog.write() as conn:
            act(conn)


def test_whoever_leaves_owns_nothing_there_any_more(
    catalog: Catalog, alice: Person, bob: Person
) -> None:
    with catalog.write() as conn:
        workspace.give_profile(conn, alice.caller(), alice.profile.id, bob.user.id)
        people.leave(conn, bob.caller(), bob.company.id)
        found = profiles.get(conn, alice.profile.id)
        assert members.of_user(conn, bob.user.id) == {}
    assert found is not None
    assert found.owner_id is None


def test_no_key_leaves_a_company_or_makes_one_from_within_a_profile(
    catalog: Catalog, bob: Person, now: datetime
) -> None:
    with pytest.raises(NotAllowed), catalog.write() as conn:
        people.leave(conn, bob.caller(bob.key), bob.company.id)
    with catalog.write() as conn:
        made = companies.make_company(conn, bob.caller(bob.key), "Bob's own", now)
        assert members.role_of(conn, company=made.id, user=bob.user.id) is Role.OWNER


def test_a_profile_is_given_to_members_only(
    catalog: Catalog, alice: Person, charlie: Person
) -> None:
    with pytest.raises(Invalid, match="member"), catalog.write() as conn:
        workspace.give_profile(conn, alice.caller(), alice.profile.id, charlie.user.id)


def test_a_profile_moves_to_no_other_company(
    catalog: Catalog, alice: Person, charlie: Person, now: datetime
) -> None:
    with catalog.write() as conn:
        own = companies.make_company(conn, alice.caller(), "Alice's own", now)
        group = groups.make(conn, company=own.id, name="Hers", now=now)
    both = alice.caller()
    both = type(both)(both.user, None, {alice.company.id: Role.OWNER, own.id: Role.OWNER})
    for target in (group.id, charlie.group.id):
        with pytest.raises((Invalid, NotFound)), catalog.write() as conn:
            workspace.move_profile(conn, both, alice.profile.id, target)


@pytest.mark.parametrize("typed", ["", "acme", "Acme UI", "yes"])
def test_nothing_is_deleted_by_a_slip(catalog: Catalog, alice: Person, typed: str) -> None:
    with pytest.raises(Invalid, match="type its name"), catalog.write() as conn:
        workspace.delete_profile(conn, alice.caller(), alice.profile.id, typed, NOW)
    with pytest.raises(Invalid, match="type its name"), catalog.write() as conn:
        companies.delete_company(conn, alice.caller(), alice.company.id, typed, NOW)
