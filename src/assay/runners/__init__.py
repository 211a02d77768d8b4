"""Has jobs started where tests are run, one file a kind of place.

Assay runs no command itself: it asks a CI system to, and what comes of it is sent to Assay like any
other report.
"""

from __future__ import annotations

from assay.errors import NotFound
from assay.runners import github, gitlab, jenkins, webhook
from assay.runners.runner import Runner

RUNNERS: tuple[Runner, ...] = (
    gitlab.RUNNER,
    github.RUNNER,
    jenkins.RUNNER,
    webhook.RUNNER,
)


def by_name(name: str) -> Runner:
    """Raises `NotFound` for a runner that there is not."""
    for each in RUNNERS:
        if each.name == name:
            return each
    raise NotFound(f"There is no runner {name!r}")


__all__ = ["RUNNERS", "Runner", "by_name"]
