"""What the demo delivers: report files with the options a pipeline would send along."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from heapq import merge

from assay.demo.company import GATEWAY_PAGE, PROFILES, TOOL_STOPPED, Profile
from assay.demo.files import WRITERS
from assay.demo.files.ctrf import shot_path
from assay.demo.history import LATEST, runs
from assay.demo.picture import screenshot
from assay.demo.run import Case, Run
from assay.rows import Counts

SEED = 7


@dataclass(frozen=True, slots=True)
class Delivery:
    """One call of the import API. `counts` is what the file holds, None where it is no report."""

    profile: Profile
    file_name: str
    body: bytes
    date: datetime
    branch: str
    commit: str
    build: str
    tags: tuple[str, ...]
    attachments: tuple[tuple[str, bytes], ...] = ()
    counts: Counts | None = None


def plan(now: datetime, seed: int = SEED) -> Iterator[Delivery]:
    """Every delivery of the company's history, oldest first; the last ones are of today."""
    histories = [runs(profile, now, seed) for profile in PROFILES if profile.pace]
    for run in merge(*histories, key=lambda run: run.date):
        yield deliver(run, lost=run.profile.name == TOOL_STOPPED and is_last(run, now))


def is_last(run: Run, now: datetime) -> bool:
    return now - run.date < LATEST


def deliver(run: Run, *, lost: bool = False) -> Delivery:
    """`lost`: a gateway's error page came in place of the report."""
    return Delivery(
        profile=run.profile,
        file_name=run.profile.file_name,
        body=GATEWAY_PAGE if lost else WRITERS[run.profile.flavour](run),
        date=run.date,
        branch=run.branch,
        commit=run.commit,
        build=str(run.build),
        tags=run.tags,
        attachments=() if lost else tuple(pictures(run)),
        counts=None if lost else run.counts(),
    )


def pictures(run: Run) -> Iterator[tuple[str, bytes]]:
    """The screenshots that CTRF names by path."""
    if run.profile.flavour == "ctrf":
        yield from (picture(case) for case in run.cases if case.failure)


def picture(case: Case) -> tuple[str, bytes]:
    return shot_path(case), screenshot(sum(case.shot.encode()))
