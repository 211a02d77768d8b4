"""Imports at XL TestView's API that cannot be: what is said, and that nothing of them shows."""

from __future__ import annotations

import pytest

from support.house import REPORT, House
from support.testview_wire import (
    PLUGIN,
    RESULTS,
    Answer,
    Target,
    mixed,
    plugin_body,
    post,
    reports_of,
    send,
    specification,
    who,
    zipped,
)

JSON = {"Content-Type": "application/json"}
ZIP = {"Content-Type": "application/zip"}
EMPTY = b"PK\x05\x06" + bytes(18)
"""The zip of Jenkins' plugin where no file matches."""


@pytest.fixture
def junit(house: House) -> Target:
    return specification(house, house.people.alice, "browser tests", tool="xlt.JUnit")


def wrong(answer: Answer, status: int, *words: str) -> None:
    assert answer.status == status, answer.body
    told = answer.json()
    assert set(told) == {"message", "status", "errorCode"}
    assert told["status"] == str(status)
    for word in words:
        assert word in told["message"]


def untouched(house: House, target: Target) -> None:
    """Nothing shows of an import that failed, and it may be sent again."""
    assert reports_of(house, house.people.alice, target) == []
    assert send(house, target, RESULTS, PLUGIN).status == 200


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (mixed((JSON, b"{}")), "application/zip"),
        (mixed((ZIP, EMPTY)), "application/json"),
        (mixed((JSON, b"{}"), (JSON, b"{}"), (ZIP, EMPTY)), "More than one"),
        (mixed((JSON, b"{}"), (ZIP, EMPTY), (ZIP, EMPTY)), "More than one"),
        (mixed((JSON, b"{}"), ({"Content-Type": "text/plain"}, b"x"), (ZIP, EMPTY)), "text/plain"),
        (mixed((JSON, b"{}"), ({"X-Other": "1"}, b"x"), (ZIP, EMPTY)), "Content-Type"),
        (mixed((JSON, b"{}"), (ZIP, zipped(RESULTS)))[:-60], "broke off"),
        (mixed((JSON, b"[1]"), (ZIP, EMPTY)), "JSON object"),
        (mixed((JSON, b"{"), (ZIP, EMPTY)), "no JSON"),
        (mixed((JSON, b"[" * 100_000), (ZIP, EMPTY)), "too deep"),
        (mixed((JSON, b'{"n":' + b"9" * 5_000 + b"}"), (ZIP, EMPTY)), "no JSON"),
        (mixed((JSON, b'{"a":"' + b"9" * 1_000_000 + b'"}'), (ZIP, EMPTY)), "longer than"),
        (mixed((JSON, b'{"@runId": 1}'), (ZIP, EMPTY)), "'@runId'"),
        (mixed((JSON, b'{"_id": 1}'), (ZIP, EMPTY)), "'_id'"),
        (b"", "No part"),
        (b"not multipart at all", "multipart/mixed"),
    ],
)
def test_a_body_that_is_not_as_agreed_is_a_bad_request(
    house: House, junit: Target, body: bytes, word: str
) -> None:
    alice = house.people.alice
    wrong(post(house, junit.internal, body, who=who(alice)), 400, word)
    wrong(post(house, junit.public, body, who=who(alice), chunk=10_000), 400, word)
    untouched(house, junit)


def test_a_zip_that_no_run_comes_of_is_not_processable(house: House, junit: Target) -> None:
    deep = b'<testsuite name="s" timestamp="2026-03-01T10:00:00"><testcase name="a"/>'
    for data, word in (
        (EMPTY, "holds no file"),
        (b"no zip", "no zip"),
        (zipped(RESULTS)[:-40], "no zip"),
        (zipped({"notes.txt": b"x"}), "notes.txt"),
        (zipped({"../TEST-a.xml": REPORT}), "outside"),
        (zipped({"/TEST-a.xml": REPORT}), "outside"),
        (zipped(RESULTS | {"TEST-b.xml": deep}), "TEST-b.xml"),
        (zipped(RESULTS | {"TEST-b.xml": b""}), "TEST-b.xml"),
        (zipped(RESULTS | {"TEST-b.xml": b"<TestRun/>"}), "TEST-b.xml"),
        (zipped({"TEST-a.xml": b"<testsuites/>"}), "no results"),
        (zipped({"TEST-a.xml": bytes(1_001_000_000)}), "unpacks to more"),
    ):
        body = plugin_body(PLUGIN, data)
        answer = post(house, junit.internal, body, who=who(house.people.alice), chunk=65_536)
        wrong(answer, 422, word)
    untouched(house, junit)


def test_what_failed_is_found_in_the_log_of_imports(house: House, junit: Target) -> None:
    alice = house.people.alice
    wrong(send(house, junit, {"notes.txt": b"x"}, PLUGIN), 422)
    with house.client(alice) as client:
        page = client.get(f"/profiles/{junit.profile}").text
    assert "No file of the zip matches" in page


def test_a_set_has_no_results_of_its_own(house: House) -> None:
    target = specification(house, house.people.alice, "a set", kind="set")
    wrong(send(house, target, RESULTS, {}), 422, "is a set")


def test_what_is_not_there_is_not_found(house: House, junit: Target) -> None:
    alice, charlie = house.people.alice, house.people.charlie
    body = plugin_body({}, zipped(RESULTS) + bytes(300_000))
    theirs = specification(house, charlie, "of another company")
    for path in (
        "/api/internal/import/28d4b667-0000-0000-0000-000000000000",
        theirs.internal,
        theirs.public,
        Target(0, junit.specification, theirs.project).public,
    ):
        answer = post(house, path, body, who=who(alice), chunk=8_192)
        wrong(answer, 404, "There is no ")
    assert reports_of(house, charlie, theirs) == []


@pytest.mark.parametrize(
    "known", [None, ("alice@example.org", "wrong"), ("nobody", "x"), ("admin", "admin")]
)
def test_who_has_the_wrong_password_is_heard_to_the_end(
    house: House, junit: Target, known: tuple[str, str] | None
) -> None:
    body = plugin_body(PLUGIN, zipped(RESULTS) + bytes(2_000_000))
    wrong(post(house, junit.internal, body, who=known, chunk=65_536), 401)
