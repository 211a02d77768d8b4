"""Tests that stand more than once in one suite because they were run again.

Most tools that retry and write JUnit XML just write the test case again. So does anything that runs
one test with several inputs and gives them all the same name; those must stay apart, or a failure
would vanish behind another input's pass.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast

import msgspec

from assay.model import FAILURES, Attachment, Attempt, Error, Passes, Result, Status, Step, expand

MAX_TRIES = 20
"""Nobody runs a test more often before giving up; what stands there more often is data-driven."""

MAX_HELD = 5_000
"""Results to hold back for what may follow; then those that are held are let go."""

MAX_TEXT = 16 << 20
"""Characters of their errors and output, likewise."""

MAX_PASSED = 200_000
"""Names of passed tests to remember, per suite; beyond that nothing is joined."""


@dataclass(slots=True)
class Retries:
    """Joins the tries of one suite's tests.

    Results of one path, name and file are tries of one test if all but the last failed, and none of
    that name passed before; otherwise they stay apart. They are held from the first failure on, so
    that they keep their order.
    """

    passed: list[str] = field(default_factory=list)  # names, of those that were let go
    held: list[Result | Passes] = field(default_factory=list)
    tries: dict[str, list[int]] = field(default_factory=dict)  # by name: places in `held`
    idents: dict[int, str] = field(default_factory=dict)  # by place, where the tool has them
    size: int = 0
    failed: bool = False  # has anything, so far
    joined: list[str] = field(default_factory=list)

    def add(self, result: Result, ident: str = "") -> Iterator[Result | Passes]:
        """Take a result; gives those that need not be held any longer.

        Tests that have the same name and another `ident` are not the same.
        """
        if not self.tries and result.status not in FAILURES:
            self.passed.append(result.name)
            yield result
            return
        self.failed = True
        if result.status in FAILURES or result.name in self.tries:
            self.tries.setdefault(result.name, []).append(len(self.held))
            if ident:
                self.idents[len(self.held)] = ident
        self.held.append(result)
        self.size += _size(result)
        if len(self.held) >= MAX_HELD or self.size > MAX_TEXT:
            yield from self.release()

    def add_passes(self, passes: Passes) -> Iterator[Result | Passes]:
        """Take plain results at once, unless one of them may be the last try of a test."""
        if not self.tries:
            self.passed += passes.names
            yield passes
        elif self.tries.keys().isdisjoint(passes.names):
            self.held.append(passes)
            self.size += sum(map(len, passes.names))
        else:
            for result in expand([passes]):
                assert isinstance(result, Result)
                yield from self.add(result)

    def release(self) -> Iterator[Result | Passes]:
        """All that is held, with the tries of one test joined; `joined` then names those."""
        gone: set[int] = set()
        again = [places for places in self.tries.values() if len(places) > 1]
        passed = set(self.passed) if again else set()
        for places in again:
            for same in self._tests(places):
                gone.update(self._join(same, passed))
        for place, result in enumerate(self.held):
            if place not in gone:
                yield result
        for each in self.held:
            if isinstance(each, Passes):
                self.passed += each.names
            elif each.status not in FAILURES:
                self.passed.append(each.name)
        self.held.clear()
        self.tries.clear()
        self.idents.clear()
        self.size = 0

    def _at(self, place: int) -> Result:
        found = self.held[place]
        assert isinstance(found, Result)
        return found

    def _tests(self, places: list[int]) -> Iterator[list[int]]:
        """The places of one name, test by test."""
        tests: dict[tuple[object, ...], list[int]] = {}
        for place in places:
            result = self._at(place)
            file = (result.metadata or {}).get("file")
            key = (result.path, file, self.idents.get(place))
            tests.setdefault(key, []).append(place)
        return (same for same in tests.values() if len(same) > 1)

    def _join(self, places: list[int], passed: set[str]) -> list[int]:
        """Join these if they are tries of one test; the places that are void then."""
        if len(places) > MAX_TRIES:
            return []
        *earlier, last = (self._at(place) for place in places)
        if any(result.status not in FAILURES for result in earlier):
            return []
        if len(self.passed) > MAX_PASSED or last.name in passed:
            return []
        self.held[places[0]] = join([*earlier, last])
        self.joined.append(last.name)
        return places[1:]


def results_only(items: Iterator[Result | Passes]) -> Iterator[Result]:
    """What `Retries` gives where no `Passes` were added: results."""
    return cast("Iterator[Result]", items)


def join(tries: list[Result]) -> Result:
    """The last of these, with the others as its attempts and with everybody's files."""
    *earlier, last = tries
    attempts = [each for result in earlier for each in (*result.attempts, attempt_of(result))]
    files = [file for result in earlier for file in _files(result)]
    return msgspec.structs.replace(
        last,
        attachments=(*files, *last.attachments),
        attempts=(*attempts, *last.attempts),
        flaky=last.status is Status.PASSED,
    )


def _files(found: Result | Step) -> Iterator[Attachment]:
    """The files of an earlier try: of its steps, too, since those are not kept."""
    yield from found.attachments
    for step in found.steps:
        yield from _files(step)


def attempt_of(result: Result) -> Attempt:
    """A result as one of several tries of its test."""
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
