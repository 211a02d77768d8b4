"""`testng-results.xml`."""

from __future__ import annotations

from datetime import datetime, timedelta

from assay.demo.files._xml import cdata, document, element, lines
from assay.demo.run import Case, Run
from assay.model import Status

WORDS = {
    Status.PASSED: "PASS",
    Status.FAILED: "FAIL",
    Status.BROKEN: "FAIL",
    Status.SKIPPED: "SKIP",
}
SKIP = "org.testng.SkipException"


def write(run: Run) -> bytes:
    counts = run.counts()
    root: dict[str, object] = {
        "total": counts.total,
        "passed": counts.passed,
        "failed": counts.failed + counts.broken,
        "skipped": counts.skipped,
    }
    span = timing(run.date, run.seconds)
    classes = (classed(run, suite, cases) for suite, cases in run.suites().items())
    test = element("test", {"name": "Order service"} | span, lines(classes))
    suite = element("suite", {"name": "orders"} | span, test)
    return document(element("testng-results", root, suite))


def timing(start: datetime, seconds: float) -> dict[str, object]:
    return {
        "started-at": start.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "finished-at": (start + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "duration-ms": round(seconds * 1000),
    }


def classed(run: Run, suite: str, cases: list[Case]) -> str:
    name = f"{run.profile.package}.{suite}"
    return element("class", {"name": name}, lines(method(run, name, case) for case in cases))


def method(run: Run, suite: str, case: Case) -> str:
    names: dict[str, object] = {
        "status": WORDS[case.status],
        "signature": f"{case.name}()[pri:0, instance:{suite}@4b9e13df]",
        "name": case.name,
    }
    return element("test-method", names | timing(run.date, case.seconds), *children(case))


def children(case: Case) -> list[str]:
    if case.status is Status.SKIPPED:
        return [exception(SKIP, case.reason, f"{SKIP}: {case.reason}")]
    if case.failure is None:
        return []
    return [exception(case.failure.type, case.failure.message, case.failure.trace)]


def exception(kind: str, message: str, trace: str) -> str:
    told = element("message", {}, cdata(message))
    return element("exception", {"class": kind}, told, element("full-stacktrace", {}, cdata(trace)))
