"""The command line."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from assay import __version__
from assay.cli import main

JUNIT = b'<testsuite><testcase name="a"/><testcase name="b"><failure/></testcase></testsuite>'
CTRF = b'{"results":{"tool":{},"summary":{},"tests":[{"name":"a","status":"passed","flaky":true}'


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_it_says_its_version() -> None:
    assert CliRunner().invoke(main, ["--version"]).output == f"assay, version {__version__}\n"


def test_inspect_tells_what_is_in_each_file() -> None:
    Path("out/deep").mkdir(parents=True)
    Path("out/a.xml").write_bytes(JUNIT)
    Path("out/deep/b.json").write_bytes(CTRF)
    Path("out/deep/notes.txt").write_text("no report")
    with zipfile.ZipFile("out/z.zip", "w") as archive:
        archive.writestr("inner/c.xml", JUNIT)
    answer = CliRunner().invoke(main, ["inspect", "--json", "out"])
    assert answer.exit_code == 0
    found = json.loads(answer.stdout)
    zeros = dict.fromkeys(("passed", "failed", "broken", "skipped", "unknown", "flaky"), 0)
    junit = {"format": "junit", "tests": 2, **zeros, "passed": 1, "failed": 1}
    ctrf = {"format": "ctrf", "tests": 1, **zeros, "passed": 1, "flaky": 1}
    assert found[0] == {"file": "out/a.xml", **junit, "warnings": [], "error": None}
    assert found[1] == {
        "file": "out/deep/b.json",
        **ctrf,
        "warnings": [
            "The document ends in the middle. What comes before was read (at results.tests[1])"
        ],
        "error": None,
    }
    assert found[2]["format"] is None
    assert found[2]["error"].startswith("No known format")
    assert found[3] == {"file": "out/z.zip/inner/c.xml", **junit, "warnings": [], "error": None}


def test_inspect_leaves_out_what_is_read_with_its_report() -> None:
    case = b'{"uuid":"u","historyId":"h","name":"pays","status":"passed","start":1,"stop":2}'
    with zipfile.ZipFile("allure.zip", "w") as archive:
        archive.writestr("u-result.json", case)
        archive.writestr("environment.properties", "Browser=chromium")
        archive.writestr("notes.txt", "no report")
    answer = CliRunner().invoke(main, ["inspect", "--json", "allure.zip"])
    found = [(each["file"], each["format"], each["tests"]) for each in json.loads(answer.stdout)]
    assert found == [("allure.zip/notes.txt", None, 0), ("allure.zip", "allure", 1)]


def test_inspect_shows_a_table_to_people() -> None:
    Path("a [1].xml").write_bytes(JUNIT)
    answer = CliRunner().invoke(main, ["inspect", "a [1].xml"])
    rows = [line.split() for line in answer.stdout.splitlines()]
    assert rows[1] == ["a", "[1].xml", "junit", "2", "1", "1", "0", "0", "0", "0"]


def test_inspect_fails_when_nothing_can_be_read() -> None:
    Path("a.txt").write_text("no report")
    assert CliRunner().invoke(main, ["inspect", "a.txt"]).exit_code == 1
    assert CliRunner().invoke(main, ["inspect", "b.txt"]).exit_code == 2
    assert CliRunner().invoke(main, ["inspect", "--format", "x", "a.txt"]).exit_code == 2


def test_reprocess_wants_to_be_told_what() -> None:
    assert CliRunner().invoke(main, ["admin", "reprocess"]).exit_code == 2
    assert CliRunner().invoke(main, ["admin", "reprocess", "--all", "--report", "1"]).exit_code == 2


WITHOUT_SERVER = """
import sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {absent}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Absent())
from assay.cli import main
main()
"""

SERVER_ONLY = {"sqlalchemy", "duckdb", "fastapi", "starlette", "uvicorn", "obstore", "structlog"}
SERVER_ONLY |= {
    "zstandard",
    "numpy",
    "xxhash",
    "pydantic",
    "pydantic_settings",
    "alembic",
    "argon2",
}


def run_without_server(*arguments: str) -> subprocess.CompletedProcess[str]:
    code = WITHOUT_SERVER.format(absent=sorted(SERVER_ONLY))
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_upload_and_inspect_need_nothing_of_the_server() -> None:
    Path("a.xml").write_bytes(JUNIT)
    assert json.loads(run_without_server("inspect", "--json", "a.xml").stdout)[0]["tests"] == 2
    where = ["--url", "nowhere", "--api-key", "k", "--profile", "1"]
    assert "begins with http" in run_without_server("upload", "a.xml", *where).stderr


@pytest.mark.parametrize("command", ["serve", "quickstart", "demo"])
def test_a_server_command_without_the_server_says_what_to_install(command: str) -> None:
    answer = run_without_server(command, "--data", "d")
    assert answer.returncode == 1
    assert "pip install 'assay[server]'" in answer.stderr
    assert "Traceback" not in answer.stderr
