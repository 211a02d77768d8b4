"""Reports: published, listed, in their place in time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import event, func, select

from assay.rows import Counts
from assay.store.catalog import Catalog, assets, reports
from assay.store.catalog.assets import Asset
from assay.store.catalog.latest import latest_of
from assay.store.catalog.reports import Changes, Report, State
from assay.store.catalog.tables import report_tags
from support.people import Person

DAY = timedelta(days=1)
COUNTS = Counts(total=10, passed=5, failed=2, broken=1, skipped=1, unknown=1, flaky=3)

Publish = Callable[..., Report]


@pytest.fixture
def publish(catalog: Catalog, alice: Person, now: datetime) -> Publish:
    def made(days: float = 0, profile: int = alice.profile.id, **changed: Any) -> Report:
        values = {"origin": "junit", "date": now + days * DAY, "counts": COUNTS} | changed
        with catalog.write() as conn:
            report = reports.make(conn, profile=profile, import_id=None, now=now)
            reports.publish(conn, report.id, **values, now=now)
            found = reports.get(conn, report.id)
        assert found is not None
        return found

    return made


def test_a_report_is_published_with_all_that_is_known(
    catalog: Catalog, alice: Person, now: datetime
) -> None:
    later = now + timedelta(seconds=3)
    ran = datetime(2026, 2, 28, 23, 30, tzinfo=timezone(timedelta(hours=-5)))
    with catalog.write() as conn:
        made = reports.make(conn, profile=alice.profile.id, import_id="the-import", now=now)
        reports.publish(
            conn,
            made.id,
            origin="cucumber",
            date=ran,
            counts=COUNTS,
            duration=12.5,
            branch="main",
            commit="0af3",
            build="77",
            tags=["os:linux", "nightly", "os:linux", ""],
            metadata={"browser": "Fire\0fox 🦊"},
            now=later,
        )
        reports.set_changes(conn, made.id, Changes(1, 2, 3, 4, 5))
        found = reports.get(conn, made.id)
        assert reports.by_uuid(conn, made.uuid) == found
    assert found == Report(
        id=made.id,
        uuid=made.uuid,
        profile_id=alice.profile.id,
        import_id="the-import",
        date=datetime(2026, 3, 1, 4, 30, tzinfo=UTC),
        created_at=now,
        updated_at=later,
        origin="cucumber",
        state=State.DONE,
        branch="main",
        commit="0af3",
        build="77",
        duration=12.5,
        tags=["os:linux", "nightly"],
        metadata={"browser": "Fire\N{REPLACEMENT CHARACTER}fox 🦊"},
        counts=COUNTS,
        changes=Changes(new_failures=1, fixed=2, still_failing=3, new_tests=4, gone=5),
    )
    assert found.date.tzinfo is UTC


def test_publishing_again_replaces_everything(
    catalog: Catalog, publish: Publish, now: datetime
) -> None:
    report = publish(tags=["old"], branch="old", duration=1.0)
    with catalog.write() as conn:
        again = Counts(total=1, passed=1)
        reports.publish(conn, report.id, origin="ctrf", date=now, counts=again, now=now)
        found = reports.get(conn, report.id)
        tagged = conn.scalar(select(func.count()).select_from(report_tags))
    assert found is not None
    assert (found.counts, found.tags, found.branch, found.duration) == (again, [], "", None)
    assert tagged == 0


def test_a_report_that_failed_is_not_among_the_done(
    catalog: Catalog, publish: Publish, alice: Person, now: datetime
) -> None:
    good = publish()
    with catalog.write() as conn:
        bad = reports.make(conn, profile=alice.profile.id, import_id=None, now=now)
        reports.fail(conn, bad.id, now=now, origin="junit", date=now + DAY, tags=["nightly"])
        done = reports.of_profile(conn, alice.profile.id, limit=9)
        both = reports.of_profile(conn, alice.profile.id, limit=9, states=["done", "failed"])
    assert done == [good]
    assert [each.id for each in both] == [bad.id, good.id]
    assert both[0].tags == ["nightly"]


def test_what_was_read_before_stays_while_it_is_read_again(
    catalog: Catalog, publish: Publish, now: datetime
) -> None:
    report = publish()
    with catalog.write() as conn:
        reports.begin(conn, report.id, now)
        found = reports.get(conn, report.id)
    assert found == report


def test_a_list_is_paged_by_its_place_in_time(
    catalog: Catalog, publish: Publish, alice: Person, charlie: Person
) -> None:
    days = [0, 3, 1, 1, 1, 2]
    made = [publish(each) for each in days]
    publish(5, profile=charlie.profile.id)
    expected = [r.id for r in sorted(made, key=lambda r: (r.date, r.id), reverse=True)]
    seen: list[int] = []
    before = None
    with catalog.read() as conn:
        while page := reports.of_profile(conn, alice.profile.id, limit=2, before=before):
            seen += [each.id for each in page]
            before = page[-1].date, page[-1].id
    assert seen == expected


def test_a_late_delivery_slots_into_its_place(catalog: Catalog, publish: Publish) -> None:
    monday, wednesday = publish(0), publish(2)
    tuesday = publish(1)
    with catalog.read() as conn:
        assert reports.previous(conn, tuesday) == monday
        assert reports.next_(conn, tuesday) == wednesday
        assert reports.previous(conn, wednesday) == tuesday
        assert reports.previous(conn, monday) is None
        assert reports.next_(conn, wednesday) is None


def test_reports_of_one_moment_follow_each_other_by_id(catalog: Catalog, publish: Publish) -> None:
    first, second = publish(), publish()
    with catalog.read() as conn:
        assert reports.previous(conn, second) == first
        assert reports.next_(conn, first) == second


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"branch": "main"}, {"a", "b"}),
        ({"tag": "os:linux"}, {"a", "c"}),
        ({"tag": "linux"}, set()),
        ({"branch": "main", "tag": "os:linux"}, {"a"}),
        ({"q": "LINUX"}, {"a", "c"}),
        ({"q": "feature/"}, {"c"}),
        ({"q": "größe"}, {"c"}),
        ({"q": "  beef "}, {"b"}),
        ({"q": "100%"}, {"c"}),
        ({"q": "_"}, set()),
        ({"q": "junit"}, {"a", "b", "c"}),
        ({"q": " "}, {"a", "b", "c"}),
        ({"branch": "main", "q": "os:"}, {"a"}),
        ({"branch": ""}, set()),
        ({"q": "\0"}, set()),
    ],
)
def test_reports_are_found_by_what_they_say(
    catalog: Catalog, publish: Publish, alice: Person, asked: dict[str, Any], found: set[str]
) -> None:
    publish(build="a", branch="main", tags=["os:linux"])
    publish(build="b", branch="main", commit="DEADBEEF")
    publish(build="c", branch="feature/x", tags=["os:linux", "load:100%", "GRÖSSE GRÖßE"])
    with catalog.read() as conn:
        page = reports.of_profile(conn, alice.profile.id, limit=9, **asked)
    assert {each.build for each in page} == found


def test_a_report_is_found_by_its_number(catalog: Catalog, publish: Publish, alice: Person) -> None:
    report = publish()
    with catalog.read() as conn:
        assert reports.of_profile(conn, alice.profile.id, limit=9, q=str(report.id)) == [report]
        assert reports.of_profile(conn, alice.profile.id, limit=9, q="9" * 30) == []
        assert reports.of_profile(conn, alice.profile.id, limit=9, q="9" * 5000) == []


def test_a_profile_knows_its_branches(catalog: Catalog, publish: Publish, alice: Person) -> None:
    for branch in ("main", "", "dev", "main"):
        publish(branch=branch)
    with catalog.read() as conn:
        assert reports.branches(conn, alice.profile.id) == ["dev", "main"]


def test_the_latest_of_several_profiles(
    catalog: Catalog, publish: Publish, alice: Person, charlie: Person
) -> None:
    mine, theirs = alice.profile.id, charlie.profile.id
    made = [publish(day) for day in (0, 2, 1)]
    other = publish(0, profile=theirs)
    with catalog.read() as conn:
        latest = latest_of(conn, [mine, theirs, 999], 2)
    assert latest == {mine: [made[1], made[2]], theirs: [other], 999: []}


def test_the_latest_of_many_profiles_are_one_query(
    catalog: Catalog, publish: Publish, alice: Person, charlie: Person
) -> None:
    ids = [alice.profile.id, charlie.profile.id, *range(900, 950)]
    publish(0)
    asked: list[str] = []
    with catalog.read() as conn:
        event.listen(conn, "before_cursor_execute", lambda *given: asked.append(given[2]))
        assert list(latest_of(conn, ids, 14)) == ids
    assert len(asked) == 1


def test_the_latest_of_very_many_profiles_are_found(catalog: Catalog) -> None:
    with catalog.read() as conn:
        assert len(latest_of(conn, range(1, 700), 1)) == 699


def test_a_page_of_reports_is_one_query(catalog: Catalog, publish: Publish, alice: Person) -> None:
    for day in range(5):
        publish(day, tags=["a", "b"])
    asked: list[str] = []
    with catalog.read() as conn:
        event.listen(conn, "before_cursor_execute", lambda *given: asked.append(given[2]))
        reports.of_profile(conn, alice.profile.id, limit=5)
    assert len(asked) == 1


def test_an_endless_tag_is_cut(catalog: Catalog, publish: Publish, alice: Person) -> None:
    report = publish(tags=["🧪" * 5000])
    with catalog.read() as conn:
        found = reports.of_profile(conn, alice.profile.id, limit=9, tag="🧪" * 5000)
    assert found == [report]
    assert report.tags == ["🧪" * 255]


def test_tags_that_end_up_the_same_are_one(catalog: Catalog, publish: Publish) -> None:
    assert publish(tags=["a\0", "a\ud800", "a�", "b"]).tags == ["a�", "b"]


def test_a_cursor_from_anywhere_does_no_harm(
    catalog: Catalog, publish: Publish, alice: Person, now: datetime
) -> None:
    report = publish()
    with catalog.read() as conn:
        for before, found in (((now, 2**70), []), ((now + DAY, -(2**70)), [report])):
            page = reports.of_profile(conn, alice.profile.id, limit=9, before=before)
            assert page == found


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("0001-01-01T00:00:00+01:00", "0001-01-01T00:00:00+00:00"),
        ("0001-01-01T00:00:00+00:00", "0001-01-01T00:00:00+00:00"),
        ("9999-12-31T23:59:59.999999-05:00", "9999-12-31T23:59:59.999999+00:00"),
    ],
)
def test_a_date_at_the_end_of_time_is_kept(publish: Publish, written: str, stored: str) -> None:
    assert publish(date=datetime.fromisoformat(written)).date.isoformat() == stored


def test_assets_are_known_by_number_and_result(catalog: Catalog, publish: Publish) -> None:
    report = publish()
    made = [
        Asset(report.id, 2, 7, "after.png", "image/png", 99, "assets/2"),
        Asset(report.id, 1, 7, "before.png", "image/png", 98, "assets/1"),
        Asset(report.id, 0, None, "log\0.txt", "text/plain", 5_000_000_000, "assets/0"),
    ]
    with catalog.write() as conn:
        assets.add(conn, report.id, made)
        assets.add(conn, report.id, [])
        assert [each.number for each in assets.of_report(conn, report.id)] == [0, 1, 2]
        assert assets.of_result(conn, report.id, 7) == [made[1], made[0]]
        assert assets.get(conn, report.id, 2) == made[0]
        assert assets.get(conn, report.id, 3) is None
        assert assets.get(conn, report.id, 2**80) is None
        assets.delete_of(conn, report.id)
        assert assets.of_report(conn, report.id) == []


def test_a_removed_report_takes_its_assets_and_tags_along(
    catalog: Catalog, publish: Publish
) -> None:
    report, other = publish(tags=["a"]), publish(tags=["a"])
    with catalog.write() as conn:
        assets.add(conn, report.id, [Asset(report.id, 0, None, "a", "text/plain", 1, "b")])
        reports.remove(conn, report.id)
        assert reports.get(conn, report.id) is None
        assert assets.of_report(conn, report.id) == []
        left = conn.scalars(select(report_tags.c.report_id)).all()
    assert left == [other.id]
