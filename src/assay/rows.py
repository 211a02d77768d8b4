"""A report as the results store takes it: hashed, columnar, in batches.

`identify` makes batches in the parser's process, the store writes them in the server's; in between
they are msgpack on disk. Numeric columns are packed little-endian, one entry a result, so that no
object is made per result on the way.
"""

from __future__ import annotations

from datetime import datetime

import msgspec
from msgspec import Raw, Struct

from assay.model import Attempt, Error, Status

CODES = {
    Status.PASSED: 1,
    Status.FAILED: 2,
    Status.BROKEN: 3,
    Status.SKIPPED: 4,
    Status.UNKNOWN: 5,
}
"""A status as the store's small integer. Never renumber: stored rows mean these."""

STATUSES = {code: status for status, code in CODES.items()}

NO_TIME = -(2**63)
"""In `Batch.started`: the document does not say when the test began."""


SEPARATOR = "\x1f"
"""Stands between the titles of a path: ASCII's own unit separator."""


class Names(Struct, frozen=True, array_like=True, gc=False):
    """The tests of a batch by name, entry by entry: `names`, and in `path` (u4) which of `paths`
    holds the titles above it. A path is its titles with `SEPARATOR` between them."""

    paths: list[str]
    path: bytes
    names: list[str]


class ErrorRow(Struct, frozen=True, array_like=True, gc=False):
    """A distinct error text seen for the first time in this report.

    `message_hash` is of (type, message) as they stand, `error` of (type, fingerprint), where the
    fingerprint is the message without what changes from run to run (numbers, ids, addresses).
    """

    message_hash: int
    error: int
    type: str
    message: str
    fingerprint: str


class DetailRow(Struct, frozen=True, array_like=True, gc=False):
    """What a result has to say beyond its status; only results that say something of their
    own have one.

    `message_hash` is 0 without an error. `body` is a `Detail` as JSON.
    """

    position: int
    test: int
    message_hash: int
    body: bytes


class AlikeRow(Struct, frozen=True, array_like=True, gc=False):
    """What the results from the position `first` to `last` have to say, which is the same of all;
    none of them has a `DetailRow`. `body` is a `Detail` as JSON."""

    first: int
    last: int
    body: bytes


class MeasurementRow(Struct, frozen=True, array_like=True, gc=False):
    """One number, of the test that hashes to `test`."""

    test: int
    metric: str
    value: float
    unit: str


class ContainerRow(Struct, frozen=True, array_like=True, gc=False):
    """A node above the results with more than a title; `body` is a `ContainerDetail` as JSON."""

    path: list[str]
    classification: str
    body: bytes


class AssetRef(Struct, frozen=True, omit_defaults=True, gc=False):
    """An attachment as a detail keeps it: `number` is the asset's within the report, None where
    the report names a file that nobody delivered."""

    name: str
    number: int | None = None
    path: str = ""
    media_type: str = ""


class StepDetail(Struct, frozen=True, omit_defaults=True, gc=False):
    """A `Step` with its attachments as references."""

    name: str
    status: Status
    duration: float | None = None
    error: Error | None = None
    output: str = ""
    attachments: list[AssetRef] = []
    steps: list[StepDetail] = []


class Detail(Struct, frozen=True, omit_defaults=True, gc=False):
    """The wide part of a result; type and message of its error are in `ErrorRow`."""

    trace: str = ""
    stdout: str = ""
    stderr: str = ""
    description: str = ""
    steps: list[StepDetail] = []
    attachments: list[AssetRef] = []
    attempts: list[Attempt] = []
    tags: list[str] = []
    parameters: dict[str, str] = {}
    metadata: dict[str, str] = {}


class ContainerDetail(Struct, frozen=True, omit_defaults=True, gc=False):
    """The wide part of a container."""

    description: str = ""
    duration: float | None = None
    stdout: str = ""
    stderr: str = ""
    attachments: list[AssetRef] = []
    metadata: dict[str, str] = {}


NO_NAMES = Raw(msgspec.msgpack.encode(Names([], b"", [])))


class Batch(Struct, frozen=True, gc=False):
    """Up to some thousands of results of one report, in document order.

    The eight packed columns have one entry a result: `position` u4 (in the report, from 0), `test`
    u8, `status` u1 (see `CODES`), `flaky` u1, `attempts` u1 (tries in all, at least 1, at most
    255), `duration` f4 (seconds, NaN where unknown), `started` i8 (microseconds since 1970, or
    `NO_TIME`), `error` u8 (0 without an error), `status_hash` u8.

    `names` are the `Names`, in MessagePack, of the tests in `test` and after them of those in
    `measured` (u8), which have measurements and perhaps no result. They need not be decoded where
    the tests are known already.
    """

    position: bytes = b""
    test: bytes = b""
    status: bytes = b""
    flaky: bytes = b""
    attempts: bytes = b""
    duration: bytes = b""
    started: bytes = b""
    error: bytes = b""
    status_hash: bytes = b""
    measured: bytes = b""
    names: Raw = NO_NAMES
    errors: list[ErrorRow] = []
    details: list[DetailRow] = []
    alike: list[AlikeRow] = []
    measurements: list[MeasurementRow] = []
    containers: list[ContainerRow] = []


class Counts(Struct, frozen=True):
    """How many results of a report ended how; `flaky` ones are counted in `passed` too."""

    total: int = 0
    passed: int = 0
    failed: int = 0
    broken: int = 0
    skipped: int = 0
    unknown: int = 0
    flaky: int = 0


class Summary(Struct, frozen=True):
    """What `identify` knows of the whole report once the last batch is made."""

    counts: Counts
    date: datetime | None = None
    duration: float | None = None
    branch: str = ""
    commit: str = ""
    build: str = ""
    tags: list[str] = []
    metadata: dict[str, str] = {}
