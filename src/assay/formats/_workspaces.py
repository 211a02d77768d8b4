"""Where a project's own folders begin in a file's absolute path.

Some tools name a test's file as the machine that ran it does. The same test lies elsewhere on the
next agent, and would be another test in each report; so what is the machine's is cut off.
"""

from __future__ import annotations

import re

_PLACES = (
    r"/(?:home|Users)/(?:runner|[\w.-]+/actions-runner)/_?work/[^/]+/[^/]+/",  # GitHub Actions
    r"/a/\d+/s/",  # Azure Pipelines, on Windows
    r"/a/[^/]+/[^/]+/",  # GitHub Actions, on Windows
    r"(?:/.*?)?/(?:_?work|__w)/\d+/s/",  # Azure Pipelines
    r"(?:/.*?)?/(?:_work|__w)/[^/]+/[^/]+/",  # GitHub Actions, own runners and containers
    r"/builds/(?:[^/]+/\d+/)?[^/]+/[^/]+/",  # GitLab CI: group and project
    r"(?:/.*?)?/(?:jenkins[^/]*|agent|slave)/(?:home/)?workspace/[^/]+/",  # Jenkins
    r"/home/circleci/[^/]+/",
    r"/home/travis/build/[^/]+/[^/]+/",
    r"/home/semaphore/[^/]+/",
    r"/opt/atlassian/pipelines/agent/build/",  # Bitbucket
    r"/projects/[^/]+/",  # AppVeyor
    r"/codebuild/output/src\d+/src/(?:[^/]+\.(?:com|org|net)/[^/]+/[^/]+/)?",  # AWS CodeBuild
    r"(?:/.*?)?/buildkite-agent/builds/[^/]+/[^/]+/[^/]+/",
    r"(?:/.*?)?/buildAgent/work/[^/]+/",  # TeamCity
    r"/(?:drone|bitrise)/src/",
    r"/(?:workspaces|root)/[^/]+/",  # development containers; a container's own user
    r"/(?:usr/src/app|workspace|app|opt/build/repo|vercel/path0)/",  # containers
    r"/(?:home|Users)/[^/]+/",  # somebody's own machine: where below is theirs to keep
)
"""Where CI services check a project out, by their own documentation; the first that fits counts."""

_PLACE = re.compile("|".join(_PLACES), re.IGNORECASE)
_DRIVE = re.compile(r"(?:file://)?/?[A-Za-z]:(?=/)|file://")


def within_project(path: str) -> str:
    """The path as the project knows it, with `/` between its parts and none before the first.

    A path that is relative stays as it is. One that is absolute and in no place that is known to
    be a machine's loses its drive alone.
    """
    path = _DRIVE.sub("", path.strip().replace("\\", "/"), count=1)
    if not path.startswith("/"):
        return path.removeprefix("./")
    place = _PLACE.match(path)
    return (path[place.end() :] if place else path).lstrip("/")
