"""Tables of text, row by row: separated by commas, semicolons, tabs or bars."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator

from assay.formats._text import lines
from assay.model import Notice

DELIMITERS = ",;\t|"


def rows(chunks: Iterable[bytes]) -> Iterator[list[str] | Notice]:
    """The rows that are not empty; their delimiter is the one that the first line shows.

    Quoted fields may hold line breaks. A row that cannot be read is left out, with a `Notice`.
    """
    text = (line + "\n" for line in lines(chunks))
    first = next((line for line in text if line.strip()), "")
    yield from _read(first, text, delimiter_of(first))


def _read(first: str, rest: Iterator[str], delimiter: str) -> Iterator[list[str] | Notice]:
    def all_lines() -> Iterator[str]:
        yield first
        yield from rest

    reader = csv.reader(all_lines(), delimiter=delimiter)
    lost = 0
    while True:
        try:
            row = next(reader)
        except StopIteration:
            break
        except csv.Error:
            lost += 1
            continue
        if any(row):
            yield row
    if lost:
        yield Notice(f"Rows with a field that does not end were left out: {lost:,}")


def delimiter_of(line: str) -> str:
    """The delimiter that makes the most of a line; a comma where none makes anything."""
    return max(DELIMITERS, key=lambda each: len(fields(line, each)))


def fields(line: str, delimiter: str) -> list[str]:
    """A single line's fields; none where it cannot be read."""
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


def header_of(text: str) -> list[str]:
    """The fields of the first line of a document's head."""
    first = text.partition("\n")[0]
    return [field.strip() for field in fields(first, delimiter_of(first))]
