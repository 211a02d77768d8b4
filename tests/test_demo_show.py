"""`assay demo` from outside: a fresh folder is filled through the API, a filled one is served."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from assay.demo import workspace
from assay.demo.company import PROFILES
from assay.errors import Invalid

RUN = """
import sys
from pathlib import Path
from assay.demo import run
run(Path(sys.argv[1]), port=int(sys.argv[2]), days=3)
"""
READY = "Stop with Ctrl-C"


@contextmanager
def demo(data: Path) -> Iterator[tuple[httpx.Client, str]]:
    """A demo with three days of history once it is ready, and what it printed till then."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    command = [sys.executable, "-c", RUN, str(data), str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            printed = ""
            while READY not in printed:
                line = process.stdout.readline()
                assert line, printed
                printed += line
            key = json.loads((data / workspace.FILE).read_text())["api_key"]
            url = f"http://127.0.0.1:{port}"
            with httpx.Client(base_url=url, headers={"x-api-key": key}, timeout=30) as http:
                yield http, printed
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=30)


def answer(http: httpx.Client, path: str) -> Any:
    return http.get(path).raise_for_status().json()


def report_uuids(http: httpx.Client) -> list[str]:
    return [report["uuid"] for report in answer(http, "/api/v3/profiles/1/reports")["items"]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo") / "data"


@pytest.fixture(scope="module")
def first(folder: Path) -> Iterator[tuple[httpx.Client, str]]:
    with demo(folder) as started:
        yield started


def test_it_has_every_profile(first: tuple[httpx.Client, str]) -> None:
    names = [profile["name"] for profile in answer(first[0], "/api/v3/profiles")["items"]]
    assert sorted(names) == sorted(profile.name for profile in PROFILES)


def test_it_shows_what_is_new_today(first: tuple[httpx.Client, str], folder: Path) -> None:
    profile = json.loads((folder / workspace.FILE).read_text())["profiles"]["Web shop UI"]
    latest = answer(first[0], f"/api/v3/profiles/{profile}/reports")["items"][0]
    assert latest["state"] == "done"
    assert latest["changes"]["new_failures"] >= 4
    assert latest["branch"] == "main"
    assert latest["commit"]
    assert latest["build"]


def test_it_tells_how_to_come_in_and_upload(first: tuple[httpx.Client, str], folder: Path) -> None:
    space = json.loads((folder / workspace.FILE).read_text())
    for told in (space["email"], space["password"], space["api_key"], "curl -H", str(folder)):
        assert told in first[1]


def test_the_upload_it_tells_of_works(first: tuple[httpx.Client, str], folder: Path) -> None:
    profile = json.loads((folder / workspace.FILE).read_text())["profiles"]["iOS app"]
    with (folder / workspace.EXAMPLE).open("rb") as report:
        sent = first[0].post(
            f"/api/v2/profile/{profile}/import/junit?process_async=false", files={"file[]": report}
        )
    assert sent.status_code == 201
    counts = answer(first[0], f"/api/v3/reports/{sent.json()['report_id']}")["counts"]
    assert (counts["total"], counts["failed"], counts["skipped"]) == (9, 2, 1)


def test_its_secrets_are_its_owners(first: tuple[httpx.Client, str], folder: Path) -> None:
    assert os.stat(folder / workspace.FILE).st_mode & 0o077 == 0


def test_the_next_time_it_is_there_at_once(tmp_path: Path) -> None:
    with demo(tmp_path / "data") as (http, printed):
        reports = report_uuids(http)
        assert "importing reports" in printed
    with demo(tmp_path / "data") as (http, printed):
        assert report_uuids(http) == reports
        assert "importing reports" not in printed


def test_one_that_was_left_half_full_begins_anew(tmp_path: Path) -> None:
    workspace.save(tmp_path, workspace.Workspace("a@b.example", "x", "y", {}, filled=False))
    (tmp_path / "results.duckdb").write_bytes(b"half")
    assert workspace.load(tmp_path) is None
    assert not tmp_path.exists()


def test_it_leaves_a_folder_of_something_else_alone(tmp_path: Path) -> None:
    (tmp_path / "results.duckdb").write_bytes(b"mine")
    with pytest.raises(Invalid, match="something else than a demo"):
        workspace.load(tmp_path)
    assert (tmp_path / "results.duckdb").read_bytes() == b"mine"
