"""QtTest's XML and the text it prints."""

from __future__ import annotations

from pathlib import Path

import pytest

from assay.errors import Malformed, UnknownFormat
from assay.formats import detect
from assay.formats.qtest import parse
from assay.model import Container, Error, Item, Measurement, Notice, Result, Run, Status

SAMPLES = Path(__file__).parents[1] / "samples" / "qtest"

each_sample = pytest.mark.parametrize(
    "name", ["shop.xml", "shop.txt", "shop-qt6.xml", "shop-qt6.txt"]
)


def sample(name: str) -> list[Item]:
    return list(parse([(SAMPLES / name).read_bytes()]))


def named(name: str, test: str) -> Result:
    found = (each for each in sample(name) if isinstance(each, Result))
    return next(each for each in found if each.name == test)


def result(incidents: str) -> Result:
    document = (
        f"<TestCase name='Shop'><TestFunction name='adds'>{incidents}</TestFunction></TestCase>"
    )
    return next(each for each in parse([document.encode()]) if isinstance(each, Result))


def test_a_function_is_a_test_of_its_class() -> None:
    assert named("shop.xml", "adds") == Result(("Shop",), "adds", Status.PASSED, 3.0263e-05)


@each_sample
def test_a_failure_has_its_message_place_and_output(name: str) -> None:
    found = named(name, "weighs")
    assert found.status is Status.FAILED
    assert found.error == Error(
        "",
        "Compared doubles are not the same (fuzzy compare)\n"
        "   Actual   (1.5) : 1.5\n   Expected (1.25): 1.25",
    )
    assert found.stdout == "QWARN: nearly <full> & heavy\nQDEBUG: scale 7"
    assert found.metadata == {"source": "tst_shop.cpp:15"}


@each_sample
def test_each_row_of_data_is_a_test(name: str) -> None:
    rows = [each for each in sample(name) if isinstance(each, Result) and each.parameters]
    assert [(each.name, each.status) for each in rows[:4]] == [
        ("prices(apples)", Status.PASSED),
        ("prices(pears)", Status.FAILED),
        ('prices(nuts, "fresh" & <dry>)', Status.PASSED),
        ("prices(plums)", Status.SKIPPED),
    ]
    assert rows[1].parameters == {"data tag": "pears"}


@each_sample
def test_an_expected_failure_passes_and_an_unexpected_pass_fails(name: str) -> None:
    expected, surprise = named(name, "discount"), named(name, "surprise")
    assert expected.status is Status.PASSED
    assert (expected.metadata or {})["expected failure"] == "Not before spring"
    assert surprise.status is Status.FAILED
    assert surprise.error == Error("XPASS", "'true' returned TRUE unexpectedly. ()")


@each_sample
def test_what_is_blacklisted_does_not_count(name: str) -> None:
    passed, failed = named(name, "sometimes"), named(name, "seldom")
    assert (passed.status, passed.metadata) == (Status.SKIPPED, {"blacklisted": "passed"})
    assert failed.status is Status.SKIPPED
    assert failed.error == Error("", "'false' returned FALSE. (not today)")


@each_sample
def test_benchmarks_are_measured_in_si_units(name: str) -> None:
    time, memory = (each for each in sample(name) if isinstance(each, Measurement))
    assert (time.path, time.name, time.metric, time.unit) == (("Shop",), "sorts", "wall time", "s")
    assert time.value == pytest.approx(4e-8, rel=0.6)
    assert memory == Measurement(("Shop",), "searches(few)", "bytes allocated", 25, "B")


def test_an_old_benchmark_tells_the_sum_of_all_iterations() -> None:
    document = (
        "<TestCase name='Shop'><TestFunction name='adds'><Incident type='pass'/><BenchmarkResult "
        "metric='walltime' tag='' value='28' iterations='7'/></TestFunction></TestCase>"
    )
    assert Measurement(("Shop",), "adds", "wall time", 0.004, "s") in parse([document.encode()])


def test_an_exception_is_no_failed_check() -> None:
    found = result(
        "<Incident type='fail'><Description>Caught unhandled exception</Description></Incident>"
    )
    assert found.status is Status.BROKEN


def test_every_failure_of_a_test_is_told() -> None:
    one, two = (
        f"<Incident type='fail'><Description>{said}</Description></Incident>" for said in "ab"
    )
    assert result(one + two).error == Error("", "a", "b")


def test_the_run_has_its_version_and_duration() -> None:
    assert sample("shop.xml")[-2:] == [
        Container(("Shop",), "class", duration=0.343899),
        Run(
            duration=0.343899,
            metadata={
                "Qt": "5.15.8",
                "Qt build": "Qt 5.15.8 (x86_64-little_endian-lp64 shared (dynamic) release build; "
                "by GCC 12.2.0)",
                "QtTest": "5.15.8",
            },
        ),
    ]


def test_a_function_that_is_not_there_fails() -> None:
    text = "********* Start testing of Shop *********\nFAIL!  : Shop::,x() Function not found: ,x\n"
    found = next(each for each in parse([text.encode()]) if isinstance(each, Result))
    assert (found.name, found.error) == (",x", Error("", "Function not found: ,x"))


def test_a_text_that_is_cut_short_says_so() -> None:
    text = "********* Start testing of Shop *********\nPASS   : Shop::adds()\nFAIL!  : Shop::pays()"
    found = list(parse([text.encode()]))
    assert [each.name for each in found if isinstance(each, Result)] == ["adds", "pays"]
    assert any(isinstance(each, Notice) for each in found)


def test_others_are_none_of_ours() -> None:
    for other in (b"<TestCase id='1'><Steps/></TestCase>", b"PASS   : Shop::adds()\n"):
        with pytest.raises(UnknownFormat):
            detect(other)
    with pytest.raises(Malformed):
        list(parse([b"PASS   : Shop::adds()\n"]))
