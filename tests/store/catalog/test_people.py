"""Users, their memberships and their sessions."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from assay.errors import Invalid
from assay.store.catalog import Catalog, members, sessions, users
from assay.store.catalog.members import Role
from support.people import Person


def test_a_user_is_found_however_the_address_is_spelt(catalog: Catalog, alice: Person) -> None:
    with catalog.read() as conn:
        assert users.by_email(conn, " Alice@Example.ORG ") == alice.user
        assert users.get(conn, alice.user.id) == alice.user
        assert users.by_email(conn, "nobody@example.org") is None


def test_one_address_is_one_account(catalog: Catalog, alice: Person, now: datetime) -> None:
    with pytest.raises(Invalid) as refused, catalog.write() as conn:
        users.make(conn, email="ALICE@example.org", name="Alias", password_hash=None, now=now)
    assert refused.value.field == "email"


@pytest.mark.parametrize("email", ["", "alice", "@example.org", "a@", "a b@c", "a" * 251 + "@b.c"])
def test_an_address_has_to_look_like_one(catalog: Catalog, now: datetime, email: str) -> None:
    with pytest.raises(Invalid), catalog.write() as conn:
        users.make(conn, email=email, name="Nobody", password_hash=None, now=now)


def test_a_catalog_knows_whether_anybody_is_in_it(catalog: Catalog, now: datetime) -> None:
    with catalog.write() as conn:
        assert not users.exist(conn)
        users.make(conn, email="first@example.org", name="First", password_hash=None, now=now)
        assert users.exist(conn)


def test_a_password_hash_is_not_shown_by_accident(alice: Person) -> None:
    assert str(alice.user.password_hash) not in repr(alice.user)


def test_a_company_lists_its_members(catalog: Catalog, alice: Person, bob: Person) -> None:
    with catalog.read() as conn:
        found = members.of_company(conn, alice.company.id)
    assert [(each.name, each.role) for each in found] == [
        ("Alice", Role.OWNER),
        ("Bob", Role.USER),
    ]


def test_a_user_may_be_in_several_companies(
    catalog: Catalog, bob: Person, charlie: Person, now: datetime
) -> None:
    theirs = charlie.company.id
    with catalog.write() as conn:
        members.add(conn, company=theirs, user=bob.user.id, role=Role.READ_ONLY, now=now)
        roles = members.of_user(conn, bob.user.id)
        assert members.role_of(conn, company=theirs, user=bob.user.id) is Role.READ_ONLY
        with pytest.raises(Invalid):
            members.add(conn, company=theirs, user=bob.user.id, role=Role.USER, now=now)
    assert roles == {bob.company.id: Role.USER, theirs: Role.READ_ONLY}


def test_a_stranger_has_no_role(catalog: Catalog, alice: Person, charlie: Person) -> None:
    with catalog.read() as conn:
        role = members.role_of(conn, company=alice.company.id, user=charlie.user.id)
    assert role is None


def test_a_company_never_loses_its_last_owner(catalog: Catalog, alice: Person, bob: Person) -> None:
    company = alice.company.id
    with catalog.write() as conn:
        with pytest.raises(Invalid):
            members.remove(conn, company=company, user=alice.user.id)
        with pytest.raises(Invalid):
            members.set_role(conn, company=company, user=alice.user.id, role=Role.USER)
        members.set_role(conn, company=company, user=bob.user.id, role=Role.OWNER)
        members.remove(conn, company=company, user=alice.user.id)
        assert members.of_user(conn, alice.user.id) == {}


def test_a_session_lasts_thirty_days_from_the_last_visit(
    catalog: Catalog, alice: Person, now: datetime
) -> None:
    day = timedelta(days=1)
    with catalog.write() as conn:
        token = sessions.start(conn, user=alice.user.id, now=now, agent="Firefox")
        found = sessions.find(conn, token, now + 29 * day)
        assert found is not None
        assert (found.user_id, found.agent) == (alice.user.id, "Firefox")
        assert sessions.is_due(found, now + 29 * day)
        sessions.renew(conn, token, now + 29 * day)
        assert sessions.find(conn, token, now + 58 * day) is not None
        assert sessions.find(conn, token, now + 59 * day) is None


def test_an_ended_session_is_over(catalog: Catalog, alice: Person, now: datetime) -> None:
    with catalog.write() as conn:
        tokens = [sessions.start(conn, user=alice.user.id, now=now) for _ in range(3)]
        sessions.end(conn, tokens[0])
        assert [sessions.find(conn, each, now) is None for each in tokens] == [True, False, False]
        sessions.end_all(conn, alice.user.id)
        assert all(sessions.find(conn, each, now) is None for each in tokens)


def test_a_session_that_ran_out_cannot_be_revived(
    catalog: Catalog, alice: Person, now: datetime
) -> None:
    later = now + timedelta(days=31)
    with catalog.write() as conn:
        token = sessions.start(conn, user=alice.user.id, now=now)
        sessions.renew(conn, token, later)
        assert sessions.find(conn, token, later) is None
        sessions.sweep(conn, later)
        assert sessions.find(conn, token, now) is None


def test_who_leaves_takes_sessions_and_roles_along(
    catalog: Catalog, bob: Person, now: datetime
) -> None:
    with catalog.write() as conn:
        token = sessions.start(conn, user=bob.user.id, now=now)
        users.remove(conn, bob.user.id)
        assert sessions.find(conn, token, now) is None
        assert members.role_of(conn, company=bob.company.id, user=bob.user.id) is None
