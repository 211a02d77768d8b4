"""A report, taken out: whole where the format can hold it, and safe to open."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest

from assay.formats import by_name
from assay.formats.calliope import write
from assay.formats.examples import example
from assay.model import Container, Error, Item, Measurement, Result, Run, Status
from assay.web.pages.exports import EXPORTS
from support.house import REPORT, House, given, upload
from support.server import ended
from support.shop import picture

SAMPLES = Path(__file__).parent.parent / "samples"
FILES = [
    "junit/pytest.xml",
    "junit/surefire.xml",
    "cucumber/cucumber-js.json",
    "ctrf/playwright.json",
    "robotframework/robot-7.xml",
    "testng/testng-results.xml",
]
OURS = {"id", "uuid", "created_at", "import_id", "url", "changes", "profile_id", "origin"}
THEIRS = {"id", "profile_id", "import_id", "created_at", "updated_at", "origin"}

each_export = pytest.mark.parametrize("kind", [each.name for each in EXPORTS])

HOSTILE = """</script><script>alert(1)</script><img src=x onerror=alert(2)>"'&"""


def exported(client: httpx.Client, report: dict[str, Any], kind: str) -> httpx.Response:
    answer = client.get(f"/api/v3/reports/{report['id']}/export/{kind}")
    assert answer.status_code == 200, answer.text
    return answer


def calliope(*items: Item, run: Run | None = None) -> bytes:
    return b"".join(write(items, run))


# Every export


@each_export
def test_it_is_a_file_named_after_profile_and_report(house: House, kind: str) -> None:
    with house.client(house.people.alice) as alice:
        profile = house.new_profile(house.people.alice, 'größe/"x"\r\n')
        report = given(alice, profile)
        answer = exported(alice, report, kind)
    found = next(each for each in EXPORTS if each.name == kind)
    assert answer.headers["content-type"].startswith(found.media_type)
    said = answer.headers["content-disposition"]
    assert re.fullmatch(r"attachment; filename=\"[ -!#-~]+\"; filename\*=UTF-8''[\w.%-]+", said)
    assert said.endswith(f"{report['id']}.{found.extension}")
    for forbidden in ("/", "%2F", "%22", "%0D", "%0A", "\\"):
        assert forbidden not in said


@each_export
def test_bob_may_export_and_charlie_finds_nothing(house: House, kind: str) -> None:
    with house.client(house.people.alice) as alice:
        report = given(alice, house.people.alice.profile.id)
    address = f"/api/v3/reports/{report['id']}/export/{kind}"
    with house.client(house.people.bob) as bob, house.client(house.people.charlie) as charlie:
        assert bob.get(address).status_code == 200
        assert charlie.get(address).status_code == 404
    with house.stranger() as nobody:
        assert nobody.get(address).status_code == 401


@each_export
def test_a_report_that_could_not_be_read_is_not_exported(house: House, kind: str) -> None:
    with house.client(house.people.alice) as alice:
        sent = upload(alice, house.people.alice.profile.id, ("r.xml", b"<testsuite><oh"))
        status = ended(alice, sent.json())
        answer = alice.get(f"/api/v3/reports/{status['report_id']}/export/{kind}")
    assert answer.status_code == 422
    assert "could not be read" in answer.json()["message"]


def test_an_export_that_there_is_not_names_those_that_there_are(house: House) -> None:
    with house.client(house.people.alice) as alice:
        report = given(alice, house.people.alice.profile.id)
        answer = alice.get(f"/api/v3/reports/{report['id']}/export/pdf")
    assert answer.status_code == 404
    for each in EXPORTS:
        assert each.name in answer.json()["message"]


def test_the_description_of_the_api_names_them(house: House) -> None:
    with house.stranger() as nobody:
        described = nobody.get("/api/openapi.json").json()
    route = described["paths"]["/api/v3/reports/{report_id}/export/{kind}"]["get"]
    [kind] = [each for each in route["parameters"] if each["name"] == "kind"]
    assert kind["schema"]["enum"] == [each.name for each in EXPORTS]
    assert set(route["responses"]["200"]["content"]) == {each.media_type for each in EXPORTS}


# Calliope JSON


@pytest.mark.parametrize("name", FILES)
def test_a_report_survives_export_and_import(house: House, name: str) -> None:
    with house.client(house.people.alice) as alice:
        profile = house.new_profile(house.people.alice, "first")
        first = given(alice, profile, (SAMPLES / name).read_bytes(), tags="a:b", branch="main")
        there = alice.get(f"/api/v3/reports/{first['id']}/calliope.json").content
        again = given(
            alice,
            house.new_profile(house.people.alice, "again"),
            there,
            formatter="calliope",
        )
        assert without(again, OURS) == without(first, OURS)
        assert results_of(alice, again) == results_of(alice, first)
        back = exported(alice, again, "calliope").content
    assert without(json.loads(back), THEIRS) == without(json.loads(there), THEIRS)
    assert json.loads(there)["origin"] in by_name(name.partition("/")[0]).aliases


@pytest.mark.parametrize("name", FILES)
def test_it_survives_as_lines_too(house: House, name: str) -> None:
    with house.client(house.people.alice) as alice:
        profile = house.new_profile(house.people.alice, "first")
        first = given(alice, profile, (SAMPLES / name).read_bytes(), tags="a:b", branch="main")
        there = exported(alice, first, "assay").content
        again = given(alice, house.new_profile(house.people.alice, "again"), there)
        assert without(again, OURS) == without(first, OURS)
        assert results_of(alice, again) == results_of(alice, first)
        assert exported(alice, again, "assay").content == there


def test_files_go_along_and_come_back(house: House) -> None:
    image, log = picture(40, 40), b"left over\n"
    named = REPORT.replace(b"at cart.py:12", b"[[ATTACHMENT|shots/a.png]]", 1).replace(
        b"</failure>", b"</failure><system-out>[[ATTACHMENT|shots/a.png]]</system-out>"
    )
    with house.client(house.people.alice) as alice:
        first = given(
            alice,
            house.new_profile(house.people.alice, "files"),
            named,
            attachments=(("shots/a.png", image), ("run.log", log)),
        )
        again = given(
            alice,
            house.new_profile(house.people.alice, "files again"),
            exported(alice, first, "calliope").content,
        )
        for report in (first, again):
            files = alice.get(f"/api/v3/reports/{report['id']}/assets").json()["items"]
            assert [(each["name"], each["position"]) for each in files] == [
                ("a.png", 1), ("run.log", None),
            ]  # fmt: skip
            assert [alice.get(each["url"]).content for each in files] == [image, log]


def test_a_container_is_told_of_once_where_its_results_are(house: House) -> None:
    with house.client(house.people.alice) as alice:
        report = given(alice, house.people.alice.profile.id, example("cucumber"))
        found = exported(alice, report, "calliope").json()
    [feature] = found["containers"]
    assert feature["classification"] == "Feature"
    assert [each["title"] for each in feature["results"]] == ["Adding up", "Vouchers", "Cheques"]
    assert found["count_total"] == found["cached_total"] == 3
    assert found["import_status"] == 0


def test_measurements_and_empty_containers_are_kept(house: House) -> None:
    items = (
        Container(("load",), "Scenario", stdout="warm"),
        Result(("load",), "GET /cart", Status.PASSED, 0.25),
        Measurement(("load",), "GET /cart", "p95", 0.4, "s"),
        Container(("idle",), description="nothing ran"),
    )
    with house.client(house.people.alice) as alice:
        report = given(alice, house.people.alice.profile.id, calliope(*items))
        found = list(by_name("calliope").parse([exported(alice, report, "calliope").content]))
    assert [each for each in found if not isinstance(each, Run)] == [
        items[0],
        items[1],
        items[3],
        items[2],
    ]


# JUnit XML


@pytest.mark.parametrize("name", FILES)
def test_junit_xml_has_every_test_with_how_it_ended(house: House, name: str) -> None:
    with house.client(house.people.alice) as alice:
        profile = house.new_profile(house.people.alice, "junit")
        report = given(alice, profile, (SAMPLES / name).read_bytes())
        document = exported(alice, report, "junit").content
    root = ElementTree.fromstring(document)
    counts = report["counts"]
    assert root.get("tests") == str(counts["total"]) == str(len(root.findall(".//testcase")))
    assert root.get("failures") == str(counts["failed"])
    assert root.get("errors") == str(counts["broken"])
    read = [item for item in by_name("junit").parse([document]) if isinstance(item, Result)]
    assert sum(each.flaky for each in read) == counts["flaky"]


# CSV


def rows(answer: httpx.Response) -> list[dict[str, str]]:
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


def test_csv_has_a_row_a_result(house: House) -> None:
    with house.client(house.people.alice) as alice:
        report = given(alice, house.people.alice.profile.id, branch="main", commit="abc", build="7")
        answer = exported(alice, report, "csv")
        found = rows(answer)
        assert alice.get(found[1]["url"]).status_code == 200
    assert answer.content.count(b"\r\n") == 5
    assert [
        (each["container"], each["name"], each["status"], each["duration_s"]) for each in found
    ] == [
        ("shop › shop.Cart", "adds", "passed", "0.1"),
        ("shop › shop.Cart", "removes", "failed", "0.2"),
        ("shop › shop.Pay", "pays", "broken", "0.3"),
        ("shop › shop.Pay", "refunds", "skipped", ""),
    ]
    failed = found[1]
    assert (failed["error_type"], failed["error_message"]) == (
        "AssertionError",
        "expected 1 but was 2",
    )
    assert failed["error_trace"] == "at cart.py:12"
    assert {(each["branch"], each["commit"], each["build"]) for each in found} == {
        ("main", "abc", "7")
    }
    assert {each["report"] for each in found} == {str(report["id"])}


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "＝"])
def test_no_cell_is_a_formula(house: House, first: str) -> None:
    text = f'{first}cmd|" /C calc"!A0'
    result = Result((text,), text, Status.FAILED, error=Error(text, text, text), description=text)
    with house.client(house.people.alice) as alice:
        report = given(alice, house.people.alice.profile.id, calliope(result))
        [found] = rows(exported(alice, report, "csv"))
    for cell in found.values():
        assert not cell.startswith(first), cell
    assert found["name"] == f"'{text}"


def test_cells_keep_commas_quotes_and_lines(house: House) -> None:
    text = 'a, "b"\nc; d'
    result = Result(("x",), "n", Status.FAILED, error=Error("E", text, "t" * 40_000))
    with house.client(house.people.alice) as alice:
        report = given(alice, house.people.alice.profile.id, calliope(result))
        [found] = rows(exported(alice, report, "csv"))
    assert found["error_message"] == text
    assert len(found["error_trace"]) == 32_000


# HTML


def test_nothing_hostile_gets_out_of_its_place_in_the_html(house: House) -> None:
    result = Result(
        (HOSTILE,), HOSTILE, Status.FAILED,
        error=Error(HOSTILE, HOSTILE, HOSTILE), stdout=HOSTILE, description=HOSTILE,
        tags=(HOSTILE,), metadata={HOSTILE: HOSTILE},
    )  # fmt: skip
    passed = Result((HOSTILE,), f"{HOSTILE} passes", Status.PASSED)
    run = Run(branch=HOSTILE, build=HOSTILE, metadata={HOSTILE: HOSTILE})
    with house.client(house.people.alice) as alice:
        profile = house.new_profile(house.people.alice, HOSTILE[:60])
        report = given(alice, profile, calliope(result, passed, run=run))
        page = exported(alice, report, "html").text
    assert page.count("<script>") == page.count("</script>") == 1
    assert "<img src=x" not in page
    assert "onerror=alert" in page, "as text"


def test_the_html_asks_nobody_for_anything(house: House) -> None:
    with house.client(house.people.alice) as alice:
        report = given(alice, house.people.alice.profile.id)
        page = exported(alice, report, "html").text
    assert not re.search(r"<(link|iframe|object|embed|base|form action)\b", page)
    assert not re.search(r'\b(src|srcset|poster)=(?!"data:)', page)
    assert not re.search(r'url\((?!"data:)|@import', page)
    [policy] = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]+)"', page)
    assert "default-src &#39;none&#39;" in policy
    assert "unsafe" not in policy


def test_a_large_report_makes_a_small_page(house: House) -> None:
    cases = "".join(
        f"<testcase classname='c{n // 100}' name='test {n}' time='0.1'/>" for n in range(20_000)
    )
    with house.client(house.people.alice) as alice:
        profile = house.new_profile(house.people.alice, "large")
        report = given(alice, profile, f"<testsuite>{cases}</testsuite>".encode())
        page = exported(alice, report, "html")
    assert len(page.content) < 20_000 * 60
    assert page.text.count("<li>") == 20_000


def test_texts_and_pictures_are_cut_where_they_are_too_large(house: House) -> None:
    result = Result(("x",), "n", Status.FAILED, error=Error("E", "m", "line\n" * 10_000))
    shot = REPORT.replace(b"</failure>", b"</failure><system-out>[[ATTACHMENT|a.png]]</system-out>")
    with house.client(house.people.alice) as alice:
        long = given(alice, house.people.alice.profile.id, calliope(result))
        page = exported(alice, long, "html").text
        large = given(
            alice, house.people.alice.profile.id, shot, attachments=(("a.png", bytes(1_000_001)),)
        )
        without_picture = exported(alice, large, "html").text
    assert "more characters are left out of this file" in page
    assert page.count("line\n") < 4_000
    assert "data:image/png" not in without_picture
    assert "a.png" in without_picture


# Printing


def test_the_print_view_has_failures_with_messages_and_names_of_the_rest(house: House) -> None:
    with house.client(house.people.alice) as alice:
        report = given(alice, house.people.alice.profile.id)
        page = alice.get(f"/reports/{report['id']}/print").text
    assert "expected 1 but was 2" in page
    assert page.index("removes") < page.index("refunds") < page.index("adds")


def without(found: dict[str, Any], names: set[str]) -> dict[str, Any]:
    return {name: value for name, value in found.items() if name not in names}


def results_of(client: httpx.Client, report: dict[str, Any]) -> list[dict[str, Any]]:
    """Every result with all it says, but for its place on this server."""
    page = client.get(
        f"/api/v3/reports/{report['id']}/results", params={"limit": 500, "sort": "document"}
    )
    found = []
    for item in page.json()["items"]:
        whole = client.get(f"/api/v3/reports/{report['id']}/results/{item['position']}").json()
        whole["result"].pop("url")
        whole["result"].pop("label")
        found.append(strip(whole))
    return found


def strip(value: Any) -> Any:
    """Without the addresses and types of files: those are exported by name."""
    if isinstance(value, dict):
        if set(value) == {"name", "media_type", "url"}:
            return value["name"]
        return {name: strip(each) for name, each in value.items()}
    return [strip(each) for each in value] if isinstance(value, list) else value
