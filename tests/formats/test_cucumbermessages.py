"""Cucumber's messages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assay.errors import Malformed
from assay.formats import cucumbermessages
from assay.model import Attachment, Attempt, Container, Error, Item, Notice, Result, Run, Status

SAMPLES = Path(__file__).parents[1] / "samples" / "cucumbermessages"
FEATURE = {
    "uri": "cart.feature",
    "feature": {
        "name": "Cart",
        "children": [{"scenario": {"id": "s", "keyword": "Scenario", "name": "Pay"}}],
    },
}
PICKLE = {"id": "p", "uri": "cart.feature", "name": "Pay", "astNodeIds": ["s"], "steps": []}
CASE = {"id": "c", "pickleId": "p", "testSteps": [{"id": "t", "hookId": "h"}]}


def read(name: str) -> list[Item]:
    return list(cucumbermessages.parse([(SAMPLES / f"{name}.ndjson").read_bytes()]))


def sample(name: str) -> dict[str, Result]:
    return {item.name: item for item in read(name) if isinstance(item, Result)}


def parse(*envelopes: dict[str, Any]) -> list[Item]:
    document = "\n".join(map(json.dumps, envelopes))
    return list(cucumbermessages.parse([document.encode()]))


def results(*envelopes: dict[str, Any]) -> list[Result]:
    return [item for item in parse(*envelopes) if isinstance(item, Result)]


def clock(seconds: int) -> dict[str, Any]:
    return {"timestamp": {"seconds": 1_700_000_000 + seconds, "nanos": 0}}


def outcome(status: str, **more: Any) -> dict[str, Any]:
    return {"status": status, "duration": {"seconds": 1, "nanos": 0}, **more}


def run(*tries: str, **last: Any) -> list[dict[str, Any]]:
    """The messages of one scenario of which each try ends so."""
    told: list[dict[str, Any]] = [{"gherkinDocument": FEATURE}, {"pickle": PICKLE}]
    told.append({"testCase": CASE})
    for n, word in enumerate(tries):
        step = {"testCaseStartedId": str(n), "testStepId": "t", "testStepResult": outcome(word)}
        again = n < len(tries) - 1
        end = {"testCaseStartedId": str(n), "willBeRetried": again, **clock(n + 1)}
        told.append({"testCaseStarted": {"id": str(n), "testCaseId": "c", **clock(n)}})
        told += [{"testStepFinished": step}, {"testCaseFinished": end}]
    return [*told, {"testRunFinished": {**clock(9), **last}}]


def test_a_scenario_that_was_retried_is_one_flaky_test() -> None:
    found = sample("shop")["A slow bank"]
    assert (found.status, found.flaky) == (Status.PASSED, True)
    (first,) = found.attempts
    assert first.status is Status.FAILED
    assert first.error
    assert first.error.message == "the bank did not answer at try 1\n\n1 !== 2"
    assert [each.name for each in found.attachments] == ["page.png"]


def test_scenarios_that_ran_side_by_side_are_the_same() -> None:
    one, other = sample("shop"), sample("parallel")
    assert one.keys() == other.keys()
    assert {each.name: (each.path, each.status) for each in one.values()} == {
        each.name: (each.path, each.status) for each in other.values()
    }


def test_an_undefined_step_shows_the_code_that_is_wanted() -> None:
    found = sample("shop")["Paying with a cheque"]
    assert found.status is Status.UNKNOWN
    assert found.error
    assert found.error.message == "Undefined: When I write a cheque"
    assert found.error.trace.startswith("When('I write a cheque', function () {")


def test_a_step_that_two_definitions_fit_is_broken() -> None:
    found = sample("returns")["Two ways"]
    assert found.status is Status.BROKEN
    assert found.error
    assert "features/steps/returns.js:12" in found.error.message


def test_a_row_of_an_outline_in_a_rule_is_a_test_with_parameters() -> None:
    found = sample("returns")["Refund by card [card, 9]"]
    assert found.path == ("Returns", "A refund takes its time", "Refund by <means>")
    assert found.parameters == {"means": "card", "days": "9"}
    assert found.tags == ("@refund", "@slow")
    assert found.metadata == {"file": "features/returns.feature", "line": "25"}
    assert Container(found.path[:2], "Rule") in read("returns")


def test_backgrounds_hooks_and_logs_are_told_in_the_steps() -> None:
    found = sample("returns")["Refund by card [card, 2]"]
    assert [(each.name, each.output) for each in found.steps] == [
        ("Before greet", "Hello"),
        ("Given a customer", ""),
        ("Given a parcel on its way back", ""),
        ("When it arrives", "https://parcels.example.com/7"),
        ("Then the refund takes 2 days", ""),
    ]


def test_the_build_is_known() -> None:
    told = next(item for item in read("returns") if isinstance(item, Run))
    assert (told.branch, told.build) == ("main", "4711")
    assert told.commit == "99684bcacf01d95875834d87903dcb072306c9ad"
    assert told.metadata
    assert told.metadata["tool"] == "cucumber-js 12.9.0"


def test_all_tries_are_kept_when_none_passed() -> None:
    (found,) = results(*run("FAILED", "FAILED"))
    assert (found.path, found.name, found.status) == (("Cart",), "Pay", Status.FAILED)
    assert not found.flaky
    assert [(each.status, each.duration) for each in found.attempts] == [(Status.FAILED, 1.0)]


def test_the_second_of_a_name_is_told_apart() -> None:
    other = [{"pickle": {**PICKLE, "id": "q"}}, {"testCase": {**CASE, "id": "d", "pickleId": "q"}}]
    start = {"testCaseStarted": {"id": "9", "testCaseId": "d", **clock(5)}}
    end = {"testCaseFinished": {"testCaseStartedId": "9", **clock(6)}}
    told = run("PASSED")
    found = results(*told[:-1], *other, start, end, told[-1])
    assert [each.name for each in found] == ["Pay", "Pay (2)"]


def test_a_scenario_that_never_ended_is_broken() -> None:
    told = run("PASSED")[:4]
    items = parse(*told)
    (found,) = (item for item in items if isinstance(item, Result))
    assert found.status is Status.BROKEN
    assert found.error == Error(message="The scenario did not finish")
    assert Notice("The run did not finish: what comes before was read") in items


def test_a_failed_hook_around_the_run_is_a_broken_result() -> None:
    hook = {"id": "h", "type": "BEFORE_TEST_RUN", "name": "open the shop"}
    fault = {"type": "Error", "message": "locked", "stackTrace": "Error: locked\nat shop.ts:7"}
    ended = outcome("FAILED", message="locked", exception=fault)
    found = results(
        {"hook": hook},
        {"testRunHookStarted": {"id": "x", "hookId": "h"}},
        {"testRunHookFinished": {"testRunHookStartedId": "x", "result": ended}},
    )
    error = Error("Error", "locked", "Error: locked\nat shop.ts:7")
    assert found == [Result((), "BeforeAll open the shop", Status.BROKEN, error=error)]


def test_a_feature_that_cannot_be_parsed_is_a_broken_result() -> None:
    source = {"uri": "cart.feature", "location": {"line": 3}}
    (found,) = results({"parseError": {"source": source, "message": "expected: #EOF"}})
    assert (found.path, found.name) == (("cart.feature",), "Parse error")
    assert found.error == Error("", "expected: #EOF", "cart.feature:3")


def test_a_file_beside_the_messages_is_named() -> None:
    told = run("PASSED")
    outside = {
        "testCaseStartedId": "0",
        "testStepId": "t",
        "url": "attachments/page.png",
        "mediaType": "image/png",
    }
    (found,) = results(*told[:4], {"externalAttachment": outside}, *told[4:])
    assert found.steps[0].attachments == (
        Attachment("page.png", "attachments/page.png", "image/png"),
    )


def test_the_results_of_older_versions_say_themselves_that_they_are_retried() -> None:
    told = run("FAILED", "PASSED")
    for each in told:
        each.get("testCaseFinished", {}).pop("willBeRetried", None)
    told[4]["testStepFinished"]["testStepResult"]["willBeRetried"] = True
    (found,) = results(*told)
    assert found.flaky
    assert [type(each) for each in found.attempts] == [Attempt]


def test_what_is_no_message_is_malformed() -> None:
    with pytest.raises(Malformed, match="there is none here"):
        parse({"a": 1}, {"b": 2})
