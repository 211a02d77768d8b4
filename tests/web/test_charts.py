"""Charts through the door: what they find in a history that is known, and how they leave."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO
from typing import Any
from xml.etree import ElementTree
from xml.sax.saxutils import quoteattr

import httpx
import pytest

from assay.charts import CHARTS
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
    assert "There are: bar, " in unknown.json()["message"]


def test_a_strangers_charts_are_not_there(house: House, profile: int) -> None:
    with house.client(house.people.charlie) as charlie:
        for end in ("", "/pie", "/pie.svg", "/pie.png", "/pie.csv", "/pie.json", "/pie/tile"):
            answer = charlie.get(f"/profiles/{profile}/charts{end}")
            assert answer.status_code == 404, end
