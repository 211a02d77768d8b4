"""Tests that stand more than once in one suite because they were run again.

Most tools that retry and write JUnit XML just write the test case again. So does anything that runs
one test with several inputs and gives them all the same name; those must stay apart, or a failure
would vanish behind another input's pass.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field

from assay.model import FAILURES, Attempt, Error, Result, Status

MAX_HELD = 5_000
"""Results to hold back for what may follow; then those that are held are let go."""

MAX_TEXT = 16 << 20
"""Characters of their errors and output, likewise."""

MAX_PASSED = 200_000
"""Names of passed tests to remember, per suite; beyond that nothing is joined."""


@dataclass(slots=True)
class Retries:
    """Joins the tries of one suite's tests.

    Tests of one key are tries of one test if all but the last failed, and nothing of that name
    passed before; otherwise they stay apart. Results are held from the first failure on, so that
    they keep their order.
    """

    passed: list[str] = field(default_factory=list)  # names, before the first failure
    held: list[Result | None] = field(default_factory=list)
    tries: dict[Hashable, list[int]] = field(default_factory=dict)  # places in `held`
    size: int = 0
    joined: list[str] = field(default_factory=list)

    def add(self, result: Result, key: Hashable) -> Iterator[Result]:
        """Take a result; gives those that need not be held any longer."""
        if result.status in FAILURES or key in self.tries:
            self.tries.setdefault(key, []).append(len(self.held))
        self.held.append(result)
        self.size += _size(result)
        if len(self.held) >= MAX_HELD or self.size > MAX_TEXT:
            yield from self.release()

    def release(self) -> Iterator[Result]:
        """All that is held, with the tries of one test joined; `joined` then names those."""
        passed = set(self.passed) if any(len(places) > 1 for places in self.tries.values()) else ()
        for places in self.tries.values():
            self._join(places, passed)
        for result in self.held:
            if result is None:
                continue
            if result.status is Status.PASSED:
                self.passed.append(result.name)
            yield result
        self.held.clear()
        self.tries.clear()
        self.size = 0

    def _join(self, places: list[int], passed: set[str] | tuple[()]) -> None:
        tries = [result for place in places if (result := self.held[place])]
        *earlier, last = tries
        if not earlier or last.name in passed or len(self.passed) > MAX_PASSED:
            return
        if any(result.status not in FAILURES for result in earlier):
            return
        for place in places:
            self.held[place] = None
        self.held[places[0]] = join(tries)
        self.joined.append(last.name)


def join(tries: list[Result]) -> Result:
    """The last of these, with the others as its attempts."""
    *earlier, last = tries
    attempts = tuple(attempt for result in earlier for attempt in (*result.attempts, _try(result)))
    return Result(
        path=last.path,
        name=last.name,
        status=last.status,
        duration=last.duration,
        started=last.started,
        error=last.error,
        stdout=last.stdout,
        stderr=last.stderr,
        description=last.description,
        steps=last.steps,
        attachments=tuple(file for result in tries for file in result.attachments),
        attempts=attempts + last.attempts,
        flaky=last.status is Status.PASSED,
        tags=last.tags,
        parameters=last.parameters,
        metadata=last.metadata,
    )


def _try(result: Result) -> Attempt:
    return Attempt(
        result.status,
        result.duration,
        result.started,
        result.error,
        result.stdout,
        result.stderr,
    )


def _size(result: Result) -> int:
    error = result.error or Error()
    return len(error.message) + len(error.trace) + len(result.stdout) + len(result.stderr)
