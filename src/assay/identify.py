"""Gives each result its identity: from the parsers' items to hashed, columnar batches.

Runs in the parser's process, once per result, so it does as little as it can for a result that
merely passed.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache

import msgspec
from xxhash import xxh3_64_intdigest as digest

from assay.fingerprint import fingerprint
from assay.model import (
    Attachment,
    Container,
    Error,
    Item,
    Measurement,
    Notice,
    Result,
    Run,
    Status,
    Step,
)
from assay.rows import (
    CODES,
    NO_TIME,
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
    TestRow,
)

BATCH_ROWS = 10_000
BATCH_BYTES = 4_000_000
"""A batch ends at whichever comes first, so that wide results do not pile up in memory."""

SEPARATOR = "\x1f"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
NAN = float("nan")
MAX_ATTEMPTS = 255

encode_json = msgspec.json.encode

Keep = Callable[[Attachment, int | None], AssetRef]
"""Keeps an attachment of the result at a position (None: of the report), and says how to find it
again."""


def hash_test(path: tuple[str, ...], name: str) -> int:
    """The 64-bit identity of a test within a profile: XXH3 over the titles from the root down."""
    return int(digest(SEPARATOR.join((*path, name)).encode("utf-8", "surrogatepass")))


class _Columns:
    """The packed columns of the batch that is being filled."""

    def __init__(self) -> None:
        self.position = array("I")
        self.test = array("Q")
        self.status = bytearray()
        self.flaky = bytearray()
        self.attempts = bytearray()
        self.duration = array("f")
        self.started = array("q")
        self.error = array("Q")
        self.status_hash = array("Q")


class Identifier:
    """Makes batches of items, and a summary of all of them when the last is made."""

    def __init__(self, keep: Keep, notice: Callable[[Notice], None]) -> None:
        self._keep = keep
        self._notice = notice
        self._tests: set[int] = set()
        self._messages: dict[int, int] = {}
        self._runs: list[Run] = []
        self._counts = [0] * (max(CODES.values()) + 1)
        self._flaky = 0
        self._seconds = 0.0
        self._position = 0
        self._begin()

    def _begin(self) -> None:
        self._columns = _Columns()
        self._rows = Batch(tests=[], errors=[], details=[], measurements=[], containers=[])
        self._bytes = 0

    def batches(self, items: Iterable[Item]) -> Iterator[Batch]:
        """The items as batches, in their order; the last one may be empty of results."""
        for item in items:
            if type(item) is Result:
                self._add_result(item)
                if len(self._columns.status) >= BATCH_ROWS or self._bytes >= BATCH_BYTES:
                    yield self._end()
            else:
                self._add_other(item)
        yield self._end()

    def _end(self) -> Batch:
        columns, rows = self._columns, self._rows
        for code in range(1, len(self._counts)):
            self._counts[code] += columns.status.count(code)
        self._flaky += columns.flaky.count(1)
        self._begin()
        return msgspec.structs.replace(
            rows,
            **{name: bytes(column) for name, column in vars(columns).items()},
        )

    def _add_other(self, item: Item) -> None:
        if isinstance(item, Notice):
            self._notice(item)
        elif isinstance(item, Run):
            self._runs.append(msgspec.structs.replace(item, attachments=()))
            for attachment in item.attachments:
                self._keep(attachment, None)
        elif isinstance(item, Container):
            self._add_container(item)
        elif isinstance(item, Measurement):
            test = self._identify(item.path, item.name)
            row = MeasurementRow(test, item.metric, item.value, item.unit)
            self._rows.measurements.append(row)

    def _identify(self, path: tuple[str, ...], name: str) -> int:
        test = hash_test(path, name)
        if test not in self._tests:
            self._tests.add(test)
            self._rows.tests.append(TestRow(test, list(path), name))
            self._bytes += len(name)
        return test

    def _add_result(self, result: Result) -> None:
        columns = self._columns
        position = self._position
        self._position = position + 1
        test = self._identify(result.path, result.name)
        duration = result.duration
        if duration is not None:
            self._seconds += duration
        columns.position.append(position)
        columns.test.append(test)
        columns.status.append(CODES[result.status])
        columns.flaky.append(result.flaky)
        columns.attempts.append(min(len(result.attempts) + 1, MAX_ATTEMPTS))
        columns.duration.append(NAN if duration is None else duration)
        columns.started.append(NO_TIME if result.started is None else _micros(result.started))
        message, error = self._add_error(result.error)
        columns.error.append(error)
        columns.status_hash.append(
            _plain_hash(result.status) if not error and not result.steps else _status_hash(result)
        )
        if message or _has_detail(result):
            self._add_detail(position, test, message, result)

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
            self._bytes += len(message)
        return message_hash, known

    def _add_detail(self, position: int, test: int, message: int, result: Result) -> None:
        detail = Detail(
            trace=result.error.trace if result.error else "",
            stdout=result.stdout,
            stderr=result.stderr,
            description=result.description,
            steps=[self._step(step, position) for step in result.steps],
            attachments=[self._keep(each, position) for each in result.attachments],
            attempts=list(result.attempts),
            tags=list(result.tags),
            parameters=result.parameters or {},
            metadata=result.metadata or {},
        )
        body = encode_json(detail)
        self._bytes += len(body)
        self._rows.details.append(DetailRow(position, test, message, body))

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
            duration=container.duration,
            stdout=container.stdout,
            stderr=container.stderr,
            attachments=[self._keep(each, None) for each in container.attachments],
            metadata=container.metadata or {},
        )
        body = encode_json(detail)
        self._bytes += len(body)
        row = ContainerRow(list(container.path), container.classification, body)
        self._rows.containers.append(row)

    def summary(self) -> Summary:
        """What is known of the whole report, once `batches` is exhausted."""
        durations = [run.duration for run in self._runs if run.duration is not None]
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


def _has_detail(result: Result) -> bool:
    return bool(
        result.stdout
        or result.stderr
        or result.steps
        or result.attempts
        or result.attachments
        or result.description
        or result.tags
        or result.parameters
        or result.metadata
        or (result.error is not None)
    )


@cache
def _plain_hash(status: Status) -> int:
    return int(digest(status.value.encode()))


def _status_hash(result: Result) -> int:
    """What makes two results of a test the same outcome: its status, its error without what
    changes by itself, and the same of its steps."""
    parts = [result.status.value, *_error_parts(result.error)]
    for step in _all_steps(result.steps):
        parts += (step.name, step.status.value, *_error_parts(step.error))
    return int(digest(SEPARATOR.join(parts).encode("utf-8", "replace")))


def _error_parts(error: Error | None) -> tuple[str, ...]:
    if error is None:
        return ()
    return error.type, fingerprint(error.message), fingerprint(error.trace)


def _all_steps(steps: tuple[Step, ...]) -> Iterator[Step]:
    for step in steps:
        yield step
        yield from _all_steps(step.steps)


def _micros(when: datetime) -> int:
    return (when - EPOCH) // MICROSECOND


def _last_line(text: str) -> str:
    return next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "")


def _first(values: Iterable[str]) -> str:
    return next((value for value in values if value), "")
