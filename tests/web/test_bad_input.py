"""Whatever comes, the server answers with the right status and a sentence, and stays up."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from support.hostile import BOMB, HOSTILE
from support.house import REPORT, House, upload
from support.server import ended

NO_REPORTS: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "no report at all": (lambda: b"hello, I am a text\n", "", "No file of this upload is a report"),
    "a web page": (lambda: b"<!doctype html><html><body>502</body></html>", "", "No file"),
    "a report of another format": (lambda: b'[{"elements": []}]', "junit", "right one"),
    "binary rubbish": (lambda: bytes(range(256)) * 50, "junit", ""),
}
REFUSED_FILES = HOSTILE | NO_REPORTS


@pytest.mark.parametrize("what", REFUSED_FILES)
def test_a_file_that_cannot_be_a_report_fails_with_a_reason_and_its_bytes_stay(
    house: House, what: str
) -> None:
    make, formatter, reason = REFUSED_FILES[what]
    data = make()
    with house.client(house.people.alice) as alice:
        profile = house.new_profile(house.people.alice, "hostile")
        answer = upload(alice, profile, ("bad", data), formatter=formatter)
        assert answer.status_code == 201
        status = ended(alice, answer.json())
        assert status["report_import_status"] == "failed"
        assert reason in status["message"]
        story = import_of(alice, status)
        assert story["files"][0]["size"] == len(data)
        assert story["message"] == status["message"]
        assert any(reason in line["message"] for line in story["log"])
        assert alice.get(f"/api/v3/profiles/{profile}/reports").json()["items"] == []


def import_of(client: httpx.Client, status: dict[str, Any]) -> dict[str, Any]:
    report = client.get(f"/api/v3/reports/{status['report_id']}").json()
    found: dict[str, Any] = client.get(f"/api/v3/imports/{report['import_id']}").json()
    return found


def test_a_truncated_report_gives_what_is_whole_and_a_warning(house: House) -> None:
    with house.client(house.people.alice) as alice:
        profile = house.new_profile(house.people.alice, "truncated")
        cut = REPORT[: REPORT.index(b"</failure>")]
        status = ended(alice, upload(alice, profile, ("r.xml", cut)).json())
        assert status["report_import_status"] == "success"
        report = alice.get(f"/api/v3/reports/{status['report_id']}").json()
        log = import_of(alice, status)["log"]
    assert report["counts"]["passed"] == 1
    assert any(line["level"] == "warning" and line["file"] == "r.xml" for line in log)


def test_the_good_files_of_an_import_land_beside_a_bad_one(house: House) -> None:
    with house.client(house.people.alice) as alice:
        profile = house.new_profile(house.people.alice, "beside")
        answer = upload(alice, profile, ("bad.xml", BOMB), ("good.xml", REPORT))
        status = ended(alice, answer.json())
        assert status["report_import_status"] == "success"
        assert "1 file could not be read" in status["message"]
        log = import_of(alice, status)["log"]
    assert any(line["level"] == "error" and line["file"] == "bad.xml" for line in log)


def test_a_failure_that_was_waited_for_is_answered_as_one(house: House) -> None:
    with house.client(house.people.alice) as alice:
        answer = upload(alice, house.people.alice.profile.id, ("bad", b"no"), process_async="false")
    assert answer.status_code == 422
    assert answer.json()["report_import_status"] == "failed"


REFUSED: list[tuple[str, str, dict[str, Any], int, str]] = [
    ("no file", "import", {"params": {"tag[]": "a"}}, 422, "No file came"),
    ("an empty file", "import", {"files": {"file[]": ("r.xml", b"")}}, 422, "No file came"),
    ("an unknown format", "import/jnit", {"content": REPORT}, 404, "junit"),
    ("a date nobody can read", "import?date=soonish", {"content": REPORT}, 422, "soonish"),
    ("a flag that is none", "import?smart=perhaps", {"content": REPORT}, 422, "smart"),
    (
        "a coding nobody speaks",
        "import",
        {"content": REPORT, "headers": {"content-encoding": "br"}},
        422,
        "Content-Encoding",
    ),
]


@pytest.mark.parametrize(("what", "path", "sent", "code", "word"), REFUSED)
def test_a_request_that_cannot_be_meant_is_refused_with_what_to_do(
    house: House, what: str, path: str, sent: dict[str, Any], code: int, word: str
) -> None:
    with house.client(house.people.alice) as alice:
        profile = house.people.alice.profile.id
        answer = alice.post(f"/api/v2/profile/{profile}/{path}", **sent)
    assert answer.status_code == code
    assert word in answer.json()["message"]


def test_without_a_key_or_with_a_wrong_one_nothing_is_to_be_had(house: House) -> None:
    profile = house.people.alice.profile.id
    with house.stranger() as stranger:
        assert upload(stranger, profile, ("r.xml", REPORT)).status_code == 401
        stranger.headers["x-api-key"] = "assay_wrong"
        answer = upload(stranger, profile, ("r.xml", REPORT))
    assert answer.status_code == 401
    assert answer.json()["message"]


def test_an_unknown_profile_and_somebody_elses_are_the_same(house: House) -> None:
    with house.client(house.people.charlie) as charlie:
        theirs = upload(charlie, house.people.alice.profile.id, ("r.xml", REPORT))
        nobodys = upload(charlie, 2_000_000_000, ("r.xml", REPORT))
    assert theirs.status_code == nobodys.status_code == 404
    assert set(theirs.json()) == set(nobodys.json())


def test_an_upload_over_the_limit_is_refused(house: House) -> None:
    with house.client(house.people.alice) as alice:
        profile = house.people.alice.profile.id
        huge = b"<testsuites>" + b" " * 30_000_001
        answer = alice.post(f"/api/v2/profile/{profile}/import", content=huge)
        assert answer.status_code == 413
        assert "30 MB" in answer.json()["message"]

        def slowly() -> Any:  # chunked: no length is declared
            for _ in range(31):
                yield b"<a>" + b" " * 1_000_000

        answer = alice.post(f"/api/v2/profile/{profile}/import", content=slowly())
        assert answer.status_code == 413
        assert alice.get("/health").status_code == 200


def test_a_client_that_goes_away_leaves_nothing_behind(house: House) -> None:
    profile = house.people.alice.profile.id
    with house.client(house.people.alice) as alice:

        def half() -> Any:
            yield REPORT[:100]
            raise ConnectionAbortedError

        assert upload(alice, profile, ("r.xml", REPORT)).status_code == 201
        with pytest.raises(ConnectionAbortedError):
            alice.post(f"/api/v2/profile/{profile}/import/junit", content=half())
        uploads = house.server.data / "blobs" / "uploads"
        before = len(list(uploads.iterdir()))
        deadline = time.monotonic() + 10
        while len(list(uploads.iterdir())) > before and time.monotonic() < deadline:
            time.sleep(0.05)
        assert upload(alice, profile, ("r.xml", REPORT)).status_code == 201


def test_the_profiles_page_says_that_the_newest_import_failed_until_one_succeeds(
    house: House,
) -> None:
    alice = house.people.alice
    profile = house.new_profile(alice, "setback")
    with house.client(alice) as client:
        ended(client, upload(client, profile, ("bad", b"no report")).json())
        assert "could not be read" in client.get(f"/profiles/{profile}").text  # the first of all
        ended(client, upload(client, profile, ("r.xml", REPORT)).json())
        ended(client, upload(client, profile, ("bad", b"no report")).json())
        page = client.get(f"/profiles/{profile}").text
        assert "The newest import failed" in page
        assert "/imports/" in page
        ended(client, upload(client, profile, ("r.xml", REPORT)).json())
        assert "The newest import failed" not in client.get(f"/profiles/{profile}").text
