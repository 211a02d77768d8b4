"""What a client is answered: the statuses that Calliope's clients look at, and sentences."""

from __future__ import annotations

import json
from contextlib import closing
from typing import Any

import pytest

from assay.store.catalog import open_catalog
from assay.store.catalog.members import Role
from support.house import REPORT, House, upload
from support.people import join
from support.server import ended

BOTH = json.dumps(
    {
        "profile_id": 1,
        "containers": [],
        "reportFormat": "CTRF",
        "specVersion": "0.0.0",
        "results": {"tool": {"name": "x"}, "summary": {}, "tests": []},
    }
).encode()
"""CTRF JSON that has the marks of Calliope JSON, too."""

FEATURE = b'[{"uri": "a.feature", "keyword": "Feature", "name": "A", "elements": []}]'


@pytest.fixture
def profile(house: House) -> int:
    return house.new_profile(house.people.alice, "answers")


def sent(house: House, profile: int, data: bytes, formatter: str = "") -> dict[str, Any]:
    with house.client(house.people.alice) as alice:
        return ended(alice, upload(alice, profile, ("r", data), formatter=formatter).json())


def test_two_recognisers_fail_an_import_and_both_are_named(house: House, profile: int) -> None:
    status = sent(house, profile, BOTH)
    assert status["report_import_status"] == "failed"
    assert "More than one format recognises this file: calliope, ctrf" in status["message"]
    assert "…/import/calliope" in status["message"]


def test_a_format_that_is_named_decides_between_two(house: House, profile: int) -> None:
    status = sent(house, profile, BOTH, "ctrf")
    assert "The report holds no results" in status["message"]


@pytest.mark.parametrize(
    ("data", "formatter", "right"),
    [(REPORT, "cucumber", "JUnit XML"), (FEATURE, "junit", "Cucumber JSON")],
)
def test_the_wrong_format_is_told_the_right_one(
    house: House, profile: int, data: bytes, formatter: str, right: str
) -> None:
    status = sent(house, profile, data, formatter)
    assert status["report_import_status"] == "failed"
    assert status["message"].startswith(f"This is {right}, and the address names ")
    assert f"…/import/{right.split()[0].lower()}" in status["message"]


def test_the_status_is_the_same_object_at_any_time(house: House, profile: int) -> None:
    with house.client(house.people.alice) as alice:
        answer = upload(alice, profile, ("r.xml", REPORT)).json()
        status = ended(alice, answer)
        again = alice.get(answer["report_status_url"])
    assert again.status_code == 200
    assert again.json() == status
    assert set(answer) == set(status)
    assert {answer[name] == status[name] for name in ("report_id", "report_url")} == {True}


def test_a_failure_that_was_waited_for_says_why(house: House, profile: int) -> None:
    with house.client(house.people.alice) as alice:
        answer = upload(alice, profile, ("r", BOTH), process_async="false")
    assert answer.status_code == 422
    assert "calliope, ctrf" in answer.json()["message"]


@pytest.mark.parametrize(("formatter", "megabytes"), [("", 30), ("junit", 50)])
def test_each_door_has_its_limit(
    house: House, profile: int, formatter: str, megabytes: int
) -> None:
    huge = REPORT + b" " * (megabytes * 1_000_000)
    with house.client(house.people.alice) as alice:
        answer = upload(alice, profile, ("r.xml", huge), formatter=formatter)
        assert answer.status_code == 413
        assert f"{megabytes} MB" in answer.json()["message"]
        if not formatter:
            assert "name the format" in answer.json()["message"]


def test_who_may_only_read_may_not_import(house: House, profile: int) -> None:
    alice = house.people.alice
    url = house.server.settings.catalog_url
    with closing(open_catalog(url)) as catalog, catalog.write() as conn:
        reader = join(conn, alice, f"Rita{profile}", Role.READ_ONLY)
    with house.client(reader) as rita:
        assert rita.get(f"/api/v2/profile/{profile}").status_code == 200
        answer = upload(rita, profile, ("r.xml", REPORT))
    assert answer.status_code == 403
    assert set(answer.json()) == {"message"}


@pytest.mark.parametrize(
    ("place", "code"),
    [("profile/999999999/import", 404), ("profile/{}/import/nonsense", 404)],
)
def test_what_is_not_there_is_not_found(house: House, profile: int, place: str, code: int) -> None:
    with house.client(house.people.alice) as alice:
        answer = alice.post(f"/api/v2/{place.format(profile)}", content=REPORT)
    assert answer.status_code == code
    assert answer.json()["message"]
