"""Imports through XL TestView's API, byte for byte as its clients send them."""

from __future__ import annotations

import pytest

from support.house import REPORT, House
from support.testview_wire import (
    PLUGIN,
    RESULTS,
    Target,
    curl_body,
    mixed,
    plugin_body,
    post,
    reports_of,
    send,
    specification,
    who,
    zipped,
)

TOLD = {
    "ciSource": "jenkins",
    "ciServerUrl": "https://ci.example/",
    "ciJobName": "shop/web",
    "ciJobUrl": "https://ci.example/job/shop/job/web/",
    "ciBuildUrl": "https://ci.example/job/shop/job/web/7/",
    "ciBuildNumber": "7",
    "ciBuildResult": "SUCCESS",
    "ciBuildDuration": "83211",
    "ciExecutedOn": "agent-3",
    "ciBuildParameters.BROWSER": "firefox",
    "ciBuildParameters.GIT_BRANCH": "origin/main",
}
"""What becomes of `PLUGIN`."""

UNDATED = b'<testsuite name="s"><testcase classname="c" name="n"/></testsuite>'


@pytest.fixture
def junit(house: House) -> Target:
    return specification(house, house.people.alice, "browser tests", tool="xlt.JUnit")


def test_jenkins_plugin_imports_a_build(house: House, junit: Target) -> None:
    alice = house.people.alice
    answer = send(house, junit, RESULTS, PLUGIN)
    assert answer.status == 200, answer.body
    (report,) = reports_of(house, alice, junit)
    assert answer.json() == {"testRunId": [report["uuid"]]}
    assert report["counts"]["total"] == 4
    assert report["date"].startswith("2026-03-01T10:00:00")
    assert report["build"] == "7"
    assert report["branch"] == "main"
    assert report["metadata"].items() >= TOLD.items()


def test_its_zip_is_streamed_as_jenkins_streams_it() -> None:
    assert zipped(RESULTS)[6:8] == zipped({"a": b"1", "b": b"2"})[6:8] == b"\x08\x08"


@pytest.mark.parametrize("disposition", ["attachment", "form-data"])
@pytest.mark.parametrize("kind", ["multipart/mixed", "multipart/form-data"])
def test_the_documented_curl_imports(
    house: House, junit: Target, disposition: str, kind: str
) -> None:
    alice = house.people.alice
    body = curl_body({"ciBuildNumber": "12"}, zipped(RESULTS), disposition)
    boundary = "33982869-58ba-48c9-9ede-795bae923cdb"
    answer = post(
        house,
        junit.public,
        body,
        who=who(alice),
        content_type=f"{kind}; boundary={boundary}",
        expect="100-continue",
    )
    assert answer.status == 200, answer.body
    assert len(answer.json()["testRunId"]) == 1
    assert reports_of(house, alice, junit)[0]["build"] == "12"


def test_gatlings_stress_tests_import(house: House, junit: Target) -> None:
    body = mixed(
        (
            {
                "Content-Disposition": 'form-data; name="metadata"',
                "Content-Type": "application/json",
                "Content-Transfer-Encoding": "8bit",
            },
            b"{}",
        ),
        (
            {
                "Content-Disposition": 'form-data; name="test-results.zip"; filename="t.zip"',
                "Content-Type": "application/zip",
                "Content-Transfer-Encoding": "binary",
            },
            zipped(RESULTS),
        ),
    )
    answer = post(house, junit.internal, body, who=who(house.people.alice))
    assert answer.status == 200, answer.body


def test_a_key_imports_as_well_as_a_password(house: House, junit: Target) -> None:
    alice = house.people.alice
    body = plugin_body({}, zipped(RESULTS))
    assert post(house, junit.internal, body, who=(alice.email, alice.secret)).status == 200


# What is known is not imported again


def test_the_same_build_is_imported_once(house: House, junit: Target) -> None:
    assert send(house, junit, RESULTS, PLUGIN).status == 200
    again = send(house, junit, RESULTS, PLUGIN | {"buildResult": "FAILURE", "buildDuration": 1})
    assert (again.status, again.body) == (304, b"")
    assert len(reports_of(house, house.people.alice, junit)) == 1


def test_two_builds_of_one_second_are_two_reports(house: House, junit: Target) -> None:
    for number in ("7", "8"):
        assert send(house, junit, RESULTS, PLUGIN | {"buildNumber": number}).status == 200
    builds = [each["build"] for each in reports_of(house, house.people.alice, junit)]
    assert sorted(builds) == ["7", "8"]


def test_what_was_deleted_may_come_again(house: House, junit: Target) -> None:
    alice = house.people.alice
    assert send(house, junit, RESULTS, PLUGIN).status == 200
    (report,) = reports_of(house, alice, junit)
    with house.client(alice) as client:
        assert client.delete(f"/api/v3/reports/{report['id']}").status_code == 204
    assert send(house, junit, RESULTS, PLUGIN).status == 200
    assert send(house, junit, RESULTS, PLUGIN).status == 304


def test_a_run_is_dated_by_its_latest_file(house: House, junit: Target) -> None:
    files = {
        "a/TEST-a.xml": UNDATED.replace(b'"s"', b'"A" timestamp="2026-03-01T10:00:00"'),
        "a/TEST-b.xml": UNDATED.replace(b'"s"', b'"B" timestamp="2026-03-01T10:05:00"'),
    }
    assert send(house, junit, files, {}).status == 200
    (report,) = reports_of(house, house.people.alice, junit)
    assert report["date"].startswith("2026-03-01T10:05:00")
    assert report["counts"]["total"] == 2


def test_files_that_name_no_time_are_as_old_as_the_zip_says(house: House, junit: Target) -> None:
    assert send(house, junit, {"TEST-a.xml": UNDATED}, {}).status == 200
    (report,) = reports_of(house, house.people.alice, junit)
    assert report["date"].startswith("2026-03-01T10:00:00")


# Which files count


def test_files_that_the_pattern_does_not_mean_are_attachments(house: House, junit: Target) -> None:
    alice = house.people.alice
    files = RESULTS | {"other/results.xml": UNDATED, "log.txt": b"hello"}
    assert send(house, junit, files, {}).status == 200
    (report,) = reports_of(house, alice, junit)
    assert report["counts"]["total"] == 4
    with house.client(alice) as client:
        page = client.get(f"/reports/{report['id']}?tab=files").text
    assert "log.txt" in page
    assert "results.xml" in page


def test_where_none_matches_the_files_of_the_tool_are_taken(house: House, junit: Target) -> None:
    files = {"out/results.xml": REPORT, "pom.xml": b"<project/>", "x.txt": b"hello"}
    assert send(house, junit, files, {}).status == 200
    assert reports_of(house, house.people.alice, junit)[0]["counts"]["total"] == 4


def test_a_profiles_own_pattern_goes_before_its_tools(house: House) -> None:
    alice = house.people.alice
    facts = {"tool": "XLT.junit", "pattern": "unit/*.xml"}
    target = specification(house, alice, "own pattern", **facts)
    files = {"unit/a.xml": REPORT, "TEST-b.xml": UNDATED}
    assert send(house, target, files, {}).status == 200
    assert reports_of(house, alice, target)[0]["counts"]["total"] == 4


def test_a_profile_without_a_tool_takes_any_format(house: House) -> None:
    alice = house.people.alice
    target = specification(house, alice, "any format")
    files = {"a.xml": REPORT, "b.tap": b"TAP version 13\n1..1\nok 1 - fine\n", "c.txt": b"c"}
    assert send(house, target, files, {}).status == 200
    (report,) = reports_of(house, alice, target)
    assert report["counts"]["total"] == 5
    assert set(report["origin"].split(", ")) == {"junit", "tap"}


# Before an import


def test_clients_ask_who_they_talk_to(house: House) -> None:
    alice = house.people.alice
    for place in ("/api/v1/info", "/api/internal/data"):
        with house.server.client(auth=who(alice)) as client:
            answer = client.get(place)
        assert answer.status_code == 200
        assert answer.json()["version"] == "1.4.4"
        with house.stranger() as guest:
            assert guest.get(place).status_code == 401
            assert guest.get(place, auth=("alice@example.org", "wrong")).status_code == 401
