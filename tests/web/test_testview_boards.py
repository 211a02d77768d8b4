"""XL TestView's dashboards and reports, as those who load it with work ask for them."""

from __future__ import annotations

import json
import re
from uuid import uuid4

from support.boards import given_board, tile
from support.house import House
from support.shared import given_till
from support.testview import UUID, basic


def test_a_client_makes_a_dashboard_finds_it_and_puts_tiles_on_it(house: House) -> None:
    profile = given_till(house, "Tiled").profile
    with house.client(house.people.alice) as alice:
        uuid = alice.get(f"/api/v3/profiles/{profile}").json()["uuid"]
    with basic(house, house.people.bob) as client:
        asked = {"id": "---", "type": "xlt.Dashboard", "title": "DB-1", "autoReloadInterval": 60}
        made = client.post("/api/internal/dashboards", json=asked).json()
        assert re.fullmatch(UUID, made["name"])
        assert made["id"] == f"Configuration/Dashboards/{made['name']}"
        assert (made["title"], made["dashboardTiles"]) == ("DB-1", [])
        assert made in client.get("/api/internal/dashboards").json()
        at = f"/api/internal/dashboards/{made['id']}"
        new = {"id": f"{made['id']}/{uuid4()}", "x": 0, "y": 0, "w": 5, "h": 5, "title": "Tile-7"}
        new |= {"testSpecification": uuid, "reportType": "xlt.HealthBarometer"}
        wanted = json.dumps(made | {"dashboardTiles": [new]})
        assert client.put(at, content=wanted).status_code == 200
        (shown,) = client.get(at).json()["dashboardTiles"]
        assert shown["testSpecification"].endswith(f"/{uuid}")
        assert (shown["w"], shown["h"], shown["title"]) == (5, 5, "Tile-7")
        named = shown["testSpecification"].split("/")[-1]
        report = f"/api/internal/reports/{shown['reportType']}/testspecification/{named}"
        assert client.get(report, params={"maxResults": 10}).status_code == 200


def test_what_xl_testview_has_no_word_for_stays_with_the_tile(house: House) -> None:
    profile = given_till(house, "Kept").profile
    board = given_board(house, "Kept", tile(profile, options={"branch": ["main"]}))
    with basic(house, house.people.alice) as client:
        at = f"/api/internal/dashboards/Configuration/Dashboards/{board['uuid']}"
        client.put(at, json=client.get(at).json() | {"title": "Renamed"})
    with house.client(house.people.alice) as alice:
        after = alice.get(f"/api/v3/dashboards/{board['id']}").json()
    assert (after["name"], after["tiles"][0]["options"]) == ("Renamed", {"branch": ["main"]})
    assert after["tiles"][0]["uuid"] == board["tiles"][0]["uuid"]


def test_a_report_is_the_charts_figures_of_the_time_that_is_asked_for(house: House) -> None:
    profile = given_till(house, "Asked").profile
    with house.client(house.people.alice) as alice:
        uuid = alice.get(f"/api/v3/profiles/{profile}").json()["uuid"]
    with basic(house, house.people.alice) as client:
        at = f"/api/internal/reports/xlt.TestRunOverview/testspecification/{uuid}"
        days = {"date": "2026-03-02", "range": "1"}
        two = client.get(at, params={"date": "2026-03-02", "range": "2 weeks"}).json()
        assert (len(two["body"]), two["reportType"]) == (2, "xlt.TestRunOverview")
        assert {"name", "kind"} == set(two["header"][0])
        assert len(client.get(at, params=days).json()["body"]) == 1
        ms = {"startDate": "1772409600000", "endDate": "1772582400000"}
        assert len(client.get(at, params=ms).json()["body"]) == 2
        assert client.get(at).json()["body"] == []
        unknown = client.get(at.replace("TestRunOverview", "Astrology"))
        assert (unknown.status_code, unknown.json()["status"]) == (404, "404")
        assert client.get(at, params={"range": "soon"}).status_code == 400


def test_who_may_not_is_told_in_its_words(house: House) -> None:
    profile = given_till(house, "Closed").profile
    board = given_board(house, "Closed", tile(profile))
    at = f"/api/internal/dashboards/Configuration/Dashboards/{board['uuid']}"
    with basic(house, house.people.charlie) as charlie, house.stranger() as nobody:
        assert charlie.get(at).status_code == 404
        assert charlie.put(at, json={"title": "Mine"}).json()["errorCode"] == "not_found"
        titles = [each["title"] for each in charlie.get("/api/internal/dashboards").json()]
        assert "Closed" not in titles
        assert nobody.put(at, content=b"x" * 10).status_code == 401
        assert charlie.post("/api/internal/dashboards", content=b"nonsense").status_code == 400
