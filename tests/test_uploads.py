"""The uploader and the server, together."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from support.server import Server

ASSAY = str(Path(sys.executable).parent / "assay")

JUNIT = (
    b'<testsuite name="s"><testcase name="a"/><testcase name="b"><failure/></testcase></testsuite>'
)
CTRF = b'{"results":{"tool":{},"summary":{},"tests":[{"name":"a","status":"passed","flaky":true}]}}'


@dataclass
class Door:
    """A server with its first profile and key."""

    server: Server
    key: str
    profile: str

    def upload(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return run("upload", *arguments, "--url", self.server.url, "--api-key", self.key)

    def report(self, number: int) -> Any:
        with self.server.client(self.key) as client:
            return client.get(f"/api/v3/reports/{number}").json()


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [ASSAY, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    data = tmp_path_factory.mktemp("uploads") / "data"
    made = json.loads(run("quickstart", "--data", str(data), "--json").stdout)
    server = Server(data).start()
    yield Door(server, made["api_key"], str(made["profile_id"]))
    server.stop()


def test_what_is_uploaded_can_be_read_when_the_wait_is_over(door: Door, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a.xml").write_bytes(JUNIT)
    (tmp_path / "out" / "b.json").write_bytes(CTRF)
    (tmp_path / "out" / "picture.png").write_bytes(b"png")
    options = ["--tag", "env:test", "--date", "2025-03-01T10:00:00Z", "--branch", "main"]
    options += ["--commit", "abc", "--build", "7", "--profile", door.profile, "--wait", "--json"]
    sent = door.upload(str(tmp_path / "out"), *options)
    assert sent.returncode == 0, sent.stderr
    answer = json.loads(sent.stdout)
    assert answer["report_import_status"] == "success"
    report = door.report(answer["report_id"])
    assert report["counts"]["total"] == 3
    assert report["counts"]["failed"] == 1
    assert report["counts"]["flaky"] == 1
    assert (report["branch"], report["commit"], report["build"]) == ("main", "abc", "7")
    assert "env:test" in report["tags"]


def test_what_cannot_be_read_fails_the_wait_and_says_why(door: Door, tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_bytes(b"<testsuite><testcase")
    (tmp_path / "b.txt").write_bytes(b"Hello")
    sent = door.upload(*map(str, tmp_path.iterdir()), "--profile", door.profile, "--wait")
    assert sent.returncode == 1
    assert sent.stderr.strip()


def test_strangers_are_turned_away_with_a_reason(door: Door, tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_bytes(JUNIT)
    file = str(tmp_path / "a.xml")
    unknown = door.upload(file, "--profile", "999999")
    assert unknown.returncode == 1
    assert "no such profile" in unknown.stderr
    stranger = run("upload", file, "--url", door.server.url, "--api-key", "x", "--profile", "1")
    assert stranger.returncode == 1
    assert "API key" in stranger.stderr
    no_format = door.upload(file, "--profile", door.profile, "--format", "nonsense")
    assert no_format.returncode == 1
    assert "nonsense" in no_format.stderr


def test_a_set_up_server_is_not_set_up_again(door: Door) -> None:
    again = run("quickstart", "--data", str(door.server.data))
    assert again.returncode == 1
    assert "has been set up before" in again.stderr


def test_reprocess_queues_what_is_asked_for(door: Door) -> None:
    answer = run("admin", "reprocess", "--report", "999999", "--data", str(door.server.data))
    assert answer.stdout == "0 imports will be read again\n"
