"""What people do to reports that are there, through the API: delete, take back, tag, move."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from assay import removal
from assay.store import Stores, open_stores
from assay.store.catalog import open_catalog, reports, trash
from support import batches
from support.house import REPORT, House, given, upload
from support.people import People, Person, settle
from support.server import Server

ENDS_WITHIN = 60.0


@dataclass(frozen=True, slots=True)
class Desk:
    """A person's client, and a profile of one story."""

    client: httpx.Client
    profile: int

    def report(self, number: int) -> dict[str, Any]:
        answer = self.client.get(f"/api/v3/reports/{number}")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def listed(self, profile: int | None = None) -> list[int]:
        answer = self.client.get(f"/api/v3/profiles/{profile or self.profile}/reports")
        return [each["id"] for each in answer.json()["items"]]

    def bulk(self, act: str, ids: list[int], **more: Any) -> httpx.Response:
        path = f"/api/v3/profiles/{self.profile}/reports/bulk"
        return self.client.post(path, json={"act": act, "ids": ids, **more})

    def trash(self) -> list[int]:
        answer = self.client.get(f"/api/v3/profiles/{self.profile}/trash").json()
        assert answer["total"] == len(answer["items"])
        return [each["report"]["id"] for each in answer["items"]]

    def read(self, number: int) -> dict[str, Any]:
        """The report once it has been read."""
        deadline = time.monotonic() + ENDS_WITHIN
        while (found := self.report(number))["state"] in ("received", "processing"):
            assert time.monotonic() < deadline, found
            time.sleep(0.02)
        return found


@pytest.fixture
def desk(house: House) -> Iterator[Desk]:
    with house.client(house.people.alice) as client:
        yield Desk(client, house.new_profile(house.people.alice, "Upkeep"))


def three(desk: Desk) -> list[int]:
    """Reports of three days."""
    days = (f"2026-03-0{day}" for day in (1, 2, 3))
    return [given(desk.client, desk.profile, date=day)["id"] for day in days]


def test_a_deleted_report_is_nowhere_and_can_be_had_back(desk: Desk) -> None:
    first, second, third = three(desk)
    before = desk.report(second)
    assert desk.client.delete(f"/api/v3/reports/{second}").status_code == 204
    answer = desk.client.get(f"/api/v3/reports/{second}")
    assert answer.status_code == 404
    assert "trash" in answer.json()["message"]
    assert desk.client.get(f"/api/v3/imports/{before['import_id']}").status_code == 404
    assert desk.client.get(f"/api/v3/reports/{second}/results").status_code == 404
    assert desk.client.delete(f"/api/v3/reports/{second}").status_code == 404
    assert desk.listed() == [third, first]
    assert desk.trash() == [second]
    restored = desk.client.post(f"/api/v3/reports/{second}/restore").json()
    assert restored["counts"] == before["counts"]
    assert desk.listed() == [third, second, first]
    assert desk.trash() == []
    assert desk.client.post(f"/api/v3/reports/{second}/restore").status_code == 404


def test_what_comes_after_a_deleted_report_is_counted_again_and_again_after_it_is_back(
    desk: Desk,
) -> None:
    def run(status: str) -> bytes:
        body = "" if status == "passed" else "<failure/>"
        return f"<testsuite><testcase name='a'>{body}</testcase></testsuite>".encode()

    ends = ("passed", "failed", "failed")
    _, second, third = (
        given(desk.client, desk.profile, run(end), date=f"2026-03-0{day}")["id"]
        for day, end in enumerate(ends, 1)
    )
    assert desk.report(third)["changes"]["new_failures"] == 0
    desk.client.delete(f"/api/v3/reports/{second}")
    assert desk.report(third)["changes"]["new_failures"] == 1
    desk.client.post(f"/api/v3/reports/{second}/restore")
    assert desk.report(third)["changes"]["new_failures"] == 0


def test_many_are_deleted_and_restored_at_once(desk: Desk) -> None:
    first, second, third = three(desk)
    assert desk.bulk("delete", [first, third, first]).json() == {"ids": [first, third]}
    assert desk.listed() == [second]
    assert set(desk.trash()) == {first, third}
    assert desk.bulk("restore", [first]).status_code == 200
    assert desk.listed() == [second, first]


def test_one_that_is_not_the_profiles_own_stops_all(desk: Desk, house: House) -> None:
    first, *_ = three(desk)
    elsewhere = given(desk.client, house.new_profile(house.people.alice, "Elsewhere"))["id"]
    for ids in ([first, elsewhere], [first, 2**30]):
        answer = desk.bulk("delete", ids)
        assert answer.status_code == 404, answer.text
    assert first in desk.listed()
    assert desk.bulk("delete", list(range(1, 202))).status_code == 422
    assert desk.bulk("delete", []).status_code == 422
    assert desk.bulk("move", [first]).status_code == 422


def test_tags_are_added_and_dropped(desk: Desk) -> None:
    first = given(desk.client, desk.profile, tags=["nightly", "env:test"])["id"]
    second = given(desk.client, desk.profile, tags=["env:test"])["id"]
    answer = desk.bulk("tag", [first, second], add_tags=["flagged"], drop_tags=["env:test"])
    assert answer.status_code == 200
    assert desk.report(first)["tags"] == ["nightly", "flagged"]
    assert desk.report(second)["tags"] == ["flagged"]
    found = desk.client.get(f"/api/v3/profiles/{desk.profile}/reports?tag=flagged").json()
    assert len(found["items"]) == 2
    assert desk.bulk("tag", [first], add_tags=["x" * 300]).status_code == 422


def test_a_corrected_report_stays_corrected_when_it_is_read_again(desk: Desk, house: House) -> None:
    report = given(desk.client, desk.profile, tags=["nightly"], branch="main")
    said = {"tags": ["by hand"], "branch": "", "build": "7", "date": "2026-01-05T10:00:00+02:00"}
    path = f"/api/v3/reports/{report['id']}"
    assert desk.client.patch(path, json=said).status_code == 200
    to = house.new_profile(house.people.alice, "Read again")
    desk.client.post(f"{path}/move", json={"profile_id": to})
    found = desk.read(report["id"])
    assert (found["tags"], found["branch"], found["build"]) == (["by hand"], "", "7")
    assert found["date"] == "2026-01-05T08:00:00Z"
    assert desk.client.patch(path, json={"branch": "x" * 300}).status_code == 422


def test_a_report_with_another_date_takes_another_place(desk: Desk) -> None:
    first, second, third = three(desk)
    desk.client.patch(f"/api/v3/reports/{first}", json={"date": "2026-03-09T10:00:00Z"})
    assert desk.listed() == [first, third, second]
    assert desk.report(second)["changes"]["still_failing"] == 0
    assert desk.report(first)["changes"]["still_failing"] == 2


def test_a_moved_report_is_read_again_where_it_went(desk: Desk, house: House) -> None:
    first, second, third = three(desk)
    to = house.new_profile(house.people.alice, "Target")
    before = desk.report(second)
    answer = desk.bulk("move", [second], profile_id=to)
    assert answer.status_code == 200, answer.text
    found = desk.read(second)
    assert (found["profile_id"], found["state"]) == (to, "done")
    assert (found["counts"], found["uuid"]) == (before["counts"], before["uuid"])
    assert desk.listed() == [third, first]
    assert desk.listed(to) == [second]
    results = desk.client.get(f"/api/v3/reports/{second}/results").json()["items"]
    assert {each["label"] for each in results} == {"New result"}
    imported = desk.client.get(f"/api/v3/imports/{before['import_id']}").json()
    assert imported["profile_id"] == to


def test_only_who_may_change_both_profiles_moves(desk: Desk, house: House) -> None:
    first, *_ = three(desk)
    charlie = house.people.charlie.profile.id
    assert desk.bulk("move", [first], profile_id=charlie).status_code == 404
    path = f"/api/v3/reports/{first}/move"
    assert desk.client.post(path, json={"profile_id": charlie}).status_code == 404
    assert desk.report(first)["profile_id"] == desk.profile


@dataclass(frozen=True, slots=True)
class Place:
    """A server of one story's own, which can be killed, and its people."""

    server: Server
    people: People

    def stores(self) -> Stores:
        return open_stores(self.server.settings)

    def held(self, stores: Stores) -> set[tuple[int, int]]:
        """The (profile, report) that have rows."""
        rows = stores.results.ask("SELECT DISTINCT profile, report FROM results", {})
        return {(profile, report) for profile, report in rows}


@pytest.fixture
def place(tmp_path: Any) -> Iterator[Place]:
    server = Server(tmp_path / "data", parsers=1)
    catalog = open_catalog(server.settings.catalog_url)
    catalog.migrate()
    people = settle(catalog)
    catalog.close()
    server.start()
    yield Place(server, people)
    server.stop()


def big(cases: int) -> bytes:
    rows = "".join(f'<testcase classname="c" name="t{at}" time="0.1"/>' for at in range(cases))
    return f"<testsuite>{rows}</testsuite>".encode()


def test_deleting_a_report_that_is_being_read_ends_its_import(place: Place) -> None:
    alice: Person = place.people.alice
    with place.server.client(alice.secret) as client:
        desk = Desk(client, alice.profile.id)
        sent = upload(client, desk.profile, ("big.xml", big(150_000))).json()
        waits = upload(client, desk.profile, ("r.xml", REPORT)).json()
        for each in (sent, waits):
            assert client.delete(f"/api/v3/reports/{each['report_id']}").status_code == 204
        after = given(client, desk.profile)
        assert desk.listed() == [after["id"]]
        assert set(desk.trash()) == {sent["report_id"], waits["report_id"]}
        restored = client.post(f"/api/v3/reports/{waits['report_id']}/restore").json()
        assert restored["state"] in ("received", "processing", "done")
        assert desk.read(waits["report_id"])["counts"]["total"] == 4
    assert "fault" not in place.server.log()


def test_what_was_in_the_trash_for_long_is_removed_for_good(place: Place) -> None:
    alice = place.people.alice
    with place.server.client(alice.secret) as client:
        desk = Desk(client, alice.profile.id)
        first, second = (given(client, desk.profile)["id"] for _ in range(2))
        client.delete(f"/api/v3/reports/{first}")
        client.delete(f"/api/v3/reports/{second}?forever=true")
        assert desk.trash() == [first]
    place.server.stop()
    days, now = timedelta(days=1), datetime.now(UTC)
    profile = alice.profile.id
    with closing(place.stores()) as stores:
        assert place.held(stores) == {(profile, first)}
        removal.purge(stores, place.server.settings, now + 6 * days)
        assert place.held(stores) == {(profile, first)}
        removal.purge(stores, place.server.settings, now + 8 * days)
        assert place.held(stores) == set()
        assert stores.blobs.folders("uploads") == []
        with stores.catalog.read() as conn:
            assert trash.count(conn, profile, now - days) == 0


def test_what_a_crash_left_behind_is_swept(place: Place) -> None:
    """As if killed between the catalog and the other stores: in a removal, and in a move."""
    alice = place.people.alice
    attached = (("shot.png", b"\x89PNG\r\n\x1a\nnot really"),)
    with place.server.client(alice.secret) as client:
        gone, stays = (
            given(client, alice.profile.id, attachments=attached)["id"] for _ in range(2)
        )
    place.server.stop()
    now, profile = datetime.now(UTC), alice.profile.id
    with closing(place.stores()) as stores:
        stores.results.write(profile + 100, stays, batches.report(batches.result("moved away")))
        with stores.catalog.write() as conn:
            reports.remove(conn, gone)
        assert place.held(stores) == {(profile, gone), (profile, stays), (profile + 100, stays)}
        removal.sweep(stores, place.server.settings, now)
        assert place.held(stores) == {(profile, stays)}
        assert stores.results.ask("SELECT count(*) FROM tests WHERE profile > 100", {}) == [(0,)]
        assert stores.blobs.folders("assets") == [f"assets/{stays}"]
        assert len(stores.blobs.folders("uploads")) == 2  # it may be on its way still
        removal.sweep(stores, place.server.settings, now + timedelta(days=31))
        assert len(stores.blobs.folders("uploads")) == 1
    place.server.start()
    with place.server.client(alice.secret) as client:
        assert client.get(f"/api/v3/reports/{stays}/results").json()["items"]


def test_with_another_catalog_nothing_is_swept(place: Place, tmp_path: Path) -> None:
    """Whoever starts a server with the address of an empty database must not pay with the data."""
    alice = place.people.alice
    with place.server.client(alice.secret) as client:
        report = given(client, alice.profile.id, attachments=(("shot.png", b"\x89PNG"),))["id"]
    place.server.stop()
    other = open_catalog(f"sqlite:///{tmp_path}/other.sqlite")
    other.migrate()
    with closing(other), closing(place.stores()) as stores:
        strange = replace(stores, catalog=other)
        removal.sweep(strange, place.server.settings, datetime.now(UTC) + timedelta(days=400))
        assert place.held(stores) == {(alice.profile.id, report)}
        assert stores.blobs.folders("assets") == [f"assets/{report}"]
        assert len(stores.blobs.folders("uploads")) == 1


def test_a_move_that_was_killed_ends_when_the_server_is_back(place: Place) -> None:
    alice = place.people.alice
    with place.server.client(alice.secret) as client:
        desk = Desk(client, alice.profile.id)
        moved = given(client, desk.profile, big(30_000))["id"]
        target = House(place.server, place.people).new_profile(alice, "Target")
        client.post(f"/api/v3/reports/{moved}/move", json={"profile_id": target})
    place.server.kill()
    place.server.start()
    with place.server.client(alice.secret) as client:
        desk = Desk(client, target)
        assert desk.read(moved)["counts"]["total"] == 30_000
        assert desk.listed() == [moved]
        assert desk.listed(alice.profile.id) == []
    place.server.stop()
    with closing(place.stores()) as stores:
        removal.sweep(stores, place.server.settings, datetime.now(UTC))
        assert place.held(stores) == {(target, moved)}
