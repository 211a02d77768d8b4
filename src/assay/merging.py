"""One result for a test that stands in several files of a delivery (`merge_containers`).

Shards of one run, and files of tries that were made again, are parts of one story: what counts is
how a test ended last. Within one file nothing is joined here: whether a test that stands there
twice was run again or with other data, its format knows best.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

import msgspec

from assay.formats._retries import attempt_of
from assay.model import FAILURES, PackedItem, Result, Status, expand

Key = tuple[tuple[str, ...], str, int]
"""A test by its path and name, and how many of that name stood before it in its file."""


def merged(documents: Iterable[Iterable[PackedItem]]) -> Iterator[PackedItem]:
    """The items of all documents. A test has the last one's outcome, its earlier ones as attempts;
    results come when the last document is read, each in the place where its test stood first."""
    results: dict[Key, Result] = {}
    for document in documents:
        seen: Counter[tuple[tuple[str, ...], str]] = Counter()
        for item in expand(document):
            if not isinstance(item, Result):
                yield item
                continue
            test = (item.path, item.name)
            key = (*test, seen[test])
            seen[test] += 1
            results[key] = _joined(results[key], item) if key in results else item
    yield from results.values()


def _joined(earlier: Result, later: Result) -> Result:
    """The later one; but a test that was merely skipped there did not run again."""
    if later.status is Status.SKIPPED:
        return earlier
    if earlier.status is Status.SKIPPED:
        return later
    attempts = (*earlier.attempts, attempt_of(earlier), *later.attempts)
    passed = later.status is Status.PASSED
    return msgspec.structs.replace(
        later,
        attachments=(*earlier.attachments, *later.attachments),
        attempts=attempts,
        flaky=passed and any(each.status in FAILURES for each in attempts),
    )
