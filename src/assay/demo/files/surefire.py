"""JUnit XML as Maven Surefire writes it, the classes' files put together under one root.

A test that passed when run again has its failures as `flakyFailure` or `flakyError`.
"""

from __future__ import annotations

from assay.demo.files._xml import cdata, document, element, lines, text
from assay.demo.run import Case, Failure, Run
from assay.model import Status

NOISE = "12:04:31.{n:03} INFO  [main] c.l.testing.Containers - started postgres in 1.9 s\n"


def write(run: Run) -> bytes:
    suites = (testsuite(run, suite, cases) for suite, cases in run.suites().items())
    return document(element("testsuites", {}, lines(suites)))


def testsuite(run: Run, suite: str, cases: list[Case]) -> str:
    name = f"{run.profile.package}.{suite}"
    names: dict[str, object] = {
        "name": name,
        "time": f"{sum(case.seconds for case in cases):.3f}",
        "timestamp": run.date.strftime("%Y-%m-%dT%H:%M:%S"),
        "tests": len(cases),
        "errors": sum(case.status is Status.BROKEN for case in cases),
        "skipped": sum(case.status is Status.SKIPPED for case in cases),
        "failures": sum(case.status is Status.FAILED for case in cases),
    }
    return element("testsuite", names, lines(testcase(name, case) for case in cases))


def testcase(suite: str, case: Case) -> str:
    names: dict[str, object] = {
        "name": case.name,
        "classname": suite,
        "time": f"{case.seconds:.3f}",
    }
    return element("testcase", names, *children(case))


def children(case: Case) -> list[str]:
    if case.status is Status.SKIPPED:
        return [element("skipped", {"message": case.reason})]
    if case.failure is not None:
        tag = "error" if case.failure.error else "failure"
        return [verdict(tag, case.failure), element("system-out", {}, cdata(NOISE.format(n=417)))]
    return [again(failure) for failure in case.tries]


def verdict(tag: str, failure: Failure) -> str:
    return element(tag, told(failure), cdata(failure.trace))


def again(failure: Failure) -> str:
    tag = "flakyError" if failure.error else "flakyFailure"
    return element(tag, told(failure), element("stackTrace", {}, text(failure.trace)))


def told(failure: Failure) -> dict[str, object]:
    return {"message": failure.message, "type": failure.type}
