"""JUnit XML as jest-junit writes it: a suite a file, failures without message or type."""

from __future__ import annotations

from assay.demo.files._xml import document, element, lines, text
from assay.demo.run import Case, Run
from assay.model import Status


def write(run: Run) -> bytes:
    counts = run.counts()
    root: dict[str, object] = {
        "name": "jest tests",
        "tests": counts.total,
        "failures": counts.failed,
        "errors": 0,
        "time": f"{run.seconds:.3f}",
    }
    suites = (testsuite(run, suite, cases) for suite, cases in run.suites().items())
    return document(element("testsuites", root, lines(suites)))


def testsuite(run: Run, suite: str, cases: list[Case]) -> str:
    names: dict[str, object] = {
        "name": suite,
        "errors": 0,
        "failures": sum(case.status is Status.FAILED for case in cases),
        "skipped": sum(case.status is Status.SKIPPED for case in cases),
        "timestamp": run.date.strftime("%Y-%m-%dT%H:%M:%S"),
        "time": f"{sum(case.seconds for case in cases):.3f}",
        "tests": len(cases),
        "file": f"src/components/{suite}/{suite}.test.tsx",
    }
    return element("testsuite", names, lines(testcase(case) for case in cases))


def testcase(case: Case) -> str:
    names: dict[str, object] = {
        "classname": case.suite,
        "name": case.name,
        "time": f"{case.seconds:.3f}",
    }
    if case.status is Status.SKIPPED:
        return element("testcase", names, "<skipped/>")
    if case.failure is None:
        return element("testcase", names)
    return element("testcase", names, element("failure", {}, text(case.failure.trace)))
