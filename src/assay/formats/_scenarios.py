"""Cucumber's scenarios as tests: the tries of one joined, and each with a name of its own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterator
from typing import NamedTuple

from msgspec.structs import replace

from assay.model import FAILURES, Attempt, Container, Item, Result, Status, Step

OUTLINE = re.compile("Outline|Template")
"""In what an outline's keyword is in English; in other languages an example's id tells it."""

_EXAMPLE = re.compile(r";([^;]*);(\d{1,9})$")
"""The end of an example's id: the name of its table and the row in it, the header's being 1."""


_OF_BEHAVE = re.compile(r" -- @\d+\.\d+.*$")
"""What behave puts behind an outline's name for each example."""


class Key(NamedTuple):
    """What a repetition of a scenario has in common with its first try."""

    ident: str
    place: str
    name: str
    keyword: str


def tried(scenarios: list[tuple[Key, Result]]) -> list[tuple[Key, Result]]:
    """The scenarios with repetitions folded: the same one again, after it did not pass.

    Cucumber's `--retry` writes every try. An example that was repeated has its own line; one that
    passed and comes again (a data-driven outline in Karate) is a test of its own.
    """
    if len({key for key, _ in scenarios}) == len(scenarios):  # nothing comes again
        return scenarios
    tests: list[tuple[Key, Result]] = []
    tries: dict[Hashable, int] = {}
    for key, result in scenarios:
        same = (key, tuple(step.name for step in result.steps if not _is_hook(step)))
        at = tries.get(same, -1)
        if at >= 0 and (key.ident or key.place) and tests[at][1].status in FAILURES:
            tests[at] = key, _retried(tests[at][1], result)
        else:
            tries[same] = len(tests)
            tests.append((key, result))
    return tests


def _is_hook(step: Step) -> bool:
    return step.name.startswith(("Before", "After"))


def _retried(earlier: Result, last: Result) -> Result:
    """The last try, with the earlier one among its attempts, and that one's screenshots."""
    attempt = Attempt(earlier.status, earlier.duration, earlier.started, earlier.error)
    kept = tuple(attachment for step in earlier.steps for attachment in step.attachments)
    return replace(
        last,
        attempts=(*earlier.attempts, attempt),
        attachments=(*earlier.attachments, *kept),
        flaky=last.status is Status.PASSED,
    )


def named(tests: list[tuple[Key, Result]]) -> Iterator[Item]:
    """The results, each with a name that no other of the feature has; those of an outline below a
    container for it.

    A name that stands alone stays as it is. Of examples that share the outline's name each gets
    the number of its row, which its id tells (JVM, Ruby) or else its place (JS); of other
    scenarios with one name the second gets "(2)".
    """
    shared = Counter(result.name for _, result in tests)
    taken: Counter[str] = Counter()
    outlines: set[tuple[str, ...]] = set()
    for key, result in tests:
        name, path = result.name, result.path
        if _is_example(key):
            path = (*path, _OF_BEHAVE.sub("", name))
            if path not in outlines:
                yield Container(path, classification=key.keyword)
            outlines.add(path)
        if shared[name] > 1:
            taken[name] += 1
            name = f"{name}{_suffix(key, taken[name])}"
        if name != result.name or path != result.path:
            result = replace(result, name=name, path=path)
        yield result


def _is_example(key: Key) -> bool:
    return bool(OUTLINE.search(key.keyword) or _EXAMPLE.search(key.ident))


def _suffix(key: Key, number: int) -> str:
    example = _EXAMPLE.search(key.ident)
    if example:
        row = int(example[2]) - 1
        return f" ({example[1]}, example {row})" if example[1] else f" (example {row})"
    if _is_example(key):
        return f" (example {number})"
    return f" ({number})" if number > 1 else ""
