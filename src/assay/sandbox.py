"""Does what touches hostile bytes in a child process that may use only so much memory and time.

Children are forked from a small server that has the parsers loaded already, so that one costs some
milliseconds and inherits nothing of the web server: no sockets, no stores, no secrets.
"""

from __future__ import annotations

import gc
import multiprocessing
import multiprocessing.forkserver as forkserver
import os
import resource
import signal
import sys
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Protocol, TypeVar

import msgspec
from msgspec import Struct

from assay.errors import AssayError, Interrupted, Malformed
from assay.reading import OUTCOME, Outcome, Reading, Task

SLACK_SECONDS = 30
"""Wall time that a child may take beyond its CPU time before it is killed."""

PRELOAD = ["__main__", "assay.sandbox", "assay.dividing"]
"""With the main module loaded beforehand no child looks for its file again (multiprocessing)."""

_context: ForkServerContext | None = None

_asking = threading.Lock()
"""Whoever starts a process asks all others of this program how they ended (multiprocessing's
`_cleanup`). Of two threads that ask at once one would be told nothing, and take the child for one
that never began."""


def context() -> ForkServerContext:
    """The process factory, started at the first call."""
    global _context
    if _context is None:
        _context = multiprocessing.get_context("forkserver")
        _context.set_forkserver_preload(PRELOAD)
    return _context


def warm() -> None:
    """Start the process that children are forked from, so that the first import need not wait."""
    context()
    forkserver.ensure_running()


TaskT = TypeVar("TaskT", bound="Bounded")
MadeT = TypeVar("MadeT", bound=Struct)


class Bounded(Protocol):
    """A task for a child: the folder for what comes of it, and how far it may go."""

    @property
    def spool(self) -> Path: ...
    @property
    def max_unpacked(self) -> int: ...
    @property
    def memory(self) -> int: ...
    @property
    def seconds(self) -> int: ...


def run(task: Task, beat: Callable[[int], None]) -> Outcome:
    """Read a delivery in a child; see `perform`."""
    return perform(task, read_delivery, Outcome, beat)


def perform(
    task: TaskT,
    work: Callable[[TaskT, Callable[[int], None]], MadeT],
    made: type[MadeT],
    beat: Callable[[int], None],
) -> MadeT:
    """Do `work` (a function of a module) on a task in a child, and return what it made; `beat` is
    called with the percentage about once a second.

    Raises `Malformed` when the child was stopped at one of its limits, `Interrupted` when it died
    otherwise, and the `AssayError` the child ended with when it could not even begin.
    """
    ours, theirs = context().Pipe(duplex=False)
    child = context().Process(target=_work, args=(task, work, theirs), daemon=True)
    with _asking:
        child.start()
    theirs.close()
    try:
        _attend(child, ours, task, beat)
        return msgspec.msgpack.decode((task.spool / OUTCOME).read_bytes(), type=made)
    finally:
        child.kill()
        _join(child)
        ours.close()


def _attend(
    child: multiprocessing.process.BaseProcess,
    pipe: Connection,
    task: Bounded,
    beat: Callable[[int], None],
) -> None:
    """Wait for its end, which has to be a good one."""
    deadline = time.monotonic() + task.seconds + SLACK_SECONDS
    next_beat = 0.0
    percent = 0
    while time.monotonic() < deadline:
        wait([pipe], timeout=1)
        try:
            while pipe.poll():
                message = pipe.recv()
                if isinstance(message, AssayError):
                    raise message
                percent = message
        except EOFError:
            _join(child)
            _check(child.exitcode, task)
            return
        if time.monotonic() >= next_beat:
            next_beat = time.monotonic() + 1
            beat(percent)
    raise Malformed(_too_slow(task))


def _join(child: multiprocessing.process.BaseProcess) -> None:
    """Wait for its end, and learn how it was."""
    wait([child.sentinel])
    with _asking:
        child.join()


FROM_OUTSIDE = frozenset({signal.SIGKILL, signal.SIGTERM, signal.SIGHUP, signal.SIGINT})
"""Signals that somebody sends; others a process brings upon itself."""


NOT_BEGUN = 255
"""The exit status that multiprocessing gives a child that failed before our code ran."""


def _check(exitcode: int | None, task: Bounded) -> None:
    if exitcode == 0:
        return
    if exitcode == -signal.SIGXCPU:
        raise Malformed(_too_slow(task))
    if exitcode == MEMORY_EXIT:
        raise Malformed(
            f"Reading this took more than {task.memory // 1_000_000:,} MB of memory and was "
            "stopped. Send the report in parts, or raise ASSAY_PARSER_MEMORY"
        )
    died = signal.Signals(-exitcode) if exitcode is not None and exitcode < 0 else None
    if died in FROM_OUTSIDE or exitcode == NOT_BEGUN:
        cause = died.name if died else "it could not start"
        raise Interrupted(f"The parser's process was killed ({cause}); it begins again")
    raise Malformed(
        f"The parser crashed on this ({died.name if died else exitcode}), perhaps for want of "
        f"memory: it may use {task.memory // 1_000_000:,} MB (ASSAY_PARSER_MEMORY)"
    )


def _too_slow(task: Bounded) -> str:
    return (
        f"Reading this took more than {task.seconds} seconds and was stopped. "
        "Send the report in parts, or raise ASSAY_PARSER_SECONDS"
    )


MEMORY_EXIT = 86
"""The exit status of a child that ran out of its memory."""


def read_delivery(task: Task, report: Callable[[int], None]) -> Outcome:
    return Reading(task, report).run()


def _work(
    task: TaskT, work: Callable[[TaskT, Callable[[int], None]], Struct], pipe: Connection
) -> None:
    """The child: bound itself, work, leave the outcome in the spool."""
    gc.disable()  # it is soon gone, and its memory is bounded: looking for cycles costs 5 %
    _limit(task)
    try:
        outcome = work(task, _reporter(pipe))
    except AssayError as error:
        pipe.send(error)
        return
    except MemoryError:
        os._exit(MEMORY_EXIT)
    partial = task.spool / f"{OUTCOME}.part"
    partial.write_bytes(msgspec.msgpack.encode(outcome))
    partial.rename(task.spool / OUTCOME)


REPORT_SECONDS = 0.2
"""Between two messages of a child: each wakes the server."""


def _reporter(pipe: Connection) -> Callable[[int], None]:
    last, due = -1, time.monotonic() + REPORT_SECONDS

    def report(percent: int) -> None:
        nonlocal last, due
        if percent > last and time.monotonic() >= due:
            last, due = percent, time.monotonic() + REPORT_SECONDS
            pipe.send(percent)

    return report


def _limit(task: Bounded) -> None:
    """RLIMIT_DATA counts what is allocated, not what is mapped (setrlimit(2), Linux 4.7)."""
    os.nice(5)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (task.seconds, task.seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (task.max_unpacked * 4, task.max_unpacked * 4))
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_DATA, (task.memory, task.memory))
