"""Numbers beyond all bounds, characters that no database keeps: answered, never a fault."""

from __future__ import annotations

import pytest

from support.house import REPORT, House, given, upload
from support.server import ended

HUGE = 10**30
PLACES = [
    "/api/v2/profile/{}",
    "/api/v2/report/{}/status",
    "/api/v3/profiles/{}",
    "/api/v3/profiles/{}/reports",
    "/api/v3/profiles/{}/tests",
    "/api/v3/reports/{}",
    "/api/v3/reports/{}/results",
    "/api/v3/reports/{}/calliope.json",
    "/api/v3/imports/{}",
    "/companies/{}",
    "/profiles/{}",
    "/reports/{}",
    "/reports/{}/assets/1",
    "/imports/{}",
]


@pytest.mark.parametrize("number", [0, -1, 2**31, 2**63, HUGE])
def test_a_number_that_nothing_has_is_not_found(house: House, number: int) -> None:
    with house.client(house.people.alice) as alice:
        for place in PLACES:
            answer = alice.get(place.format(number))
            assert answer.status_code in (404, 422), f"{place}: {answer.text}"


@pytest.mark.parametrize(
    "odd", ["\0", "a\0b", "\x1f", "\ud7ff\U0010ffff", "🦆" * 400, "'; DROP --"]
)
def test_odd_characters_are_searched_for_like_others(house: House, odd: str) -> None:
    with house.client(house.people.alice) as alice:
        profile = house.new_profile(house.people.alice, "odd searches")
        report = given(alice, profile)
        for place, name in (
            (f"/api/v3/profiles/{profile}/reports", "q"),
            (f"/api/v3/profiles/{profile}/reports", "branch"),
            (f"/api/v3/profiles/{profile}/reports", "tag"),
            (f"/api/v3/profiles/{profile}/tests", "q"),
            (f"/api/v3/reports/{report['id']}/results", "q"),
            (f"/api/v3/reports/{report['id']}/results", "cursor"),
            (f"/profiles/{profile}", "q"),
            (f"/reports/{report['id']}", "q"),
        ):
            answer = alice.get(place, params={name: odd})
            assert answer.status_code < 500, f"{place}?{name}: {answer.text}"


@pytest.mark.parametrize("odd", ["\0", "a\0b", "🦆" * 400, "\u202eabc", "ﷺ"])
def test_odd_characters_in_facts_and_names_are_kept_as_far_as_they_can_be(
    house: House, odd: str
) -> None:
    with house.client(house.people.alice) as alice:
        profile = house.new_profile(house.people.alice, "odd facts")
        facts = {"tags": odd, "branch": odd, "commit": odd, "build": odd}
        answer = upload(alice, profile, (f"{odd}.xml", REPORT), **facts)
        assert answer.status_code == 201, answer.text
        status = ended(alice, answer.json())
        assert status["report_import_status"] == "success", status
        report = alice.get(f"/api/v3/reports/{status['report_id']}")
        assert report.status_code == 200
        assert alice.get(f"/reports/{status['report_id']}").status_code == 200
