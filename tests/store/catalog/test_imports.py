"""Imports: the delivery's record, and the queue that workers share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from assay.store.catalog import Catalog, imports, keys, open_catalog, profiles, reports, users
from assay.store.catalog.imports import Delivery, Import, LogEntry
from assay.store.catalog.reports import State
from support.people import Person

LEASE = timedelta(seconds=30)
FILES = [
    Delivery("build/reports/TEST-a.xml", "uploads/1/0", 1234, "ab" * 32),
    Delivery("C:\\shots\\käse.png", "uploads/1/1", 5_000_000_000, "cd" * 32, "attachment"),
]

Deliver = Callable[..., Import]


@pytest.fixture
def deliver(catalog: Catalog, alice: Person, now: datetime) -> Deliver:
    def record(at: datetime = now, **changed: Any) -> Import:
        values: dict[str, Any] = {
            "profile": alice.profile.id,
            "user": alice.user.id,
            "key": alice.key.id,
            "formatter": "junit",
            "options": {},
            "files": FILES,
        }
        with catalog.write() as conn:
            return imports.record(conn, **values | changed, now=at)

    return record


def claim(catalog: Catalog, worker: str, now: datetime, max_tries: int = 3) -> Import | None:
    with catalog.write() as conn:
        return imports.claim(conn, worker=worker, now=now, lease=LEASE, max_tries=max_tries)


def test_a_delivery_is_kept_with_its_options_and_files(
    catalog: Catalog, deliver: Deliver, alice: Person, now: datetime
) -> None:
    options = {"tag": ["a", "b:c"], "smart": True, "date": None, "odd": "\0\ud800"}
    made = deliver(options=options)
    with catalog.read() as conn:
        assert imports.get(conn, made.id) == made
        assert imports.of_report(conn, made.report_id) == made
        assert imports.of_profile(conn, alice.profile.id, limit=5) == [made]
        assert imports.files(conn, made.id) == FILES
        report = reports.get(conn, made.report_id)
    assert made.options == options
    assert (made.state, made.tries, made.received_at) == (State.RECEIVED, 0, now)
    assert report is not None
    assert (report.state, report.import_id, report.date) == (State.RECEIVED, made.id, now)


def test_the_oldest_is_claimed_first(catalog: Catalog, deliver: Deliver, now: datetime) -> None:
    later = deliver(now + timedelta(seconds=5))
    first = deliver(now)
    found = claim(catalog, "w1", now)
    assert found is not None
    assert found.id == first.id
    assert (found.state, found.worker, found.tries) == (State.PROCESSING, "w1", 1)
    assert found.lease_until == now + LEASE
    second = claim(catalog, "w2", now)
    assert second is not None
    assert second.id == later.id
    assert claim(catalog, "w3", now) is None


def test_waiting_tells_without_claiming(catalog: Catalog, deliver: Deliver, now: datetime) -> None:
    def waiting(at: datetime) -> bool:
        with catalog.read() as conn:
            return imports.waiting(conn, at)

    assert not waiting(now)
    deliver()
    assert waiting(now)
    claim(catalog, "w1", now)
    assert not waiting(now)
    assert waiting(now + LEASE + timedelta(seconds=1))


def test_its_report_is_being_processed_meanwhile(
    catalog: Catalog, deliver: Deliver, now: datetime
) -> None:
    made = deliver()
    claim(catalog, "w1", now)
    with catalog.read() as conn:
        report = reports.get(conn, made.report_id)
    assert report is not None
    assert report.state is State.PROCESSING


def test_many_workers_never_claim_one_import_twice(
    catalog: Catalog, deliver: Deliver, now: datetime
) -> None:
    made = {deliver(now + timedelta(milliseconds=n), files=[]).id for n in range(40)}

    def work(worker: str) -> list[str]:
        mine = []
        while found := claim(catalog, worker, now + timedelta(seconds=1)):
            mine.append(found.id)
        return mine

    with ThreadPoolExecutor(8) as pool:
        claimed = [each for mine in pool.map(work, map(str, range(8))) for each in mine]
    assert Counter(claimed) == dict.fromkeys(made, 1)


def test_two_catalogs_share_one_queue(
    catalog_url: str, catalog: Catalog, deliver: Deliver, now: datetime
) -> None:
    """As two processes do: nothing in one of them knows of the other."""
    made = {deliver(files=[]).id for _ in range(20)}
    other = open_catalog(catalog_url)

    def work(place: Catalog) -> list[str]:
        mine = []
        while found := claim(place, f"w{id(place)}", now):
            mine.append(found.id)
        return mine

    with ThreadPoolExecutor(2) as pool:
        claimed = [each for mine in pool.map(work, (catalog, other)) for each in mine]
    other.close()
    assert Counter(claimed) == dict.fromkeys(made, 1)


def test_a_dead_workers_import_is_begun_afresh(
    catalog: Catalog, deliver: Deliver, now: datetime
) -> None:
    made = deliver()
    claim(catalog, "dead", now)
    with catalog.write() as conn:
        imports.progress(conn, made.id, "dead", 60)
    after = now + LEASE + timedelta(seconds=1)
    assert claim(catalog, "w2", now + LEASE) is None
    found = claim(catalog, "w2", after)
    assert found is not None
    assert (found.id, found.worker, found.tries, found.progress) == (made.id, "w2", 2, 0)
    with catalog.read() as conn:
        [entry] = imports.log_of(conn, made.id)
    assert entry.level == "warning"
    assert "try 2" in entry.message


def test_who_lost_the_lease_can_change_nothing(
    catalog: Catalog, deliver: Deliver, now: datetime
) -> None:
    made = deliver()
    claim(catalog, "slow", now)
    after = now + LEASE + timedelta(seconds=1)
    claim(catalog, "quick", after)
    with catalog.write() as conn:
        assert not imports.renew(conn, made.id, "slow", after, LEASE)
        assert not imports.progress(conn, made.id, "slow", 99)
        assert not imports.finish(conn, made.id, "slow", state="done", message="", now=after)
        assert imports.renew(conn, made.id, "quick", after, LEASE)
        assert imports.finish(conn, made.id, "quick", state="done", message="ok", now=after)
        assert not imports.finish(conn, made.id, "quick", state="failed", message="", now=after)
        found = imports.get(conn, made.id)
    assert found is not None
    assert (found.state, found.message, found.progress) == (State.DONE, "ok", 100)
    assert found.finished_at == after


def test_a_renewed_lease_holds(catalog: Catalog, deliver: Deliver, now: datetime) -> None:
    made = deliver()
    claim(catalog, "w1", now)
    with catalog.write() as conn:
        assert imports.renew(conn, made.id, "w1", now + LEASE, LEASE)
    assert claim(catalog, "w2", now + LEASE + timedelta(seconds=1)) is None


def test_an_import_that_kills_its_workers_is_given_up(
    catalog: Catalog, deliver: Deliver, now: datetime
) -> None:
    deadly, good = deliver(), deliver(now + timedelta(seconds=1))
    for n in range(2):
        claim(catalog, f"w{n}", now + n * 2 * LEASE, max_tries=2)
    found = claim(catalog, "w9", now + 4 * LEASE, max_tries=2)
    assert found is not None
    assert found.id == good.id
    with catalog.read() as conn:
        ended = imports.get(conn, deadly.id)
        report = reports.get(conn, deadly.report_id)
        log = imports.log_of(conn, deadly.id)
    assert ended is not None
    assert (ended.state, ended.finished_at) == (State.FAILED, now + 4 * LEASE)
    assert "2 tries" in ended.message
    assert report is not None
    assert report.state is State.FAILED
    assert log[-1].level == "error"


def test_an_ended_import_can_be_read_again(
    catalog: Catalog, deliver: Deliver, now: datetime
) -> None:
    made = deliver()
    claim(catalog, "w1", now)
    with catalog.write() as conn:
        assert not imports.again(conn, made.id)
        imports.finish(conn, made.id, "w1", state="failed", message="no", now=now)
        assert imports.again(conn, made.id)
        assert imports.ended(conn) == []
    found = claim(catalog, "w2", now)
    assert found is not None
    assert (found.id, found.tries, found.message) == (made.id, 1, "")


def test_a_process_that_is_alone_frees_what_its_forerunner_held(
    catalog: Catalog, deliver: Deliver, now: datetime
) -> None:
    made = deliver()
    claim(catalog, "before", now)
    with catalog.write() as conn:
        assert imports.release(conn, now) == 1
    found = claim(catalog, "after", now + timedelta(milliseconds=1))
    assert found is not None
    assert found.id == made.id


def test_the_log_tells_the_story_in_order(
    catalog: Catalog, deliver: Deliver, now: datetime
) -> None:
    made = deliver()
    entries = [
        LogEntry("info", "Read as JUnit XML", "a.xml"),
        LogEntry("error", "unclosed \0 element \ud800", "b.xml", "line 7"),
    ]
    with catalog.write() as conn:
        imports.log(conn, made.id, entries[:1], now)
        imports.log(conn, made.id, entries[1:], now)
        imports.log(conn, made.id, [], now)
        found = imports.log_of(conn, made.id)
    assert found == [
        LogEntry("info", "Read as JUnit XML", "a.xml", "", now),
        LogEntry("error", "unclosed � element �", "b.xml", "line 7", now),
    ]


def test_ended_imports_are_listed_by_what_they_belong_to(
    catalog: Catalog, deliver: Deliver, alice: Person, charlie: Person, now: datetime
) -> None:
    mine = deliver()
    theirs = deliver(now + timedelta(seconds=1), profile=charlie.profile.id)
    for worker in ("w1", "w2"):
        found = claim(catalog, worker, now)
        assert found is not None
        with catalog.write() as conn:
            imports.finish(conn, found.id, worker, state="done", message="", now=now)
    with catalog.read() as conn:
        assert imports.ended(conn) == [mine.id, theirs.id]
        assert imports.ended(conn, profile=charlie.profile.id) == [theirs.id]
        assert imports.ended(conn, report=mine.report_id) == [mine.id]


def test_what_someone_delivered_outlives_them(
    catalog: Catalog, deliver: Deliver, bob: Person
) -> None:
    made = deliver(user=bob.user.id, key=bob.key.id)
    with catalog.write() as conn:
        users.remove(conn, bob.user.id)
        assert keys.get(conn, bob.key.id) is None
        found = imports.get(conn, made.id)
    assert found is not None
    assert (found.user_id, found.key_id) == (None, None)


def test_a_profile_takes_its_imports_along(
    catalog: Catalog, deliver: Deliver, alice: Person, now: datetime
) -> None:
    made = deliver()
    with catalog.write() as conn:
        imports.log(conn, made.id, [LogEntry("info", "here")], now)
        profiles.remove(conn, alice.profile.id)
        assert imports.get(conn, made.id) is None
        assert imports.files(conn, made.id) == []
        assert imports.log_of(conn, made.id) == []
        assert reports.get(conn, made.report_id) is None


def test_looking_for_work_does_not_read_what_is_done(catalog: Catalog) -> None:
    if catalog.url.get_backend_name() != "sqlite":
        pytest.skip("PostgreSQL plans by what a table holds; here it holds nothing")
    query = (
        "EXPLAIN QUERY PLAN SELECT id FROM imports WHERE state IN ('received', 'processing') "
        "AND (state = :a OR state = :b AND lease_until < :c) ORDER BY received_at, id LIMIT 1"
    )
    with catalog.read() as conn:
        plan = str(conn.execute(text(query), {"a": "", "b": "", "c": ""}).all())
    assert "imports_waiting" in plan
