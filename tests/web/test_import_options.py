"""What each option of an import does, through the door."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from support.house import REPORT, House, given, upload
from support.server import ended

EMPTY = b'<testsuite name="shop"/>'
PICTURE = b"\x89PNG\r\n\x1a\n"
FIXED = REPORT.replace(
    b'<failure type="AssertionError" message="expected 1 but was 2">at cart.py:12</failure>', b""
)


def told(client: httpx.Client, status: dict[str, Any]) -> list[tuple[str, str]]:
    """The levels and messages of the log of an import that ended."""
    report = client.get(f"/api/v3/reports/{status['report_id']}").json()
    log = client.get(f"/api/v3/imports/{report['import_id']}").json()["log"]
    return [(each["level"], each["message"]) for each in log]


def says(log: list[tuple[str, str]], level: str, part: str) -> bool:
    return any(level == each and part in message for each, message in log)


@pytest.fixture
def profile(house: House) -> int:
    return house.new_profile(house.people.alice, "options")


def test_now_is_when_it_came(house: House, profile: int) -> None:
    with house.client(house.people.alice) as alice:
        report = given(alice, profile, date="now")
    assert report["date"] == report["created_at"]


@pytest.mark.parametrize(
    ("date", "kept"),
    [
        ("2001-W05-6T04:05:06+07:00", "2001-02-02T21:05:06Z"),
        ("Sat, 3 Feb 2001 00:00:00 +0700", "2001-02-02T17:00:00Z"),
        ("3rd Feb 2001 04:05:06 PM", "2001-02-03T16:05:06Z"),
    ],
)
def test_a_date_is_taken_as_ruby_reads_it(house: House, profile: int, date: str, kept: str) -> None:
    with house.client(house.people.alice) as alice:
        assert given(alice, profile, date=date)["date"] == kept


def test_a_date_without_a_day_is_refused_by_its_name(house: House, profile: int) -> None:
    with house.client(house.people.alice) as alice:
        answer = upload(alice, profile, ("r.xml", REPORT), date="10:20")
    assert answer.status_code == 422
    assert answer.json()["field"] == "date"
    assert "10:20" in answer.json()["message"]


def test_what_is_blank_or_unknown_is_as_if_not_sent(house: House, profile: int) -> None:
    blank = dict.fromkeys(("date", "smart", "process_async", "build", "os", "envelope"), "")
    with house.client(house.people.alice) as alice:
        report = given(alice, profile, **blank, nobody="knows this", envelope_="x")
    assert report["date"] == "2026-03-01T10:00:00Z"
    assert report["tags"] == []


@pytest.mark.parametrize("merge", [False, True])
def test_tries_in_several_files_are_one_result_where_that_is_asked_for(
    house: House, profile: int, merge: bool
) -> None:
    with house.client(house.people.alice) as alice:
        answer = upload(
            alice, profile, ("1.xml", REPORT), ("2.xml", FIXED), merge_containers=str(merge)
        )
        status = ended(alice, answer.json())
        report = alice.get(f"/api/v3/reports/{status['report_id']}").json()
        found = alice.get(f"/api/v3/reports/{report['id']}/results?q=removes").json()["items"]
        warned = says(told(alice, status), "warning", "merge_containers=true")
    if merge:
        assert (report["counts"]["total"], report["counts"]["flaky"], warned) == (4, 1, False)
        assert [(each["status"], each["flaky"], each["attempts"]) for each in found] == [
            ("passed", True, 2)
        ]
    else:
        assert (report["counts"]["total"], report["counts"]["flaky"], warned) == (8, 0, True)
        assert sorted(each["status"] for each in found) == ["failed", "passed"]


@pytest.mark.parametrize("quiet", [False, True])
def test_files_that_are_no_reports_are_kept_and_told_of(
    house: House, profile: int, quiet: bool
) -> None:
    with house.client(house.people.alice) as alice:
        sent = [("r.xml", REPORT), ("pay.png", PICTURE)]
        answer = upload(alice, profile, *sent, suppress_files_moved=str(quiet))
        status = ended(alice, answer.json())
        assets = alice.get(f"/api/v3/reports/{status['report_id']}/assets").json()["items"]
        assert [each["name"] for each in assets] == ["pay.png"]
        assert says(told(alice, status), "info", "kept as an attachment") is not quiet


@pytest.mark.parametrize(("options", "named"), [({}, False), ({"formatter": "junit"}, True)])
def test_that_a_format_was_found_out_is_told(
    house: House, profile: int, options: dict[str, str], named: bool
) -> None:
    with house.client(house.people.alice) as alice:
        first = ended(alice, upload(alice, profile, ("r.xml", REPORT), **options).json())
        assert says(told(alice, first), "info", "…/import/junit") is not named
        quiet = options | {"ignore_unspecified_formatter": "true"}
        second = ended(alice, upload(alice, profile, ("r.xml", REPORT), **quiet).json())
        assert not says(told(alice, second), "info", "…/import/junit")


def test_a_report_without_results_is_a_failure_unless_it_is_ignored(
    house: House, profile: int
) -> None:
    with house.client(house.people.alice) as alice:
        status = ended(alice, upload(alice, profile, ("r.xml", EMPTY)).json())
        assert status["report_import_status"] == "failed"
        assert "ignore_empty_report=true" in status["message"]
        report = given(alice, profile, EMPTY, ignore_empty_report="True")
    assert report["counts"]["total"] == 0


def test_an_import_without_a_report_fails_and_its_files_are_there_to_look_at(
    house: House, profile: int
) -> None:
    with house.client(house.people.alice) as alice:
        answer = upload(
            alice, profile, ("pay.png", PICTURE), attachments=(("build.log", b"all went well"),)
        )
        status = ended(alice, answer.json())
        assert status["report_import_status"] == "failed"
        assert "No file of this upload is a report" in status["message"]
        number = status["report_id"]
        assets = alice.get(f"/api/v3/reports/{number}/assets").json()["items"]
        assert {each["name"] for each in assets} == {"pay.png", "build.log"}
        assert alice.get(assets[0]["url"]).content == PICTURE
        page = alice.get(f"/reports/{number}").text
        place = alice.get(f"/api/v3/reports/{number}").json()["import_id"]
        told_there = alice.get(f"/imports/{place}").text
    for text in (page, told_there):
        assert "build.log" in text


def test_an_import_without_a_report_is_done_where_that_is_ignored(
    house: House, profile: int
) -> None:
    with house.client(house.people.alice) as alice:
        answer = upload(alice, profile, ("pay.png", PICTURE), ignore_empty_import="true")
        status = ended(alice, answer.json())
        assert status["report_import_status"] == "success"
        assert status["message"] == "No report came, as is allowed; 1 file is kept as attachments"
        report = alice.get(f"/api/v3/reports/{status['report_id']}").json()
        assert report["counts"]["total"] == 0
        assert alice.get(f"/reports/{report['id']}").status_code == 200
        nothing = alice.post(
            f"/api/v2/profile/{profile}/import", data={"ignore_empty_import": "true"}
        )
        assert nothing.status_code == 201
        assert ended(alice, nothing.json())["report_import_status"] == "success"


def test_what_could_not_be_read_is_not_ignored(house: House, profile: int) -> None:
    with house.client(house.people.alice) as alice:
        answer = upload(alice, profile, ("r.xml", b"<testsuite><"), ignore_empty_import="true")
        assert ended(alice, answer.json())["report_import_status"] == "failed"


def test_only_so_many_files_come_at_once_unless_the_limit_is_ignored(
    house: House, profile: int
) -> None:
    many = [(f"{n}.xml", REPORT) for n in range(501)]
    with house.client(house.people.alice) as alice:
        answer = upload(alice, profile, *many)
        assert answer.status_code == 413
        assert "501 files" in answer.json()["message"]
        parts = [("file[]", each) for each in many]
        answer = alice.post(
            f"/api/v2/profile/{profile}/import/junit",
            files=parts,
            data={"ignore_max_files_limit": "true"},
        )
        assert answer.status_code == 201
        status = ended(alice, answer.json())
        report = alice.get(f"/api/v3/reports/{status['report_id']}").json()
    assert report["counts"]["total"] == 4 * 501


def test_a_report_older_than_the_newest_is_told_of_unless_that_is_ignored(
    house: House, profile: int
) -> None:
    with house.client(house.people.alice) as alice:
        newest = given(alice, profile, date="2026-03-01")
        late = ended(alice, upload(alice, profile, ("r.xml", REPORT), date="2026-02-01").json())
        assert says(told(alice, late), "warning", f"before report #{newest['id']}")
        quiet = upload(
            alice, profile, ("r.xml", REPORT), date="2026-01-01", ignore_old_report_date="true"
        )
        assert not says(told(alice, ended(alice, quiet.json())), "warning", "before report")
        next_ = ended(alice, upload(alice, profile, ("r.xml", REPORT), date="2026-03-02").json())
        assert not says(told(alice, next_), "warning", "before report")


def test_older_facts_are_kept_and_become_tags(house: House, profile: int) -> None:
    with house.client(house.people.alice) as alice:
        report = given(alice, profile, os="test", platform="test2", build="123test")
    assert report["tags"] == ["os:test", "platform:test2", "build:123test"]
    assert report["build"] == "123test"


def test_what_is_not_to_be_told_is_kept_with_the_import(house: House, profile: int) -> None:
    with house.client(house.people.alice) as alice:
        report = given(alice, profile, suppress_notifications="true", envelope="false")
        found = alice.get(f"/api/v3/imports/{report['import_id']}").json()
    assert found["options"] == {"suppress_notifications": True}
