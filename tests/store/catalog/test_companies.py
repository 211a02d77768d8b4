"""Companies, groups and profiles: the tree that reports live in."""

from __future__ import annotations

from datetime import datetime

import pytest

from assay.errors import Invalid, NotFound
from assay.store.catalog import Catalog, companies, groups, profiles
from support.people import Person


def test_a_company_has_groups_and_these_have_profiles(catalog: Catalog, alice: Person) -> None:
    with catalog.read() as conn:
        assert companies.get(conn, alice.company.id) == alice.company
        assert groups.of_company(conn, alice.company.id) == [alice.group]
        assert profiles.of_company(conn, alice.company.id) == [alice.profile]
        assert profiles.of_group(conn, alice.group.id) == [alice.profile]
        assert profiles.get(conn, alice.profile.id) == alice.profile
        assert profiles.by_uuid(conn, alice.profile.uuid) == alice.profile
    assert alice.profile.company_id == alice.company.id
    assert alice.profile.owner_id == alice.user.id


def test_each_company_sees_only_its_own(catalog: Catalog, alice: Person, charlie: Person) -> None:
    with catalog.read() as conn:
        assert profiles.of_company(conn, charlie.company.id) == [charlie.profile]
        both = profiles.of_companies(conn, [alice.company.id, charlie.company.id])
        named = companies.several(conn, [charlie.company.id, alice.company.id, 999])
    assert both == [alice.profile, charlie.profile]
    assert [each.name for each in named] == ["Acme", "Initech"]


def test_everything_can_be_renamed(catalog: Catalog, alice: Person) -> None:
    with catalog.write() as conn:
        companies.rename(conn, alice.company.id, "  Acme \t Corp ")
        groups.rename(conn, alice.group.id, "Shop")
        profiles.rename(conn, alice.profile.id, "Łódź 🧪")
    with catalog.read() as conn:
        company, group = companies.get(conn, alice.company.id), groups.get(conn, alice.group.id)
        profile = profiles.get(conn, alice.profile.id)
    assert company is not None
    assert group is not None
    assert profile is not None
    assert (company.name, group.name, profile.name) == ("Acme Corp", "Shop", "Łódź 🧪")


@pytest.mark.parametrize("name", ["", "  \n", "x" * 201])
def test_a_name_is_neither_empty_nor_endless(catalog: Catalog, now: datetime, name: str) -> None:
    with pytest.raises(Invalid) as refused, catalog.write() as conn:
        companies.make(conn, name=name, now=now)
    assert refused.value.field == "name"


def test_a_profile_needs_a_group(catalog: Catalog, now: datetime) -> None:
    with pytest.raises(NotFound), catalog.write() as conn:
        profiles.make(conn, group=77, name="Nowhere", now=now)


def test_a_profile_moves_within_its_company_only(
    catalog: Catalog, alice: Person, charlie: Person, now: datetime
) -> None:
    with catalog.write() as conn:
        other = groups.make(conn, company=alice.company.id, name="API", now=now)
        profiles.move(conn, alice.profile.id, other.id)
        assert profiles.of_group(conn, alice.group.id) == []
        assert [each.id for each in profiles.of_group(conn, other.id)] == [alice.profile.id]
        with pytest.raises(Invalid):
            profiles.move(conn, alice.profile.id, charlie.group.id)


def test_a_profile_can_be_given_to_someone_else(
    catalog: Catalog, alice: Person, bob: Person
) -> None:
    with catalog.write() as conn:
        profiles.give(conn, alice.profile.id, bob.user.id)
        found = profiles.get(conn, alice.profile.id)
    assert found is not None
    assert found.owner_id == bob.user.id


def test_a_group_goes_only_when_it_is_empty(catalog: Catalog, alice: Person) -> None:
    with catalog.write() as conn:
        with pytest.raises(Invalid):
            groups.remove(conn, alice.group.id)
        profiles.remove(conn, alice.profile.id)
        groups.remove(conn, alice.group.id)
        assert groups.get(conn, alice.group.id) is None


def test_an_id_is_never_given_twice(catalog: Catalog, alice: Person, now: datetime) -> None:
    with catalog.write() as conn:
        last = profiles.make(conn, group=alice.group.id, name="Last", now=now)
        profiles.remove(conn, last.id)
    with catalog.write() as conn:
        assert profiles.make(conn, group=alice.group.id, name="Next", now=now).id > last.id


def test_a_company_takes_all_it_has_with_it(
    catalog: Catalog, alice: Person, charlie: Person
) -> None:
    with catalog.write() as conn:
        companies.remove(conn, alice.company.id)
        assert groups.get(conn, alice.group.id) is None
        assert profiles.get(conn, alice.profile.id) is None
        assert profiles.get(conn, charlie.profile.id) == charlie.profile


@pytest.mark.parametrize("number", [0, -1, 2**31, 2**63, 10**30])
def test_a_number_that_nothing_has_is_not_found(catalog: Catalog, number: int) -> None:
    with catalog.read() as conn:
        assert companies.get(conn, number) is None
        assert groups.get(conn, number) is None
        assert profiles.get(conn, number) is None
