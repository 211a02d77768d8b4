"""Go tests that failed, until it is known that they were not run again.

`gotestsum --rerun-fails` runs the tests that failed once more, each with those above it, and goes
on in the same file: another run of the package. Repetitions within one run (`-count`) stay apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from msgspec.structs import replace

from assay.formats._retries import MAX_HELD, MAX_TEXT, join
from assay.model import FAILURES, Error, Result, Status

Test = tuple[tuple[str, ...], str]


@dataclass(slots=True)
class Reruns:
    """Holds the results of tests that failed, and joins what comes of them later."""

    held: dict[Test, Result] = field(default_factory=dict)
    runs: dict[Test, int] = field(default_factory=dict)
    size: int = 0

    def add(self, result: Result, run: int) -> Iterator[Result]:
        """Take a result of the package's run of that number; gives those not to be held."""
        test = (result.path, result.name)
        earlier = self.held.get(test)
        if earlier is not None and self.runs[test] != run:
            self.held[test] = join([earlier, result])
        elif result.status not in FAILURES:
            yield result
            return
        else:
            if earlier is not None:
                yield earlier
            self.held[test] = result
        self.runs[test] = run
        self.size += len(result.stdout)
        if len(self.held) >= MAX_HELD or self.size > MAX_TEXT:
            yield from self.release()

    def release(self) -> Iterator[Result]:
        """All that are held. A test above one that still fails has not passed, though it did when
        it was run once more for another."""
        failed: dict[tuple[str, ...], list[str]] = {}
        for result in self.held.values():
            if result.status in FAILURES:
                failed.setdefault(result.path, []).append(result.name)
        for test, result in self.held.items():
            below = failed.get((*test[0], test[1]))
            if below and result.status is Status.PASSED:
                error = Error(message=f"Subtests failed: {', '.join(below[:5])}")
                result = replace(result, status=Status.FAILED, error=error, flaky=False)
            yield result
        self.held.clear()
        self.runs.clear()
        self.size = 0
