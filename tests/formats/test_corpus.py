"""Every file of the corpus through the real detection and parser, counted beside its counter."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from assay.cli import main
from assay.errors import AssayError, Malformed
from assay.formats import FORMATS, HEAD_BYTES, Head, by_name, detect, look
from assay.model import Result
from formats.known_differences import CLAIMED, COUNTS, NOT_RECOGNISED
from support import corpus

FOLDERS = {
    "junit-xml": "junit",
    "cucumber-json": "cucumber",
    "robot-xml": "robotframework",
    "testng-xml": "testng",
    "ctrf": "ctrf",
    "jest-json": "jest",
    "nunit3": "nunit",
    "nunit2": "nunit",
    "mochawesome": "mochawesome",
    "newman-json": "newmanjson",
    "testcafe-json": "testcafe",
    "serenity-json": "serenity",
    "xunit-net": "xunit",
    "xctest-plist": "xctest",
    "zap-xml": "zaproxy",
    "zap-json": "zaproxy",
}
"""The corpus' folders, and what Assay calls their formats."""

ROWS = corpus.of(*FOLDERS)

each_file = pytest.mark.parametrize("row", ROWS, ids=[row.path for row in ROWS])
pytestmark = pytest.mark.skipif(not ROWS, reason=corpus.ABSENT)

WORDS = {
    "passed": "passed",
    "failed": "failed",
    "errored": "broken",
    "skipped": "skipped",
}


def counted(row: corpus.Row) -> dict[str, int]:
    """What Assay makes of the file, in the words that its row states."""
    results = [i for i in by_name(FOLDERS[row.format]).parse([row.read()]) if isinstance(i, Result)]
    by_status = Counter(str(result.status) for result in results)
    found = {"tests": len(results)} | {word: by_status[ours] for word, ours in WORDS.items()}
    if "errored" not in row.counts:
        found["failed"] += by_status["broken"]
    return {word: found[word] for word in row.counts}


def recognised(row: corpus.Row) -> bool:
    try:
        return detect(row.read()[:HEAD_BYTES]).name == FOLDERS[row.format]
    except AssayError:
        return False


Note = Callable[[str, object], None]


@each_file
def test_a_file_is_recognised_as_what_it_is(row: corpus.Row, record_property: Note) -> None:
    found = recognised(row)
    record_property(row.format, "recognised" if found else "not recognised, as is known")
    assert found == (row.path not in NOT_RECOGNISED)


@each_file
def test_a_file_is_counted_as_its_counter_counts_it(row: corpus.Row, record_property: Note) -> None:
    try:
        found = counted(row)
    except Malformed:
        record_property(row.format, "refused")
        assert row.counts.keys() <= {"tests", "skipped"}, "the counter could read this file"
        return
    record_property(row.format, "exact" if found == row.counts else "known difference")
    assert (found == row.counts) == (row.path not in COUNTS), (found, row.counts, row.note)


@pytest.mark.parametrize("folder", FOLDERS)
def test_inspect_gives_the_same_figures_over_a_folder(folder: str) -> None:
    answer = CliRunner().invoke(main, ["inspect", "--json", str(corpus.ROOT / folder)])
    found = {Path(each["file"]): each for each in json.loads(answer.stdout)}
    for row in corpus.of(folder):
        inspected = found[corpus.ROOT / row.path]
        if inspected["format"] != FOLDERS[folder] or inspected["error"]:
            assert row.path in NOT_RECOGNISED or row.counts.keys() <= {"tests", "skipped"}
            continue
        figures = inspected | {"errored": inspected["broken"]}
        if "errored" not in row.counts:
            figures["failed"] += inspected["broken"]
        assert {word: figures[word] for word in row.counts} == counted(row), row.path


def test_every_known_difference_is_of_a_file_that_is_there() -> None:
    assert {*COUNTS, *NOT_RECOGNISED, *CLAIMED} <= {row.path for row in corpus.rows()}


def test_no_other_file_of_the_corpus_is_claimed() -> None:
    """Of the formats that have a folder and no parser yet, none is taken for one that has."""
    others = [row for row in corpus.rows() if row.format not in FOLDERS]
    claimed = {row.path for row in others if any(known.sniff(head(row)) for known in FORMATS)}
    assert claimed == set(CLAIMED)


def head(row: corpus.Row) -> Head:
    return look(row.read()[:HEAD_BYTES])
