"""JUnit XML, written: what our own reader and other people's find in it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.formats import FORMATS, by_name, junit
from assay.formats.examples import example
from assay.model import (
    Attachment,
    Attempt,
    Container,
    Error,
    Item,
    Result,
    Run,
    Status,
    Step,
)
from assay.rows import Counts

SAMPLES = Path(__file__).parents[1] / "samples" / "junit"
NOON = datetime(2026, 5, 4, 12, 0, 0, 250_000, tzinfo=UTC)
CASE = Result(("shop.Cart",), "adds", Status.PASSED)


def written(*items: Item) -> bytes:
    return b"".join(junit.write(items))


def tree(*items: Item) -> ElementTree.Element:
    return ElementTree.fromstring(written(*items))


def read(document: bytes) -> list[Result]:
    return [item for item in junit.parse([document]) if isinstance(item, Result)]


def again(*items: Item) -> list[Result]:
    return read(written(*items))


def changed(result: Result, **fields: object) -> Result:
    return msgspec.structs.replace(result, **fields)


def plain(results: Iterable[Result]) -> list[Result]:
    """As far as JUnit XML can tell: marks in the output are what files are named by."""
    return [
        changed(
            each,
            stdout="\n".join(
                line for line in each.stdout.splitlines() if not line.startswith("[[ATTACHMENT|")
            ),
        )
        for each in results
    ]


@pytest.mark.parametrize("name", sorted(path.name for path in SAMPLES.glob("*.xml")))
def test_what_was_read_is_written_and_read_as_the_same(name: str) -> None:
    first = read((SAMPLES / name).read_bytes())
    assert plain(again(*first)) == plain(first)


@pytest.mark.parametrize("format_", FORMATS, ids=lambda each: each.name)
def test_the_tests_of_every_format_stay_who_they_are(format_: object) -> None:
    name = format_.name  # type: ignore[attr-defined]
    items = list(by_name(name).parse([example(name)]))
    first = [item for item in items if isinstance(item, Result)]
    told = [(each.path, each.name, each.status, each.flaky, each.duration) for each in first]
    assert [
        (each.path, each.name, each.status, each.flaky, each.duration) for each in again(*items)
    ] == [
        (
            path,
            name,
            Status.SKIPPED if status is Status.UNKNOWN else status,
            flaky,
            seconds and round(seconds, 9),
        )
        for path, name, status, flaky, seconds in told
    ]


def test_a_container_is_a_class_and_those_above_it_are_suites() -> None:
    found = tree(
        changed(CASE, path=("web", "cart", "totals")),
        changed(CASE, path=("web", "cart", "prices")),
        changed(CASE, path=("shop.Cart",)),
        changed(CASE, path=()),
    )
    outer, alone, nowhere = found
    assert [each.get("name") for each in (outer, outer[0], alone, nowhere)] == [
        "web", "cart", "shop.Cart", "Root Suite",
    ]  # fmt: skip
    assert [case.get("classname") for case in outer[0]] == ["totals", "prices"]
    assert alone[0].get("classname") == "shop.Cart"


def test_suites_and_the_whole_say_how_many_ended_how() -> None:
    statuses = (Status.FAILED, Status.BROKEN, Status.BROKEN, Status.SKIPPED, Status.PASSED)
    cases = [changed(CASE, name=f"{n}", status=each) for n, each in enumerate(statuses)]
    counts = Counts(total=5, passed=1, failed=1, broken=2, skipped=1)
    document = b"".join(junit.write(cases, name="UI & API", run=Run(NOON, 9.5), counts=counts))
    whole = ElementTree.fromstring(document)
    figures = {"tests": "5", "failures": "1", "errors": "2", "skipped": "1"}
    assert whole.attrib == {"name": "UI & API", **figures, "time": "9.5"}
    assert whole[0].attrib == {
        "name": "shop.Cart", **figures, "time": "0", "timestamp": "2026-05-04T12:00:00.250+00:00",
    }  # fmt: skip
    assert len(whole.findall(".//testcase")) == 5


def test_a_failure_an_error_and_a_skip_have_their_elements() -> None:
    error = Error("AssertionError", "1 < 2 & 3", "at cart.py:12\nat run.py:1")
    for status, tag in (
        (Status.FAILED, "failure"),
        (Status.BROKEN, "error"),
        (Status.SKIPPED, "skipped"),
    ):
        [case] = tree(changed(CASE, status=status, error=error)).findall(".//testcase")
        assert case[0].tag == tag
        assert case[0].attrib == {"message": "1 < 2 & 3", "type": "AssertionError"}
        assert case[0].text == error.trace


def test_a_test_of_which_nothing_is_known_does_not_look_passed() -> None:
    [case] = tree(changed(CASE, status=Status.UNKNOWN)).findall(".//testcase")
    assert case[0].tag == "skipped"
    assert case[0].get("message") == "The report does not say how it ended"


TRY = Attempt(Status.FAILED, 0.5, NOON, Error("E", "no answer", "trace"), "out", "err")


def test_the_attempts_of_a_flaky_test_are_flaky_failures() -> None:
    flaky = changed(CASE, attempts=(TRY, Attempt(Status.BROKEN)), flaky=True, duration=2.0)
    [case] = tree(flaky).findall(".//testcase")
    assert [each.tag for each in case] == ["flakyFailure", "flakyError"]
    assert case[0].findtext("stackTrace") == "trace"
    assert again(flaky) == [changed(flaky, attempts=(TRY, Attempt(Status.BROKEN, error=Error())))]


def test_a_test_that_is_only_said_to_be_flaky_stays_flaky() -> None:
    [found] = again(changed(CASE, flaky=True))
    assert found.flaky


def test_the_attempts_of_a_failure_are_reruns_and_the_first_is_its_own() -> None:
    failed = changed(
        CASE,
        status=Status.BROKEN,
        error=Error("F", "still no answer", "trace 2"),
        attempts=(TRY,),
        duration=2.0,
        stdout="second",
        description="of the cart",
        tags=("slow",),
        steps=(Step("fill", Status.PASSED),),
        attachments=(Attachment("a.png", "shots/a.png"),),
    )
    [case] = tree(failed).findall(".//testcase")
    assert [each.tag for each in case] == [
        "properties", "failure", "rerunError", "system-out", "system-err",
    ]  # fmt: skip
    [found] = again(failed)
    [first] = found.attempts
    assert first.stdout == "out\n[[ATTACHMENT|shots/a.png]]"
    assert changed(found, attempts=()) == changed(failed, attempts=())


def test_files_are_named_in_the_output_once() -> None:
    shot, log = Attachment("a.png", "shots/a.png"), Attachment("log", "b]c.log")
    named = changed(CASE, stdout="see [[ATTACHMENT|shots/a.png]]", attachments=(shot, log))
    [case] = tree(named).findall(".//testcase")
    assert case.findtext("system-out") == named.stdout
    [found] = again(named)
    assert {each.path for each in found.attachments} == {"shots/a.png", "b]c.log"}


def test_properties_hold_what_has_no_other_place() -> None:
    rich = changed(
        CASE,
        description="Adds up.\nTwice.",
        tags=("smoke", "slow"),
        parameters={"n": "3"},
        metadata={"file": "cart.py", "line": "12", "owner": "ida"},
        steps=(
            Step("open", Status.PASSED, steps=(Step("click", Status.FAILED),)),
            Step("close", Status.SKIPPED),
        ),
    )
    [case] = tree(rich).findall(".//testcase")
    assert (case.get("file"), case.get("line")) == ("cart.py", "12")
    [found] = again(rich)
    assert (found.description, found.tags) == (rich.description, rich.tags)
    assert (found.parameters, found.metadata) == (rich.parameters, rich.metadata)
    assert [(step.name, step.status) for step in found.steps] == [
        ("open", Status.PASSED), ("click", Status.FAILED), ("close", Status.SKIPPED),
    ]  # fmt: skip


def test_a_containers_output_and_properties_stand_in_its_suite() -> None:
    suite = Container(
        ("shop", "cart"), stdout="up", stderr="down", metadata={"java.version": "17"}, duration=3.0
    )
    outer = Container(("shop",), stdout="all up")
    items = [outer, suite, changed(CASE, path=("shop", "cart")), Container(("idle",), stdout="!")]
    found = [item for item in junit.parse([written(*items)]) if isinstance(item, Container)]
    assert [(each.path, each.stdout, each.stderr, each.metadata) for each in found] == [
        (("shop", "cart"), "up", "down", {"java.version": "17"}),
        (("shop",), "all up", "", None),
        (("idle",), "!", "", None),
    ]


def test_a_long_suite_goes_on_in_another_of_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assay.formats._junit_writer.SUITE_BYTES", 200)
    cases = [changed(CASE, name=f"case {n}") for n in range(20)]
    document = written(*cases)
    suites = ElementTree.fromstring(document).findall("testsuite")
    assert len(suites) > 2
    assert sum(int(each.get("tests", "")) for each in suites) == 20
    assert read(document) == cases


HOSTILE = st.text(st.characters(codec=None), max_size=40) | st.sampled_from(
    ["]]>", "<!--", "&#0;", "\x1b[31mred", "\ud800", "\r\n\t", "a\x00b"]
)


@given(st.lists(HOSTILE, min_size=8, max_size=8))
def test_whatever_a_report_holds_it_is_xml(texts: list[str]) -> None:
    name, kind, message, trace, stdout, tag, path, title = texts
    error = Error(kind, message, trace)
    result = Result(
        (title, path),
        name,
        Status.FAILED,
        error=error,
        stdout=stdout,
        tags=(tag,),
        description=trace,
        attachments=(Attachment(name, path),),
        attempts=(Attempt(Status.BROKEN, error=error, stdout=stdout),),
        metadata={tag: message},
        steps=(Step(message, Status.PASSED),),
    )
    document = written(Container((title,), stdout=stdout, metadata={tag: name}), result)
    ElementTree.fromstring(document)
    assert len(read(document)) == 1
    assert written(*read(document)) == written(*read(written(*read(document))))


SECONDS = st.none() | st.floats(0, 1e6).map(lambda found: round(found, 6))
WORD = st.from_regex(r"[a-z]{1,8}( [a-z]{1,8})?", fullmatch=True)


@given(
    st.lists(
        st.builds(
            Result,
            path=st.lists(WORD, max_size=4).map(tuple),
            name=WORD,
            status=st.sampled_from([each for each in Status if each is not Status.UNKNOWN]),
            duration=SECONDS,
        ),
        unique_by=lambda each: (each.path, each.name),
    )
)
def test_the_same_tests_come_back_in_their_order(results: list[Result]) -> None:
    assert again(*results) == results
