"""`assay upload --live` and the server, together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from support.server import ASSAY, Server

HEAD = b'{"assay":1,"type":"run","build":"812"}\n'


def line(number: int) -> bytes:
    said = '{"type":"result","path":["shop"],"name":"test %d","status":"passed"}\n'
    return (said % number).encode()


@dataclass
class Door:
    """A server with its first profile and key."""

    server: Server
    key: str
    profile: str

    def live(self, *arguments: str) -> subprocess.Popen[bytes]:
        command = [ASSAY, "upload", "--live", *arguments, "--url", self.server.url]
        command += ["--api-key", self.key, "--profile", self.profile, "--branch", "main"]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe)

    def get(self, path: str) -> Any:
        with self.server.client(self.key) as client:
            return client.get(f"/api/v3{path}").json()

    def running(self) -> dict[str, Any]:
        """The one run that goes on, once something of it is there."""
        found: dict[str, Any] = until(lambda: self.get(f"/profiles/{self.profile}/runs")["items"])[
            0
        ]
        return found


def until(ask: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if found := ask():
            return found
        time.sleep(0.05)
    raise AssertionError("it did not come to be")


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    server = Server(tmp_path_factory.mktemp("live") / "data", max_detect_bytes=20_000)
    made = server.quickstart()
    server.start()
    yield Door(server, made["api_key"], str(made["profile_id"]))
    server.stop()


def test_what_a_tool_says_is_all_there_though_the_server_was_killed(door: Door) -> None:
    with door.live("-") as upload:
        assert upload.stdin is not None
        assert upload.stderr is not None
        upload.stdin.write(HEAD + line(1))
        upload.stdin.flush()
        report = door.running()["report_id"]
        said = upload.stderr.readline().decode()
        assert f"Report {report} is running: {door.server.url}/reports/{report}" in said
        door.server.kill()
        upload.stdin.write(b"".join(map(line, range(2, 200))))
        upload.stdin.flush()
        upload.stdin.close()
        door.server.start()
        assert upload.stdout is not None
        said = upload.stdout.read().decode()
        assert upload.wait(60) == 0
    assert "is read: 199 passed" in said
    found = door.get(f"/reports/{report}")
    assert (found["state"], found["counts"]["total"], found["branch"]) == ("done", 199, "main")


def test_a_file_is_followed_until_its_tool_has_ended(door: Door, tmp_path: Path) -> None:
    file = tmp_path / "out.ndjson"
    with (
        subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as tool,
        door.live(str(file), "--pid", str(tool.pid), "--json") as upload,
    ):
        file.write_bytes(HEAD + line(1)[:10])
        report = door.running()["report_id"]
        with file.open("ab") as more:
            more.write(line(1)[10:] + line(2))
        assert tool.stdin is not None
        tool.stdin.close()
        tool.wait()
        assert upload.wait(60) == 0
    assert door.get(f"/reports/{report}")["counts"]["total"] == 2


def test_or_until_it_is_told_to_end(door: Door, tmp_path: Path) -> None:
    file = tmp_path / "out.ndjson"
    file.write_bytes(HEAD + line(1))
    with door.live(str(file)) as upload:
        door.running()
        os.kill(upload.pid, signal.SIGTERM)
        assert upload.wait(60) == 0


def test_a_run_that_is_too_large_is_read_as_far_as_it_was_taken(door: Door, tmp_path: Path) -> None:
    file = tmp_path / "out.ndjson"
    file.write_bytes(HEAD + line(1))
    with door.live(str(file)) as upload:
        report = door.running()["report_id"]
        with file.open("ab") as more:
            more.write(line(2) * 1_000)
        assert upload.wait(60) == 1
        assert upload.stderr is not None
        assert "takes no more of this run" in upload.stderr.read().decode()
    assert door.get(f"/reports/{report}")["state"] == "done"


def test_a_refusal_is_told_at_once_and_the_tool_is_let_end(door: Door) -> None:
    stranger = Door(door.server, "nonsense", door.profile)
    with stranger.live("-") as upload:
        assert upload.stdin is not None
        upload.stdin.write(HEAD * 10_000)
        upload.stdin.close()
        assert upload.wait(60) == 1
        assert upload.stderr is not None
        assert "API key" in upload.stderr.read().decode()
