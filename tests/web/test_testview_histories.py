"""Tools that deliver their whole history each time: only what is new of it becomes reports."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.house import House
from support.testview_wire import PLUGIN, Target, reports_of, send, specification

SAMPLES = Path(__file__).parents[1] / "samples"
SUITE = (SAMPLES / "fitnesse" / "history.xml").read_bytes()
PAGE = (SAMPLES / "fitnesse" / "suite.xml").read_bytes()
LOG = (SAMPLES / "gatling" / "simulation.log").read_bytes()
HISTORY = "wiki/FitNesseRoot/files/testResults"


def suite(day: int) -> dict[str, bytes]:
    """A run of the sample's suite on a day of May, as FitNesse keeps it, with a page's own file."""
    stamp = f"202605{day:02}100000"
    at = f"2026-05-{day:02}T10:00:00Z"
    told = SUITE.replace(b"20260504100000", stamp.encode())
    told = told.replace(b"2026-05-04T10:00:00Z", at.encode())
    return {
        f"{HISTORY}/ShopSuite/{stamp}_3_1_0_1.xml": told,
        f"{HISTORY}/ShopSuite.BasketSuite.AddsUp/{stamp}_3_0_0_0.xml": PAGE,
    }


@pytest.fixture
def fitnesse(house: House) -> Target:
    return specification(house, house.people.alice, "acceptance", tool="xlt.FitNesse")


@pytest.fixture
def gatling(house: House) -> Target:
    return specification(house, house.people.alice, "load", tool="xlt.Gatling")


def dates(house: House, target: Target) -> list[str]:
    """Of the reports that show, the oldest first."""
    return [each["date"][:10] for each in reversed(reports_of(house, house.people.alice, target))]


def test_a_history_of_fitnesse_is_a_report_a_suites_run(house: House, fitnesse: Target) -> None:
    wiki = {"wiki/FitNesseRoot/ShopSuite/properties.xml": b"<properties/>"}
    first = send(house, fitnesse, suite(4) | suite(5) | wiki, PLUGIN)
    assert first.status == 200, first.body
    assert dates(house, fitnesse) == ["2026-05-04", "2026-05-05"]
    assert len(first.json()["testRunId"]) == 2
    longer = send(house, fitnesse, suite(4) | suite(5) | suite(6), PLUGIN | {"buildNumber": "8"})
    assert len(longer.json()["testRunId"]) == 1
    assert dates(house, fitnesse) == ["2026-05-04", "2026-05-05", "2026-05-06"]
    builds = [each["build"] for each in reports_of(house, house.people.alice, fitnesse)]
    assert builds == ["8", "7", "7"]
    assert send(house, fitnesse, suite(4) | suite(6), {}).status == 304


def test_a_page_that_ran_in_a_suite_belongs_to_its_run(house: House, fitnesse: Target) -> None:
    alice = house.people.alice
    assert send(house, fitnesse, suite(4) | suite(5), PLUGIN).status == 200
    for report in reports_of(house, alice, fitnesse):
        with house.client(alice) as client:
            page = client.get(f"/reports/{report['id']}?tab=files").text
        stamp = report["date"][:10].replace("-", "")
        assert f"ShopSuite.BasketSuite.AddsUp/{stamp}100000_3_0_0_0.xml" in page or (
            f"{stamp}100000_3_0_0_0.xml" in page
        )


def test_a_page_that_ran_alone_is_a_run(house: House, fitnesse: Target) -> None:
    alone = {f"{HISTORY}/ShopSuite.BasketSuite.AddsUp/20260507100000_3_0_0_0.xml": PAGE}
    answer = send(house, fitnesse, suite(4) | alone, PLUGIN)
    assert len(answer.json()["testRunId"]) == 2


def simulation(seconds: int) -> dict[str, bytes]:
    """A folder as Gatling writes it, of a run that began so many seconds later than the sample."""
    began = int(LOG.partition(b"RUN\t")[2].split(b"\t")[2])
    later = str(began + seconds * 1000).encode()
    folder = f"target/gatling/shop-{later.decode()}"
    return {
        f"{folder}/simulation.log": LOG.replace(str(began).encode(), later),
        f"{folder}/index.html": b"<html>the page of this run</html>",
    }


def test_a_folder_of_gatling_is_a_report(house: House, gatling: Target) -> None:
    alice = house.people.alice
    first = send(house, gatling, simulation(0), PLUGIN)
    assert first.status == 200, first.body
    longer = send(house, gatling, simulation(0) | simulation(60), PLUGIN | {"buildNumber": "8"})
    assert len(longer.json()["testRunId"]) == 1
    newest, oldest = reports_of(house, alice, gatling)
    assert (newest["build"], oldest["build"]) == ("8", "7")
    assert newest["date"] > oldest["date"]
    with house.client(alice) as client:
        assert "index.html" in client.get(f"/reports/{newest['id']}?tab=files").text
    assert send(house, gatling, simulation(60), {}).status == 304


def test_one_broken_run_keeps_all_out(house: House, gatling: Target) -> None:
    broken = {name: b"RUN\tx" for name in simulation(120) if name.endswith("log")}
    answer = send(house, gatling, simulation(0) | broken, PLUGIN)
    assert answer.status == 422
    assert "simulation.log" in answer.json()["message"]
    assert reports_of(house, house.people.alice, gatling) == []
    assert send(house, gatling, simulation(0), PLUGIN).status == 200


def test_each_file_of_jmeter_is_a_report(house: House) -> None:
    target = specification(house, house.people.alice, "jmeter", tool="xlt.JMeterCSV")
    log = (SAMPLES / "jmetercsv" / "shop.csv").read_bytes()
    assert send(house, target, {"one/shop.jtl": log}, {}).status == 200
    longer = send(house, target, {"one/shop.jtl": log, "two/shop.jtl": log, "x.txt": b""}, {})
    assert len(longer.json()["testRunId"]) == 1


def test_a_removed_run_takes_only_its_own_files(house: House, gatling: Target) -> None:
    alice = house.people.alice
    both = simulation(0) | simulation(60) | {"notes.txt": b"for the first"}
    assert send(house, gatling, both, PLUGIN).status == 200
    newest, oldest = reports_of(house, alice, gatling)
    with house.client(alice) as client:
        assert "notes.txt" in client.get(f"/reports/{oldest['id']}?tab=files").text
        gone = client.delete(f"/api/v3/reports/{oldest['id']}", params={"forever": True})
        assert gone.status_code == 204
        (file,) = [
            each
            for each in client.get(f"/api/v3/imports/{newest['import_id']}").json()["files"]
            if each["kind"] == "file"
        ]
        assert file["name"].endswith("simulation.log")
