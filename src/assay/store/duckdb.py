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

from assay.errors import Unavailable
from assay.rows import Batch
from assay.store.arrival import Arrival
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
    "arrayPushBack(a, x)": "list_append(a, x)",
    "arrayStringConcat(a, between)": "array_to_string(a, between)",
    "arraySort(a)": "list_sort(a)",
    "indexOf(a, x)": "coalesce(list_position(a, x), 0)",
    "lowerUTF8(x)": "lower(x)",
    "positionCaseInsensitiveUTF8(text, part)": "contains(lower(text), lower(part))::INTEGER",
    "substringUTF8(x, first, n)": "substring(x, first, n)",
    "match(text, pattern)": "regexp_matches(text, pattern)",
}
"""Functions of ClickHouse that DuckDB lacks, in terms of its own: one text asks both."""

_MANY = 8
_SIGNED = 2**63 - 1

_IDLE = 16
"""Cursors kept for the next question: making one costs more than most questions."""


class DuckDB:
    """A results store in `file`, or in memory where that is ":memory:"."""

    def __init__(self, file: str, *, memory: str, threads: int) -> None:
        self._connection = connect(file, memory=memory, threads=threads)
        self._connection.execute(_schema())
        self._writing = Lock()
        self._idle: list[duckdb.DuckDBPyConnection] = []

    def write(self, profile: int, report: int, batches: Iterable[Batch]) -> None:
        with self._transaction() as cursor:
            new = not _remove(cursor, profile, [report])
            Arrival(cursor, profile, report, ahead=new).take(batches)

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


def _remove(cursor: duckdb.DuckDBPyConnection, profile: int, reports: Sequence[int]) -> int:
    """How many results the reports had."""
    removed = {
        table: cursor.execute(
            f"DELETE FROM {table} WHERE profile = $profile AND report IN $reports",  # noqa: S608
            {"profile": profile, "reports": list(reports)},
        ).fetchall()
        for table in PER_REPORT
    }
    return int(removed["results"][0][0])


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
