"""A folder of Allure's results as one report: which of its files belong to each other.

First every file is looked through for what joins it to others, of which only that is kept; then
each is read in its turn.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

import msgspec

from assay.errors import Malformed
from assay.formats import _json
from assay.formats._allure_result import (
    Fixtures,
    Stage,
    Test,
    Time,
    fixtures,
    moment,
    result_of,
    seconds,
)
from assay.formats._retries import join
from assay.formats._shapes import S, Shape, read
from assay.formats._text import lines
from assay.formats.format import Piece
from assay.model import FAILURES, Item, Notice, Result, Run, Status

PROPERTY = re.compile(r"\s*((?:[^\s\\#!=:]|\\.)(?:[^\\=:]|\\.)*)[=:](.*)")
ESCAPED = re.compile(r"\\(.)")

EXECUTORS = {"name": "executor", "buildUrl": "build_url", "reportName": "report"}
"""What is kept of `executor.json` beside the build's name."""

HELD_FIXTURES = 256
"""Sets of fixtures in memory: one around all tests of a class is wanted again and again."""


class Tie(Time, frozen=True):
    """What joins a file to others."""

    uuid: str | None = None
    historyId: str | None = None  # noqa: N815
    children: list[str] | None = None
    befores: list[Shape] | None = None
    afters: list[Shape] | None = None


class Around(Shape, frozen=True):
    """Fixtures around tests."""

    befores: list[Stage] | None = None
    afters: list[Stage] | None = None


_TIE = msgspec.json.Decoder(Tie)
_TEST = msgspec.json.Decoder(Test)
_AROUND = msgspec.json.Decoder(Around)


class Try(NamedTuple):
    """A file of a test; `start` in milliseconds since 1970."""

    start: float
    uuid: str
    piece: Piece


@dataclass(slots=True)
class Folder:
    """The tests by what all their tries share, the fixtures by the test they are around, and files
    of which nothing is known yet."""

    tests: dict[object, list[Try]] = field(default_factory=dict)
    around: dict[str, list[tuple[float, Piece]]] = field(default_factory=dict)
    others: list[Piece] = field(default_factory=list)
    first: float | None = None
    last: float | None = None

    def add(self, piece: Piece) -> None:
        """Look through a file. Raises Malformed."""
        tie = _read(piece, _TIE)
        start = tie.start or 0.0
        for child in tie.children or ():
            self.around.setdefault(child, []).append((start, piece))
        if tie.children is not None or tie.befores is not None or tie.afters is not None:
            return
        if not tie.uuid:
            self.others.append(piece)
            return
        key = tie.historyId or (tie.uuid, piece.name)
        self.tests.setdefault(key, []).append(Try(start, tie.uuid, piece))
        self._date(tie)

    def _date(self, tie: Tie) -> None:
        if tie.start:
            self.first = min(self.first or tie.start, tie.start)
            self.last = max(self.last or 0, tie.stop or tie.start)

    def in_order(self) -> Iterator[list[Try]]:
        """The tries of each test by their start, the tests by their first one's."""
        for tries in self.tests.values():
            tries.sort(key=_start)
        return iter(sorted(self.tests.values(), key=lambda tries: tries[0].start))


def _start(each: Try) -> float:
    return each.start


def gather(pieces: Iterable[Piece], alone: Callable[[bytes], Iterator[Item]]) -> Iterator[Item]:
    """The report that these files are; `alone` reads one that belongs to no other."""
    folder = Folder()
    for piece in pieces:
        about = ABOUT.get(piece.name.replace("\\", "/").rpartition("/")[2].lower())
        if about:
            yield about(piece)
            continue
        try:
            folder.add(piece)
        except Malformed as error:
            yield _left_out(piece, error)
    yield Run(date=moment(Time(folder.first)), duration=seconds(Time(folder.first, folder.last)))
    yield from _results(folder)
    for piece in folder.others:
        try:
            yield from alone(piece.read())
        except Malformed as error:
            yield _left_out(piece, error)


def _left_out(piece: Piece, error: Malformed) -> Notice:
    return Notice(f"A file was left out. {error.message}", f"{piece.name} {error.where}".strip())


def _results(folder: Folder) -> Iterator[Item]:
    cached = lru_cache(HELD_FIXTURES)(_fixtures)
    for tries in folder.in_order():
        found: list[Result] = []
        for each in tries:
            try:
                around = _around(folder.around.get(each.uuid), cached)
                found.append(result_of(_read(each.piece, _TEST), around))
            except Malformed as error:
                yield _left_out(each.piece, error)
        if found:
            yield _joined(found)


def _around(
    found: list[tuple[float, Piece]] | None, read_fixtures: Callable[[Piece], Fixtures]
) -> Fixtures | None:
    """The fixtures around a test, those that were set up last torn down first."""
    if not found:
        return None
    sets = [read_fixtures(piece) for _, piece in sorted(found, key=lambda each: each[0])]
    before = tuple(step for each in sets for step in each.before)
    return Fixtures(before, tuple(step for each in reversed(sets) for step in each.after))


def _fixtures(piece: Piece) -> Fixtures:
    around = _read(piece, _AROUND)
    return fixtures(around.befores, around.afters)


def _joined(tries: list[Result]) -> Result:
    """The last try with the others as its attempts. A folder that was written to by two runs has
    tries that all passed."""
    *earlier, last = tries
    if not earlier:
        return last
    failed = any(each.status in FAILURES for each in earlier)
    is_flaky = last.flaky or (failed and last.status is Status.PASSED)
    return msgspec.structs.replace(join(tries), flaky=is_flaky)


def _read(piece: Piece, decoder: msgspec.json.Decoder[S]) -> S:
    """What a file says, in that shape. Raises Malformed.

    A clean one is decoded as it is, which takes a tenth of the time: there are thousands.
    """
    whole = piece.read()
    if b"\\u00" not in whole:
        try:
            return decoder.decode(whole)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            pass  # it may be read value by value
    for value in _json.values([whole], ()):
        shaped = None if isinstance(value, Notice) else read(value.raw, decoder, value.where)
        if shaped is not None:
            return shaped
    raise Malformed("An object was expected here")


def _environment(piece: Piece) -> Run:
    """Java's properties: a name and a value a line."""
    pairs = (PROPERTY.fullmatch(line) for line in lines([piece.read()]))
    found = ((_bare(pair[1]), _bare(pair[2])) for pair in pairs if pair)
    return Run(metadata={name: value for name, value in found if value} or None)


def _bare(text: str) -> str:
    return ESCAPED.sub(r"\1", text.strip())


def _executor(piece: Piece) -> Item:
    try:
        found = _json.mapping(_json.decode(piece.read()))
    except Malformed as error:
        return _left_out(piece, error)
    told = {ours: text for key, ours in EXECUTORS.items() if (text := _json.text(found.get(key)))}
    build = _json.text(found.get("buildName")) or _json.text(found.get("buildOrder"))
    return Run(build=build, metadata=told or None)


ABOUT: dict[str, Callable[[Piece], Item]] = {
    "executor.json": _executor,
    "environment.properties": _environment,
}
"""The files about the whole run, by their names."""
