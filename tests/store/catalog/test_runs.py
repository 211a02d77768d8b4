"""Runs: deliveries that grow, and that a worker reads meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from assay.store.catalog import Catalog, imports, reports, runs
from assay.store.catalog.imports import Delivery, Import
from assay.store.catalog.reports import State
from support.people import Person

LEASE = timedelta(seconds=30)
SECOND = timedelta(seconds=1)

Begin = Callable[[], Import]


@pytest.fixture
def begin(catalog: Catalog, alice: Person, now: datetime) -> Begin:
    """A run of Alice's of which ten bytes have come."""

    def begin() -> Import:
        with catalog.write() as conn:
            made = runs.begin(
                conn,
                profile=alice.profile.id,
                user=alice.user.id,
                key=alice.key.id,
                formatter="assay",
                options={},
                file=Delivery("stream", "uploads/1/0", 0, ""),
                delivery=None,
                now=now,
            )
            assert runs.lock(conn, made.id) is not None
            runs.extend(conn, made.id, 10, now)
        return made

    return begin


def claim(catalog: Catalog, worker: str, now: datetime) -> Import | None:
    with catalog.write() as conn:
        return runs.claim(conn, worker=worker, now=now, lease=LEASE)


def let_go(catalog: Catalog, run: Import, worker: str, next_at: datetime) -> None:
    with catalog.write() as conn:
        runs.let_go(conn, run.id, worker, read_to=10, next_at=next_at, message="so so")


def test_a_run_is_running_and_no_import_waits(
    catalog: Catalog, begin: Begin, now: datetime
) -> None:
    made = begin()
    with catalog.read() as conn:
        report = reports.get(conn, made.report_id)
        assert report is not None
        assert (made.state, report.state) == (State.RUNNING, State.RUNNING)
        assert not imports.waiting(conn, now)
        assert [each.id for each in runs.of_profile(conn, made.profile_id)] == [made.id]
        assert runs.count(conn, made.profile_id) == 1


def test_one_worker_at_a_time_reads_it_and_only_what_is_new(
    catalog: Catalog, begin: Begin, now: datetime
) -> None:
    made = begin()
    found = claim(catalog, "one", now)
    assert found is not None
    assert found.id == made.id
    assert claim(catalog, "two", now) is None
    let_go(catalog, made, "one", now + 5 * SECOND)
    assert claim(catalog, "two", now + 60 * SECOND) is None  # nothing has come since
    with catalog.write() as conn:
        runs.extend(conn, made.id, 20, now)
        known = imports.get(conn, made.id)
    assert known is not None
    assert known.message == "so so"
    assert claim(catalog, "two", now) is None  # too early
    assert claim(catalog, "two", now + 6 * SECOND) is not None


def test_a_worker_that_died_loses_it(catalog: Catalog, begin: Begin, now: datetime) -> None:
    begin()
    assert claim(catalog, "one", now)
    assert claim(catalog, "two", now + LEASE + SECOND)


def test_one_that_ended_waits_for_the_one_who_is_reading_it(
    catalog: Catalog, begin: Begin, now: datetime
) -> None:
    made = begin()
    claim(catalog, "one", now)
    with catalog.write() as conn:
        assert runs.end(conn, made.id)
        assert not runs.end(conn, made.id)
        assert not imports.renew(conn, made.id, "one", now, LEASE)
        assert not imports.waiting(conn, now)
    let_go(catalog, made, "one", now)
    with catalog.write() as conn:
        found = imports.claim(conn, worker="two", now=now, lease=LEASE, max_tries=3)
        assert found is not None
        assert (found.state, found.message) == (State.PROCESSING, "")
        assert runs.lock(conn, made.id) is None
        runs.seal(conn, made.id, 10, "ab" * 32)
        assert runs.get(conn, made.id) is None
        assert imports.files(conn, made.id) == [Delivery("stream", "uploads/1/0", 10, "ab" * 32)]


def test_silence_is_found_and_counts_anew_when_nobody_could_be_heard(
    catalog: Catalog, begin: Begin, now: datetime
) -> None:
    made = begin()
    with catalog.write() as conn:
        assert runs.silent(conn, now) == []
        assert runs.silent(conn, now + SECOND) == [made.id]
        runs.hear(conn, now + SECOND)
        assert runs.silent(conn, now + SECOND) == []


def test_a_profile_that_is_deleted_ends_its_runs(
    catalog: Catalog, begin: Begin, now: datetime
) -> None:
    made = begin()
    claim(catalog, "one", now)
    with catalog.write() as conn:
        assert imports.cancel(conn, made.profile_id, now)  # somebody reads it
        assert not imports.cancel(conn, made.profile_id, now + LEASE + SECOND)
        assert runs.lock(conn, made.id) is None
