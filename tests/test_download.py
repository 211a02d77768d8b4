"""`assay export`: a report becomes a file here, whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from assay import client
from assay.cli import main
from assay.download import KINDS
from assay.web.pages.exports import EXPORTS
from support.house import House, given
from support.listener import listening


@pytest.fixture(autouse=True)
def _elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("ASSAY_URL", "ASSAY_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(client, "PAUSES", (0.01, 0.01))
    monkeypatch.chdir(tmp_path)


Fetch = Callable[..., Result]


@pytest.fixture
def fetch(house: House) -> Fetch:
    """The command at the house's server, as Alice, for a report of hers."""
    with house.client(house.people.alice) as alice:
        report = given(alice, house.new_profile(house.people.alice, "exported"))

    def call(*arguments: str) -> Result:
        fixed = ["--url", house.server.url, "--api-key", house.people.alice.secret]
        return CliRunner().invoke(main, ["export", str(report["id"]), *fixed, *arguments])

    return call


def export(url: str, *arguments: str) -> Result:
    fixed = ["--url", url, "--api-key", "assay_key"]
    return CliRunner().invoke(main, ["export", "7", *fixed, *arguments])


def test_it_offers_what_the_server_exports() -> None:
    assert set(KINDS) == {each.name for each in EXPORTS}
    said = CliRunner().invoke(main, ["export", "--help"]).output
    assert ", ".join(KINDS) in " ".join(said.split())


@pytest.mark.parametrize("kind", KINDS)
def test_a_report_is_written_under_the_servers_name_for_it(fetch: Fetch, kind: str) -> None:
    answer = fetch("--as", kind)
    assert answer.exit_code == 0, answer.stderr
    [file] = Path().iterdir()
    assert file.suffix == "." + next(each.extension for each in EXPORTS if each.name == kind)
    assert file.name in answer.stdout
    assert b"removes" in file.read_bytes()


def test_a_file_that_is_there_is_not_written_over_unless_it_is_named(fetch: Fetch) -> None:
    assert fetch("--as", "csv").exit_code == 0
    [file] = Path().iterdir()
    file.write_text("mine")
    again = fetch("--as", "csv")
    assert again.exit_code == 2
    assert "is there already" in again.stderr
    assert file.read_text() == "mine"
    assert fetch("--as", "csv", "-o", file.name).exit_code == 0
    assert "removes" in file.read_text()


def test_standard_output_holds_the_file_and_nothing_else(fetch: Fetch) -> None:
    answer = fetch("--as", "calliope", "-o", "-")
    assert json.loads(answer.stdout)["count_total"] == 4
    assert list(Path().iterdir()) == []


def test_another_kind_is_refused_with_those_that_there_are(fetch: Fetch) -> None:
    answer = fetch("--as", "pdf/x")
    assert answer.exit_code == 1
    answer = fetch("--as", "pdf")
    assert "There are: html, csv, junit, calliope" in answer.stderr


@pytest.mark.parametrize(
    ("status", "said", "told"),
    [
        (401, {"message": "No such key"}, "API key is missing or not valid"),
        (404, {"message": "There is no report 7"}, "It says: There is no report 7"),
        (422, b"<html>", "cannot be exported"),
        (500, [], "500 Internal Server Error"),
        (200, b"<html>Welcome</html>", "not as an Assay does"),
        (301, "https://assay.example/", "at another address: https://assay.example/"),
    ],
)
def test_a_refusal_says_why_and_leaves_no_file(status: int, said: Any, told: str) -> None:
    with listening((status, said)) as server:
        answer = export(server.url, "-o", "report.html")
    assert answer.exit_code == 1
    assert told in answer.stderr
    assert list(Path().iterdir()) == []


def test_it_waits_for_a_report_that_is_being_read() -> None:
    with listening((503, {"message": "still being read"}), (404, {})) as server:
        answer = export(server.url)
    assert [heard.path for heard in server.heard] == ["/api/v3/reports/7/export/html"] * 2
    assert answer.exit_code == 1


def test_it_gives_up_when_nobody_listens() -> None:
    with listening((200, b"")) as server:
        url = server.url
    answer = export(url)
    assert answer.exit_code == 3
    assert "cannot be reached" in answer.stderr


def test_a_folder_that_is_not_there_is_a_wrong_command(fetch: Fetch) -> None:
    answer = fetch("-o", "nowhere/report.html")
    assert answer.exit_code == 2
    assert "nowhere" in answer.stderr
