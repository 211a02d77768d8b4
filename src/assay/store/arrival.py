"""A report on its way into DuckDB: numbers as numpy arrays without an object per result, text as it
comes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import duckdb
import msgspec
import numpy as np
from numpy.typing import NDArray

from assay.rows import NO_TIME, Batch, ErrorRow, Names
from assay.store.bodies import pack
from assay.store.results import TABLES

_PACKED = {
    "position": "<u4",
    "test": "<u8",
    "status": "u1",
    "flaky": "u1",
    "attempts": "u1",
    "duration": "<f4",
    "started": "<i8",
    "error": "<u8",
    "status_hash": "<u8",
}
"""The packed columns of a `Batch`."""

_COPIES = {
    "duration": "CASE WHEN isnan(duration) THEN NULL ELSE duration END",
    "started": f"CASE WHEN started = {NO_TIME} THEN NULL ELSE started // 1000 END",
}
"""What goes in where it is not the staged column itself."""

_JOINED = "CASE WHEN path = '' THEN [] ELSE string_split(path, chr(31)) END"
"""The titles of a path that came as one text, see `SEPARATOR`."""

_PENDING = 10_000
"""So many tests or errors are kept before the store is asked which are new."""

_TEXT = ("details", "alike", "measurements", "containers")

_TOGETHER = 2_000_000
"""Bytes of text that go in at once: an insert costs 3 ms, however little it inserts."""

_NUMBER = 64
"""Bytes to count for a measurement."""

_AHEAD = 3_000_000
"""Bytes of text that are committed ahead of the results they belong to: the engine holds what is
not committed uncompressed in memory."""

Arrays = dict[str, NDArray[Any]]


def _names(batch: Batch, places: NDArray[np.intp]) -> Arrays:
    """The paths (as one text each) and names of some of a batch's tests."""
    names = msgspec.msgpack.decode(batch.names, type=Names)
    paths = np.frombuffer(names.path, "<u4")[places].tolist()
    return {
        "path": _array([names.paths[at] for at in paths], "text"),
        "name": _array([names.names[at] for at in places.tolist()], "text"),
    }


def _missing(hashes: NDArray[np.uint64], known: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Which of `hashes` are not among `known`, which is sorted; quickest if they are, too."""
    if not len(known):
        return np.ones(len(hashes), np.bool_)
    places = np.searchsorted(known, hashes)
    places[places == len(known)] = 0
    found: NDArray[np.bool_] = known[places] != hashes
    return found


class Arrival:
    """A report on its way in: numbers are kept until all are there, text goes in as it comes.

    The results come last, and nothing is looked for but by a result: what goes `ahead` of them is
    not there for a reader, nor after a crash, until they are.
    """

    def __init__(
        self, cursor: duckdb.DuckDBPyConnection, profile: int, report: int, *, ahead: bool
    ) -> None:
        self._cursor = cursor
        self._ahead = ahead
        self._text: dict[str, list[Any]] = {table: [] for table in _TEXT}
        self._held = self._uncommitted = 0  # bytes
        self._keys = {"profile": profile, "report": report}
        self._packed: dict[str, list[bytes]] = {name: [] for name in _PACKED}
        self._hashes: dict[str, NDArray[np.uint64]] = {}
        self._errors: list[ErrorRow] = []

    def take(self, batches: Iterable[Batch]) -> None:
        for batch in batches:
            for name, pieces in self._packed.items():
                pieces.append(getattr(batch, name))
            self._add_names(batch)
            self._errors += batch.errors
            if len(self._errors) >= _PENDING:
                self._add_errors()
            self._add_text(batch)
            del batch  # or it is held while the next one is read
        self._add_errors()
        self._insert_text()
        self._insert("results", self._sorted())

    def _add_text(self, batch: Batch) -> None:
        for table, rows in self._text.items():
            rows += getattr(batch, table)
        for wide in (batch.details, batch.alike, batch.containers):
            self._held += sum(len(row.body) for row in wide)
        self._held += _NUMBER * len(batch.measurements)
        if self._held > _TOGETHER:
            self._insert_text()
        if self._ahead and self._uncommitted > _AHEAD:
            self._cursor.commit()
            self._cursor.begin()
            self._uncommitted = 0

    def _insert_text(self) -> None:
        for table, rows in self._text.items():
            if rows:
                self._insert(table, _columns(table, rows))
                rows.clear()
        self._uncommitted += self._held
        self._held = 0

    def _add_names(self, batch: Batch) -> None:
        """Add the names of tests that the profile has not had; nothing is decoded for others."""
        hashes = np.frombuffer(batch.test + batch.measured, "<u8")
        known = self._known("tests", "test")
        if not _missing(np.sort(hashes), known).any():
            return
        distinct, firsts = np.unique(hashes, return_index=True)
        new = _missing(distinct, known)
        self._insert("tests", _names(batch, firsts[new]) | {"test": distinct[new]})
        self._hashes["tests"] = np.sort(np.concatenate((known, distinct[new])))

    def _known(self, table: str, hashed: str) -> NDArray[np.uint64]:
        """The hashes that the profile has in `table`, sorted; asked once."""
        if table not in self._hashes:
            found = self._cursor.execute(
                f"SELECT {hashed} FROM {table} WHERE profile = $profile",  # noqa: S608
                {"profile": self._keys["profile"]},
            ).fetchnumpy()
            self._hashes[table] = np.sort(np.asarray(found[hashed], np.uint64))
        return self._hashes[table]

    def _add_errors(self) -> None:
        hashes = np.fromiter((row.message_hash for row in self._errors), np.uint64)
        new = np.flatnonzero(_missing(hashes, self._known("errors", "message_hash")))
        if len(new):
            self._insert("errors", _columns("errors", [self._errors[at] for at in new.tolist()]))
        self._errors.clear()

    def _sorted(self) -> Arrays:
        """The columns sorted by test; each is let go of as soon as its sorted copy is there."""
        order = np.argsort(np.frombuffer(b"".join(self._packed["test"]), "<u8"))
        arrays = {}
        for name, kind in _PACKED.items():
            arrays[name] = np.frombuffer(b"".join(self._packed.pop(name)), kind)[order]
        return arrays

    def _insert(self, table: str, arrays: Arrays) -> None:
        names = [column.name for column in TABLES[table]]
        special = _COPIES | ({"path": _JOINED} if table == "tests" else {})
        copies = (special.get(name, name) if name in arrays else f"${name}" for name in names)
        given = {name: self._keys[name] for name in names if name not in arrays}
        self._cursor.register("arriving", arrays)
        self._cursor.execute(
            f"INSERT INTO {table} SELECT {', '.join(copies)} FROM arriving",  # noqa: S608
            given,
        )
        self._cursor.unregister("arriving")


_NUMPY = {"u32": "u4", "u64": "u8", "f64": "f8"}


def _columns(table: str, rows: Sequence[Any]) -> Arrays:
    """The columns of `rows` (structs with fields named as the table's), text as objects."""
    return {
        column.name: _array([getattr(row, column.name) for row in rows], column.kind)
        for column in TABLES[table]
        if column.kind != "id"
    }


def _array(values: list[Any], kind: str) -> NDArray[Any]:
    if kind in _NUMPY:
        return np.array(values, _NUMPY[kind])
    array = np.empty(len(values), object)
    for index, value in enumerate(
        map(pack, values) if kind == "bytes" else values
    ):  # a list assigned at once would become a second axis
        array[index] = value
    return array
