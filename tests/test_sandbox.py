"""The child process that reads a delivery, and its limits."""

from __future__ import annotations

import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assay import sandbox
from assay.errors import Interrupted, Malformed, UnknownFormat
from assay.reading import Given, Task, read_batches
from support.hostile import HOSTILE

MEGABYTE = 1_000_000
REPORT = b'<testsuite name="s"><testcase name="a"/><testcase name="b"/></testsuite>'


def task(tmp_path: Path, data: bytes, formatter: str = "", **limits: int) -> Task:
    path = tmp_path / "given"
    path.write_bytes(data)
    spool = tmp_path / "spool"
    spool.mkdir()
    return Task(
        files=[Given(path, "r.xml")],
        formatter=formatter,
        spool=spool,
        max_unpacked=1_000 * MEGABYTE,
        max_members=100,
        memory=limits.get("memory", 512) * MEGABYTE,
        seconds=limits.get("seconds", 60),
    )


def beat(_percent: int) -> None:
    pass


def test_it_leaves_the_rows_in_the_spool_and_tells_the_outcome(tmp_path: Path) -> None:
    given = task(tmp_path, REPORT)
    outcome = sandbox.run(given, beat)
    assert outcome.formats == ["junit"]
    assert outcome.summary is not None
    assert outcome.summary.counts.passed == 2
    assert sum(len(batch.status) for batch in read_batches(given.spool)) == 2


def test_the_log_says_which_names_do_not_hold(tmp_path: Path) -> None:
    report = REPORT.replace(b'"a"', b'"writes /tmp/a81f/cart.json"')
    outcome = sandbox.run(task(tmp_path, report), beat)
    assert outcome.log[-1].message.endswith("“writes /tmp/a81f/cart.json” is “writes <tmp>”")


def test_an_error_of_the_child_is_raised_here(tmp_path: Path) -> None:
    with pytest.raises(UnknownFormat):
        sandbox.run(task(tmp_path, REPORT, formatter="jnit"), beat)


def test_more_memory_than_allowed_is_refused_with_what_to_do(tmp_path: Path) -> None:
    wide = b'<testsuite name="s">' + b"".join(
        b'<testcase name="%d"><system-out>%s</system-out></testcase>' % (n, b"x" * 9_000_000)
        for n in range(12)
    )
    with pytest.raises(Malformed, match="ASSAY_PARSER_MEMORY"):
        sandbox.run(task(tmp_path, wide + b"</testsuite>", memory=40), beat)


def test_more_time_than_allowed_is_refused_with_what_to_do(tmp_path: Path) -> None:
    cases = b'<testcase classname="a.b.C" name="c"><failure message="m">t</failure></testcase>'
    long = b'<testsuite name="s">' + cases * 900_000 + b"</testsuite>"
    with pytest.raises(Malformed, match="ASSAY_PARSER_SECONDS"):
        sandbox.run(task(tmp_path, long, seconds=1), beat)


@pytest.mark.parametrize("what", HOSTILE)
def test_what_is_out_to_hurt_is_refused_within_a_second_and_200_megabytes(
    tmp_path: Path, what: str
) -> None:
    """The limits of the child are the proof: had it met one, it would have said so instead."""
    make, formatter, reason = HOSTILE[what]
    outcome = sandbox.run(task(tmp_path, make(), formatter, memory=200, seconds=1), beat)
    assert outcome.summary is None
    errors = [line.message for line in outcome.log if line.level == "error"]
    assert reason in errors[0]


def test_a_child_that_is_killed_was_interrupted_and_is_no_fault_of_the_file(
    tmp_path: Path,
) -> None:
    cases = b'<testcase classname="a.b.C" name="c"><failure message="m">t</failure></testcase>'
    given = task(tmp_path, b'<testsuite name="s">' + cases * 900_000 + b"</testsuite>")
    killer = threading.Thread(target=kill_reader_of, args=(given.spool / "batches",))
    killer.start()
    with pytest.raises(Interrupted, match="SIGKILL"):
        sandbox.run(given, beat)
    killer.join()


def kill_reader_of(spooled: Path) -> None:
    """kill -9 of the process that has this file open."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        for process in Path("/proc").glob("[0-9]*"):
            try:
                held = {os.readlink(each) for each in (process / "fd").iterdir()}
            except OSError:
                continue
            if str(spooled) in held:
                os.kill(int(process.name), signal.SIGKILL)
                return
        time.sleep(0.01)


def test_many_at_a_time_are_not_taken_for_each_other(tmp_path: Path) -> None:
    def read(number: int) -> int:
        folder = tmp_path / str(number)
        folder.mkdir()
        return sandbox.run(task(folder, REPORT), beat).reports

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(read, range(250))) == [1] * 250
