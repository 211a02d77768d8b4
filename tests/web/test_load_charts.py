"""Charts of load tests through the door: one run, and run after run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from support.house import House, given

SAMPLES = Path(__file__).parent.parent / "samples"

Times = dict[str, list[int]]


def jtl(day: int, times: Times, failed: tuple[str, ...] = ()) -> bytes:
    """A run of March 2026 as JMeter writes it: milliseconds by request, one a second; of those in
    `failed` the first fails."""
    rows = ["timeStamp,elapsed,label,responseCode,success,threadName"]
    for label, each in times.items():
        for number, took in enumerate(each):
            at = 1_772_323_200_000 + (day - 1) * 86_400_000 + number * 1000
            fails = label in failed and not number
            rows.append(f"{at},{took},{label},{_ended(fails)},Shoppers 1-1")
    return "\n".join(rows).encode()


def _ended(fails: bool) -> str:
    return "500,false" if fails else "200,true"


@pytest.fixture(scope="module")
def client(house: House) -> Iterator[httpx.Client]:
    with house.client(house.people.alice) as client:
        yield client


@pytest.fixture(scope="module")
def profile(house: House, client: httpx.Client) -> int:
    """Eight runs: from the sixth on, pay takes twice as long; in the last, one look fails."""
    number = house.new_profile(house.people.alice, "loaded")
    for day in range(1, 9):
        pays = [200, 400] if day > 5 else [100, 200]
        times = {"look": [10, 20, 30, 40], "pay": pays}
        document = jtl(day, times, ("look",) if day == 8 else ())
        given(client, number, document, build=str(day), tags=["nightly"] if day % 2 else [])
    return number


def asked(client: httpx.Client, profile: int, chart: str, **query: Any) -> dict[str, Any]:
    answer = client.get(f"/api/v3/profiles/{profile}/charts/{chart}", params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def values(found: dict[str, Any], *columns: str) -> list[tuple[Any, ...]]:
    titles = [each["title"] for each in found["columns"]]
    at = [titles.index(column) for column in columns]
    return [tuple(row[place]["value"] for place in at) for row in found["rows"]]


def page(client: httpx.Client, url: str) -> str:
    answer = client.get(url, headers={"accept": "text/html"})
    assert answer.status_code == 200, url
    return answer.text


def test_a_run_s_requests_come_with_all_their_figures(client: httpx.Client, profile: int) -> None:
    found = asked(client, profile, "load")
    columns = ("Request", "Requests", "Errors", "Error rate", "Mean", "p95", "Max")
    assert values(found, *columns) == [
        ("All requests", 6, 1, pytest.approx(1 / 6), pytest.approx(0.7 / 6), None, 0.4),
        ("look", 4, 1, 0.25, 0.025, 0.04, 0.04),
        ("pay", 2, 0, 0, pytest.approx(0.3), 0.4, 0.4),
    ]
    assert values(found, "Per second")[1] == (pytest.approx(4 / 3.04),)
    slowest = asked(client, profile, "load", metric="p95")
    assert [row[0] for row in values(slowest, "Request")] == ["All requests", "pay", "look"]


def test_every_figure_of_a_run_leads_on(client: httpx.Client, profile: int) -> None:
    found = asked(client, profile, "load")
    look = found["rows"][1]
    assert "1 of 4 requests failed" in page(client, look[0]["url"])
    assert all(entry["url"] for entry in look if isinstance(entry["value"], float))
    for entry in look:
        if entry["url"]:
            page(client, entry["url"])


def test_the_run_is_the_latest_of_a_stretch_of_time(client: httpx.Client, profile: int) -> None:
    first = asked(client, profile, "load", until="2026-03-01")
    assert values(first, "Request", "p95")[2] == ("pay", 0.2)
    tagged = asked(client, profile, "load", tag="nightly")
    assert tagged["data"]["run"]["build"] == "7"


def test_a_metric_is_followed_over_the_runs_and_its_step_is_seen(
    client: httpx.Client, profile: int
) -> None:
    found = asked(client, profile, "trends", metric="p95")
    assert values(found, "Request", "Latest", "Usual", "Least", "Most", "Runs", "Steps") == [
        ("look", 0.04, 0.04, 0.04, 0.04, 8, 0),
        ("pay", 0.4, 0.2, 0.2, 0.4, 8, 1),
    ]
    pay = found["data"]["series"][1]
    assert pay["steps"] == {"5": 0.2}
    assert "1 of 2" not in page(client, pay["urls"][5])
    drawn = client.get(f"/profiles/{profile}/charts/trends.svg").text
    assert drawn.count('<polyline class="failed"') == 1
    assert "▲ 100\u00a0% on usual" in drawn


def test_without_a_percentile_all_requests_together_are_a_line_too(
    client: httpx.Client, profile: int
) -> None:
    means = asked(client, profile, "trends", metric="mean")
    assert values(means, "Request", "Latest") == [
        ("All requests", pytest.approx(0.7 / 6)),
        ("look", 0.025),
        ("pay", pytest.approx(0.3)),
    ]
    rates = asked(client, profile, "trends", metric="error rate")
    assert values(rates, "Request", "Latest", "Steps")[1] == ("look", 0.25, 1)
    assert asked(client, profile, "trends", metric="colour")["data"]["metric"] == "p95"


def test_a_click_on_a_request_shows_it_alone_with_all_its_figures(
    client: httpx.Client, profile: int
) -> None:
    many = asked(client, profile, "trends")
    name = next(row[0] for row in many["rows"] if row[0]["value"] == "pay")
    assert "path=Shoppers&path=pay" in name["url"]
    html = page(client, name["url"])
    assert html.count("<tr data-row>") == 8
    alone = asked(client, profile, "trends", path=["Shoppers", "pay"], range="4")
    assert values(alone, "Build", "Requests", "Mean", "p95", "Step") == [
        ("8", 2, pytest.approx(0.3), 0.4, ""),
        ("7", 2, pytest.approx(0.3), 0.4, ""),
        ("6", 2, pytest.approx(0.3), 0.4, ""),
        ("5", 2, pytest.approx(0.15), 0.2, ""),
    ]
    below = asked(client, profile, "trends", path=["Shoppers"])
    assert [row[0] for row in values(below, "Request")] == ["look", "pay"]
    assert asked(client, profile, "trends", path=["nobody"])["rows"] == []


def test_requests_that_nobody_can_list_at_once_come_in_pages(
    house: House, client: httpx.Client
) -> None:
    number = house.new_profile(house.people.alice, "wide")
    given(client, number, jtl(1, {f"<b>{n:03} {'x' * 300}": [n + 1] for n in range(130)}))
    first = asked(client, number, "load", metric="mean")
    assert len(first["rows"]) == 101
    assert first["data"]["count"] == 130
    html = page(client, f"/profiles/{number}/charts/load?metric=mean")
    assert "<b>129" not in html
    assert "and 118 more requests" in html
    assert "offset=100" in first["data"]["more_url"]
    rest = asked(client, number, "load", metric="mean", offset=100)
    assert [row[0][:6] for row in values(rest, "Request")][-1] == "<b>000"
    trends = asked(client, number, "trends")
    assert len(trends["rows"]) == 41


@pytest.mark.parametrize(
    ("sample", "requests"),
    [
        ("gatling/simulation.log", ["Home", "Cart", "Pay"]),
        ("gatling/stats.json", ["Home", "Cart", "Pay"]),
        ("jmeter/shop.xml", ["Home", "Books", "Cart"]),
        ("locust/shop.json", ["GET Home", "POST /cart", 'GET Old page, "moved"']),
        ("k6stream/points.json", ["GET http://127.0.0.1:8089/"]),
    ],
)
def test_every_load_tool_s_requests_are_told(
    house: House, client: httpx.Client, sample: str, requests: list[str]
) -> None:
    number = house.new_profile(house.people.alice, sample.partition("/")[0])
    given(client, number, (SAMPLES / sample).read_bytes())
    found = asked(client, number, "load")
    assert [row[0] for row in values(found, "Request")][1 : len(requests) + 1] == requests
    drawn = client.get(f"/profiles/{number}/charts/load.svg")
    assert requests[0].replace('"', "&quot;")[:12] in drawn.text
