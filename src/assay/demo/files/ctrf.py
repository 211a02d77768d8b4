"""CTRF as Playwright's reporter writes it: retries with their attempts, screenshots by path."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from assay.demo.run import Case, Failure, Run
from assay.model import Status


def write(run: Run) -> bytes:
    results = {
        "tool": {"name": "playwright", "version": "1.55.0"},
        "summary": summary(run),
        "tests": tests(run),
        "environment": {"branchName": run.branch, "commit": run.commit, "buildNumber": run.build},
    }
    root = {"reportFormat": "CTRF", "specVersion": "0.0.0", "results": results}
    return json.dumps(root, ensure_ascii=False, indent=1).encode()


def summary(run: Run) -> dict[str, int]:
    counts = run.counts()
    return {
        "tests": counts.total,
        "passed": counts.passed,
        "failed": counts.failed,
        "pending": 0,
        "skipped": counts.skipped,
        "other": 0,
        "start": milliseconds(run.date),
        "stop": milliseconds(run.date + timedelta(seconds=run.seconds)),
    }


def milliseconds(date: datetime) -> int:
    return round(date.timestamp() * 1000)


def tests(run: Run) -> list[dict[str, Any]]:
    start, found = run.date, []
    for case in run.cases:
        found.append(test(run, case, start))
        start += timedelta(seconds=case.seconds)
    return found


def test(run: Run, case: Case, start: datetime) -> dict[str, Any]:
    file = f"{case.suite.replace(' ', '-')}.spec.ts"
    told: dict[str, Any] = {
        "name": case.name,
        "status": str(case.status),
        "duration": round(case.seconds * 1000),
        "start": milliseconds(start),
        "stop": milliseconds(start + timedelta(seconds=case.seconds)),
        "rawStatus": str(case.status),
        "type": "e2e",
        "filePath": f"tests/shop/{file}",
        "retries": len(case.tries),
        "flaky": bool(case.tries) and case.status is Status.PASSED,
        "suite": f"{file} > {case.suite}",
        "browser": run.tags[0].partition(":")[2],
    }
    return told | verdict(case)


def verdict(case: Case) -> dict[str, Any]:
    if case.reason:
        return {"message": case.reason}
    if case.tries:
        return {"retryAttempts": [attempt(at, f) for at, f in enumerate(case.tries, 1)]}
    if case.failure is None:
        return {}
    return words(case.failure) | {
        "steps": [{"name": f"open {case.suite}", "status": "passed"}, last_step(case)],
        "attachments": [
            {"name": "screenshot", "contentType": "image/png", "path": shot_path(case)}
        ],
    }


def attempt(number: int, failure: Failure) -> dict[str, Any]:
    return {"attempt": number, "status": "failed", "duration": 5012} | words(failure)


def words(failure: Failure) -> dict[str, Any]:
    return {"message": f"{failure.type}: {failure.message}", "trace": failure.trace}


def last_step(case: Case) -> dict[str, str]:
    return {"name": case.name, "status": "failed"}


def shot_path(case: Case) -> str:
    """Where the reporter says the screenshot is; it is delivered beside the report."""
    return f"test-results/{case.shot.replace(' ', '-')}/test-failed-1.png"
