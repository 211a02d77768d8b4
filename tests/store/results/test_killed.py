"""What a store holds after its process was killed in the middle of writing."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from assay.store.results import open_results

TESTS = Path(__file__).parents[2]
SIZE = 3_000

WRITER = f"""
import sys
sys.path.insert(0, {str(TESTS)!r})
from assay.store.results import open_results
from support.batches import wide_report
store = open_results(sys.argv[1])
for report in range(int(sys.argv[2]), 10_000):
    print(report, "begun", flush=True)
    store.write(1, report % 40, wide_report({SIZE} + report, report, size=1_000))
    print(report, "written", flush=True)
"""
"""Writes reports for ever, forty of them again and again; each is longer than the one before."""


@pytest.mark.parametrize("seed", range(2))
def test_nothing_written_is_lost_and_no_report_is_half_there(url: str, seed: int) -> None:
    chance = random.Random(seed)
    expected: dict[int, int] = {}
    upcoming = 0
    for _ in range(3):
        begun = _write_until_killed(url, upcoming, 0.3 + chance.random(), expected)
        counts = _counts(url)
        slot = begun % 40
        assert counts.get(slot, 0) in {expected.get(slot, 0), SIZE + begun}
        assert {**counts, slot: 0} == {**expected, slot: 0}
        expected = counts
        upcoming = begun + 1


def _write_until_killed(url: str, first: int, seconds: float, written: dict[int, int]) -> int:
    """Lets a writer go on for some seconds after its first report; what it says is written is added
    to `written`. Returns the last report it began."""
    command = [sys.executable, "-c", WRITER, url, str(first)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        lines = [writer.stdout.readline(), writer.stdout.readline()]
        time.sleep(seconds)
        writer.send_signal(signal.SIGKILL)
        lines += writer.stdout.readlines()
    said = [line.split() for line in lines if line.endswith("\n")]
    for report, what in said:
        if what == "written":
            written[int(report) % 40] = SIZE + int(report)
    return int(said[-1][0]) if said[-1][1] == "begun" else int(said[-1][0]) + 1


def _counts(url: str) -> dict[int, int]:
    store = open_results(url)
    rows = store.ask("SELECT report, count(*), uniqExact(position) FROM results GROUP BY 1", {})
    [(tests, distinct)] = store.ask("SELECT count(*), uniqExact(test) FROM tests", {})
    store.close()
    assert all(count == positions for _, count, positions in rows)
    assert tests == distinct
    return {report: count for report, count, _ in rows}
