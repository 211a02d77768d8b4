"""A batch of rows while it is being filled: columns that grow, packed when it is full."""

from __future__ import annotations

from array import array
from functools import cache
from typing import NamedTuple

import msgspec
from xxhash import xxh3_64_intdigest as digest

from assay.model import Status
from assay.rows import (
    CODES,
    NO_TIME,
    AlikeRow,
    Batch,
    ContainerRow,
    DetailRow,
    ErrorRow,
    MeasurementRow,
    Names,
)

PASSED = CODES[Status.PASSED]


@cache
def hash_status(status: Status) -> int:
    """The status hash of a result that has a status and nothing to say."""
    return int(digest(status.value.encode()))


PLAIN_PASS = hash_status(Status.PASSED)


class Odd(NamedTuple):
    """What a result that did not merely pass has in the columns that are alike for all others."""

    status: int
    flaky: bool
    attempts: int
    started: int
    error: int
    status_hash: int


class Rows:
    """The batch that is being filled. Only hash and duration are kept for each result; the other
    columns are made at the end from those that are `odd`."""

    def __init__(self, first: int) -> None:
        self.first = first
        self.test = array("Q")
        self.duration = array("f")
        self.started: dict[int, array[int]] = {}
        self.odd: dict[int, Odd] = {}
        self.paths: dict[str, int] = {}
        self.path = array("I")
        self.names: list[str] = []
        self.measured = array("Q")
        self.measured_path = array("I")
        self.measured_names: list[str] = []
        self.errors: list[ErrorRow] = []
        self.details: list[DetailRow] = []
        self.alike: list[AlikeRow] = []
        self.measurements: list[MeasurementRow] = []
        self.containers: list[ContainerRow] = []
        self.bytes = 0

    def add(self, tests: list[int], durations: list[float], prefix: str, names: list[str]) -> None:
        """Enter results of one container, by the hashes and names of their tests."""
        self.test.extend(tests)
        self.duration.extend(durations)
        self.names += names
        self.path += array("I", [self._number(prefix)]) * len(names)
        self.bytes += sum(map(len, names))

    def add_one(self, test: int, duration: float, prefix: str, name: str) -> None:
        """Enter one result; without lists of one thing each it takes a third of the time."""
        self.test.append(test)
        self.duration.append(duration)
        self.names.append(name)
        self.path.append(self._number(prefix))
        self.bytes += len(name)

    def tell(self, count: int, body: bytes) -> None:
        """Give so many results that are entered next one detail, which is the same of all."""
        first = self.first + len(self.test)
        self.alike.append(AlikeRow(first, first + count - 1, body))
        self.bytes += len(body)

    def start(self, micros: list[int]) -> None:
        """Say when the results began that are entered next."""
        self.started[len(self.test)] = array("q", micros)

    def measure(self, test: int, prefix: str, name: str) -> None:
        """Name a test that was measured; it may have no result."""
        self.measured.append(test)
        self.measured_names.append(name)
        self.measured_path.append(self._number(prefix))

    def _number(self, prefix: str) -> int:
        return self.paths.setdefault(prefix[:-1], len(self.paths))

    def pack(self) -> Batch:
        count = len(self.test)
        status = bytearray([PASSED]) * count
        flaky, attempts = bytearray(count), bytearray([1]) * count
        started = array("q", [NO_TIME]) * count
        error = array("Q", [0]) * count
        status_hash = array("Q", [PLAIN_PASS]) * count
        for at, micros in self.started.items():
            started[at : at + len(micros)] = micros
        for at, odd in self.odd.items():
            status[at], flaky[at], attempts[at] = odd.status, odd.flaky, odd.attempts
            started[at], error[at], status_hash[at] = odd.started, odd.error, odd.status_hash
        path = (self.path + self.measured_path).tobytes()
        names = Names(list(self.paths), path, self.names + self.measured_names)
        return Batch(
            position=array("I", range(self.first, self.first + count)).tobytes(),
            test=self.test.tobytes(),
            status=bytes(status),
            flaky=bytes(flaky),
            attempts=bytes(attempts),
            duration=self.duration.tobytes(),
            started=started.tobytes(),
            error=error.tobytes(),
            status_hash=status_hash.tobytes(),
            measured=self.measured.tobytes(),
            names=msgspec.Raw(msgspec.msgpack.encode(names)),
            errors=self.errors,
            details=self.details,
            alike=self.alike,
            measurements=self.measurements,
            containers=self.containers,
        )
