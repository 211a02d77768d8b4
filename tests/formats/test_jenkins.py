"""What Jenkins keeps of a build's tests, and what its API says of them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from assay.errors import UnknownFormat
from assay.formats import detect
from assay.formats.jenkins import parse
from assay.model import Attachment, Attempt, Container, Error, Item, Notice, Result, Run, Status

SAMPLES = Path(__file__).parents[1] / "samples" / "jenkins"


def sample(name: str) -> list[Item]:
    return list(parse([(SAMPLES / name).read_bytes()]))


def test_stages_suites_and_classes_are_containers_though_they_stand_last() -> None:
    adds, rounds, drone, suite, opens, run = sample("junitResult.xml")
    where = ("Test", "Unit", "shop.CartTest")
    assert adds == Result(
        where,
        "addsUp",
        Status.PASSED,
        0.25,
        stdout="2 kettles\n[[ATTACHMENT|/home/runner/work/shop/shop/target/cart.png]]",
        attachments=(Attachment("cart.png", "/home/runner/work/shop/shop/target/cart.png"),),
    )
    assert rounds == Result(
        where,
        "rounds",
        Status.FAILED,
        0.5,
        error=Error(
            "org.opentest4j.AssertionFailedError",
            "expected: <2> but was: <1>",
            "org.opentest4j.AssertionFailedError: expected: <2> but was: <1>\n"
            "\tat shop.CartTest.rounds(CartTest.java:20)",
        ),
        metadata={"failedSince": "41"},
    )
    reason = Error(message="Not before spring")
    assert drone == Result(where, "isSentByDrone", Status.SKIPPED, 0.0, error=reason)
    assert suite == Container(where, "suite", duration=0.75, stdout="opening the shop")
    tried = Attempt(Status.FAILED, 0.125, error=Error(message="The drawer is stuck"))
    assert opens == Result(
        ("shop.TillTest",), "opens", Status.PASSED, 0.125, attempts=(tried,), flaky=True
    )
    assert run == Run(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), 0.875)


def test_the_api_has_the_same_tests_and_compares_them_with_the_last_build() -> None:
    found = {item.name: item for item in sample("api.xml") if isinstance(item, Result)}
    assert {item.path for item in found.values()} == {("shop.CartTest",)}
    assert found["loads"].metadata == {"status": "FIXED"}
    assert found["rounds"].metadata == {"failedSince": "41", "age": "2"}


def test_a_root_of_so_common_a_name_is_told_by_what_is_in_it() -> None:
    assert detect(b"<result plugin='junit@1.2'><duration>1</duration></result>").name == "jenkins"
    with pytest.raises(UnknownFormat):
        detect(b"<result><row/></result>")


def test_a_report_cut_short_gives_what_was_whole() -> None:
    whole = (SAMPLES / "junitResult.xml").read_bytes()
    found = list(parse([whole[: whole.index(b"<testName>isSentByDrone")]]))
    assert [item for item in found if isinstance(item, Notice)]
    assert [item.name for item in found if isinstance(item, Result)] == ["addsUp", "rounds"]
