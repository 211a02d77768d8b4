"""JUnit XML as pytest writes it: one suite, classes as dotted names, no type of failure."""

from __future__ import annotations

from assay.demo.files._xml import document, element, text
from assay.demo.run import Case, Run
from assay.model import Status


def write(run: Run) -> bytes:
    counts = run.counts()
    suite = {
        "name": "pytest",
        "errors": counts.broken,
        "failures": counts.failed,
        "skipped": counts.skipped,
        "tests": counts.total,
        "time": f"{run.seconds:.3f}",
        "timestamp": run.date.isoformat(),
        "hostname": f"runner-{run.build % 7}",
    }
    cases = [testcase(case) for case in run.cases]
    return document(element("testsuites", {}, element("testsuite", suite, *cases)))


def testcase(case: Case) -> str:
    names: dict[str, object] = {
        "classname": f"tests.{case.suite}",
        "name": f"test_{case.name}",
        "time": f"{case.seconds:.3f}",
    }
    return element("testcase", names, *children(case))


def children(case: Case) -> list[str]:
    if case.status is Status.SKIPPED:
        return [element("skipped", {"type": "pytest.skip", "message": case.reason}, case_at(case))]
    if case.failure is None:
        return []
    tag = "error" if case.status is Status.BROKEN else "failure"
    return [element(tag, {"message": case.failure.message}, text(case.failure.trace))]


def case_at(case: Case) -> str:
    return text(f"tests/{case.suite.partition('.')[0]}.py:31: {case.reason}")
