"""Cucumber's JSON as its JVM writes it: a background before each scenario, hooks, embeddings."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import Any

from assay.demo.picture import screenshot
from assay.demo.run import Case, Run
from assay.model import Status

BASKET = "a basket worth 84.50"
NANOSECONDS = 1e9


def write(run: Run) -> bytes:
    features = [feature(run, name, cases) for name, cases in run.suites().items()]
    return json.dumps(features, ensure_ascii=False, indent=1).encode()


def feature(run: Run, name: str, cases: list[Case]) -> dict[str, Any]:
    file = name.lower().replace(" ", "_")
    elements = [
        element
        for at, case in enumerate(cases)
        for element in (background(), scenario(run, file, 7 + at * 5, case))
    ]
    return {
        "uri": f"classpath:features/{file}.feature",
        "id": file,
        "keyword": "Feature",
        "name": name,
        "description": "",
        "line": 1,
        "tags": [{"name": "@acceptance", "type": "Tag", "location": {"line": 1, "column": 1}}],
        "elements": elements,
    }


def background() -> dict[str, Any]:
    step = steps(("Given ", BASKET, 4, "passed", 0.02))
    return {"line": 3, "name": "", "type": "background", "keyword": "Background", "steps": step}


def scenario(run: Run, file: str, line: int, case: Case) -> dict[str, Any]:
    name, when, then = (part.strip() for part in case.name.split("|"))
    last = str(case.status)
    first = "skipped" if case.status is Status.SKIPPED else "passed"
    told: dict[str, Any] = {
        "start_timestamp": run.date.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "line": line,
        "name": name,
        "description": "",
        "id": f"{file};{name.lower().replace(' ', '-')}",
        "type": "scenario",
        "keyword": "Scenario",
        "steps": steps(
            ("When ", when, line + 1, first, case.seconds * 0.7),
            ("Then ", then, line + 2, last, case.seconds * 0.3),
        ),
    }
    if case.failure:
        told["steps"][-1]["result"]["error_message"] = case.failure.trace
        told["after"] = [hook(line)]
    return told


def steps(*told: tuple[str, str, int, str, float]) -> list[dict[str, Any]]:
    return [
        {
            "keyword": keyword,
            "name": name,
            "line": line,
            "match": {"location": "com.larkmoor.acceptance.steps.BasketSteps"},
            "result": {"status": status, "duration": round(seconds * NANOSECONDS)},
        }
        for keyword, name, line, status, seconds in told
    ]


def hook(line: int) -> dict[str, Any]:
    picture = b64encode(screenshot(line)).decode()
    return {
        "result": {"status": "passed", "duration": 180_000_000},
        "match": {"location": "com.larkmoor.acceptance.Hooks.takeScreenshot()"},
        "embeddings": [{"data": picture, "mime_type": "image/png", "name": "The page"}],
    }
