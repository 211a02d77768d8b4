"""Calliope's import API, through the door."""

from __future__ import annotations

import io
import zipfile

import pytest

from support.house import REPORT, House, given, upload
from support.server import ended

KEYS = {
    "report_id",
    "report_url",
    "report_status_url",
    "report_import_status",
    "report_import_progress",
    "message",
}


def test_an_import_is_acknowledged_with_six_keys_and_ends_as_a_report(house: House) -> None:
    with house.client(house.people.alice) as alice:
        profile = house.new_profile(house.people.alice, "six keys")
        answer = upload(alice, profile, ("r.xml", REPORT), formatter="junit")
        assert answer.status_code == 201
        assert set(answer.json()) == KEYS
        assert answer.json()["report_url"].endswith(f"/reports/{answer.json()['report_id']}")
        status = ended(alice, answer.json())
        assert set(status) == KEYS
        assert status["report_import_status"] == "success"
        assert status["report_import_progress"] == "100"
        report = alice.get(f"/api/v3/reports/{status['report_id']}").json()
    assert report["counts"] == {
        "total": 4,
        "passed": 1,
        "failed": 1,
        "broken": 1,
        "skipped": 1,
        "unknown": 0,
        "flaky": 0,
    }
    assert report["date"] == "2026-03-01T10:00:00Z"
    assert report["origin"] == "junit"


def test_one_may_wait_for_the_end(house: House) -> None:
    with house.client(house.people.alice) as alice:
        profile = house.new_profile(house.people.alice, "waits")
        answer = upload(alice, profile, ("r.xml", REPORT), process_async="false")
        assert answer.status_code == 201
        assert answer.json()["report_import_status"] == "success"
        assert answer.json()["message"] == "4 results imported"


def test_the_format_is_found_out(house: House) -> None:
    with house.client(house.people.alice) as alice:
        profile = house.new_profile(house.people.alice, "found out")
        assert given(alice, profile)["origin"] == "junit"


@pytest.mark.parametrize("name", ["junit", "JUnit", "junit_xml", "junit-xml"])
def test_a_format_goes_by_its_names_in_any_case(house: House, name: str) -> None:
    with house.client(house.people.alice) as alice:
        profile = house.new_profile(house.people.alice, "names")
        assert given(alice, profile, formatter=name)["origin"] == "junit"


@pytest.mark.parametrize("path", ["import/", "import/junit/", "import?formatter=junit"])
def test_the_addresses_that_clients_use(house: House, path: str) -> None:
    with house.client(house.people.alice) as alice:
        profile = house.new_profile(house.people.alice, "addresses")
        answer = alice.post(f"/api/v2/profile/{profile}/{path}", content=REPORT)
        assert answer.status_code == 201, answer.text


def test_tags_dates_and_facts_come_as_parameters_or_as_fields(house: House) -> None:
    with house.client(house.people.alice) as alice:
        profile = house.new_profile(house.people.alice, "facts")
        answer = alice.post(
            f"/api/v2/profile/{profile}/import?tag[]=env:test&date=2024-02-29 12:00",
            files={"file[]": ("r.xml", REPORT)},
            data={"tag[]": ["Galaxy S10", "commit:abc123"], "branch": "main", "os": "linux"},
        )
        status = ended(alice, answer.json())
        report = alice.get(f"/api/v3/reports/{status['report_id']}").json()
    assert set(report["tags"]) == {"env:test", "Galaxy S10", "commit:abc123", "os:linux"}
    assert report["date"] == "2024-02-29T12:00:00Z"
    assert (report["branch"], report["commit"]) == ("main", "abc123")


@pytest.mark.parametrize(
    "header", [{"x-api-key": "{}"}, {"authorization": "Bearer {}"}, {"authorization": "Token {}"}]
)
def test_a_key_is_taken_in_every_form_that_clients_send(
    house: House, header: dict[str, str]
) -> None:
    alice = house.people.alice
    headers = {name: value.format(alice.secret) for name, value in header.items()}
    with house.stranger() as client:
        answer = client.get(f"/api/v2/profile/{alice.profile.id}", headers=headers)
    assert answer.status_code == 200
    assert answer.json()["id"] == alice.profile.id


def test_several_files_become_one_report(house: House) -> None:
    with house.client(house.people.alice) as alice:
        profile = house.new_profile(house.people.alice, "several")
        other = b'<testsuite name="api"><testcase name="get"/></testsuite>'
        answer = upload(alice, profile, ("a.xml", REPORT), ("b.xml", other))
        status = ended(alice, answer.json())
        report = alice.get(f"/api/v3/reports/{status['report_id']}").json()
    assert report["counts"]["total"] == 5


def test_a_zip_brings_reports_and_the_screenshots_they_name(house: House) -> None:
    packed = io.BytesIO()
    case = '<testcase name="pays"><system-out>[[ATTACHMENT|C:\\ci\\shots\\pay.png]]</system-out>'
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("out/r.xml", f'<testsuite name="s">{case}</testcase></testsuite>')
        archive.writestr("out/shots/pay.png", b"\x89PNG\r\n\x1a\n")
        archive.writestr("out/build.log", b"all the lines")
    with house.client(house.people.alice) as alice:
        profile = house.new_profile(house.people.alice, "zip")
        report = given(alice, profile, packed.getvalue())
        result = alice.get(f"/api/v3/reports/{report['id']}/results/0").json()
        shot = result["attachments"][0]
        assert shot["url"]
        picture = alice.get(shot["url"])
    assert picture.content == b"\x89PNG\r\n\x1a\n"
    assert "sandbox" in picture.headers["content-security-policy"]
    assert picture.headers["x-content-type-options"] == "nosniff"


def test_back_dated_reports_slot_into_the_timeline(house: House) -> None:
    passing = REPORT.replace(b"<failure", b"<!--").replace(b"</failure>", b"-->")
    passing = passing.replace(b'type="AssertionError" message="expected 1 but was 2">', b"")
    with house.client(house.people.alice) as alice:
        profile = house.new_profile(house.people.alice, "back-dated")
        first = given(alice, profile, date="2026-01-01")
        last = given(alice, profile, date="2026-01-03")
        assert last["changes"]["still_failing"] == 2
        given(alice, profile, passing, date="2026-01-02")
        again = alice.get(f"/api/v3/reports/{last['id']}").json()
        listed = alice.get(f"/api/v3/profiles/{profile}/reports").json()["items"]
    assert again["changes"]["new_failures"] == 1
    assert again["changes"]["still_failing"] == 1
    assert [each["date"][:10] for each in listed] == ["2026-01-03", "2026-01-02", "2026-01-01"]
    assert first["changes"]["new_failures"] == 0


def test_what_is_sent_again_under_its_name_is_imported_once(house: House) -> None:
    with house.client(house.people.alice) as alice:
        profile = house.new_profile(house.people.alice, "once")
        alice.headers["idempotency-key"] = "the same delivery"
        first = upload(alice, profile, ("r.xml", REPORT))
        again = upload(alice, profile, ("r.xml", REPORT))
        assert again.status_code == 201
        assert again.json()["report_id"] == first.json()["report_id"]
        other = house.new_profile(house.people.alice, "another profile")
        assert (
            upload(alice, other, ("r.xml", REPORT)).json()["report_id"] != first.json()["report_id"]
        )
