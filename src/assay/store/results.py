"""The results store: every result of every report, narrow and columnar; wide text beside it.

Two engines can hold it behind `Results`. What they hold is said once, in `TABLES`; an engine maps
the kinds of the columns to its own types. Rows are only ever added; a report is replaced by
removing its rows and adding them again. There are no keys and no indexes: rows of one report lie
together, sorted by test, and the engines skip what lies elsewhere.

The store knows neither dates nor names of reports. A report is visible once its row in the catalog
says so, so the catalog is asked first, and its answer comes here as ids.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Protocol, cast
from urllib.parse import urlsplit

from assay.errors import Invalid
from assay.rows import Batch

Row = tuple[Any, ...]


class Results(Protocol):
    """A store of results. Any number of threads may use one at the same time."""

    def write(self, profile: int, report: int, batches: Iterable[Batch]) -> None:
        """Makes the rows of `report` what `batches` say, all at once: a reader sees the rows from
        before or these, and after a crash one or the other is there. Safe to repeat."""

    def delete(self, profile: int, reports: Sequence[int]) -> None:
        """Removes the rows of `reports`. What is known of tests and errors stays."""

    def forget(self, profiles: Sequence[int]) -> None:
        """Removes all that is known of `profiles`: of their tests and errors, too."""

    def ask(self, sql: str, params: Mapping[str, object]) -> list[Row]:
        """The rows that `sql` selects.

        A value is written `:name`. A list goes behind `IN` (an empty one holds nothing), or stands
        for an array. The text has to be understood by every engine.
        """

    def close(self) -> None:
        """Lets go of the store. Nothing may be asked of it afterwards."""


@dataclass(frozen=True, slots=True)
class Column:
    """`kind` is one of u8, u32, u64, id, time, f32, f64, text, wide, texts, bytes: `wide` is text,
    and `bytes` are bytes, that are worth a strong compression; `id` is an integer the catalog
    gave, `time` milliseconds since 1970. `f32` and `time` may be null."""

    name: str
    kind: str


def _table(text: str) -> tuple[Column, ...]:
    return tuple(Column(*word.split(":")) for word in text.split())


TABLES: dict[str, tuple[Column, ...]] = {
    "results": _table(
        "profile:id report:id position:u32 test:u64 status:u8 flaky:u8 attempts:u8 duration:f32 "
        "started:time error:u64 status_hash:u64"
    ),
    "details": _table("profile:id report:id position:u32 test:u64 message_hash:u64 body:bytes"),
    "alike": _table("profile:id report:id first:u32 last:u32 body:bytes"),
    "measurements": _table("profile:id report:id test:u64 metric:text value:f64 unit:text"),
    "containers": _table("profile:id report:id path:texts classification:text body:bytes"),
    "tests": _table("profile:id test:u64 path:texts name:text"),
    "errors": _table(
        "profile:id message_hash:u64 error:u64 type:text message:wide fingerprint:text"
    ),
}
"""What is held. `results` has one row a result; status and flaky are as in `assay.rows`. `details`
has a row for those that say more, `alike` one for all that stand together from the position `first`
to `last` and say the same; bodies are packed (see `assay.store.bodies`). `tests` and
`errors` have one row a profile and hash."""

PER_REPORT = ("results", "details", "alike", "measurements", "containers")
"""The tables whose rows belong to one report."""

ENGINES = {"duckdb": "assay.store.duckdb"}
"""The scheme of an address, and the module whose `open_store(url, memory, threads)` serves it."""


def open_results(url: str, *, memory: str = "256MB", threads: int = 2) -> Results:
    """The store at `url`, made if need be: `duckdb:///folder/results.duckdb` is the file
    `/folder/results.duckdb`, `duckdb://` lives in memory and ends with it.

    `memory` bounds what the engine keeps and works in within this process, `threads` how many work
    on one question. Raises `Invalid` for a scheme nobody serves, `Unavailable` where the store
    cannot be opened.
    """
    scheme = urlsplit(url).scheme
    if scheme not in ENGINES:
        known = ", ".join(f"{name}://" for name in ENGINES)
        raise Invalid(f"No results store is known for {url!r}: it begins with {known}", "results")
    engine = import_module(ENGINES[scheme])
    return cast("Results", engine.open_store(url, memory=memory, threads=threads))
