"""What Valgrind's tools report: errors of a program as findings."""

from __future__ import annotations

from pathlib import Path

import pytest

from assay.errors import Malformed
from assay.formats.valgrind import NO_ERRORS, parse
from assay.model import Container, Error, Item, Measurement, Notice, Result, Run, Status

SAMPLES = Path(__file__).parents[1] / "samples" / "valgrind"
PATH = ("scales", "memcheck")


def sample(name: str) -> list[Item]:
    return list(parse([(SAMPLES / name).read_bytes()]))


def results(name: str) -> dict[str, Result]:
    return {each.name: each for each in sample(name) if isinstance(each, Result)}


def test_an_error_is_named_by_its_kind_and_function() -> None:
    assert results("memcheck.xml")["InvalidWrite in overflows"] == Result(
        PATH,
        "InvalidWrite in overflows",
        Status.FAILED,
        error=Error(
            "InvalidWrite",
            "Invalid write of size 1",
            "Invalid write of size 1\n"
            "   at overflows (scales.c:15)\n"
            "   by main (scales.c:62)\n"
            "Address 0x4a42094 is 0 bytes after a block of size 4 alloc'd\n"
            "   at malloc (in vgpreload_memcheck-amd64-linux.so)\n"
            "   by overflows (scales.c:14)\n"
            "   by main (scales.c:62)",
        ),
        metadata={"source": "scales.c:15", "count": "1"},
    )


def test_what_stands_in_for_free_is_not_where_it_went_wrong() -> None:
    assert "InvalidFree in overflows" in results("memcheck.xml")


def test_errors_of_one_kind_in_one_function_are_steps() -> None:
    found = results("memcheck.xml")["UninitCondition in unset"]
    said = "Conditional jump or move depends on uninitialised value(s)"
    assert [each.name for each in found.steps] == [
        f"{said} (scales.c:31)",
        f"{said} (scales.c:33)",
    ]
    assert (found.metadata or {})["count"] == "2"


def test_a_leak_is_measured() -> None:
    lost = "Leak_DefinitelyLost in leaks"
    assert results("memcheck.xml")[lost].status is Status.FAILED
    assert Measurement(PATH, lost, "leaked", 40, "B") in sample("memcheck.xml")


def test_what_is_still_reachable_is_no_error() -> None:
    found = results("memcheck.xml")["Leak_StillReachable in main"]
    assert (found.status, found.error) == (Status.PASSED, None)
    assert found.stdout.startswith("10 bytes in 1 blocks are still reachable")


def test_a_signal_kills() -> None:
    found = results("crash.xml")["SIGSEGV in main"]
    assert found.status is Status.BROKEN
    assert found.error == Error(
        "SIGSEGV", "Access not within mapped region", "   at main (scales.c:66)"
    )


def test_a_race_tells_of_both_threads() -> None:
    found = results("helgrind.xml")["Race in races"]
    assert found.path == ("scales", "helgrind")
    assert found.error
    assert "This conflicts with a previous write of size 4 by thread #2" in found.error.trace


def test_a_program_without_errors_passed() -> None:
    assert sample("clean.xml") == [
        Container(PATH, "program", duration=0.322, metadata={"command": "./scales clean"}),
        Result(PATH, NO_ERRORS, Status.PASSED),
        Run(
            duration=0.322,
            metadata={"tool": "memcheck", "valgrind": "3.19.0", "command": "./scales clean"},
        ),
    ]


@pytest.mark.parametrize("end", ["<errorcounts>", "<status>\n  <state>FINISHED"])
def test_no_program_is_clean_that_was_not_seen_to_the_end(end: str) -> None:
    document = (SAMPLES / "clean.xml").read_text().partition(end)[0].encode()
    found = list(parse([document]))
    assert not any(isinstance(each, Result) for each in found)
    assert any(isinstance(each, Notice) for each in found)


def test_another_document_is_malformed() -> None:
    with pytest.raises(Malformed, match="root is <output>"):
        list(parse([b"<output/>"]))
