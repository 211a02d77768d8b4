"""What guests see of what is public, and that they see nothing else."""

from __future__ import annotations

import re
from collections import deque
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit
from uuid import uuid4

import httpx
import pytest
from fastapi.routing import APIRoute

from assay.web.api import ROUTERS
from assay.web.pages import PAGES
from support.house import House, given
from support.shared import LEFT_OVER, Till, deliver, end_share, given_till, share

HTML = {"accept": "text/html"}
LINKS = re.compile(r'(?:href|src|action|data-fold|data-trend|hx-get)="([^"]+)"')
OPEN_TO_ALL = ("/static/",)


@pytest.fixture(scope="module")
def till(house: House) -> Till:
    return given_till(house, "Till")


def assets_of(house: House, report: int) -> list[dict[str, Any]]:
    with house.client(house.people.alice) as client:
        items: list[dict[str, Any]] = client.get(f"/api/v3/reports/{report}/assets").json()["items"]
    return items


def walk(guest: httpx.Client, start: str) -> dict[str, httpx.Response]:
    """Every page that a guest comes to by links from `start`, and its answer."""
    seen: dict[str, httpx.Response] = {}
    ahead = deque([start])
    while ahead:
        url = ahead.popleft()
        if url in seen:
            continue
        seen[url] = guest.get(url, headers=HTML)
        if not seen[url].headers.get("content-type", "").startswith("text/html"):
            continue
        found = {urljoin(url, each.replace("&amp;", "&")) for each in LINKS.findall(seen[url].text)}
        ahead.extend(each.partition("#")[0] for each in sorted(found))
    return seen


def test_a_guest_reads_a_report_with_its_failures_and_screenshots(house: House, till: Till) -> None:
    path = share(house, f"reports/{till.last}")
    with house.stranger() as guest:
        page = guest.get(path, headers=HTML)
        tree = guest.get(f"{path}?tab=tree", headers=HTML)
        result = guest.get(f"{path}/results/0", headers=HTML)
        trace = guest.get(f"{path}/results/0/trace.txt")
        shot = next(each for each in assets_of(house, till.last) if each["position"] is not None)
        picture = guest.get(f"{path}/assets/{shot['number']}/{shot['name']}")
    assert page.status_code == 200
    assert "by card" in page.text
    assert "waiting for the terminal" in page.text
    assert 'class="tree"' in tree.text
    assert "Failed." in result.text
    assert "till.png" in result.text
    assert trace.text == "at till.py:7"
    assert picture.headers["content-type"] == "image/png"


def test_no_link_of_a_guest_leads_out_of_what_is_public(house: House, till: Till) -> None:
    alone = share(house, f"reports/{till.last}", history=True)
    before = share(house, f"reports/{till.reports[0]['id']}", history=True)
    profile = share(house, f"profiles/{till.profile}")
    for start, within in ((alone, (alone, before)), (profile, (profile,))):
        with house.stranger() as guest:
            seen = walk(guest, start)
        assert len(seen) > 10
        for url, answer in seen.items():
            assert urlsplit(url).path.startswith((*within, *OPEN_TO_ALL)), url
            assert answer.status_code == 200, url
            assert "set-cookie" not in answer.headers
            assert "Acme" not in answer.text
            assert "@example.org" not in answer.text
            assert LEFT_OVER not in answer.content


def suffixes(thing: str) -> list[str]:
    """What stands below a report's or profile's address in any route of members."""
    found = set()
    for router in (*ROUTERS, *PAGES):
        for route in router.routes:
            assert isinstance(route, APIRoute)
            _, named, rest = route.path.partition(f"{{{thing}_id}}")
            if named and rest and "GET" in route.methods and "/public/" not in route.path:
                found.add(re.sub(r"\{\w+(:path)?\}", "1", rest))
    return sorted(found)


READABLE = {
    "report": {"/results/1", "/results/1/fold", "/results/1/1.txt", "/assets/1", "/assets/1/1"},
    "profile": {"/trend"},
}


@pytest.mark.parametrize("thing", ["report", "profile"])
def test_what_members_have_besides_is_not_there_for_guests(
    house: House, till: Till, thing: str
) -> None:
    path = share(house, f"{thing}s/{till.last if thing == 'report' else till.profile}")
    with house.stranger() as guest:
        for suffix in suffixes(thing):
            if suffix not in READABLE[thing]:
                assert guest.get(path + suffix, headers=HTML).status_code == 404, suffix


def test_every_hidden_item_of_a_report_is_missing(house: House, till: Till) -> None:
    path = share(house, f"reports/{till.last}")
    left_over = [each for each in assets_of(house, till.last) if each["position"] is None]
    assert left_over, "the story needs an attachment of the report"
    other = till.reports[0]["id"]
    hidden = [
        *(f"{path}/assets/{each['number']}/{each['name']}" for each in left_over),
        f"{path}/assets/99/x.png",
        f"{path}?tab=files",
        f"{path}?tab=changes",
        f"{path}/results/77",
        f"{path}/results/0/details.txt",
        f"{path}/calliope.json",
        f"{path}/imports/{till.reports[-1]['import_id']}",
        f"{path}/compare/{other}",
        f"{path}/sharing",
        f"/reports/{other}/public/{path.rsplit('/', 1)[-1]}",
        f"/profiles/{till.profile}/public/{path.rsplit('/', 1)[-1]}",
        f"/profiles/{till.profile}/public/{path.rsplit('/', 1)[-1]}/badge.svg",
        f"/profiles/{till.profile}/public/{path.rsplit('/', 1)[-1]}/reports/{till.last}",
    ]
    with house.stranger() as guest:
        for url in hidden:
            answer = guest.get(url, headers=HTML)
            assert answer.status_code == 404, url
            assert "set-cookie" not in answer.headers


def test_the_addresses_of_members_are_as_closed_to_guests_as_ever(house: House, till: Till) -> None:
    share(house, f"reports/{till.last}")
    inside = (
        f"/api/v3/reports/{till.last}",
        f"/api/v3/reports/{till.last}/results",
        f"/api/v3/reports/{till.last}/calliope.json",
        f"/api/v3/reports/{till.last}/share",
        f"/api/v3/profiles/{till.profile}/shares",
        f"/reports/{till.last}/assets/1/till.png",
    )
    with house.stranger() as guest:
        assert {guest.get(url).status_code for url in inside} == {401}
        page = guest.get(f"/reports/{till.last}", headers=HTML)
    assert page.headers["location"].startswith("/login")


def test_all_that_opens_nothing_answers_alike(house: House, till: Till) -> None:
    first, second, third = (report["id"] for report in till.reports)
    expired, renewed = share(house, f"reports/{first}"), share(house, f"reports/{second}")
    end_share(house, first, datetime.now(UTC) - timedelta(minutes=1))
    stopped = share(house, f"profiles/{till.profile}")
    with house.client(house.people.alice) as alice:
        assert alice.post(f"/api/v3/reports/{second}/share/key").status_code == 200
        assert alice.delete(f"/api/v3/profiles/{till.profile}/share").status_code == 204
    own = share(house, f"reports/{third}")
    foreign = f"/reports/{third}/public/{renewed.rsplit('/', 1)[-1]}"
    nowhere = (f"/reports/{third}/public/{uuid4()}", f"/reports/999999/public/{uuid4()}")
    with house.stranger() as guest:
        assert guest.get(own, headers=HTML).status_code == 200
        answers = [
            guest.get(url, headers=HTML) for url in (expired, renewed, stopped, foreign, *nowhere)
        ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1
    assert all("set-cookie" not in answer.headers for answer in answers)


def test_a_report_that_is_deleted_is_public_no_more(house: House) -> None:
    till = given_till(house, "Deleted")
    alone = share(house, f"reports/{till.last}")
    within = f"{share(house, f'profiles/{till.profile}')}/reports/{till.last}"
    with house.stranger() as guest, house.client(house.people.alice) as alice:
        assert [guest.get(url).status_code for url in (alone, within)] == [200, 200]
        assert alice.delete(f"/api/v3/reports/{till.last}").status_code == 204
        assert [guest.get(url).status_code for url in (alone, within)] == [404, 404]


def test_a_web_page_a_guest_has_open_ends_with_what_is_public(house: House) -> None:
    """Its own address needs no cookie; a new key, the end, or the trash closes it all the same."""
    alice = house.people.alice
    with house.client(alice) as client, house.stranger() as guest:
        report = given(
            client,
            house.new_profile(alice, "Pages"),
            b'<testsuite name="s"><testcase name="t"><system-out>[[ATTACHMENT|a.html]]</system-out>'
            b"</testcase></testsuite>",
            attachments=(("a.html", b"<p>seen</p>"),),
        )["id"]
        number = assets_of(house, report)[0]["number"]

        def opened(address: str) -> str:
            found = guest.get(f"{address}/assets/{number}/a.html", follow_redirects=False)
            assert guest.get(found.headers["location"]).text == "<p>seen</p>"
            return found.headers["location"]

        first = opened(share(house, f"reports/{report}"))
        client.post(f"/api/v3/reports/{report}/share/key")
        second = opened(share(house, f"reports/{report}"))
        assert guest.get(first).status_code == 403
        client.delete(f"/api/v3/reports/{report}/share")
        assert guest.get(second).status_code == 403
        members = client.get(f"/reports/{report}/assets/{number}/a.html", follow_redirects=False)
        assert client.get(members.headers["location"]).status_code == 200
        client.delete(f"/api/v3/reports/{report}")
        assert client.get(members.headers["location"]).status_code == 403


def test_without_history_a_report_stands_alone(house: House) -> None:
    till = given_till(house, "Alone")
    path = share(house, f"reports/{till.last}")
    share(house, f"reports/{till.reports[0]['id']}", history=True)
    with house.stranger() as guest:
        page = guest.get(path, headers=HTML).text
        result = guest.get(f"{path}/results/0", headers=HTML).text
    for told in ("new failure", 'class="label failed new"', 'rel="prev"', "against", "Changes"):
        assert told not in page, told
    assert f"/reports/{till.reports[0]['id']}" not in page + result
    assert "History" not in result


def test_with_history_guests_walk_to_public_reports_with_history_and_no_others(
    house: House,
) -> None:
    till = given_till(house, "History")
    first, second, third = (report["id"] for report in till.reports)
    newest = share(house, f"reports/{third}", history=True)
    share(house, f"reports/{second}")
    share(house, f"profiles/{till.profile}")
    with house.stranger() as guest:
        assert 'rel="prev"' not in guest.get(newest, headers=HTML).text
        oldest = share(house, f"reports/{first}", history=True)
        page = guest.get(newest, headers=HTML).text
        result = guest.get(f"{newest}/results/0", headers=HTML).text
        changes = guest.get(f"{newest}?tab=changes", headers=HTML)
    assert f'href="{oldest}" rel="prev"' in page
    assert "1 new failure" in page
    assert changes.status_code == 200
    assert f"{oldest}/results/0" in result
    assert f"/reports/{second}" not in page + result + changes.text
    assert f"/profiles/{till.profile}/public" not in page + result + changes.text
    end_share(house, first, datetime.now(UTC) - timedelta(minutes=1))
    with house.stranger() as guest:
        assert 'rel="prev"' not in guest.get(newest, headers=HTML).text


def test_a_public_profile_shows_new_reports_by_itself(house: House) -> None:
    till = given_till(house, "Whole")
    path = share(house, f"profiles/{till.profile}")
    with house.stranger() as guest:
        assert f"{path}/reports/{till.last}" in guest.get(path, headers=HTML).text
        new = deliver(house, till, 4)["id"]
        page = guest.get(path, headers=HTML).text
        report = guest.get(f"{path}/reports/{new}", headers=HTML).text
        trend = guest.get(f"{path}/trend").json()
    assert "All 2 tests passed" in page
    assert "1 fixed" in report
    assert trend["url"][-1] == f"{path}/reports/{new}"


def test_a_profile_s_key_opens_no_report_of_another(house: House, till: Till) -> None:
    other = given_till(house, "Next door")
    path = share(house, f"profiles/{till.profile}")
    with house.stranger() as guest:
        assert guest.get(f"{path}/reports/{till.last}").status_code == 200
        assert guest.get(f"{path}/reports/{other.last}").status_code == 404
        assert (
            guest.get(f"/profiles/{other.profile}{path[path.index('/public') :]}").status_code
            == 404
        )


def test_addresses_are_told_to_no_other_site_and_no_search_engine(house: House, till: Till) -> None:
    path = share(house, f"reports/{till.last}")
    with house.stranger() as guest:
        for url in (path, f"{path}/results/0", f"{path}/assets/1/x", f"{path}0"):
            headers = guest.get(url).headers
            assert headers["referrer-policy"] == "no-referrer"
            assert headers["x-robots-tag"] == "noindex"
            assert headers["cache-control"].startswith("private")


def test_a_chat_can_tell_what_an_address_leads_to(house: House, till: Till) -> None:
    path = share(house, f"reports/{till.last}")
    with house.stranger() as guest:
        page = guest.get(path, headers=HTML).text
    assert re.search(rf"<title>1 failed, 1 passed · Till [^<]*#{till.last} · Assay</title>", page)
    assert 'property="og:title" content="1 failed, 1 passed · Till' in page
    assert "main · build 3 · 2026-03-03" in page
    assert f'property="og:url" content="{house.server.url}{path}"' in page


def test_members_see_what_guests_see_and_the_way_to_the_rest(house: House, till: Till) -> None:
    path = share(house, f"reports/{till.last}")
    for person, sees in ((house.people.bob, True), (house.people.charlie, False)):
        with house.stranger() as client:
            client.headers["origin"] = house.server.url
            client.post("/login", data={"email": person.email, "password": person.password})
            page = client.get(path, headers=HTML).text
        assert (f'href="/reports/{till.last}"' in page) is sees
        assert "The import and its log" not in page
