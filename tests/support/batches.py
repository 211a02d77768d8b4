"""Reports for tests of the results store: written down as results, made into batches for real."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
import numpy as np
from msgspec import Raw

from assay.identify import Identifier
from assay.model import Attachment, Error, PackedItem, Result, Status
from assay.rows import NO_TIME, SEPARATOR, AssetRef, Batch, Names


def result(
    name: str,
    status: Status | str = Status.PASSED,
    *,
    path: Iterable[str] = ("shop", "checkout"),
    error: str = "",
    **more: object,
) -> Result:
    """A result; `error` is "Type: message"."""
    kind, _, message = error.partition(": ")
    given = Error(kind, message, trace=f"trace of {message}") if error else None
    return Result(tuple(path), name, Status(status), error=given, **more)  # type: ignore[arg-type]


def report(*items: PackedItem) -> list[Batch]:
    """The batches of a report with `items` in their order."""
    return list(Identifier(_keep, lambda notice: None).batches(items))


def _keep(attachment: Attachment, position: int | None) -> AssetRef:
    return AssetRef(attachment.name, path=attachment.path, media_type=attachment.media_type)


def wide_report(
    count: int, seed: int = 0, *, failing: float = 0.01, size: int = 10_000
) -> list[Batch]:
    """`count` results of as many tests, in batches of `size`. The tests are the same for every
    seed, their outcomes are not."""
    tests = np.random.default_rng(7).integers(1, 2**63, count, np.uint64)
    return [
        _wide_batch(tests[first : first + size], first, seed, failing)
        for first in range(0, count, size)
    ]


def _wide_batch(tests: np.ndarray, first: int, seed: int, failing: float) -> Batch:  # type: ignore[type-arg]
    count = len(tests)
    random = np.random.default_rng((seed, first))
    failed = random.random(count) < failing
    return Batch(
        position=np.arange(first, first + count, dtype="<u4").tobytes(),
        test=tests.tobytes(),
        status=np.where(failed, 2, 1).astype("u1").tobytes(),
        flaky=bytes(count),
        attempts=b"\x01" * count,
        duration=random.lognormal(-3, 1, count).round(3).astype("<f4").tobytes(),
        started=np.full(count, NO_TIME, "<i8").tobytes(),
        error=np.where(failed, 11, 0).astype("<u8").tobytes(),
        status_hash=np.where(failed, 12, 13).astype("<u8").tobytes(),
        names=Raw(msgspec.msgpack.encode(_names(first, count))),
    )


def _names(first: int, count: int) -> Names:
    numbers = range(first, first + count)
    files = sorted({number // 1000 for number in numbers})
    return Names(
        paths=[f"suite{SEPARATOR}file {file}" for file in files],
        path=np.array([number // 1000 - files[0] for number in numbers], "<u4").tobytes(),
        names=[f"test {number}" for number in numbers],
    )
