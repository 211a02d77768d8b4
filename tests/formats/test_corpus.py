"""Every file of the corpus through the real detection and parser, counted beside its counter."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner

from assay.cli import main
from assay.errors import AssayError, Malformed
from assay.formats import HEAD_BYTES, by_name, detect
from assay.formats.format import Piece
from assay.model import Item, Measurement, Result, Status
from assay.unpack import Limits, documents
from formats.folders import FOLDERS, NOT_READ
from formats.known_differences import CLAIMED, COUNTS, NOT_RECOGNISED
from support import corpus

ROWS = corpus.of(*FOLDERS)

each_file = pytest.mark.parametrize("row", ROWS, ids=[row.path for row in ROWS])
pytestmark = pytest.mark.skipif(not ROWS, reason=corpus.ABSENT)

WORDS = {
    "passed": "passed",
    "failed": "failed",
    "errored": "broken",
    "skipped": "skipped",
}
LOAD = {"samples": "tests", "errors": "failed"}
"""What a load test measures of each kind of request that the counter counts, too."""


def pieces_of(row: corpus.Row) -> list[Piece]:
    """The file, or what is packed into it."""
    found = documents(corpus.ROOT / row.path, row.path, Limits(1 << 30, 10_000))
    return [Piece(each.name, partial(bytes, b"".join(each.chunks()))) for each in found]


def items_of(row: corpus.Row) -> list[Item]:
    known = by_name(FOLDERS[row.format])
    pieces = pieces_of(row)
    if known.gather and len(pieces) > 1:
        return list(known.gather([piece for piece in pieces if detected(piece) == known.name]))
    return list(known.parse([pieces[0].read()]))


def counted(row: corpus.Row) -> dict[str, int]:
    """What Assay makes of the file, in the words that its row states."""
    items = items_of(row)
    load = [each for each in items if isinstance(each, Measurement) and each.metric in LOAD]
    return loaded(row, load) if load else figures(row, statuses(items))


def statuses(items: list[Item]) -> Counter[str]:
    return Counter(str(each.status) for each in items if isinstance(each, Result))


def figures(row: corpus.Row, by_status: Mapping[str, int]) -> dict[str, int]:
    """The numbers of results as the row would state them."""
    found = {word: by_status.get(ours, 0) for word, ours in WORDS.items()}
    found["tests"] = sum(by_status.get(str(status), 0) for status in Status)
    if "errored" not in row.counts:
        found["failed"] += by_status.get("broken", 0)
    return {word: found[word] for word in row.counts}


def loaded(row: corpus.Row, measured: list[Measurement]) -> dict[str, int]:
    """The same of a load test, of which the counter counts the samples of all its requests."""
    sums = Counter({"tests": 0, "failed": 0})
    for each in measured:
        sums[LOAD[each.metric]] += int(each.value)
    sums["passed"] = sums["tests"] - sums["failed"]
    return {word: sums[word] for word in row.counts}


def recognised(row: corpus.Row) -> bool:
    """Of what is packed together, one piece or more are of the folder's format and none is of
    another."""
    found = {detected(piece) for piece in pieces_of(row)} - {""}
    return found == {FOLDERS[row.format]}


def detected(piece: Piece) -> str:
    try:
        return detect(piece.read()[:HEAD_BYTES], piece.name).name
    except AssayError:
        return ""


Note = Callable[[str, object], None]


@each_file
def test_a_file_is_recognised_as_what_it_is(row: corpus.Row, record_property: Note) -> None:
    found = recognised(row)
    record_property(row.format, "recognised" if found else "not recognised, as is known")
    assert found == (row.path not in {**NOT_RECOGNISED, **CLAIMED})


@each_file
def test_a_file_is_counted_as_its_counter_counts_it(row: corpus.Row, record_property: Note) -> None:
    if row.path in CLAIMED:
        pytest.skip(CLAIMED[row.path])
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
        if inspected["format"] != FOLDERS[folder]:
            assert row.path in {**NOT_RECOGNISED, **CLAIMED}, row.path
        elif inspected["error"]:
            assert row.counts.keys() <= {"tests", "skipped"}, row.path
        else:
            assert figures(row, inspected) == figures(row, statuses(items_of(row))), row.path


def test_every_known_difference_is_of_a_file_that_is_there() -> None:
    assert {*COUNTS, *NOT_RECOGNISED, *CLAIMED} <= {row.path for row in corpus.rows()}


def test_every_folder_has_a_format_or_a_reason() -> None:
    assert {row.format for row in corpus.rows()} == {*FOLDERS, *NOT_READ}
    assert {by_name(name).name for name in FOLDERS.values()} == set(FOLDERS.values())


def test_no_other_file_of_the_corpus_is_claimed() -> None:
    others = [row for row in corpus.rows() if row.format in NOT_READ]
    assert [row.path for row in others if any(map(detected, pieces_of(row)))] == []
