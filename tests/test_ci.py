"""The CI's environment."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from assay.ci import SYSTEMS, Build, System, build_of


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system.name)
def test_every_system_tells_branch_commit_and_number(system: System, tmp_path: Path) -> None:
    environment = {system.marker: system.value or "true"}
    environment |= {system.branch[-1]: "main", system.commit[-1]: "abc", system.number[-1]: "7"}
    assert build_of(environment, tmp_path) == Build("main", "abc", "7")


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system.name)
def test_a_merge_requests_own_branch_goes_first(system: System, tmp_path: Path) -> None:
    environment = {system.marker: system.value or "true"}
    environment |= {name: f"refs/heads/{name}" for name in reversed(system.branch)}
    assert build_of(environment, tmp_path).branch == system.branch[0]


def test_an_unknown_system_is_asked_by_the_usual_names(tmp_path: Path) -> None:
    environment = {"GIT_BRANCH": "origin/main", "GIT_COMMIT": "abc", "BUILD_ID": "7"}
    assert build_of(environment, tmp_path) == Build("main", "abc", "7")


def test_git_is_asked_last(tmp_path: Path) -> None:
    def git(*arguments: str) -> str:
        person = ["-c", "user.name=Alice", "-c", "user.email=alice@example.com"]
        command = ["git", "-C", str(tmp_path), *person, *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    git("init", "--initial-branch", "trunk")
    git("commit", "--allow-empty", "--message", "first")
    commit = git("rev-parse", "HEAD")
    assert build_of({}, tmp_path) == Build("trunk", commit)
    git("checkout", "--detach")
    assert build_of({"CI": "true"}, tmp_path) == Build("", commit)


def test_without_git_nothing_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert build_of({}, tmp_path) == Build()
    monkeypatch.setenv("PATH", "")
    assert build_of({}, tmp_path) == Build()
