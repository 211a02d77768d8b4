"""The uploader."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from assay import ci, client
from assay.cli import main
from support.listener import Listener, listening

TAKEN = {
    "report_id": 7,
    "report_url": "http://assay.example/reports/7",
    "report_status_url": "http://assay.example/api/v2/reports/7/import_status",
    "report_import_status": "queued",
    "report_import_progress": "0",
    "message": "",
}
READ = {**TAKEN, "report_import_status": "success", "report_import_progress": "100"}
FAILED = {**READ, "report_import_status": "failed", "message": "a.xml: no report"}


@pytest.fixture(autouse=True)
def _outside_of_ci(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    names = {"CI", *(system.marker for system in ci.SYSTEMS), *ci.OTHER.branch, *ci.OTHER.commit}
    for name in names | {*ci.OTHER.number, "ASSAY_URL", "ASSAY_API_KEY", "ASSAY_PROFILE"}:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(client, "PAUSES", (0.01, 0.01))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def server() -> Iterator[Listener]:
    with listening((201, TAKEN)) as listener:
        yield listener


def upload(url: str, *arguments: str) -> Result:
    fixed = ["--url", url, "--api-key", "assay_key", "--profile", "3"]
    return CliRunner().invoke(main, ["upload", *arguments, *fixed])


def write(name: str, content: bytes = b"<testsuite/>") -> str:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return name


def test_it_posts_each_file_as_a_part_of_a_form(server: Listener) -> None:
    content = bytes(range(256)) * 1000
    answer = upload(server.url, write("a.xml"), write('out/zażółć "1".json', content))
    assert answer.exit_code == 0
    assert answer.stdout == "Report 7 taken: http://assay.example/reports/7\n"
    [request] = server.heard
    assert (request.method, request.path) == ("POST", "/api/v2/profile/3/import")
    assert request.headers["x-api-key"] == "assay_key"
    assert int(request.headers["content-length"]) == len(request.body)
    assert request.parts() == [
        ("file[]", "a.xml", b"<testsuite/>"),
        ("file[]", "out/zażółć %221%22.json", content),
    ]


def test_options_are_sent_as_fields(server: Listener) -> None:
    options = ["--tag", "env:test", "--tag", "zażółć", "--date", "now", "--format", "junit"]
    upload(
        server.url, write("a.xml"), "--attach", write("a.png", b"png"), "--branch", "b", *options
    )
    [request] = server.heard
    assert request.path == "/api/v2/profile/3/import/junit"
    parts = [(name, content.decode()) for name, _, content in request.parts()]
    assert parts == [
        ("tag[]", "env:test"),
        ("tag[]", "zażółć"),
        ("date", "now"),
        ("branch", "b"),
        ("file[]", "<testsuite/>"),
        ("attachment[]", "png"),
    ]


def test_branch_commit_and_build_come_from_the_ci(
    server: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "GITHUB_ACTIONS": "true",
        "GITHUB_REF_NAME": "main",
        "GITHUB_SHA": "abc",
        "GITHUB_RUN_NUMBER": "12",
    }.items():
        monkeypatch.setenv(name, value)
    upload(server.url, write("a.xml"), "--commit", "mine")
    fields = {name: content.decode() for name, file, content in server.heard[0].parts() if not file}
    assert fields == {"branch": "main", "commit": "mine", "build": "12"}


def test_the_environment_can_say_where_to_send(
    server: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSAY_URL", f"{server.url}/")
    monkeypatch.setenv("ASSAY_API_KEY", "from-environment")
    monkeypatch.setenv("ASSAY_PROFILE", "a b")
    assert CliRunner().invoke(main, ["upload", write("a.xml")]).exit_code == 0
    assert server.heard[0].path == "/api/v2/profile/a%20b/import"
    assert server.heard[0].headers["x-api-key"] == "from-environment"


def test_folders_and_patterns_are_followed(server: Listener) -> None:
    for name in ("out/b.xml", "out/deep/a.xml", "out/.hidden/x.xml", "x/1.json", "x/2.json", "x/3"):
        write(name)
    upload(server.url, "out", "x/*.json", "out/b.xml")
    names = [file for _, file, _ in server.heard[0].parts()]
    assert names == ["out/b.xml", "out/deep/a.xml", "x/1.json", "x/2.json"]


def test_waiting_ends_with_the_report_read() -> None:
    processing = {**TAKEN, "report_import_status": "processing", "report_import_progress": "50"}
    with listening((201, TAKEN), (200, processing), (200, READ)) as server:
        answer = upload(server.url, write("a.xml"), "--wait")
    assert answer.exit_code == 0
    assert answer.stdout == "Report 7 read: http://assay.example/reports/7\n"
    status = ("GET", "/api/v2/reports/7/import_status")
    assert [(heard.method, heard.path) for heard in server.heard[1:]] == [status, status]


def test_a_report_that_cannot_be_read_fails_the_wait() -> None:
    with listening((201, TAKEN), (200, FAILED)) as server:
        answer = upload(server.url, write("a.xml"), "--wait")
    assert answer.exit_code == 1
    assert "could not be read" in answer.stdout
    assert answer.stderr == "a.xml: no report\n"


def test_the_answer_can_be_had_as_json() -> None:
    with listening((201, TAKEN), (200, READ)) as server:
        answer = upload(server.url, write("a.xml"), "--wait", "--json")
    assert json.loads(answer.stdout) == READ


def test_it_tries_again_while_the_server_is_away() -> None:
    with listening((503, {}), (502, b"<html>"), (201, TAKEN)) as server:
        answer = upload(server.url, write("a.xml", b"x" * 200_000))
    assert answer.exit_code == 0
    assert [len(heard.body) for heard in server.heard] == [len(server.heard[0].body)] * 3
    assert len({heard.headers["idempotency-key"] for heard in server.heard}) == 1
    assert "503 Service Unavailable; trying again in 0.01 s" in answer.stderr


def test_it_gives_up_when_nobody_listens() -> None:
    with listening((201, TAKEN)) as server:
        url = server.url
    answer = upload(url, write("a.xml"))
    assert answer.exit_code == 3
    assert "Gave up after 3 tries: the server cannot be reached" in answer.stderr


@pytest.mark.parametrize(
    ("status", "said", "told"),
    [
        (401, {"message": "No such key"}, "API key is missing or not valid"),
        (404, {"message": "No such profile"}, "It says: No such profile"),
        (413, b"<html>too big</html>", "larger than the server takes"),
        (500, {}, "500 Internal Server Error"),
        (200, b"<html>Welcome</html>", "not as an Assay does"),
        (301, "https://assay.example/", "at another address: https://assay.example/"),
    ],
)
def test_a_refusal_says_why(status: int, said: Any, told: str) -> None:
    with listening((status, said)) as server:
        answer = upload(server.url, write("a.xml"))
        assert answer.exit_code == 1
        assert told in answer.stderr
        assert len(server.heard) == 1
        as_json = upload(server.url, write("a.xml"), "--json")
    assert told in json.loads(as_json.stdout)["message"]


def test_a_wrong_command_is_told_from_a_refusal(server: Listener) -> None:
    Path("empty").mkdir()
    for arguments, told in (
        (["nowhere.xml"], "There is no file nowhere.xml"),
        (["empty"], "There is no file to send"),
        ([], "Missing argument"),
    ):
        answer = upload(server.url, *arguments)
        assert answer.exit_code == 2
        assert told in answer.stderr
    assert "begins with http" in upload("localhost:8000", write("a.xml")).stderr
    assert server.heard == []
