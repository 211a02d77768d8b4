"""What the CI's environment tells of a build: its branch, commit and number."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Build:
    """Where a run of tests comes from; what is not known is empty."""

    branch: str = ""
    commit: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class System:
    """A CI system: a variable that only it sets (with its value, if others set it too), and the
    variables to read, the best first. A merge request's own branch goes before its target's."""

    name: str
    marker: str
    branch: tuple[str, ...]
    commit: tuple[str, ...]
    number: tuple[str, ...]
    value: str = ""


SYSTEMS = (
    System(
        "GitHub Actions",
        "GITHUB_ACTIONS",
        branch=("GITHUB_HEAD_REF", "GITHUB_REF_NAME"),
        commit=("GITHUB_SHA",),
        number=("GITHUB_RUN_NUMBER",),
    ),
    System(
        "GitLab CI",
        "GITLAB_CI",
        branch=("CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", "CI_COMMIT_REF_NAME"),
        commit=("CI_COMMIT_SHA",),
        number=("CI_PIPELINE_IID", "CI_PIPELINE_ID"),
    ),
    System(
        "Jenkins",
        "JENKINS_URL",
        branch=("CHANGE_BRANCH", "BRANCH_NAME", "GIT_BRANCH"),
        commit=("GIT_COMMIT",),
        number=("BUILD_NUMBER",),
    ),
    System(
        "CircleCI",
        "CIRCLECI",
        branch=("CIRCLE_BRANCH",),
        commit=("CIRCLE_SHA1",),
        number=("CIRCLE_BUILD_NUM",),
    ),
    System(
        "Azure Pipelines",
        "TF_BUILD",
        branch=("SYSTEM_PULLREQUEST_SOURCEBRANCH", "BUILD_SOURCEBRANCH"),
        commit=("SYSTEM_PULLREQUEST_SOURCECOMMITID", "BUILD_SOURCEVERSION"),
        number=("BUILD_BUILDNUMBER",),
    ),
    System(
        "Bitbucket Pipelines",
        "BITBUCKET_BUILD_NUMBER",
        branch=("BITBUCKET_BRANCH",),
        commit=("BITBUCKET_COMMIT",),
        number=("BITBUCKET_BUILD_NUMBER",),
    ),
    System(
        "Travis CI",
        "TRAVIS",
        branch=("TRAVIS_PULL_REQUEST_BRANCH", "TRAVIS_BRANCH"),
        commit=("TRAVIS_PULL_REQUEST_SHA", "TRAVIS_COMMIT"),
        number=("TRAVIS_BUILD_NUMBER",),
    ),
    System(
        "TeamCity",
        "TEAMCITY_VERSION",
        branch=("TEAMCITY_BUILD_BRANCH", "BUILD_BRANCH"),
        commit=("BUILD_VCS_NUMBER",),
        number=("BUILD_NUMBER",),
    ),
    System(
        "Buildkite",
        "BUILDKITE",
        branch=("BUILDKITE_BRANCH",),
        commit=("BUILDKITE_COMMIT",),
        number=("BUILDKITE_BUILD_NUMBER",),
    ),
    System(
        "Drone",
        "DRONE",
        branch=("DRONE_SOURCE_BRANCH", "DRONE_BRANCH"),
        commit=("DRONE_COMMIT_SHA",),
        number=("DRONE_BUILD_NUMBER",),
    ),
    System(
        "AppVeyor",
        "APPVEYOR",
        branch=("APPVEYOR_PULL_REQUEST_HEAD_REPO_BRANCH", "APPVEYOR_REPO_BRANCH"),
        commit=("APPVEYOR_PULL_REQUEST_HEAD_COMMIT", "APPVEYOR_REPO_COMMIT"),
        number=("APPVEYOR_BUILD_NUMBER",),
    ),
    System(
        "Woodpecker CI",
        "CI",
        branch=("CI_COMMIT_SOURCE_BRANCH", "CI_COMMIT_BRANCH"),
        commit=("CI_COMMIT_SHA",),
        number=("CI_PIPELINE_NUMBER", "CI_BUILD_NUMBER"),
        value="woodpecker",
    ),
)

OTHER = System(
    "another",
    "",
    branch=("BRANCH_NAME", "GIT_BRANCH", "BRANCH"),
    commit=("GIT_COMMIT", "COMMIT_SHA", "COMMIT"),
    number=("BUILD_NUMBER", "BUILD_ID"),
)

PREFIXES = ("refs/heads/", "refs/tags/", "refs/pull/", "origin/")
"""How Azure and Jenkins begin a branch's name."""

GIT_SECONDS = 5


def build_of(environment: Mapping[str, str], folder: Path = Path()) -> Build:
    """What the environment says of the build; what it leaves open is asked of git in `folder`."""
    system = next((known for known in SYSTEMS if _runs(known, environment)), OTHER)
    commit = _first(system.commit, environment) or _git(folder, "rev-parse", "HEAD")
    branch = _short(_first(system.branch, environment))
    branch = branch or _git(folder, "symbolic-ref", "--short", "--quiet", "HEAD")
    return Build(branch, commit, _first(system.number, environment))


def _runs(system: System, environment: Mapping[str, str]) -> bool:
    found = environment.get(system.marker, "")
    return found == system.value if system.value else found not in ("", "false")


def _first(names: tuple[str, ...], environment: Mapping[str, str]) -> str:
    return next((found for name in names if (found := environment.get(name, "").strip())), "")


def _short(branch: str) -> str:
    for prefix in PREFIXES:
        branch = branch.removeprefix(prefix)
    return branch


def _git(folder: Path, *arguments: str) -> str:
    try:
        found = subprocess.run(
            ["git", "-C", str(folder), *arguments],
            capture_output=True,
            text=True,
            timeout=GIT_SECONDS,
            check=False,
        )
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        return ""
    return found.stdout.strip() if found.returncode == 0 else ""
