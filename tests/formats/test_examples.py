"""Every format tells people what makes such a file, how, and shows an example that imports."""

from __future__ import annotations

import re

import pytest

from assay.formats import FORMATS, HEAD_BYTES, Format, detect
from assay.formats.examples import FOLDER, example
from assay.model import Notice, Result

LARGEST = 32_000
"""Bytes: it is looked at on a page, and comes with every installation."""

each_format = pytest.mark.parametrize("format_", FORMATS, ids=lambda each: each.name)


@each_format
def test_it_says_what_makes_it_and_how(format_: Format) -> None:
    for said in (format_.title, format_.made_by, format_.how, format_.file):
        assert said.strip(), format_.name
    assert re.fullmatch(r"[\w./-]+", format_.file), "a path that a command can name"


@each_format
def test_it_says_what_becomes_what_in_sentences(format_: Format) -> None:
    assert len(format_.notes) >= 2
    for note in format_.notes:
        assert note.endswith((".", ".)")), note
        assert note.count("`") % 2 == 0, note


@each_format
def test_its_example_is_small_and_is_recognised(format_: Format) -> None:
    found = example(format_.name)
    assert 0 < len(found) <= LARGEST
    assert detect(found[:HEAD_BYTES]) is format_


@each_format
def test_its_example_is_read_without_a_word(format_: Format) -> None:
    items = list(format_.parse([example(format_.name)]))
    assert [item for item in items if isinstance(item, Notice)] == []
    assert any(isinstance(item, Result) for item in items)


def test_there_is_one_example_a_format_and_no_other_file() -> None:
    found = sorted(path.stem for path in FOLDER.iterdir() if path.suffix not in (".py", ".pyc", ""))
    assert found == sorted(each.name for each in FORMATS)


def test_a_format_without_an_example_is_told_of() -> None:
    with pytest.raises(FileNotFoundError, match="nonesuch"):
        example("nonesuch")
