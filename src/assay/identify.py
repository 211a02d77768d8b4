"""Gives each result its identity: from the parsers' items to hashed, columnar batches.

Runs in the parser's process, once per result, so it does as little as it can for a result that
merely passed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from math import isfinite, isnan
from typing import cast

import msgspec
from xxhash import xxh3_64_intdigest as digest

from assay.columns import PASSED, Odd, Rows, hash_status
from assay.fingerprint import fingerprint
from assay.model import (
    Attachment,
    Container,
    Error,
    Item,
    Measurement,
    Notice,
    PackedItem,
    Passes,
    Result,
    Run,
    Status,
    Step,
    expand,
)
from assay.rows import (
    CODES,
    NO_TIME,
    SEPARATOR,
    AssetRef,
    Batch,
    ContainerDetail,
    ContainerRow,
    Counts,
    Detail,
    DetailRow,
    ErrorRow,
    MeasurementRow,
    StepDetail,
    Summary,
)
from assay.volatile import may_change, steady

BATCH_ROWS = 10_000
BATCH_BYTES = 4_000_000
"""A batch ends at the first item that reaches either, so that nothing piles up in memory."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
NAN = float("nan")

LONGEST = 1e10
"""Seconds, three centuries: who says that anything took longer has mistaken the unit."""

MAX_ATTEMPTS = 255
WRITTEN = "name in the report"
"""What a result's metadata say where its name was steadied."""

MOST_STEADIED = 1_000

HELD_PREFIXES = 1_024
"""Containers whose prefix is remembered: results of several may take turns."""

encode_json = msgspec.json.encode

Keep = Callable[[Attachment, int | None], AssetRef]
"""Keeps an attachment of the result at a position (None: of the report), and says how to find it
again."""


def hash_test(path: tuple[str, ...], name: str) -> int:
    """The 64-bit identity of a test within a profile: XXH3 over the titles from the root down."""
    return int(digest(f"{_prefix(path)}{name}".encode()))


def _steady_path(path: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(steady, path))


def _prefix(path: tuple[str, ...]) -> str:
    return "".join(title.replace(SEPARATOR, " ") + SEPARATOR for title in path)


@lru_cache(HELD_PREFIXES)
def _steady_prefix(path: tuple[str, ...]) -> str:
    return _prefix(_steady_path(path))


class Identifier:
    """Makes batches of items, and a summary of all of them when the last is made.

    `steadied` holds the names that changed with every run, and what their tests are called instead.
    """

    def __init__(self, keep: Keep, notice: Callable[[Notice], None]) -> None:
        self._keep = keep
        self._notice = notice
        self._messages: dict[int, int] = {}
        self._runs: list[Run] = []
        self._counts = [0] * (max(CODES.values()) + 1)
        self._flaky = 0
        self._seconds = 0.0
        self._rows = Rows(0)
        self._steadied: Counter[str] = Counter()
        self.steadied: dict[str, str] = {}

    def batches(self, items: Iterable[PackedItem]) -> Iterator[Batch]:
        """The items as batches, in their order; the last one may be empty of results."""
        remaining = iter(items)
        more = True
        while more:
            more = self._fill(remaining)
            yield self._end()

    def _fill(self, items: Iterator[PackedItem]) -> bool:
        """Take items until the batch is full. False when there are no more.

        This runs for every result of every report, so it is written for speed.
        """
        rows = self._rows
        for item in items:
            if isinstance(item, Passes):
                self._add_passes(item)
            elif isinstance(item, Result):
                self._add_result(_steady_prefix(item.path), item)
            else:
                self._add_other(item)
            if len(rows.test) >= BATCH_ROWS or rows.bytes >= BATCH_BYTES:
                return True
        return False

    def _add_passes(self, passes: Passes) -> None:
        """What merely passed costs a hash, and a place in some columns."""
        prefix = _steady_prefix(passes.path)
        if may_change(passes.names):
            for result in expand([passes]):
                assert isinstance(result, Result)
                self._add_result(prefix, result)
            return
        tests = [digest((prefix + name).encode()) for name in passes.names]
        if passes.metadata:
            self._rows.tell(len(tests), encode_json(Detail(metadata=passes.metadata)))
        if passes.started:
            self._rows.start([NO_TIME if at is None else _micros(at) for at in passes.started])
        durations, seconds = passes.durations, sum(passes.durations)
        if not (seconds <= LONGEST and min(durations, default=0) >= 0):
            durations = [NAN if (took := _known(each)) is None else took for each in durations]
            seconds = sum(each for each in durations if not isnan(each))
        self._rows.add(tests, durations, prefix, passes.names)
        self._seconds += seconds

    def _add_result(self, prefix: str, result: Result) -> None:
        duration = _known(result.duration)
        if (name := steady(result.name)) != result.name:
            result = self._steadied_result(prefix, name, result)
        test = digest((prefix + result.name).encode())
        self._rows.add_one(test, NAN if duration is None else duration, prefix, result.name)
        if duration is not None:
            self._seconds += duration
        if result.status is not Status.PASSED or _went_oddly(result):
            self._add_odd(test, result)
        elif _says_more(result):
            self._add_detail(self._rows.first + len(self._rows.test) - 1, test, 0, result)

    def _steadied_result(self, prefix: str, name: str, result: Result) -> Result:
        """The result under a name that holds; of several the second is called "… (2)"."""
        self._steadied[prefix + name] += 1
        if (number := self._steadied[prefix + name]) > 1:
            name = f"{name} ({number})"
        if len(self.steadied) < MOST_STEADIED:
            self.steadied[result.name] = name
        metadata = {WRITTEN: result.name} | (result.metadata or {})
        return msgspec.structs.replace(result, name=name, metadata=metadata)

    def _end(self) -> Batch:
        rows = self._rows
        self._rows = Rows(rows.first + len(rows.test))
        self._counts[PASSED] += len(rows.test) - len(rows.odd)
        for odd in rows.odd.values():
            self._counts[odd.status] += 1
            self._flaky += odd.flaky
        return rows.pack()

    def _add_other(self, item: Item) -> None:
        if isinstance(item, Notice):
            self._notice(item)
        elif isinstance(item, Run):
            self._runs.append(msgspec.structs.replace(item, attachments=()))
            for attachment in item.attachments:
                self._keep(attachment, None)
        elif isinstance(item, Container):
            self._add_container(item)
        elif isinstance(item, Measurement) and isfinite(item.value):
            path, name = _steady_path(item.path), steady(item.name)
            test = hash_test(path, name)
            self._rows.measure(test, _prefix(path), name)
            row = MeasurementRow(test, item.metric, item.value, item.unit)
            self._rows.measurements.append(row)

    def _add_odd(self, test: int, result: Result) -> None:
        """A result that did not simply pass: its test and duration are entered already."""
        rows = self._rows
        at = len(rows.test) - 1
        message, error = self._add_error(result.error)
        plain = not error and not result.steps
        rows.odd[at] = Odd(
            CODES[result.status],
            result.flaky,
            min(len(result.attempts) + 1, MAX_ATTEMPTS),
            NO_TIME if result.started is None else _micros(result.started),
            error,
            hash_status(result.status) if plain else _status_hash(result, error),
        )
        if message or _says_more(result):
            self._add_detail(rows.first + at, test, message, result)

    def _add_error(self, error: Error | None) -> tuple[int, int]:
        """The hashes of an error's text and of its fingerprint; zeros without an error."""
        if error is None:
            return 0, 0
        message = error.message or _last_line(error.trace)
        message_hash = digest(f"{error.type}{SEPARATOR}{message}".encode("utf-8", "replace"))
        known = self._messages.get(message_hash)
        if known is None:
            masked = fingerprint(message)
            known = digest(f"{error.type}{SEPARATOR}{masked}".encode("utf-8", "replace"))
            self._messages[message_hash] = known
            self._rows.errors.append(ErrorRow(message_hash, known, error.type, message, masked))
            self._rows.bytes += len(message)
        return message_hash, known

    def _add_detail(self, position: int, test: int, message: int, result: Result) -> None:
        detail = Detail(
            trace=result.error.trace if result.error else "",
            stdout=result.stdout,
            stderr=result.stderr,
            description=result.description,
            steps=self._steps(result.steps, position),
            attachments=[self._keep(each, position) for each in result.attachments],
            attempts=list(result.attempts),
            tags=list(result.tags),
            parameters=result.parameters or {},
            metadata=result.metadata or {},
        )
        body = encode_json(detail)
        self._rows.bytes += len(body)
        self._rows.details.append(DetailRow(position, test, message, body))

    def _steps(self, steps: tuple[Step, ...], position: int) -> list[StepDetail]:
        """The steps with their attachments as references. Without any they stay what they are, as
        that is the same JSON: most reports' steps have none, and a copy costs more than the JSON.
        """
        if _attached(steps):
            return [self._step(step, position) for step in steps]
        return cast("list[StepDetail]", list(steps))

    def _step(self, step: Step, position: int) -> StepDetail:
        return StepDetail(
            step.name,
            step.status,
            step.duration,
            step.error,
            step.output,
            [self._keep(each, position) for each in step.attachments],
            [self._step(each, position) for each in step.steps],
        )

    def _add_container(self, container: Container) -> None:
        detail = ContainerDetail(
            description=container.description,
            duration=_known(container.duration),
            stdout=container.stdout,
            stderr=container.stderr,
            attachments=[self._keep(each, None) for each in container.attachments],
            metadata=container.metadata or {},
        )
        body = encode_json(detail)
        self._rows.bytes += len(body)
        row = ContainerRow(list(_steady_path(container.path)), container.classification, body)
        self._rows.containers.append(row)

    def summary(self) -> Summary:
        """What is known of the whole report, once `batches` is exhausted."""
        known = (_known(run.duration) for run in self._runs)
        durations = [each for each in known if each is not None]
        dates = [run.date for run in self._runs if run.date is not None]
        tags = dict.fromkeys(tag for run in self._runs for tag in run.tags)
        metadata: dict[str, str] = {}
        for run in reversed(self._runs):
            metadata.update(run.metadata or {})
        return Summary(
            counts=self._count(),
            date=min(dates, default=None),
            duration=sum(durations) if durations else self._seconds or None,
            branch=_first(run.branch for run in self._runs),
            commit=_first(run.commit for run in self._runs),
            build=_first(run.build for run in self._runs),
            tags=list(tags),
            metadata=metadata,
        )

    def _count(self) -> Counts:
        named = {status.value: self._counts[code] for status, code in CODES.items()}
        return Counts(total=sum(named.values()), flaky=self._flaky, **named)


def _went_oddly(result: Result) -> bool:
    """Whether one that passed has something in the columns in which most are alike."""
    return bool(
        result.started is not None
        or result.flaky
        or result.steps
        or result.attempts
        or result.error is not None
    )


def _says_more(result: Result) -> bool:
    """Whether there is anything for a detail to hold."""
    return bool(
        result.metadata
        or result.steps
        or result.tags
        or result.parameters
        or result.stdout
        or result.stderr
        or result.attempts
        or result.attachments
        or result.description
        or result.error is not None
    )


def _status_hash(result: Result, error: int) -> int:
    """What makes two results of a test the same outcome: its status, its error (by its cause) and
    trace without what changes by itself, and the same of its steps."""
    parts: list[str] = [result.status, str(error)]
    if result.error is not None:
        parts.append(_steady(result.error.trace))
    _add_outcomes(result.steps, parts)
    return int(digest("\x1f".join(parts).encode("utf-8", "replace")))


def _add_outcomes(steps: tuple[Step, ...], parts: list[str]) -> None:
    """A report of keywords has hundreds of thousands of steps: encoded all at once, and without
    generators within each other, they take a third of the time."""
    for step in steps:
        parts += (step.name, step.status)
        if step.error is not None:
            parts.append(_steady(f"{step.error.type}{step.error.message}{step.error.trace}"))
        if step.steps:
            _add_outcomes(step.steps, parts)


def _steady(text: str) -> str:
    """`text` without digits and the letters of hexadecimal numbers: crude, and a thousand times
    faster than a fingerprint, which for a trace of a hundred lines would matter."""
    steady = text.encode("utf-8", "replace").translate(None, b"0123456789abcdefABCDEF")
    return steady.decode()


def _attached(steps: tuple[Step, ...]) -> bool:
    """Has any of the steps, or of those within them, an attachment?"""
    for step in steps:  # noqa: SIM110
        if step.attachments or (step.steps and _attached(step.steps)):
            return True
    return False


def _micros(when: datetime) -> int:
    return (when - EPOCH) // MICROSECOND


def _last_line(text: str) -> str:
    return next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "")


def _known(seconds: float | None) -> float | None:
    """A duration as it is; None for one that cannot be."""
    return seconds if seconds is not None and 0 <= seconds <= LONGEST else None


def _first(values: Iterable[str]) -> str:
    return next((value for value in values if value), "")
