"""What is said of a build: shown with its report, linked, searched for and chosen by."""

from __future__ import annotations

import re
from typing import Any

import pytest

from support.house import House
from support.testview_wire import PLUGIN, RESULTS, Target, reports_of, send, specification


@pytest.fixture(scope="module")
def builds(house: House) -> Target:
    """A profile with two builds of one job, and one of another that is up to no good."""
    target = specification(house, house.people.alice, "builds", tool="xlt.JUnit")
    odd = {"jobName": "<b>evil</b>", "jobUrl": "javascript:alert(1)", "buildUrl": "data:x"}
    for number, more in (("7", {}), ("8", {"note": "Größe 100%_"}), ("9", odd)):
        answer = send(house, target, RESULTS, PLUGIN | {"buildNumber": number} | more)
        assert answer.status == 200, answer.body
    return target


def found(house: House, target: Target, **query: str) -> list[str]:
    with house.client(house.people.alice) as client:
        answer = client.get(f"/api/v3/profiles/{target.profile}/reports", params=query)
        assert answer.status_code == 200, answer.text
        items: list[dict[str, Any]] = answer.json()["items"]
        return sorted(each["build"] for each in items)


def test_reports_are_found_by_what_their_metadata_say(house: House, builds: Target) -> None:
    assert found(house, builds, q="AGENT-3") == ["7", "8", "9"]
    assert found(house, builds, q="größe 100%_") == ["8"]
    assert found(house, builds, q="100_") == []
    assert found(house, builds, q="ciJobName") == []


def test_reports_are_chosen_by_one_of_their_metadata(house: House, builds: Target) -> None:
    assert found(house, builds, metadata="ciJobName:shop/web") == ["7", "8"]
    assert found(house, builds, metadata="ciJobName:shop") == []
    assert found(house, builds, metadata="note") == ["8"]
    assert found(house, builds, metadata="ciBuildUrl:data:x") == ["9"]
    assert found(house, builds, metadata="\0'\":x") == []


def test_the_page_of_reports_chooses_by_them_too(house: House, builds: Target) -> None:
    with house.client(house.people.alice) as client:
        query = {"tab": "reports", "metadata": "ciJobName:shop/web"}
        page = client.get(f"/profiles/{builds.profile}", params=query).text
    assert "ciJobName: shop/web" in page
    listed = re.findall(r'name="ids" value="(\d+)"', page)
    chosen = reports_of(house, house.people.alice, builds)[1:]
    assert sorted(map(int, listed)) == sorted(each["id"] for each in chosen)


def test_a_report_leads_to_its_build_and_job(house: House, builds: Target) -> None:
    _, _, seven = reports_of(house, house.people.alice, builds)
    with house.client(house.people.alice) as client:
        page = client.get(f"/reports/{seven['id']}").text
        papers = client.get(f"/reports/{seven['id']}?tab=files").text
    assert 'href="https://ci.example/job/shop/job/web/7/"' in page
    assert 'href="https://ci.example/job/shop/job/web/"' in page
    assert "on agent-3" in page
    assert 'href="https://ci.example/"' in papers
    assert "metadata=ciExecutedOn%3Aagent-3" in papers


def test_only_addresses_of_the_web_are_led_to(house: House, builds: Target) -> None:
    evil, _, _ = reports_of(house, house.people.alice, builds)
    with house.client(house.people.alice) as client:
        for tab in ("failures", "files"):
            page = client.get(f"/reports/{evil['id']}?tab={tab}").text
            assert "&lt;b&gt;evil" in page
            assert 'href="javascript' not in page
            assert 'href="data' not in page
