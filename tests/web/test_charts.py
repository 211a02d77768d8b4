"""Charts through the door: what they find in a history that is known, and how they leave."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from io import StringIO
from typing import Any
from xml.etree import ElementTree
from xml.sax.saxutils import quoteattr

import httpx
import pytest
from sqlalchemy import insert, update

from assay.charts import CHARTS
from assay.charts.chart import Fit
from assay.store.catalog import open_catalog
from assay.store.catalog.tables import profiles, set_members
from support.house import House, given

HOSTILE = "</text><script>alert(1)</script>\"&'›"
NAMES = [each.name for each in CHARTS]


def run(day: int, tests: dict[str, str], hour: int = 10) -> bytes:
    """A run of March 2026; a test is `suite.Class/name`, its fate passed, failed or skipped. Each
    takes a second."""
    bodies = {"passed": "", "failed": '<failure message="no"/>', "skipped": "<skipped/>"}
    cases = "".join(
        f"<testcase classname={quoteattr(name.partition('/')[0])} "
        f"name={quoteattr(name.partition('/')[2])} time='1'>{bodies[fate]}</testcase>"
        for name, fate in tests.items()
    )
    at = f"2026-03-{day:02}T{hour:02}:00:00"
    return f'<testsuite name="all" timestamp="{at}">{cases}</testsuite>'.encode()


@pytest.fixture(scope="module")
def client(house: House) -> Iterator[httpx.Client]:
    with house.client(house.people.alice) as client:
        yield client


@pytest.fixture(scope="module")
def profile(house: House, client: httpx.Client) -> int:
    """Three runs: pay fails on the second, fixed on the third where look starts to fail."""
    number = house.new_profile(house.people.alice, "charted")
    fates = (
        {"shop.Cart/adds": "passed", "shop.Cart/pays": "passed", "shop.Site/looks": "passed"},
        {"shop.Cart/adds": "passed", "shop.Cart/pays": "failed", "shop.Site/looks": "passed"},
        {"shop.Cart/adds": "passed", "shop.Cart/pays": "passed", "shop.Site/looks": "failed"},
    )
    for day, tests in enumerate(fates, 1):
        tags = ["nightly", "env:test"] if day == 2 else ["nightly"]
        given(client, number, run(day, tests), tags=tags, branch="main", build=str(day))
    return number


def asked(client: httpx.Client, profile: int, chart: str, **query: Any) -> dict[str, Any]:
    answer = client.get(f"/api/v3/profiles/{profile}/charts/{chart}", params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def values(found: dict[str, Any], *columns: str) -> list[tuple[Any, ...]]:
    """The rows' values in these columns."""
    titles = [each["title"] for each in found["columns"]]
    at = [titles.index(column) for column in columns]
    return [tuple(row[place]["value"] for place in at) for row in found["rows"]]


def test_the_bars_tell_how_each_segment_ended_and_lead_deeper(
    client: httpx.Client, profile: int
) -> None:
    top = asked(client, profile, "bar")
    assert top["path"] == ["all"]  # a lone bar is stepped into
    assert values(top, "Name", "Tests", "Passed", "Failed") == [
        ("shop.Site", 1, 0, 1),
        ("shop.Cart", 2, 2, 0),
    ]
    below = asked(client, profile, "bar", path=["all", "shop.Cart"])
    assert values(below, "Name", "Passed", "Failed") == [("adds", 1, 0), ("pays", 1, 0)]
    page = client.get(top["data"]["parts"][0]["url"], headers={"accept": "text/html"})
    assert page.status_code == 200
    assert "looks" in page.text


def test_a_day_a_range_a_tag_and_a_branch_choose_the_reports(
    client: httpx.Client, profile: int
) -> None:
    def failed(**query: Any) -> list[tuple[Any, ...]]:
        found = values(asked(client, profile, "bar", **query), "Name", "Failed")
        return [row for row in found if row[1]]

    assert failed() == [("shop.Site", 1)]
    assert failed(until="2026-03-02") == [("shop.Cart", 1)]
    assert failed(until="2026-03-02T09:00:00Z") == []
    assert failed(tag="env:test") == [("shop.Cart", 1)]
    assert failed(tag=["env:test", "weekly"]) == []
    assert failed(branch="other") == []
    reports = asked(client, profile, "bar", until="2026-03-10", range="5d")["data"]["reports"]
    assert reports == []


def test_the_pie_s_slices_lead_to_the_results(client: httpx.Client, profile: int) -> None:
    found = asked(client, profile, "pie")
    assert [(each["status"], each["count"]) for each in found["data"]["slices"]] == [
        ("failed", 1),
        ("passed", 2),
    ]
    page = client.get(found["data"]["slices"][0]["url"], headers={"accept": "text/html"})
    assert "looks" in page.text


def test_what_began_to_fail_and_what_was_fixed_stand_apart(
    client: httpx.Client, profile: int
) -> None:
    columns = ("Name", "New failures", "Fixed")
    top = asked(client, profile, "difference")
    assert values(top, *columns) == [("shop.Site", 1, 0), ("shop.Cart", 0, 1)]
    below = asked(client, profile, "difference", path=["all", "shop.Cart"])
    assert values(below, *columns) == [("pays", 0, 1)]
    found = asked(client, profile, "comparison")
    assert values(found, "Change", "Test", "Error") == [
        ("new failure", "looks", "no"),
        ("fixed", "pays", ""),
    ]
    first = asked(client, profile, "comparison", until="2026-03-01")
    assert (first["data"]["before"], first["rows"]) == (None, [])


def test_the_statistics_say_which_way_each_figure_went(client: httpx.Client, profile: int) -> None:
    found = asked(client, profile, "statistics")
    figures = {each["title"]: (each["now"], each["before"]) for each in found["data"]["figures"]}
    assert figures["Failed tests"] == (1, 1)
    assert figures["Passed tests"] == (2, 2)
    assert figures["Flakiness score"] == (2 / 3, 1 / 3)
    assert figures["Average test duration"] == (1.0, 1.0)
    assert values(found, "Change")[2] == ("▲ 33.3\u00a0%",)


def test_flakiness_is_changes_of_those_there_could_have_been(
    client: httpx.Client, profile: int
) -> None:
    found = asked(client, profile, "flakiness")
    columns = ("Test", "Flakiness", "Changes", "Possible (runs − 1)", "Latest")
    assert values(found, *columns) == [
        ("pays", 1.0, 2, 2, "passed"),
        ("looks", 0.5, 1, 2, "failed"),
    ]
    squares = found["data"]["rows"][0]["squares"]
    assert [each["status"] for each in squares] == ["passed", "failed", "passed"]
    assert squares[1]["words"].splitlines()[1:] == [
        "failed · 1.00\u00a0s · 2026-03-02 10:00:00 UTC",
        "no",
    ]
    page = client.get(squares[1]["url"], headers={"accept": "text/html"})
    assert "pays" in page.text


def test_more_of_the_flaky_tests_follow(house: House, client: httpx.Client) -> None:
    number = house.new_profile(house.people.alice, "very flaky")
    for day, fate in ((1, "passed"), (2, "failed")):
        given(client, number, run(day, {f"a/t{n:02}": fate for n in range(23)}))
    first = asked(client, number, "flakiness")
    assert len(first["rows"]) == 20
    assert first["data"]["more_url"].endswith("offset=20")
    rest = asked(client, number, "flakiness", offset=20)
    assert values(rest, "Test") == [("t20",), ("t21",), ("t22",)]
    assert rest["data"]["more_url"] == ""


def test_the_durations_tell_the_runs_and_their_parts(client: httpx.Client, profile: int) -> None:
    found = asked(client, profile, "durations")
    assert [each["title"] for each in found["data"]["parts"]] == ["shop.Cart", "shop.Site"]
    assert [each["values"] for each in found["data"]["parts"]] == [[2.0] * 3, [1.0] * 3]
    below = asked(client, profile, "durations", path=["all", "shop.Cart"])
    assert below["data"]["whole"]["values"] == [2.0] * 3
    assert [each["title"] for each in below["data"]["parts"]] == ["adds", "pays"]


def test_the_history_says_how_long_the_build_took(house: House, client: httpx.Client) -> None:
    number = house.new_profile(house.people.alice, "built")
    for day in (1, 2):
        told = {"ciBuildDuration": f"{day}00000", "ciExecutedOn": "north"}
        ran = {"assay": 1, "type": "run", "date": f"2026-03-0{day}T10:00:00Z", "build": f"{day}"}
        test = {"type": "result", "path": ["a"], "name": "b", "status": "broken", "duration": 2}
        lines = (json.dumps(each) for each in (ran | {"metadata": told}, test))
        given(client, number, "\n".join(lines).encode())
    found = asked(client, number, "historical")
    assert values(found, "Tests", "Broken", "Build", "Tests took", "Build took") == [
        (1, 1, "2", 2.0, 200.0),
        (1, 1, "1", 2.0, 100.0),
    ]
    table = asked(client, number, "overview")
    assert values(table, "Build", "ciBuildDuration", "ciExecutedOn")[0] == ("2", "200000", "north")
    chosen = asked(client, number, "overview", column=["ciExecutedOn", "nobody"])
    assert [each["title"] for each in chosen["columns"]][-3:] == ["Build", "ciExecutedOn", "nobody"]
    assert values(chosen, "ciExecutedOn", "nobody")[0] == ("north", "")


def test_the_barometer_joins_the_flakiest_the_durations_and_the_latest(
    client: httpx.Client, profile: int
) -> None:
    data = asked(client, profile, "barometer")["data"]
    assert [row["name"] for row in data["flaky"]["rows"]] == ["pays", "looks"]
    assert len(data["history"]["runs"]) == 3
    drawn = client.get(f"/profiles/{profile}/charts/barometer.svg").text
    for part in ("flakiness", "durations", "pie"):
        assert f"/profiles/{profile}/charts/{part}" in drawn


def test_the_details_come_failures_first_and_a_page_at_a_time(
    house: House, client: httpx.Client
) -> None:
    number = house.new_profile(house.people.alice, "long")
    tests = {f"a/t{n:03}": "failed" if n == 70 else "passed" for n in range(130)}
    given(client, number, run(1, tests))
    first = asked(client, number, "details")
    assert values(first, "Result", "Test", "Error")[0] == ("failed", "t070", "no")
    rest = client.get(first["data"]["more_url"], headers={"accept": "text/html"})
    assert "t129" in rest.text
    assert "t070" not in rest.text


def test_a_profile_of_tests_is_offered_no_charts_of_load(
    client: httpx.Client, profile: int
) -> None:
    offered = client.get(f"/api/v3/profiles/{profile}/charts").json()["items"]
    assert {each["name"] for each in offered} == {
        each.name for each in CHARTS if Fit.FUNCTIONAL in each.fits
    }


def test_a_set_tells_of_the_latest_run_of_each_member(house: House, client: httpx.Client) -> None:
    alice = house.people.alice
    one, two, inner, outer = (house.new_profile(alice, f"set {n}") for n in range(4))
    catalog = open_catalog(house.server.settings.catalog_url)
    with catalog.write() as conn:
        sets = profiles.c.id.in_([inner, outer])
        conn.execute(update(profiles).where(sets).values(kind="set"))
        pairs = ((inner, one), (outer, inner), (outer, two), (inner, outer))
        rows = [{"set_id": a, "member_id": b, "place": 0} for a, b in pairs]
        conn.execute(insert(set_members), rows)
    catalog.close()
    given(client, one, run(1, {"x/old": "failed"}))
    given(client, one, run(2, {"x/a": "passed", "y/b": "failed"}))
    given(client, two, run(1, {"x/c": "failed"}))
    found = asked(client, outer, "aggregate")
    assert values(found, "Name", "Tests", "Failed") == [("x", 2, 1), ("y", 1, 1)]
    assert len(found["data"]["reports"]) == 2
    slices = asked(client, outer, "pie")["data"]["slices"]
    assert {each["status"]: each["count"] for each in slices} == {"failed": 2, "passed": 1}
    offered = client.get(f"/api/v3/profiles/{outer}/charts").json()["items"]
    assert {each["name"] for each in offered} == {"aggregate", "pie", "overview"}
    overview = asked(client, outer, "overview")
    assert {name[:5] for (name,) in values(overview, "Profile")} == {
        "set 0",
        "set 1",
    }


@pytest.mark.parametrize("chart", NAMES)
def test_every_chart_is_a_page_a_drawing_a_picture_and_a_table(
    client: httpx.Client, profile: int, chart: str
) -> None:
    at = f"/profiles/{profile}/charts/{chart}"
    page = client.get(at, headers={"accept": "text/html"})
    assert page.status_code == 200, page.text
    drawn = client.get(f"{at}.svg")
    assert drawn.headers["content-type"].startswith("image/svg+xml")
    ElementTree.fromstring(drawn.content)
    made = client.get(f"{at}.png", params={"w": 400, "h": 300}).content
    assert made[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(made[16:20], "big") == 2 * (400 + 32)
    table = client.get(f"{at}.csv").text
    found = client.get(f"{at}.json").json()
    assert next(csv.reader(StringIO(table))) == [each["title"] for each in found["columns"]]
    assert found["data"] == asked(client, profile, chart)["data"]
    tile = client.get(f"{at}/tile", params={"w": 300, "h": 200})
    assert tile.text.lstrip().startswith('<div class="tile"')


@pytest.mark.parametrize("chart", [each.name for each in CHARTS if Fit.FUNCTIONAL in each.fits])
def test_a_small_tile_is_drawn_small_and_not_shrunk(
    client: httpx.Client, profile: int, chart: str
) -> None:
    size = {"w": 300, "h": 180}
    drawn = client.get(f"/profiles/{profile}/charts/{chart}.svg", params=size).content
    box = ElementTree.fromstring(drawn).get("viewBox", "").split()
    assert float(box[2]) == 300 + 32
    assert float(box[3]) <= 180 + 32


@pytest.mark.parametrize("chart", NAMES)
def test_every_chart_has_words_for_a_profile_without_reports(
    house: House, client: httpx.Client, chart: str
) -> None:
    empty = house.new_profile(house.people.alice, "vacant")
    at = f"/profiles/{empty}/charts/{chart}"
    assert client.get(at, headers={"accept": "text/html"}).status_code == 200
    ElementTree.fromstring(client.get(f"{at}.svg").content)
    assert client.get(f"{at}.png").content.startswith(b"\x89PNG")


@pytest.mark.parametrize("chart", NAMES)
def test_a_name_of_a_test_does_nothing_in_a_drawing(
    house: House, client: httpx.Client, chart: str
) -> None:
    number = house.new_profile(house.people.alice, "hostile")
    for day, fate in ((1, "passed"), (2, "failed"), (3, "passed")):
        tests = {f"{HOSTILE}/{HOSTILE}": fate, f"b/=1+1{HOSTILE}": "passed"}
        given(client, number, run(day, tests), tags=[HOSTILE], branch=HOSTILE, build=HOSTILE)
    at = f"/profiles/{number}/charts/{chart}"
    for address in (at, f"{at}/tile", f"{at}.svg"):
        answer = client.get(address, headers={"accept": "text/html"})
        assert answer.status_code == 200
        assert "<script>alert" not in answer.text
    ElementTree.fromstring(client.get(f"{at}.svg").content)
    for row in csv.reader(StringIO(client.get(f"{at}.csv").text)):
        assert not any(cell.startswith(("=", "+", "@")) for cell in row)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"range": "often"}, "is no range"),
        ({"until": "yesterday"}, "is no date"),
    ],
)
def test_what_no_chart_understands_is_said(
    client: httpx.Client, profile: int, query: dict[str, str], said: str
) -> None:
    answer = client.get(f"/api/v3/profiles/{profile}/charts/pie", params=query)
    assert answer.status_code == 422
    assert said in answer.json()["message"]
    unknown = client.get(f"/api/v3/profiles/{profile}/charts/nonesuch")
    assert unknown.status_code == 404
    assert ", pie, " in unknown.json()["message"]


def test_a_strangers_charts_are_not_there(house: House, profile: int) -> None:
    with house.client(house.people.charlie) as charlie:
        for end in ("", "/pie", "/pie.svg", "/pie.png", "/pie.csv", "/pie.json", "/pie/tile"):
            answer = charlie.get(f"/profiles/{profile}/charts{end}")
            assert answer.status_code == 404, end
