"""Whole folders, as the users of a tool zip them: each report once, its files with the tests."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import httpx
import pytest

from support.house import House, given

SAMPLES = Path(__file__).parents[1] / "samples"

PICTURE = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


@pytest.fixture
def alice(house: House) -> Any:
    with house.client(house.people.alice) as client:
        yield client


def sent(house: House, alice: httpx.Client, members: dict[str, bytes]) -> dict[str, Any]:
    profile = house.new_profile(house.people.alice, "Folders")
    return given(alice, profile, zipped(members))


def log_of(alice: httpx.Client, report: dict[str, Any]) -> str:
    found = alice.get(f"/api/v3/imports/{report['import_id']}").json()
    return "\n".join(f"{line['file']}: {line['message']}" for line in found["log"])


def test_maven_s_target_has_each_report_and_keeps_the_rest(
    house: House, alice: httpx.Client
) -> None:
    report = sent(
        house,
        alice,
        {
            "target/classes/com/example/Cart.class": b"\xca\xfe\xba\xbe\0\0",
            "target/surefire-reports/TEST-com.example.CartTest.xml": sample("junit/surefire.xml"),
            "target/surefire-reports/com.example.CartTest.txt": (
                b"-------\nTest set: com.example.CartTest\n-------\nTests run: 4, Failures: 1\n"
            ),
            "target/cucumber.json": sample("cucumber/cucumber-js-green.json"),
            "target/site/index.html": b"<html><body>Surefire Report</body></html>",
        },
    )
    profile = house.new_profile(house.people.alice, "One by one")
    cases = given(alice, profile, sample("junit/surefire.xml"))["counts"]["total"]
    scenarios = given(alice, profile, sample("cucumber/cucumber-js-green.json"))["counts"]["total"]
    assert report["counts"]["total"] == cases + scenarios
    assert report["origin"] == "cucumber, junit"


def test_what_testng_says_twice_is_read_once(house: House, alice: httpx.Client) -> None:
    folder = "target/surefire-reports"
    members = {
        f"{folder}/TEST-TestSuite.xml": sample("junit/surefire.xml"),
        f"{folder}/junitreports/TEST-com.example.CartTest.xml": sample("junit/surefire.xml"),
        f"{folder}/testng-results.xml": sample("testng/testng-results-smoke.xml"),
        "target/failsafe-reports/TEST-com.example.CartIT.xml": sample("junit/jest.xml"),
    }
    both = sent(house, alice, members)
    alone = {name: data for name, data in members.items() if "surefire-reports/" not in name}
    rest = sent(house, alice, alone)["counts"]["total"]
    testng = sent(house, alice, {"testng-results.xml": members[f"{folder}/testng-results.xml"]})
    assert both["counts"]["total"] == rest + testng["counts"]["total"]
    assert "TEST-TestSuite.xml: TestNG beside it says the same" in log_of(alice, both)


def test_a_better_report_that_cannot_be_read_leaves_the_other(
    house: House, alice: httpx.Client
) -> None:
    report = sent(
        house,
        alice,
        {
            "reports/TEST-a.xml": sample("junit/jest.xml"),
            "reports/testng-results.xml": b"<testng-results><suite>",
        },
    )
    assert report["counts"]["total"] > 0
    assert "beside it" not in log_of(alice, report)


def test_playwright_s_folders_are_one_report_with_its_traces(
    house: House, alice: httpx.Client
) -> None:
    named = sample("playwright/playwright.json")
    report = sent(
        house,
        alice,
        {
            "results.json": named,
            "playwright-report/index.html": sample("playwrighthtml/playwright.html"),
            "test-results/left-over/trace.zip": zipped({"trace.trace": b"{}"}),
        },
    )
    profile = house.new_profile(house.people.alice, "Alone")
    alone = given(alice, profile, named)
    assert report["counts"] == alone["counts"]
    assert "index.html: Playwright" in log_of(alice, report)


def test_allure_s_results_are_one_report_with_their_files(
    house: House, alice: httpx.Client
) -> None:
    folder = SAMPLES / "allure" / "pytest"
    members = {
        f"allure-results/{path.name}": path.read_bytes() for path in sorted(folder.iterdir())
    }
    members["allure-results/environment.properties"] = b"Browser=chromium"
    members["allure-results/notes.txt"] = b"Look at the second one"
    report = sent(house, alice, members)
    assert report["origin"] == "allure"
    assert report["metadata"]["Browser"] == "chromium"
    log = log_of(alice, report)
    assert "environment.properties" not in log, "it was read with the rest"
    assert "notes.txt: Not a report that Assay knows; kept as an attachment" in log
    assert f"{report['counts']['total']} results of" in log
    tries = sum(name.endswith("-result.json") for name in members)
    assert report["counts"] | {"total": tries - 1, "flaky": 1} == report["counts"]
    results = alice.get(f"/api/v3/reports/{report['id']}/results").json()["items"]
    whole = [
        alice.get(f"/api/v3/reports/{report['id']}/results/{each['position']}").json()
        for each in results
    ]
    files = [found for each in whole for found in files_of(each)]
    assert len(files) == 2
    assert all(found["url"] for found in files), "they came along"


def files_of(told: dict[str, Any]) -> list[dict[str, Any]]:
    """The files of a result, or of a step, and of the steps within."""
    inside = [found for step in told["steps"] for found in files_of(step)]
    return [*told["attachments"], *inside]
