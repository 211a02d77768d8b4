"""Shares: made, changed, given another key, ended."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from assay.errors import Invalid
from assay.rows import Counts
from assay.store.catalog import Catalog, reports, shares
from support.people import Person

DAY = timedelta(days=1)


@pytest.fixture
def report(catalog: Catalog, alice: Person, now: datetime) -> int:
    return published(catalog, alice, now, now)


def published(catalog: Catalog, alice: Person, date: datetime, now: datetime) -> int:
    with catalog.write() as conn:
        made = reports.make(conn, profile=alice.profile.id, import_id=None, now=now)
        counts = Counts(total=1, passed=1)
        reports.publish(conn, made.id, origin="junit", date=date, counts=counts, now=now)
    return made.id


def test_a_changed_share_keeps_its_address(
    catalog: Catalog, alice: Person, report: int, now: datetime
) -> None:
    with catalog.write() as conn:
        made = shares.put(conn, profile=alice.profile.id, report=report, until=now + DAY, now=now)
        changed = shares.put(
            conn, profile=alice.profile.id, report=report, until=None, history=True, now=now
        )
        assert shares.within(conn, alice.profile.id) == [changed]
    assert (changed.key, changed.path) == (made.key, f"/reports/{report}/public/{made.key}")
    assert (changed.until, changed.history) == (None, True)


def test_keys_are_of_128_bits_and_never_given_twice(
    catalog: Catalog, alice: Person, report: int, now: datetime
) -> None:
    with catalog.write() as conn:
        share = shares.put(conn, profile=alice.profile.id, report=report, until=None, now=now)
        keys = {share.key}
        for _ in range(50):
            share = shares.renew(conn, share)
            keys.add(share.key)
        shares.stop(conn, share)
        keys.add(shares.put(conn, profile=alice.profile.id, report=report, until=None, now=now).key)
    assert len(keys) == 52
    assert all(len(key.replace("-", "")) == 32 for key in keys)
    bits = [int(key.replace("-", ""), 16) for key in keys]
    assert any(each >> 127 for each in bits)
    assert not all(each >> 127 for each in bits)


def test_a_profile_and_its_reports_are_shared_each_by_itself(
    catalog: Catalog, alice: Person, report: int, now: datetime
) -> None:
    with catalog.write() as conn:
        one = shares.put(conn, profile=alice.profile.id, report=report, until=None, now=now)
        whole = shares.put(conn, profile=alice.profile.id, until=None, now=now)
        assert shares.of_profile(conn, alice.profile.id) == whole
        assert shares.of_report(conn, report) == one
        assert shares.within(conn, alice.profile.id) == [whole, one]
        shares.stop(conn, whole)
        assert shares.within(conn, alice.profile.id) == [one]
    assert whole.history


def test_it_ends_when_it_was_said_to(
    catalog: Catalog, alice: Person, report: int, now: datetime
) -> None:
    with catalog.write() as conn:
        with pytest.raises(Invalid, match="over already"):
            shares.put(conn, profile=alice.profile.id, report=report, until=now, now=now)
        made = shares.put(conn, profile=alice.profile.id, report=report, until=now + DAY, now=now)
    assert made.is_open(now + DAY - timedelta(seconds=1))
    assert not made.is_open(now + DAY)


def test_only_open_shares_with_history_are_walked_through(
    catalog: Catalog, alice: Person, report: int, now: datetime
) -> None:
    alone, ended = (published(catalog, alice, now - days * DAY, now) for days in (1, 2))
    profile = alice.profile.id
    with catalog.write() as conn:
        shares.put(conn, profile=profile, until=None, now=now)
        shares.put(conn, profile=profile, report=alone, until=None, now=now)
        until = now + DAY
        shares.put(conn, profile=profile, report=ended, until=until, history=True, now=now)
        open_ = shares.put(conn, profile=profile, report=report, until=None, history=True, now=now)
        assert shares.with_history(conn, profile, now + 2 * DAY) == {report: open_.key}


def test_a_share_goes_with_its_report(
    catalog: Catalog, alice: Person, report: int, now: datetime
) -> None:
    with catalog.write() as conn:
        made = shares.put(conn, profile=alice.profile.id, report=report, until=None, now=now)
        reports.remove(conn, report)
        assert shares.by_key(conn, made.key) is None
