"""Reports as pages show them: what the catalog knows, in words, marks and bars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from assay.charts import shares, spark, trend
from assay.model import Status
from assay.rows import Counts
from assay.store.catalog.profiles import Kind
from assay.store.catalog.profiles import Profile as CatalogProfile
from assay.store.catalog.reports import Report, State
from assay.web.pages import words
from assay.web.pages.gate_marks import gate_mark
from assay.web.pages.parts import Job, Profile, Run
from assay.web.pages.place import MEMBERS, Place
from assay.workspace.qualifying import qualify_report, roll_up

BUILD_URLS = ("ciBuildUrl", "build_url", "ci_url", "job_url", "url")
"""Metadata that hold the address of the build, in the order they are believed."""


def outcome(counts: Counts) -> str:
    """The status a whole report is shown with: the worst that counts."""
    if counts.failed:
        return "failed"
    if counts.broken:
        return "broken"
    if counts.passed:
        return "passed"
    return "skipped" if counts.skipped else "unknown"


def shown_status(status: Status, flaky: bool) -> str:
    """A result's mark: one that passed at last is flaky."""
    return "flaky" if flaky and status is Status.PASSED else status.value


def mark(report: Report) -> str:
    """The same, for a report that may not have been read yet."""
    if report.state is State.DONE:
        return outcome(report.counts)
    return "unknown" if report.state is State.FAILED else "running"


def sentence(counts: Counts) -> str:
    """ "5 failed, 1 broken, 4,812 passed"; "all 4,832 passed" when they did."""
    if not counts.total:
        return "no tests"
    if counts.passed == counts.total:
        return f"all {words.number(counts.total)} passed"
    kinds = ("failed", "broken", "unknown", "passed", "skipped")
    numbers = [(getattr(counts, kind), kind) for kind in kinds]
    return ", ".join(f"{words.number(n)} {kind}" for n, kind in numbers if n)


def pass_rate(counts: Counts) -> str:
    """Of the tests that ran."""
    return words.rate(counts.passed, counts.total - counts.skipped)


def run(report: Report, place: Place = MEMBERS) -> Run:
    """A report as a row or a heading; guests are not sent to the build."""
    return Run(
        id=report.id,
        url=place.report(report.id),
        status=mark(report),
        words=sentence(report.counts) if report.state is State.DONE else report.state.value,
        date=report.date,
        counts=report.counts,
        bar=shares.draw(report.counts),
        branch=report.branch,
        commit=report.commit,
        build=report.build,
        build_url=build_url(report.metadata) if place.members else "",
        duration=report.duration,
        new=report.changes.new_failures,
        fixed=report.changes.fixed,
        tags=tuple(report.tags),
        job=job(report.metadata) if place.members else None,
        gate=gate_mark(report) if place.members else None,
    )


def build_url(metadata: dict[str, str]) -> str:
    """Where the build is to be seen; only an address of the web is followed."""
    known = (web_address(metadata.get(name, "")) for name in BUILD_URLS)
    return next(filter(None, known), "")


def web_address(text: str) -> str:
    """The text, if it is an address that a page may lead to; else nothing."""
    return text if text.startswith(("https://", "http://")) else ""


def job(metadata: dict[str, str]) -> Job | None:
    """The CI's job, and the machine that it ran on."""
    found = {name: metadata.get(f"ci{name}", "") for name in ("JobName", "JobUrl", "ExecutedOn")}
    if not (found["JobName"] or found["ExecutedOn"]):
        return None
    return Job(found["JobName"], web_address(found["JobUrl"]), found["ExecutedOn"])


def profile(found: CatalogProfile, latest: Sequence[Report], current: int | None) -> Profile:
    """A profile in a list, with its latest reports, newest first."""
    newest = latest[0] if latest else None
    return Profile(
        id=found.id,
        title=found.name,
        url=f"/profiles/{found.id}",
        status=outcome(newest.counts) if newest else "none",
        spark=spark.draw([report.counts for report in reversed(latest)]),
        current=found.id == current,
        words=sentence(newest.counts) if newest else "",
        newest=run(newest) if newest else None,
        rate=pass_rate(newest.counts) if newest else "",
        is_set=found.kind is Kind.SET,
    )


def set_size(inside: int) -> str:
    """ "set of 4 profiles", counted through sets of sets."""
    return f"set of {words.count(inside, 'profile')}" if inside else "empty set"


def rolled_up(
    found: CatalogProfile, latest: Mapping[int, Sequence[Report]], inside: Sequence[int]
) -> Profile:
    """A set in a list, with the verdict on all that is in it."""
    known = {each: latest[each][0] for each in inside if latest.get(each)}
    verdicts = {number: qualify_report(report) for number, report in known.items()}
    verdict = roll_up(known, verdicts)
    bad = sum(each.passed is False for each in verdicts.values())
    said = f"{bad} of {words.count(len(inside), 'profile')} failed" if bad else ""
    return replace(
        profile(found, (), None),
        status={True: "passed", False: "failed", None: "none"}[verdict.passed],
        words=said or set_size(len(inside)),
    )


def point(report: Report, place: Place = MEMBERS) -> trend.Point:
    """A report on the trend chart."""
    parts = (
        sentence(report.counts),
        words.exact(report.date),
        f"build {report.build}" if report.build else "",
        words.duration(report.duration),
    )
    return trend.Point(
        report=report.id,
        url=place.report(report.id),
        date=report.date,
        words=" · ".join(part for part in parts if part),
        counts=report.counts,
        duration=report.duration,
    )


def source(report: Report) -> str:
    """ "main @ a1b2c3d", or what of it is known."""
    return " @ ".join(part for part in (report.branch, words.short(report.commit)) if part)


def tooltip(report: Report) -> str:
    """What a column or a cell says of the report it stands for."""
    build = f"build {report.build}" if report.build else ""
    parts = (words.exact(report.date), source(report), build)
    return " · ".join(part for part in parts if part)
