"""`output.xml` as Robot Framework 7 writes it: suites, tests, and the keywords they ran."""

from __future__ import annotations

from datetime import datetime

from assay.demo.files._xml import document, element, lines, text
from assay.demo.run import Case, Run
from assay.model import Status

WORDS = {Status.PASSED: "PASS", Status.FAILED: "FAIL", Status.SKIPPED: "SKIP"}
OPENED = "Opened a session for {name}"


def write(run: Run) -> bytes:
    root: dict[str, object] = {
        "generator": "Robot 7.3 (Python 3.13.2 on linux)",
        "generated": stamp(run.date),
        "rpa": "false",
        "schemaversion": 5,
    }
    failed = any(case.failure for case in run.cases)
    suites = (
        suite(run, number, name, cases)
        for number, (name, cases) in enumerate(run.suites().items(), 1)
    )
    top = {"id": "s1", "name": run.profile.name}
    return document(
        element("robot", root, element("suite", top, lines(suites), ended(run, failed)))
    )


def stamp(date: datetime) -> str:
    return date.strftime("%Y-%m-%dT%H:%M:%S.%f")


def ended(run: Run, failed: bool) -> str:
    word = "FAIL" if failed else "PASS"
    return status(word, run.date, run.seconds)


def status(word: str, start: datetime, seconds: float, message: str = "") -> str:
    names: dict[str, object] = {
        "status": word,
        "start": stamp(start),
        "elapsed": f"{seconds:.6f}",
    }
    return element("status", names, text(message)) if message else element("status", names)


def suite(run: Run, number: int, name: str, cases: list[Case]) -> str:
    names: dict[str, object] = {
        "id": f"s1-s{number}",
        "name": name,
        "source": f"/build/robot/{name.lower().replace(' ', '_')}.robot",
    }
    tests = (test(run, f"s1-s{number}-t{at}", case) for at, case in enumerate(cases, 1))
    failed = any(case.failure for case in cases)
    seconds = sum(case.seconds for case in cases)
    end = status("FAIL" if failed else "PASS", run.date, seconds)
    return element("suite", names, lines(tests), end)


def test(run: Run, number: str, case: Case) -> str:
    names: dict[str, object] = {"id": number, "name": case.name, "line": 10 + len(case.name)}
    message = case.failure.message if case.failure else case.reason
    end = status(WORDS[case.status], run.date, case.seconds, message)
    return element("test", names, *keywords(run, case), end)


def keywords(run: Run, case: Case) -> list[str]:
    if case.status is Status.SKIPPED:
        return [keyword(run, "Skip", "BuiltIn", "SKIP", 0.0, case.reason, "SKIP")]
    word = "FAIL" if case.failure else "PASS"
    said = case.failure.message if case.failure else f"{case.name}: as it should be"
    level = "FAIL" if case.failure else "INFO"
    opened = OPENED.format(name=case.suite)
    return [
        keyword(run, "Open Session", "Warehouse", "PASS", case.seconds * 0.2, opened, "INFO"),
        keyword(run, case.name, "Warehouse", word, case.seconds * 0.8, said, level),
    ]


def keyword(
    run: Run, name: str, owner: str, word: str, seconds: float, said: str, level: str
) -> str:
    message = element("msg", {"time": stamp(run.date), "level": level}, text(said))
    return element("kw", {"name": name, "owner": owner}, message, status(word, run.date, seconds))
