"""A report is found behind what else was printed, and so are those that follow it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path

import pytest

from assay.formats import FORMATS, by_name, look
from assay.formats.detect import choose
from assay.formats.documents import Place, documents, read, within
from assay.model import Notice, Result, expand

SAMPLES = Path(__file__).parents[1] / "samples"
NOISE = b"\n> shop@1.0.0 test\n> jest --json\n\n[INFO] {building} <nothing>\n"

REPORTS = [
    ("jest", "jest/jest.json"),
    ("junit", "junit/pytest.xml"),
    ("cucumber", "cucumber/cucumber-js.json"),
    ("nunit", "nunit/nunit2.xml"),
]
each_report = pytest.mark.parametrize(("name", "file"), REPORTS)


def found(printed: bytes) -> Place | None:
    return within(look(printed), partial(choose, FORMATS))


def results(known: str, chunks: Iterable[bytes]) -> int:
    items = expand(documents(by_name(known), chunks))
    return sum(isinstance(item, Result) for item in items)


@each_report
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_report_is_found_behind_other_output(name: str, file: str, encoding: str) -> None:
    report = (SAMPLES / file).read_bytes()
    printed = (NOISE + report).decode().encode(encoding)
    place = found(printed)
    assert place
    assert (place.format.name, place.lines) == (name, NOISE.count(b"\n"))
    notice, *items = read(place, [printed[:100], printed[100:]])
    assert isinstance(notice, Notice)
    assert "5 lines of other output" in notice.message
    assert list(expand(items)) == list(by_name(name).parse([report]))


def test_words_that_look_like_a_report_are_none() -> None:
    for printed in (b"It writes <testsuite>:\n<b/>\n{}\n", b"junit.xml\n", NOISE):
        assert found(printed) is None


@each_report
def test_reports_that_follow_one_another_are_all_read(name: str, file: str) -> None:
    report = (SAMPLES / file).read_bytes()
    assert results(name, [report, b"\n", report]) == 2 * results(name, [report])


@each_report
def test_what_follows_and_is_no_report_is_told_of(name: str, file: str) -> None:
    items = list(documents(by_name(name), [(SAMPLES / file).read_bytes(), b"\nnpm ERR! code 1\n"]))
    assert [item.message for item in items if isinstance(item, Notice)]
