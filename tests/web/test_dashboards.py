"""Dashboards over the API, by forms without script, and as a stranger finds them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from assay.store.catalog import companies, groups, members, open_catalog, profiles
from assay.store.catalog.members import Role
from support.boards import given_board, places, tile
from support.house import House, given
from support.people import Person, join
from support.shared import given_till


@pytest.fixture(scope="module")
def till(house: House) -> int:
    """A profile of Alice's with three reports."""
    return given_till(house, "On the wall").profile


@pytest.fixture(scope="module")
def rosa(house: House) -> Person:
    """She may read in Alice's company, and nothing more."""
    url = house.server.settings.catalog_url
    with closing(open_catalog(url)) as catalog, catalog.write() as conn:
        return join(conn, house.people.alice, "Rosa", Role.READ_ONLY)


@contextmanager
def signed_in(house: House, person: Person) -> Iterator[httpx.Client]:
    with house.stranger() as client:
        client.headers.update({"origin": house.server.url, "accept": "text/html"})
        client.post("/login", data={"email": person.email, "password": person.password})
        yield client


def test_a_dashboard_is_made_arranged_renamed_and_deleted(house: House, till: int) -> None:
    company = house.people.alice.company.id
    with house.client(house.people.bob) as bob:
        made = bob.post(f"/api/v3/companies/{company}/dashboards", json={"name": " Release  room "})
        board = made.json()
        assert (made.status_code, board["name"], board["reload_seconds"]) == (
            201,
            "Release room",
            60,
        )
        assert (board["tiles"], board["public"]) == ([], False)
        url = f"/api/v3/dashboards/{board['id']}"
        options = {"range": ["14d"], "tag": ["nightly"], "branch": [""]}
        tiles = [tile(till, "bar", w=12, title=" By   suite "), tile(till, y=4, options=options)]
        changed = bob.patch(url, json={"tiles": tiles, "reload_seconds": 300}).json()
        assert [each["title"] for each in changed["tiles"]] == ["By suite", ""]
        assert changed["tiles"][1]["options"] == {"range": ["14d"], "tag": ["nightly"]}
        assert (changed["name"], changed["reload_seconds"]) == ("Release room", 300)
        assert changed["updated_at"] > board["updated_at"]
        assert bob.patch(url, json={"name": "Wall"}).json()["tiles"] == changed["tiles"]
        listed = bob.get(f"/api/v3/companies/{company}/dashboards").json()["items"]
        assert bob.get(url).json() in listed
        assert (bob.delete(url).status_code, bob.get(url).status_code) == (204, 404)


def test_tiles_make_room_for_each_other_and_keep_their_names(house: House, till: int) -> None:
    board = given_board(house, "Crowded", tile(till), tile(till, "bar", x=3, y=1))
    with house.client(house.people.alice) as alice:
        url = f"/api/v3/dashboards/{board['id']}"
        assert places(alice, board["id"]) == [("pie", 0, 0, 6, 4), ("bar", 3, 4, 6, 4)]
        first, second = alice.get(url).json()["tiles"]
        swapped = [tile(till, y=9, uuid=first["uuid"]), tile(till, "bar", uuid=second["uuid"])]
        after = alice.patch(url, json={"tiles": swapped}).json()["tiles"]
    assert [each["uuid"] for each in after] == [second["uuid"], first["uuid"]]
    assert [(each["x"], each["y"]) for each in after] == [(0, 0), (0, 4)]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"tiles": [{"chart": "nonsense"}]}, "has no chart 'nonsense'. It has: "),
        ({"tiles": [{"chart": "aggregate"}]}, "has no chart 'aggregate'"),
        ({"tiles": [{"profile_id": 10**30}]}, "There is no profile"),
        ({"tiles": [{"x": 7, "w": 6}]}, "begins in columns 0 to 6"),
        ({"tiles": [{"options": {"colour": ["red"]}}]}, "has no option 'colour'"),
        ({"tiles": [{"options": {"range": ["soon"]}}]}, "'soon' is no range"),
        ({"tiles": [{"options": {"path": ["x" * 2000]}}]}, "too long"),
        ({"tiles": [{"title": "x" * 201}]}, "at most 200 fit"),
        ({"tiles": [{}] * 61}, "at most 60 tiles"),
        ({"reload_seconds": 1}, "reloads every 10 to 86400 seconds"),
        ({"name": " "}, "The name is empty"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_changed(
    house: House, till: int, change: dict[str, Any], said: str
) -> None:
    board = given_board(house, "As it is", tile(till))
    if "tiles" in change:
        change = {"tiles": [tile(till) | each for each in change["tiles"]]}
    with house.client(house.people.alice) as alice:
        url = f"/api/v3/dashboards/{board['id']}"
        answer = alice.patch(url, json={"name": "Other"} | change)
        assert (answer.status_code, said in answer.json()["message"]) == (422, True), answer.text
        assert alice.get(url).json() == board


def test_profiles_of_other_companies_are_not_put_on_it(house: House, till: int) -> None:
    charlie = house.people.charlie
    board = given_board(house, "Ours", tile(till))
    with house.client(house.people.alice) as alice, house.client(charlie) as stranger:
        theirs = {"tiles": [tile(charlie.profile.id)]}
        answer = alice.patch(f"/api/v3/dashboards/{board['id']}", json=theirs)
        assert "There is no profile" in answer.json()["message"]
        mine = f"/api/v3/companies/{charlie.company.id}/dashboards"
        assert stranger.post(mine, json={"name": "x", "copy_of": board["id"]}).status_code == 404
        assert alice.post(mine, json={"name": "x"}).status_code == 404


def test_a_copy_has_the_tiles_and_goes_its_own_way(house: House, till: int) -> None:
    board = given_board(house, "Old", tile(till), tile(till, "bar", x=6))
    copy = given_board(house, "New", copy_of=board["id"], tiles=None)
    with house.client(house.people.alice) as alice:
        assert places(alice, copy["id"]) == places(alice, board["id"])
        assert {each["uuid"] for each in copy["tiles"]}.isdisjoint(
            each["uuid"] for each in board["tiles"]
        )
        alice.patch(f"/api/v3/dashboards/{copy['id']}", json={"tiles": []})
        assert len(places(alice, board["id"])) == 2


def test_who_reads_looks_and_does_not_save(house: House, till: int, rosa: Person) -> None:
    board = given_board(house, "To look at", tile(till))
    at, api = f"/dashboards/{board['id']}", f"/api/v3/dashboards/{board['id']}"
    company = f"/companies/{rosa.company.id}/dashboards"
    with house.client(rosa) as client:
        assert client.get(api).status_code == 200
        assert client.patch(api, json={"name": "x"}).status_code == 403
        assert client.delete(api).status_code == 403
        assert client.post(f"/api/v3{company}", json={"name": "x"}).status_code == 403
        assert client.put(f"{api}/share").status_code == 403
    with house.client(house.people.bob) as bob:
        assert bob.put(f"{api}/share").status_code == 403
    with signed_in(house, rosa) as page:
        shown = page.get(at)
        assert (shown.status_code, "?edit=1" in shown.text) == (200, False)
        assert "New dashboard" not in page.get(company).text
        assert page.get(f"{at}?edit=1").status_code == 403
        for path in ("", "/add", "/copy", "/delete", "/sharing", "/sharing/stop"):
            assert page.post(f"{at}{path}").status_code == 403, path


FIELDS = r"<input[^>]*>|<select.*?</select>|<textarea.*?</textarea>"


def fields(page: str) -> dict[str, list[str]]:
    """What a browser would send of the form of the editor, as it came."""
    form = page[page.index('class="dashboard editing"') :]
    form = form[: form.index("</form>")]
    found: dict[str, list[str]] = {}
    for part in re.findall(
        r"<input[^>]*>|<select.*?</select>|<textarea.*?</textarea>", form, re.DOTALL
    ):
        name = re.search(r'name="(\w+)"', part)
        if not name or 'type="checkbox"' in part:
            continue
        if part.startswith("<select"):
            options = re.findall(r'<option value="([^"]*)"( selected)?', part)
            value = next((v for v, chosen in options if chosen), options[0][0] if options else "")
        elif part.startswith("<textarea"):
            value = part[part.index(">") + 1 : -len("</textarea>")]
        else:
            value = (re.search(r'value="([^"]*)"', part) or ["", ""])[1]
        found.setdefault(name[1], []).append(unescape(value))
    return found


def test_without_script_a_dashboard_is_made_filled_and_moved_by_forms(
    house: House, till: int
) -> None:
    company = f"/companies/{house.people.alice.company.id}/dashboards"
    with signed_in(house, house.people.bob) as bob, house.client(house.people.bob) as api:
        made = bob.post(company, data={"name": "By hand", "reload_seconds": "30"})
        editor = urlsplit(made.headers["location"])
        at, board = editor.path, int(editor.path.rpartition("/")[2])
        chosen = bob.get(f"{at}/add", params={"profile": till}).text
        assert 'value="bar"' in chosen
        assert 'value="aggregate"' not in chosen
        for chart in ("bar", "pie"):
            bob.post(f"{at}/add", data={"profile": str(till), "chart": chart})
        assert places(api, board) == [("bar", 0, 0, 6, 4), ("pie", 0, 4, 6, 4)]
        form = fields(bob.get(f"{at}?edit=1").text)
        form |= {"x": ["6", "0"], "y": ["0", "0"], "w": ["6", "6"], "title": ["", "Ring"]}
        form |= {"tag": ["", "nightly, env:x"], "path": ["till\r\nPay", ""], "name": ["Moved"]}
        saved = bob.post(at, data=form)
        assert (saved.status_code, saved.headers.get("location")) == (303, at), saved.text
        assert places(api, board) == [("pie", 0, 0, 6, 4), ("bar", 6, 0, 6, 4)]
        ring, bar = api.get(f"/api/v3/dashboards/{board}").json()["tiles"]
        assert (ring["title"], ring["options"]) == ("Ring", {"tag": ["nightly", "env:x"]})
        assert bar["options"] == {"path": ["till", "Pay"]}
        shown = bob.get(at).text
        assert "<h1" in shown
        assert f"/profiles/{till}/charts/pie.svg?" in shown[shown.index("<noscript>") :]
        form = fields(bob.get(f"{at}?edit=1").text)
        bob.post(at, data=form | {"drop": [ring["uuid"]]})
        assert places(api, board) == [("bar", 6, 0, 6, 4)]


def test_the_editor_says_what_is_wrong_and_keeps_what_was_typed(house: House, till: int) -> None:
    board = given_board(house, "Careful", tile(till))
    at = f"/dashboards/{board['id']}"
    with signed_in(house, house.people.alice) as alice:
        form = fields(alice.get(f"{at}?edit=1").text)
        bad = alice.post(at, data=form | {"x": ["10"], "title": ["Mine <b>"]})
        assert bad.status_code == 422
        assert "begins in columns 0 to 6" in unescape(bad.text)
        assert fields(bad.text)["title"] == ["Mine <b>"]
        assert alice.post(at, data=form | {"x": []}).status_code == 422
        assert alice.post(at, data=form | {"name": ["First"]}).status_code == 303
        late = alice.post(at, data=form | {"name": ["Second"]})
        assert (late.status_code, "Somebody else has saved" in late.text) == (422, True)
        assert alice.post(at, data=fields(late.text)).status_code == 303
    with house.client(house.people.alice) as api:
        assert api.get(f"/api/v3/dashboards/{board['id']}").json()["name"] == "Second"


def test_all_tiles_look_at_the_time_and_tags_that_are_asked_for(house: House, till: int) -> None:
    options = {"range": ["5"], "tag": ["own"]}
    board = given_board(house, "In time", tile(till, options=options), tile(till, "bar", x=6))
    with signed_in(house, house.people.bob) as bob:
        at = f"/dashboards/{board['id']}"
        asked = {"until": "2026-03-02", "range": "3", "unit": "w", "tag": "nightly", "branch": "b"}
        shown = unescape(bob.get(at, params=asked).text)
        parts = re.findall(r'data-part="([^"]+)"', shown)
        assert parts[0].endswith("until=2026-03-02&range=3w&branch=b&tag=own&tag=nightly")
        assert parts[1].endswith("until=2026-03-02&range=3w&branch=b&tag=nightly")
        assert 'data-reload="0"' in shown
        plain = unescape(bob.get(at).text)
        assert 'data-reload="60"' in plain
        assert re.findall(r'data-part="([^"]+)"', plain)[0].endswith("/tile?range=5&tag=own")
        assert bob.get(at, params={"until": "some day"}).status_code == 422


def test_the_first_visit_finds_a_dashboard_of_the_busiest_profiles_once(house: House) -> None:
    url, now = house.server.settings.catalog_url, datetime.now(UTC)
    alice = house.people.alice
    with closing(open_catalog(url)) as catalog, catalog.write() as conn:
        company = companies.make(conn, name="Larch", now=now)
        members.add(conn, company=company.id, user=alice.user.id, role=Role.OWNER, now=now)
        group = groups.make(conn, company=company.id, name="Web", now=now)
        quiet, busy = (profiles.make(conn, group=group.id, name=n, now=now) for n in "QB")
    at, api = f"/companies/{company.id}/dashboards", f"/api/v3/companies/{company.id}/dashboards"
    with signed_in(house, alice) as page, house.client(alice) as client:
        assert "No dashboard yet" in page.get(at).text
        given(client, quiet.id)
        for _ in range(2):
            given(client, busy.id)
        assert client.get(api).json()["items"] == []
        assert "Overview" in page.get(at).text
        (made,) = client.get(api).json()["items"]
        assert {each["profile_id"] for each in made["tiles"]} == {quiet.id, busy.id}
        assert made["tiles"][0]["profile_id"] == busy.id
        for each in made["tiles"]:
            assert page.get(f"{each['url']}/tile").status_code == 200
        assert page.post(f"/dashboards/{made['id']}/delete").status_code == 422
        gone = page.post(f"/dashboards/{made['id']}/delete", data={"sure": "true"})
        assert gone.headers["location"].startswith(at)
        assert "No dashboard yet" in page.get(at).text


def test_tiles_go_with_their_profile(house: House) -> None:
    alice = house.people.alice
    gone, stays = (house.new_profile(alice, name) for name in ("to go", "to stay"))
    board = given_board(house, "Both", tile(gone, w=12), tile(stays, y=4))
    with house.client(alice) as client:
        assert client.delete(f"/api/v3/profiles/{gone}").status_code == 204
        assert places(client, board["id"]) == [("pie", 0, 0, 6, 4)]


def test_a_stranger_with_the_address_sees_the_charts_and_no_way_on(house: House, till: int) -> None:
    title, options = "Till <b>", {"path": ["till"]}
    wide = tile(till, "bar", title=title, options=options)
    board = given_board(house, "For guests", wide, tile(till, "overview", x=6))
    api = f"/api/v3/dashboards/{board['id']}/share"
    with house.client(house.people.alice) as alice, house.stranger() as guest:
        assert alice.get(api).status_code == 404
        path = urlsplit(alice.put(api).json()["url"]).path
        assert urlsplit(alice.put(api).json()["url"]).path == path
        shown = guest.get(path)
        assert shown.status_code == 200
        assert shown.headers["x-robots-tag"] == "noindex"
        assert shown.headers["referrer-policy"] == "no-referrer"
        assert "frame-ancestors 'none'" in shown.headers["content-security-policy"]
        assert "set-cookie" not in shown.headers
        assert "Till &lt;b&gt;" in shown.text
        parts = re.findall(r'(?:data-part|img src)="([^"]+)"', unescape(shown.text))
        assert len(parts) == 4
        for part in parts:
            answer = guest.get(part)
            assert (answer.status_code, "href=" in answer.text) == (200, False), part
        leads = set(re.findall(r'(?:href|action)="(/[^"]*)"', unescape(shown.text)))
        assert all(each.startswith((path, "/static/")) for each in leads), leads
        assert "Acme" not in shown.text
        more = guest.get(f"{parts[0]}?path=Pay&until=2020-01-01").text
        assert more == guest.get(parts[0]).text
        assert guest.get(f"{path}/tiles/{'0' * 8}").status_code == 404
        renewed = urlsplit(alice.post(f"{api}/key").json()["url"]).path
        assert [guest.get(each).status_code for each in (path, parts[0], renewed)] == [
            404,
            404,
            200,
        ]
        assert alice.delete(api).status_code == 204
        assert [guest.get(f"{renewed}{end}").status_code for end in ("", "/stamp")] == [404, 404]
        assert alice.post(f"{api}/key").status_code == 404


def test_a_key_that_is_none_opens_nothing(house: House, till: int) -> None:
    board = given_board(house, "Private", tile(till))
    with house.stranger() as guest:
        for key in ("None", "%00", "%C3%A4", "0" * 36):
            assert guest.get(f"/dashboards/{board['id']}/public/{key}").status_code == 404
        assert guest.get(f"/dashboards/{board['id']}/public/").status_code == 404


def test_an_open_page_learns_that_its_dashboard_was_changed(house: House, till: int) -> None:
    board = given_board(house, "Open", tile(till))
    with signed_in(house, house.people.bob) as bob, house.client(house.people.alice) as alice:
        stamp = f"/dashboards/{board['id']}/stamp"
        before = bob.get(stamp).json()["stamp"]
        assert f'data-stamp="{before}"' in bob.get(f"/dashboards/{board['id']}").text
        alice.patch(f"/api/v3/dashboards/{board['id']}", json={"tiles": []})
        assert bob.get(stamp).json()["stamp"] != before
