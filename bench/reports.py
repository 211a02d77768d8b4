"""Report files of other tools than JUnit's, as those write them: to measure their parsers with."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

from bench.documents import TRACE

Made = Iterator[str]


def cucumber(tests: int, dice: Random) -> Made:
    """Cucumber JSON, ten scenarios of six steps to a feature."""
    yield "["
    for start in range(0, tests, 10):
        elements = [_scenario(n, dice) for n in range(start, min(start + 10, tests))]
        name = f"Feature {start // 10}"
        feature = {"id": name.lower(), "uri": f"features/f{start // 10}.feature", "name": name}
        whole = feature | {"keyword": "Feature", "line": 1, "elements": elements}
        yield ("," if start else "") + json.dumps(whole)
    yield "]"


def _scenario(number: int, dice: Random) -> dict[str, object]:
    failed = dice.random() < 0.01
    steps = [_step(n, failed and n == 5, dice) for n in range(6)]
    return {
        "id": f"feature;scenario-{number}",
        "keyword": "Scenario",
        "type": "scenario",
        "name": f"customer {number} buys what is in the basket",
        "line": number % 10 * 8 + 3,
        "tags": [{"name": "@shop", "line": 2}],
        "steps": steps,
    }


def _step(number: int, failed: bool, dice: Random) -> dict[str, object]:
    result: dict[str, object] = {"status": "passed", "duration": dice.randint(10**5, 10**8)}
    if failed:
        result |= {"status": "failed", "error_message": f"expected 200 but was 503\n{TRACE}"}
    match = {"location": f"com.example.Steps.step_{number}(int)"}
    name = f"the basket holds {number} articles"
    return {"keyword": "Given ", "name": name, "line": number, "match": match, "result": result}


def robot(tests: int, dice: Random) -> Made:
    """Robot Framework 7's output.xml, four keywords with a message each to a test."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<robot generator="Robot 7.0" schemaversion="5">'
    yield '<suite id="s1" name="Shop" source="/shop">'
    for start in range(0, tests, 50):
        suite = f"s1-s{start // 50 + 1}"
        yield f'<suite id="{suite}" name="Suite {start // 50}" source="/shop/{start}.robot">'
        for number in range(start, min(start + 50, tests)):
            yield _robot_test(f"{suite}-t{number - start + 1}", number, dice)
        yield '<status status="PASS" start="2026-03-01T12:00:00" elapsed="1"/></suite>'
    yield '<status status="PASS" start="2026-03-01T12:00:00" elapsed="1"/></suite></robot>'


def _robot_test(ident: str, number: int, dice: Random) -> str:
    status = "FAIL" if dice.random() < 0.01 else "PASS"
    keywords = "".join(
        f'<kw name="Basket Should Hold {n}" owner="Shop"><msg time="2026-03-01T12:00:00.000" '
        f'level="INFO">looked into basket {n}</msg><arg>${{basket}}</arg><status status="PASS" '
        f'start="2026-03-01T12:00:00.000" elapsed="0.00{n}"/></kw>'
        for n in range(4)
    )
    end = f'<status status="{status}" start="2026-03-01T12:00:00.000" elapsed="0.25">'
    said = "503 != 200" if status == "FAIL" else ""
    head = f'<test id="{ident}" name="Keeps Promise {number}" line="3">'
    return f"{head}{keywords}{end}{said}</status></test>"


def trx(tests: int, dice: Random) -> Made:
    """VSTest's TRX, results before definitions as VSTest writes it."""
    yield '<?xml version="1.0" encoding="utf-8"?>\n<TestRun id="1" name="me@agent" '
    yield 'xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/2010"><Results>'
    for number in range(tests):
        failed = dice.random() < 0.01
        inside = (
            f"<Output><ErrorInfo><Message>expected 200</Message><StackTrace>{TRACE}"
            "</StackTrace></ErrorInfo></Output>"
            if failed
            else ""
        )
        yield (
            f'<UnitTestResult executionId="{_guid(number, "e")}" testId="{_guid(number, "a")}" '
            f'testName="Keeps_promise_{number}" computerName="agent" duration="00:00:00.0123456" '
            'startTime="2026-03-01T12:00:00.0000000+00:00" endTime="2026-03-01T12:00:00.0123456'
            '+00:00" testType="13cdc9d9-ddb5-4fa4-a97d-d965ccfc6d4b" '
            f'outcome="{"Failed" if failed else "Passed"}" testListId="{_guid(1, "b")}" '
            f'relativeResultsDirectory="{_guid(number, "e")}">{inside}</UnitTestResult>\n'
        )
    yield "</Results><TestDefinitions>"
    for number in range(tests):
        yield (
            f'<UnitTest name="Keeps_promise_{number}" storage="shop.tests.dll" '
            f'id="{_guid(number, "a")}"><Execution id="{_guid(number, "e")}"/><TestMethod '
            'codeBase="/shop/Shop.Tests.dll" adapterTypeName="executor://mstestadapter/v2" '
            f'className="Shop.Tests.Module{number // 50}Test" name="Keeps_promise_{number}"/>'
            "</UnitTest>\n"
        )
    yield '</TestDefinitions><ResultSummary outcome="Failed"/></TestRun>'


def _guid(number: int, letter: str) -> str:
    return f"{letter * 8}-0000-4000-8000-{number:012d}"


def go(tests: int, dice: Random) -> Made:
    """go test -json, a hundred tests to a package, with their lines of output."""
    for start in range(0, tests, 100):
        package = f"example.com/shop/module{start // 100}"
        for number in range(start, min(start + 100, tests)):
            ended = "fail" if dice.random() < 0.01 else "pass"
            name = f"TestKeepsPromise{number}"
            lines = (f"=== RUN   {name}\n", f"--- {ended.upper()}: {name} (0.01s)\n")
            yield _event(package, name, "run")
            for line in lines:
                yield _event(package, name, "output", Output=line)
            yield _event(package, name, ended, Elapsed=0.01)
        yield _event(package, "", "pass", Elapsed=1.5)


def _event(package: str, test: str, action: str, **more: object) -> str:
    event = {"Time": "2026-03-01T12:00:00.123456789Z", "Action": action, "Package": package}
    return json.dumps(event | ({"Test": test} if test else {}) | more) + "\n"


def ctrf(tests: int, dice: Random) -> Made:
    """CTRF, as Jest's reporter writes it."""
    yield '{"reportFormat":"CTRF","specVersion":"0.0.0","results":{"tool":{"name":"jest"},'
    yield f'"summary":{{"tests":{tests},"start":1772366400000,"stop":1772366500000}},"tests":['
    for number in range(tests):
        failed = dice.random() < 0.01
        test = {
            "name": f"keeps promise {number}",
            "duration": dice.randint(1, 900),
            "status": "failed" if failed else "passed",
            "rawStatus": "failed" if failed else "passed",
            "type": "unit",
            "filePath": f"tests/module{number // 50}.spec.ts",
            "retries": 0,
            "flaky": False,
            "suite": f"module {number // 50} > service",
        }
        error = {"message": "expected 200 but was 503", "trace": TRACE} if failed else {}
        yield ("," if number else "") + json.dumps(test | error)
    yield "]}}"


TEXTS: dict[str, tuple[str, Callable[[int, Random], Made]]] = {
    "cucumber": ("cucumber.json", cucumber),
    "robotframework": ("output.xml", robot),
    "trx": ("results.trx", trx),
    "gojson": ("go.json", go),
    "ctrf": ("ctrf.json", ctrf),
}


def write(folder: Path, name: str, tests: int) -> Path:
    """A report of so many tests in the format of that name; Allure's is a zip of as many files."""
    if name == "allure":
        return _allure(folder / "allure.zip", tests)
    file, make = TEXTS[name]
    path = folder / file
    with path.open("w", encoding="utf-8") as out:
        out.writelines(make(tests, Random(0)))
    return path


def _allure(path: Path, tests: int) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for number in range(tests):
            ident = _guid(number, "c")
            archive.writestr(f"allure-results/{ident}-result.json", json.dumps(_allured(number)))
    return path


def _allured(number: int) -> dict[str, object]:
    labels = {"suite": f"module {number // 50}", "framework": "pytest", "host": "agent"}
    step = {"name": "open the basket", "status": "passed", "start": 1, "stop": 5, "steps": []}
    return {
        "uuid": _guid(number, "c"),
        "historyId": f"{number:032x}",
        "name": f"keeps promise {number}",
        "fullName": f"shop.module{number // 50}#keeps_promise_{number}",
        "status": "passed",
        "stage": "finished",
        "start": 1772366400000 + number,
        "stop": 1772366400012 + number,
        "steps": [step, step],
        "labels": [{"name": name, "value": value} for name, value in labels.items()],
    }
