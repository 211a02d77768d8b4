"""What /proc knows of a process and everything below it: CPU seconds and memory."""

from __future__ import annotations

import os
import threading
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
MEGABYTE = 1e6


def family(pid: int) -> list[int]:
    """The process and its descendants."""
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        found.append(one)
        waiting += children(one)
    return found


def children(pid: int) -> list[int]:
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        return [int(c) for t in tasks for c in (t / "children").read_text().split()]
    except OSError:
        return []


def cpu(pid: int) -> float:
    """CPU seconds of the process, what runs below it and what ended there."""
    return sum(map(_cpu, family(pid)))


def own_cpu(pid: int) -> float:
    """CPU seconds of the process itself."""
    return _cpu(pid, 2)


def _cpu(pid: int, columns: int = 4) -> float:
    """Of utime, stime, cutime and cstime the first so many."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11 : 11 + columns])) / TICKS


def memory(pid: int, line: str = "VmRSS") -> float:
    """Megabytes resident now, or with `VmHWM` at the most."""
    try:
        text = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    found = next((row for row in text.splitlines() if row.startswith(line + ":")), "x 0")
    return int(found.split()[1]) * 1024 / MEGABYTE


class Watch:
    """Samples a server while it works: the most its own process had, and the most a child had."""

    def __init__(self, pid: int, pause: float = 0.01) -> None:
        self.pid, self.pause = pid, pause
        self.own = self.child = 0.0
        self._known = set(family(pid))
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._done.wait(self.pause):
            self.own = max(self.own, memory(self.pid))
            for one in set(family(self.pid)) - self._known:
                self.child = max(self.child, memory(one, "VmHWM"))
