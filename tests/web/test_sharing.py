"""Making things public over the API and on the pages, and who may; badges."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from xml.etree import ElementTree

import httpx
import pytest

from assay.store.catalog import open_catalog
from assay.store.catalog.members import Role
from support.house import House, given
from support.people import Person, join
from support.shared import Till, deliver, end_share, given_till, share

SVG = "{http://www.w3.org/2000/svg}"
EMPTY = b"<testsuite name='none'><testcase name='a'><skipped/></testcase></testsuite>"


@pytest.fixture(scope="module")
def till(house: House) -> Till:
    return given_till(house, "Shared")


@pytest.fixture(scope="module")
def mona(house: House) -> Person:
    """A moderator of Alice's company."""
    url = house.server.settings.catalog_url
    with closing(open_catalog(url)) as catalog, catalog.write() as conn:
        return join(conn, house.people.alice, "Monika", Role.MODERATOR)


@contextmanager
def signed_in(house: House, person: Person) -> Iterator[httpx.Client]:
    with house.stranger() as client:
        client.headers.update({"origin": house.server.url, "accept": "text/html"})
        client.post("/login", data={"email": person.email, "password": person.password})
        yield client


def test_a_moderator_makes_a_report_public_and_a_user_sees_that(
    house: House, till: Till, mona: Person
) -> None:
    url = f"/api/v3/reports/{till.last}/share"
    with house.client(mona) as moderator, house.client(house.people.bob) as user:
        assert user.put(url).status_code == 403
        assert user.get(url).status_code == 404
        made = moderator.put(url).json()
        seen = user.get(url).json()
        assert [user.delete(url).status_code, user.post(f"{url}/key").status_code] == [403, 403]
    assert seen == made
    assert (made["open"], made["history"], made["report_id"]) == (True, False, till.last)
    ends = datetime.fromisoformat(made["until"]) - datetime.now(UTC)
    assert timedelta(days=29, hours=23) < ends <= timedelta(days=30)


def test_the_terms_of_a_share_are_taken_as_they_are_said(house: House, till: Till) -> None:
    url = f"/api/v3/reports/{till.last}/share"
    with house.client(house.people.alice) as alice:
        endless = alice.put(url, json={"until": None, "history": True}).json()
        naive = alice.put(url, json={"until": "2100-01-31T12:00:00"}).json()
        zoned = alice.put(url, json={"until": "2100-01-31T12:00:00+02:00"}).json()
        over = alice.put(url, json={"until": "2020-01-31T12:00:00Z"})
        nonsense = alice.put(url, json={"until": "some day"})
    assert (endless["until"], endless["history"]) == (None, True)
    assert (naive["until"], naive["history"]) == ("2100-01-31T12:00:00Z", False)
    assert zoned["until"] == "2100-01-31T10:00:00Z"
    assert endless["url"] == naive["url"] == zoned["url"]
    assert (over.status_code, nonsense.status_code) == (422, 422)
    assert "over already" in over.json()["message"]


def test_what_is_public_in_a_profile_is_listed(house: House) -> None:
    till = given_till(house, "Listed")
    first = till.reports[0]["id"]
    share(house, f"profiles/{till.profile}")
    share(house, f"reports/{till.last}")
    share(house, f"reports/{first}")
    end_share(house, first, datetime.now(UTC) - timedelta(hours=1))
    with house.client(house.people.bob) as bob:
        items = bob.get(f"/api/v3/profiles/{till.profile}/shares").json()["items"]
    told = [(each["report_id"], each["open"]) for each in items]
    assert told == [(None, True), (till.last, True), (first, False)]


def test_a_renewed_key_ends_the_one_before(house: House, till: Till) -> None:
    for of in (f"reports/{till.last}", f"profiles/{till.profile}"):
        before = share(house, of)
        with house.client(house.people.alice) as alice, house.stranger() as guest:
            after = urlsplit(alice.post(f"/api/v3/{of}/share/key").json()["url"]).path
            assert [guest.get(before).status_code, guest.get(after).status_code] == [404, 200]
            assert alice.delete(f"/api/v3/{of}/share").status_code == 204
            assert guest.get(after).status_code == 404
            assert alice.delete(f"/api/v3/{of}/share").status_code == 404


def test_the_page_makes_public_changes_and_ends_without_script(house: House, till: Till) -> None:
    url = f"/reports/{till.reports[1]['id']}/sharing"
    with signed_in(house, house.people.alice) as alice, house.stranger() as guest:
        alice.follow_redirects = True
        assert "This report is private" in alice.get(url).text
        day = (datetime.now(UTC) + timedelta(days=3)).date()
        page = alice.post(url, data={"end": "day", "until": f"{day}", "history": "true"}).text
        assert f"public until {day.day} {day:%b %Y}" in page
        public = page.split('id="public-url">')[1].split("<")[0]
        assert guest.get(public).status_code == 200
        assert "without an end" in alice.post(url, data={"end": "never"}).text
        assert "new address" in alice.post(f"{url}/key").text
        assert guest.get(public).status_code == 404
        assert "This report is private" in alice.post(f"{url}/stop").text


def test_the_page_says_what_is_wrong_with_a_day(house: House, till: Till) -> None:
    url = f"/reports/{till.last}/sharing"
    with signed_in(house, house.people.alice) as alice:
        for day, told in (("2020-01-01", "over already"), ("", "Choose a day"), ("x", "Choose")):
            answer = alice.post(url, data={"until": day})
            assert answer.status_code == 422
            assert told in answer.text


def test_who_may_not_share_is_told_who_may(house: House, till: Till) -> None:
    for of in (f"reports/{till.last}", f"profiles/{till.profile}"):
        with signed_in(house, house.people.bob) as bob:
            page = bob.get(f"/{of}/sharing")
            assert page.status_code == 200
            assert "Moderators, administrators and owners" in page.text
            assert "Make public</a>" not in bob.get(f"/{of}").text
            for action in ("", "/key", "/stop"):
                assert bob.post(f"/{of}/sharing{action}").status_code == 403
        with signed_in(house, house.people.charlie) as charlie:
            assert charlie.get(f"/{of}/sharing").status_code == 404
            assert charlie.post(f"/{of}/sharing").status_code == 404


def test_a_badge_says_how_the_newest_report_ended(house: House) -> None:
    till = given_till(house, "Badge <&> co")
    path = share(house, f"profiles/{till.profile}")
    with house.stranger() as guest:
        failed = guest.get(f"{path}/badge.svg")
        rate = guest.get(f"{path}/badge.svg?style=rate&label=till%00s").text
        branch = guest.get(f"{path}/badge.svg?branch=none").text
        deliver(house, till, 4)
        passed = guest.get(f"{path}/badge.json").json()
    drawn = ElementTree.fromstring(failed.text)
    assert drawn.findtext(f"{SVG}title", "").startswith("Badge <&> co")
    assert drawn.findtext(f"{SVG}title", "").endswith(": 1 failed, 1 passed")
    assert ElementTree.fromstring(rate).findtext(f"{SVG}title") == "tills: 50.0 %"
    assert "no reports" in branch
    assert (passed["message"], passed["isError"], passed["schemaVersion"]) == ("2 passed", False, 1)


def test_a_badge_may_stand_on_any_page_and_is_fetched_anew_only_when_it_changed(
    house: House, till: Till
) -> None:
    path = share(house, f"profiles/{till.profile}")
    with house.stranger() as guest:
        first = guest.get(f"{path}/badge.svg")
        again = guest.get(f"{path}/badge.svg", headers={"if-none-match": first.headers["etag"]})
    assert first.headers["content-type"] == "image/svg+xml; charset=utf-8"
    assert first.headers["cross-origin-resource-policy"] == "cross-origin"
    assert first.headers["cache-control"] == "public, max-age=60"
    assert (again.status_code, again.content) == (304, b"")


def test_a_badge_of_what_never_ran_claims_no_success(house: House) -> None:
    profile = house.new_profile(house.people.alice, "Idle")
    path = share(house, f"profiles/{profile}")
    with house.stranger() as guest:
        none = guest.get(f"{path}/badge.json").json()
        assert "No report yet" in guest.get(path, headers={"accept": "text/html"}).text
        with house.client(house.people.alice) as alice:
            given(alice, profile, EMPTY)
        skipped = guest.get(f"{path}/badge.json").json()
    assert (none["message"], skipped["message"]) == ("no reports", "1 skipped")
    assert none["color"] == skipped["color"] == "#5e646a"
