"""The results store in one DuckDB file, for a server that is one process.

Measured with DuckDB 2.0: bodies compressed with zstd take half of what the engine chooses by
itself and are written faster; everything else is left to it. Numbers go in as numpy arrays without
an object per result: a report of 100,000 results of known tests costs 0.05 s of CPU.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import unquote, urlsplit

import duckdb
import msgspec
import numpy as np
from numpy.typing import NDArray

from assay.errors import Unavailable
from assay.rows import NO_TIME, Batch, ErrorRow, Names
from assay.store.bodies import pack
from assay.store.results import PER_REPORT, TABLES, Row

_TYPES = {
    "u8": "UTINYINT",
    "u32": "UINTEGER",
    "u64": "UBIGINT",
    "id": "BIGINT",
    "time": "BIGINT",
    "f32": "FLOAT",
    "f64": "DOUBLE",
    "text": "VARCHAR",
    "wide": "VARCHAR USING COMPRESSION zstd",
    "texts": "VARCHAR[]",
    "bytes": "BLOB USING COMPRESSION zstd",
}

_DIALECT = {
    "countIf(c)": "count_if(c)",
    "sumIf(x, c)": "sum(x) FILTER (c)",
    "avgIf(x, c)": "avg(x) FILTER (c)",
    "uniqExact(x)": "count(DISTINCT x)",
    "argMax(x, y)": "arg_max(x, y)",
    "argMin(x, y)": "arg_min(x, y)",
    "groupArray(x)": "list(x)",
    "toStartOfDay(t)": "date_trunc('day', t)",
    "toString(x)": "x::VARCHAR",
    "arraySlice(a, first, n)": "list_slice(a, first, first + n - 1)",
    "arrayStringConcat(a, between)": "array_to_string(a, between)",
    "arraySort(a)": "list_sort(a)",
    "indexOf(a, x)": "coalesce(list_position(a, x), 0)",
    "lowerUTF8(x)": "lower(x)",
    "positionCaseInsensitiveUTF8(text, part)": "contains(lower(text), lower(part))::INTEGER",
    "substringUTF8(x, first, n)": "substring(x, first, n)",
}
"""Functions of ClickHouse that DuckDB lacks, in terms of its own: one text asks both."""

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
_JOINED = "CASE WHEN path = '' THEN [] ELSE string_split(path, chr(31)) END"
"""The titles of a path that came as one text, see `SEPARATOR`."""

"""What goes in where it is not the staged column itself."""

_MANY = 8
_SIGNED = 2**63 - 1

_PENDING = 10_000
"""So many tests or errors are kept before the store is asked which are new."""

_IDLE = 16
"""Cursors kept for the next question: making one costs more than most questions."""

Arrays = dict[str, NDArray[Any]]


class DuckDB:
    """A results store in `file`, or in memory where that is ":memory:"."""

    def __init__(self, file: str, *, memory: str, threads: int) -> None:
        self._connection = connect(file, memory=memory, threads=threads)
        self._connection.execute(_schema())
        self._writing = Lock()
        self._idle: list[duckdb.DuckDBPyConnection] = []

    def write(self, profile: int, report: int, batches: Iterable[Batch]) -> None:
        with self._transaction() as cursor:
            _remove(cursor, profile, [report])
            _Arrival(cursor, profile, report).take(batches)

    def delete(self, profile: int, reports: Sequence[int]) -> None:
        if not reports:
            return
        with self._transaction() as cursor:
            _remove(cursor, profile, reports)

    def forget(self, profiles: Sequence[int]) -> None:
        if not profiles:
            return
        with self._transaction() as cursor:
            for table in TABLES:
                cursor.execute(
                    f"DELETE FROM {table} WHERE profile IN $profiles",  # noqa: S608
                    {"profiles": list(profiles)},
                )

    def ask(self, sql: str, params: Mapping[str, object]) -> list[Row]:
        text, given = _translate(sql, params)
        with _explained(), self._cursor() as cursor:
            return cursor.execute(text, given).fetchall()

    def close(self) -> None:
        with self._writing:
            self._connection.close()

    @contextmanager
    def _cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection for one thread; one that has served well is kept for the next."""
        try:
            cursor = self._idle.pop()
        except IndexError:
            cursor = self._connection.cursor().execute("USE store")
        try:
            yield cursor
        except BaseException:
            cursor.close()
            raise
        if len(self._idle) < _IDLE:
            self._idle.append(cursor)
        else:
            cursor.close()

    @contextmanager
    def _transaction(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """One writer at a time; readers go on with what was there before."""
        with self._writing, _explained(), self._cursor() as cursor:
            cursor.begin()
            try:
                yield cursor
            except BaseException:
                with suppress(duckdb.Error):  # it may have been the engine that gave up
                    cursor.rollback()
                raise
            cursor.commit()


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except (duckdb.OutOfMemoryException, duckdb.IOException, duckdb.FatalException) as error:
        raise Unavailable(f"The results store is out of memory, disk or order: {error}") from error


def open_store(url: str, *, memory: str, threads: int) -> DuckDB:
    """The store at `duckdb:///an/absolute/path`, its folder made if need be; `duckdb://` is one in
    memory. Raises `Unavailable`."""
    path = unquote(urlsplit(url).path)
    if path in ("", "/"):
        return DuckDB(":memory:", memory=memory, threads=threads)
    file = Path(path)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Unavailable(f"The folder {file.parent} cannot be made: {error.strerror}") from error
    return DuckDB(str(file), memory=memory, threads=threads)


def connect(file: str, *, memory: str, threads: int) -> duckdb.DuckDBPyConnection:
    """A connection to `file` that names its tables without a prefix. Raises `Unavailable`."""
    config: dict[str, Any] = {
        "memory_limit": memory,
        "threads": threads,
        "write_buffer_row_group_count": 1,
    }
    if file != ":memory:":
        config["temp_directory"] = f"{file}.tmp"
    connection = duckdb.connect(config=config)
    try:
        connection.execute(_ATTACH.format(file=file.replace("'", "''")))
        return connection.execute("USE store")
    except duckdb.Error as error:
        connection.close()
        raise Unavailable(_explain(file, str(error))) from error


_ATTACH = "ATTACH '{file}' AS store (BLOCK_SIZE 32768, ROW_GROUP_SIZE 32768)"
"""An eighth of the engine's block and a quarter of its row group: a test's history reads a quarter
of the bytes, a report of a small profile among 100 M results is found in a third of the time, and
the file is no more than 5 % larger."""


def _explain(file: str, error: str) -> str:
    if "lock" in error or "already attached" in error:
        return (
            f"The results in {file} are in use by another process. One process at a time can have "
            f"them: stop the other one, or give this one its own folder. ({error})"
        )
    return (
        f"The results in {file} cannot be opened; the file may be damaged. Move it and {file}.wal "
        f"aside and let the reports be made again from the files that were uploaded: "
        f"assay admin reprocess. ({error})"
    )


def _schema() -> str:
    tables = (
        f"CREATE TABLE IF NOT EXISTS {table} "
        f"({', '.join(f'{column.name} {_TYPES[column.kind]}' for column in columns)});"
        for table, columns in TABLES.items()
    )
    macros = (f"CREATE OR REPLACE MACRO {head} AS {body};" for head, body in _DIALECT.items())
    return "\n".join((*tables, *macros))


def _remove(cursor: duckdb.DuckDBPyConnection, profile: int, reports: Sequence[int]) -> None:
    for table in PER_REPORT:
        cursor.execute(
            f"DELETE FROM {table} WHERE profile = $profile AND report IN $reports",  # noqa: S608
            {"profile": profile, "reports": list(reports)},
        )


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


class _Arrival:
    """A report on its way in: numbers are kept until all are there, text goes in as it comes."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection, profile: int, report: int) -> None:
        self._cursor = cursor
        self._keys = {"profile": profile, "report": report}
        self._packed: dict[str, list[bytes]] = {name: [] for name in _PACKED}
        self._hashes: dict[str, NDArray[np.uint64]] = {}
        self._errors: list[ErrorRow] = []

    def take(self, batches: Iterable[Batch]) -> None:
        for batch in batches:
            for name, pieces in self._packed.items():
                pieces.append(getattr(batch, name))
            self._add_text(batch)
            self._add_names(batch)
            self._errors += batch.errors
            if len(self._errors) >= _PENDING:
                self._add_errors()
            del batch  # or it is held while the next one is read
        self._add_errors()
        self._insert("results", self._sorted())

    def _add_text(self, batch: Batch) -> None:
        for table in ("details", "measurements", "containers"):
            rows = getattr(batch, table)
            if rows:
                self._insert(table, _columns(table, rows))

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


_NAME = re.compile(r"('(?:[^']|'')*')|(\bIN\s+)?(?<![:\w]):([a-z_][a-z_0-9]*)", re.IGNORECASE)
"""Text in quotes, which stays as it is, or `:name`, perhaps behind `IN`; `::` is a cast."""


def _translate(sql: str, params: Mapping[str, object]) -> tuple[str, dict[str, object]]:
    """`sql` and its parameters as DuckDB wants them."""
    given: dict[str, object] = {}

    def place(found: re.Match[str]) -> str:
        quoted, behind_in, name = found.groups(default="")
        if quoted:
            return quoted
        value = params[name]
        if behind_in and isinstance(value, list | tuple | set | frozenset):
            return behind_in + _listed(name, list(value), given)
        given[name] = value
        return f"{behind_in}${name}"

    return _NAME.sub(place, sql), given


def _listed(name: str, values: list[Any], given: dict[str, object]) -> str:
    """Integers are written out: as a parameter, a list with a hash among them is one of 128-bit
    numbers, and no row group can be skipped for those. Many hashes are joined, which takes two
    thirds of the time of comparing with each."""
    if not values:
        return "(SELECT NULL WHERE false)"
    if all(isinstance(value, int) for value in values):
        numbers = ", ".join(str(int(value)) for value in values)
        many = len(values) > _MANY and max(values) > _SIGNED
        return f"(SELECT unnest([{numbers}]::UBIGINT[]))" if many else f"({numbers})"
    names = [f"{name}_{index}" for index in range(len(values))]
    given.update(zip(names, values, strict=True))
    return f"({', '.join('$' + each for each in names)})"
