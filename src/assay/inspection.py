"""`assay inspect`: what Assay makes of files, without a server."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import msgspec
from rich.console import Console
from rich.table import Table

from assay.belongings import base
from assay.errors import AssayError, UnknownFormat
from assay.formats import FORMATS, Format, by_name
from assay.formats.detect import Judgement, choose, peek
from assay.formats.documents import Place, read, within
from assay.formats.format import Head
from assay.model import Item, Notice, Result, Status, expand
from assay.paths import files_of
from assay.pieces import Pieces

CHUNK_BYTES = 262_144
MOST_WARNINGS = 100
MOST_UNPACKED = 2_000_000_000
MOST_MEMBERS = 50_000
PIPED_WIDTH = 200
"""Columns of the table where it is written to a file or a CI's log."""

BESIDE = frozenset[str]().union(*(each.beside for each in FORMATS))
"""Files that are reports only with those that they lie beside."""

COLUMNS = ("tests", "passed", "failed", "broken", "skipped", "unknown", "flaky")


Find = Callable[[Head, str, bool], Place]
"""The report in a file with this head and name, which may have come alone."""


class Finding(msgspec.Struct, frozen=True):
    """What a file was found to hold; `format` is None where it is no report. `flaky` ones are
    counted in `passed` too."""

    file: str
    format: str | None = None
    tests: int = 0
    passed: int = 0
    failed: int = 0
    broken: int = 0
    skipped: int = 0
    unknown: int = 0
    flaky: int = 0
    warnings: tuple[str, ...] = ()
    error: str | None = None


def inspect(names: Iterable[str], formatter: str = "", *, as_json: bool = False) -> int:
    """Print the findings; the exit code is 0 when at least one file was read."""
    chosen = by_name(formatter) if formatter else None
    judge = Judgement(FORMATS)
    findings = [found for path in files_of(names) for found in examine(path, chosen, judge)]
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(findings)))
    else:
        show(findings, Console(width=None if sys.stdout.isatty() else PIPED_WIDTH))
    return 0 if any(found.error is None for found in findings) else 1


def examine(
    path: Path, chosen: Format | None = None, judge: Judgement | None = None
) -> Iterator[Finding]:
    """What is in a file, or in each member of an archive; what goes wrong stands in `error`. One
    `judge` of many files knows those that are alike.

    Members that are one report together, as Allure's are, are one finding in the archive's name.
    """
    find = partial(_find, chosen, judge or Judgement(FORMATS))
    with TemporaryDirectory() as folder, closing(Pieces(Path(folder))) as pieces:
        beside: list[Finding] = []
        try:
            for name, chunks in _documents(path):
                for found in _look(name, chunks, find, None if name == str(path) else pieces):
                    if found.format is None and base(name) in BESIDE:
                        beside.append(found)
                    else:
                        yield found
        except (AssayError, OSError) as error:
            yield Finding(str(path), error=str(error))
        read_too = {name for pile in pieces.piles() for name in pile.format.beside}
        yield from (found for found in beside if base(found.file) not in read_too)
        for pile in pieces.piles():
            assert pile.format.gather
            yield _tell(str(path), pile.format, pile.format.gather(pile.pieces()))


def _documents(path: Path) -> Iterator[tuple[str, Iterator[bytes]]]:
    try:
        from assay.unpack import Limits, documents
    except ModuleNotFoundError:  # archives are the server's business, and its libraries'
        yield str(path), _chunks(path)
        return
    for document in documents(path, str(path), Limits(MOST_UNPACKED, MOST_MEMBERS)):
        inner = f"/{document.name}" if document.member else ""
        yield f"{path}{inner}", document.chunks()


def _look(
    name: str, chunks: Iterator[bytes], find: Find, pieces: Pieces | None
) -> Iterator[Finding]:
    head, whole = peek(chunks)
    try:
        place = find(head, name, pieces is None)
    except (AssayError, OSError) as error:
        yield Finding(name, error=str(error))
        return
    if place.format.gather and pieces:
        pieces.add(place.format, name, whole)
    else:
        yield _tell(name, place.format, expand(read(place, whole)))


def _find(chosen: Format | None, judge: Judgement, head: Head, name: str, alone: bool) -> Place:
    """The report in a file with this head; in one that came `alone`, also behind other output."""
    if chosen:
        return Place(chosen)
    try:
        return Place(choose(FORMATS, head, name, judge))
    except UnknownFormat:
        if alone and (found := within(head, partial(choose, FORMATS, judgement=judge))):
            return found
        raise


def _tell(name: str, known: Format, items: Iterable[Item]) -> Finding:
    """What came out of a report."""
    counts: Counter[str] = Counter()
    warnings: list[str] = []
    error: str | None = None
    try:
        for item in items:
            if isinstance(item, Result):
                counts[item.status.value] += 1
                counts["flaky"] += item.flaky
            elif isinstance(item, Notice) and len(warnings) < MOST_WARNINGS:
                warnings.append(f"{item.message} (at {item.where})" if item.where else item.message)
    except (AssayError, OSError) as broken:
        error = str(broken)
    return Finding(
        name,
        known.name,
        tests=sum(counts[status.value] for status in Status),
        **{column: counts[column] for column in COLUMNS[1:]},
        warnings=tuple(warnings),
        error=error,
    )


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            yield chunk


def show(findings: Iterable[Finding], console: Console) -> None:
    """A table with a line a file, and under it what is to be said of them."""
    table = Table(box=None, pad_edge=False)
    table.add_column("file", overflow="fold")
    table.add_column("format")
    for column in COLUMNS:
        table.add_column(column, justify="right")
    for found in findings:
        figures = (getattr(found, column) for column in COLUMNS)
        table.add_row(_plain(found.file), found.format or "–", *map(str, figures))
    console.print(table)
    for found in findings:
        for warning in found.warnings:
            console.print(f"{found.file}: {warning}", markup=False, highlight=False, soft_wrap=True)
        if found.error:
            console.print(
                f"{found.file}: {found.error}", markup=False, highlight=False, soft_wrap=True
            )


def _plain(name: str) -> str:
    return name.replace("[", "\\[")
