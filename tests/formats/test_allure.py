"""Allure's folder of results."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from assay.errors import Malformed
from assay.formats import allure, detect, look
from assay.formats.format import Piece
from assay.model import Attachment, Error, Item, Notice, Result, Run, Status, Step

SAMPLES = Path(__file__).parents[1] / "samples" / "allure"
HASHES = ("historyId", "testCaseId")


def folder(name: str) -> dict[str, Result]:
    """What the folder is as one report, its results by their names."""
    return {item.name: item for item in items(name) if isinstance(item, Result)}


def items(name: str) -> list[Item]:
    about = allure.FORMAT.beside
    wanted = (
        file
        for file in sorted((SAMPLES / name).iterdir(), reverse=True)
        if file.name in about or file.stem.endswith(("-result", "-container"))
    )
    pieces = [Piece(f"{name}/{file.name}", file.read_bytes) for file in wanted]
    return list(allure._gather(pieces))


def written(**keys: Any) -> Result:
    (found,) = (each for each in one(keys) if isinstance(each, Result))
    return found


def one(document: Any) -> list[Item]:
    return list(allure.parse([json.dumps(document).encode()]))


def pieces(*documents: Any) -> list[Piece]:
    raw = (json.dumps(each).encode() for each in documents)
    return [Piece(f"{n}.json", partial(bytes, each)) for n, each in enumerate(raw)]


def test_a_folder_is_one_report() -> None:
    counts = {name: [str(each.status) for each in folder(name).values()] for name in FOLDERS}
    assert {
        name: {word: found.count(word) for word in set(found)} for name, found in counts.items()
    } == FOLDERS


FOLDERS = {
    "pytest": {"passed": 6, "failed": 1, "broken": 2, "skipped": 2},
    "mocha": {"passed": 3, "failed": 1, "broken": 1, "skipped": 1},
    "behave": {"passed": 2, "failed": 1, "broken": 1},
}
"""As the sources' first lines tell."""


def test_tries_of_one_test_are_one_result_whatever_order_their_files_come_in() -> None:
    found = folder("pytest")["test_sends_mail"]
    assert (found.status, found.flaky) == (Status.PASSED, True)
    (first,) = found.attempts
    assert first.status is Status.FAILED
    assert first.error
    assert first.error.message.startswith("the mail server was busy")


def test_fixtures_are_steps_around_the_tests_own() -> None:
    found = folder("pytest")["test_adds_up"]
    assert [step.name for step in found.steps] == [
        "Set up: basket",
        "Put in an apple",
        "Put in a pear",
        "Tear down: basket::1",
    ]
    assert found.steps[0].steps == (Step("Take a basket", Status.PASSED, 0.0),)
    (receipt,) = found.steps[2].attachments
    assert (SAMPLES / "pytest" / receipt.path).read_text() == "3\n4\n"


def test_a_fixture_that_broke_says_why() -> None:
    found = folder("pytest")["test_parcel_is_tracked"]
    assert found.status is Status.BROKEN
    assert found.steps[0].error
    assert found.steps[0].error.message == "the warehouse does not answer"


def test_labels_and_links_are_the_path_tags_and_facts() -> None:
    found = folder("pytest")["test_adds_up"]
    assert found.path == ("test_shop", "TestBasket")
    assert set(found.tags) == {"smoke", "fast"}
    assert found.description == "The total is the sum of the lines."
    facts = found.metadata or {}
    assert {key: facts[key] for key in facts if key not in HASHES} == {
        "fullName": "test_shop.TestBasket#test_adds_up",
        "epic": "Shop",
        "feature": "Basket",
        "story": "Totals",
        "severity": "critical",
        "owner": "alice",
        "host": "runner",
        "thread": "2100-MainThread",
        "framework": "pytest",
        "language": "cpython3",
        "package": "test_shop",
        "issue": "https://tracker.example.com/SHOP-7",
        "tms": "https://tests.example.com/TC-12",
    }


def test_parameters_are_told_in_the_name_unless_it_tells_them() -> None:
    found = folder("pytest")
    assert found["test_price[2-6]"].parameters == {"amount": "2", "price": "6"}
    assert found["A voucher of 2 lowers the price"].parameters == {"worth": "2"}
    assert folder("mocha")["adds up [EUR]"].parameters == {"currency": "EUR"}


def test_secret_parameters_stay_secret_and_volatile_ones_out_of_the_name() -> None:
    found = folder("pytest")["test_with_secrets [bob]"]
    assert found.parameters == {"user": "'bob'", "password": "******", "session": "'a81f'"}


def test_the_files_about_the_run_are_its_build_and_facts() -> None:
    runs = [item for item in items("pytest") if isinstance(item, Run)]
    assert {run.build for run in runs} == {"", "shop #7"}
    assert any(run.metadata and run.metadata["build_url"].endswith("/shop/7") for run in runs)
    assert any(run.date and run.duration is not None for run in runs)
    assert Run(metadata={"shop": "staging", "node": "20"}) in items("mocha")


def test_a_step_of_javascript_that_only_stands_for_a_file_is_that_file() -> None:
    found = folder("mocha")["adds up [EUR]"]
    (step,) = (each for each in found.steps if each.name == "put in an apple")
    assert (step.output, step.steps) == ("price = 3", ())
    assert [each.name for each in step.attachments] == ["receipt"]


def test_a_generated_report_says_the_same() -> None:
    raw = (SAMPLES / "report-sends-mail.json").read_bytes()
    (found,) = (item for item in allure.parse([raw]) if isinstance(item, Result))
    original = folder("mocha")["sends mail"]
    assert (found.path, found.name) == (original.path, original.name)
    assert found.flaky
    assert [(each.status, each.duration) for each in found.attempts] == [(Status.FAILED, 0.007)]


def test_expected_and_actual_are_told_behind_the_message() -> None:
    details = {"message": "totals differ", "expected": "7", "actual": "8", "trace": "E: at x"}
    found = written(name="a", status="failed", statusDetails=details)
    assert found.error == Error("", "totals differ\nExpected: 7\nActual: 8", "E: at x")


@pytest.mark.parametrize(
    ("labels", "path"),
    [
        ({"suite": "S", "parentSuite": "P", "feature": "F"}, ("P", "S")),
        ({"epic": "E", "story": "T", "package": "p"}, ("E", "T")),
        ({"package": "com.shop", "testClass": "com.shop.Cart"}, ("com.shop.Cart",)),
        ({}, ()),
    ],
)
def test_a_test_without_suites_stands_where_else_it_belongs(
    labels: dict[str, str], path: tuple[str, ...]
) -> None:
    told = [{"name": name, "value": value} for name, value in labels.items()]
    assert written(name="a", status="passed", labels=told).path == path


def test_a_mark_of_flakiness_counts_where_the_test_passed() -> None:
    details = {"flaky": True, "known": True}
    assert written(name="a", status="passed", statusDetails=details).flaky
    failed = written(name="a", status="failed", statusDetails=details)
    assert not failed.flaky
    assert failed.metadata == {"flaky": "true", "known": "true"}


def test_errors_outside_any_test_are_results_of_their_own() -> None:
    log = {"name": "log", "source": "log.txt", "type": "text/plain"}
    found = one({"attachments": [log], "errors": [{"message": "Setup failed"}]})
    assert found == [
        Run(attachments=(Attachment("log", "log.txt", "text/plain"),)),
        Result((), "Global error", Status.BROKEN, error=Error("", "Setup failed")),
    ]


def test_a_pass_behind_a_pass_is_not_flaky() -> None:
    tries = [
        {"uuid": str(n), "historyId": "h", "name": "a", "status": "passed", "start": 1e12 + n}
        for n in (2, 1)
    ]
    (found,) = (each for each in allure._gather(pieces(*tries)) if isinstance(each, Result))
    assert not found.flaky
    assert [each.status for each in found.attempts] == [Status.PASSED]


def test_a_broken_file_does_not_spoil_the_others() -> None:
    good = {"uuid": "1", "name": "a", "status": "passed"}
    bad = Piece("bad-result.json", partial(bytes, b'{"uuid": "2", "name"'))
    found = list(allure._gather([*pieces(good), bad]))
    assert [each.where for each in found if isinstance(each, Notice)] == [
        "bad-result.json the beginning"
    ]
    assert [each.name for each in found if isinstance(each, Result)] == ["a"]


def test_steps_a_thousand_deep_are_refused() -> None:
    steps: list[Any] = []
    for _ in range(400):
        steps = [{"name": "s", "status": "passed", "steps": steps}]
    with pytest.raises(Malformed):
        one({"name": "a", "status": "passed", "steps": steps})


def test_fixtures_are_recognised_and_say_nothing_alone() -> None:
    document = b'{"uuid": "1", "children": ["2"], "befores": [{"name": "a", "status": "passed"}]}'
    assert detect(document) is allure.FORMAT
    assert list(allure.parse([document])) == []


def test_an_answer_that_a_test_attached_is_none_of_its_files() -> None:
    answer = b'{"name": "pear", "status": "sold out", "description": "green", "links": []}'
    assert not allure.FORMAT.sniff(look(answer))
