"""What `adb shell am instrument -r` prints: Android's instrumented tests, status by status.

A status is some lines `INSTRUMENTATION_STATUS: key=value`, of which a value may go on over several
lines, and then its code. A test has one status when it begins and one when it ends; a crash leaves
the first without the second.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from assay.errors import Malformed
from assay.formats import _trace
from assay.formats._retries import Retries, results_only
from assay.formats._text import lines
from assay.formats._time import seconds
from assay.formats.format import Format, Head
from assay.model import Item, Notice, Result, Run, Status

BEGUN = "1"
CODES = {
    "0": Status.PASSED,
    "-1": Status.BROKEN,  # of runners before AndroidX, which calls it deprecated
    "-2": Status.FAILED,
    "-3": Status.SKIPPED,  # @Ignore
    "-4": Status.SKIPPED,  # an assumption that did not hold
}
"""The codes of AndroidX's InstrumentationResultPrinter that end a test."""

FINISHED = "-1"
"""The code of a run that came to its end (Activity.RESULT_OK)."""

LINE = re.compile(r"INSTRUMENTATION_(STATUS|STATUS_CODE|RESULT|CODE|FAILED|ABORTED): ?(.*)")
ANYWHERE = re.compile(f"^{LINE.pattern[:-4]}", re.MULTILINE)
TIME = re.compile(r"Time: (\S+)")

ARABIC = str.maketrans({"٫": ".", "٬": None})
"""The decimal mark of a device that speaks Arabic; Python reads the digits by itself."""

OWN_KEYS = frozenset({"id", "test", "class", "stream", "stack", "current", "numtests", "Error"})

OF_THE_RUN = "(instrumentation)"
"""The result for what broke outside any test."""

LONGEST = 1 << 20
"""Characters of one value that are kept."""

MOST = 100
"""Values of a status, or of tests that have begun and not ended, that are kept."""


@dataclass(slots=True)
class _Reading:
    status: dict[str, list[str]] = field(default_factory=dict)
    results: dict[str, list[str]] = field(default_factory=dict)
    value: list[str] | None = None  # that may go on in the next line
    size: int = 0
    open: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)  # begun, not ended
    expected: int = 0
    ended: int = 0
    retries: Retries = field(default_factory=Retries)
    duration: float | None = None
    failure: str = ""
    code: str = ""
    found: bool = False


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield tests as results in the order in which they end, then the run.

    A path is the class. A test that has begun and not ended is broken by whatever ended the run.
    Raises Malformed where no line is the instrumentation's.
    """
    reading = _Reading()
    for line in lines(chunks):
        yield from _line(reading, line)
    if not reading.found:
        raise Malformed("No line of this begins with INSTRUMENTATION_STATUS, _RESULT or _CODE")
    yield from _close(reading)


def _line(reading: _Reading, line: str) -> Iterator[Item]:
    found = LINE.match(line)
    if found is None:
        _go_on(reading, line)
        return
    reading.found = True
    kind, said = found.groups()
    reading.value = None
    if kind in ("STATUS", "RESULT"):
        _open_value(reading, reading.status if kind == "STATUS" else reading.results, said)
    elif kind == "STATUS_CODE":
        yield from _status(reading, said.strip())
    elif kind == "CODE":
        reading.code = said.strip()
    else:
        reading.failure = reading.failure or f"INSTRUMENTATION_{kind}: {said}"


def _go_on(reading: _Reading, line: str) -> None:
    if reading.value is None:
        _read_time(reading, line)
        return
    reading.size += len(line)
    if reading.size < LONGEST:
        reading.value.append(line)


def _open_value(reading: _Reading, into: dict[str, list[str]], said: str) -> None:
    key, _, value = said.partition("=")
    if len(into) < MOST or key in OWN_KEYS:
        reading.value = into.setdefault(key, [])
        reading.value[:] = [value[:LONGEST]]
        reading.size = len(value)


def _read_time(reading: _Reading, line: str) -> None:
    found = TIME.match(line)
    if found and reading.duration is None:
        reading.duration = seconds(found[1].translate(ARABIC))


# Tests


def _status(reading: _Reading, code: str) -> Iterator[Item]:
    said = {key: "\n".join(value).strip("\n") for key, value in reading.status.items()}
    reading.status.clear()
    key = said.get("class", "").strip().rstrip(":"), said.get("test", "").strip()
    if count := seconds(said.get("numtests")):
        reading.expected = int(count)
    if not key[1]:
        reading.failure = reading.failure or said.get("Error", "")
    elif code == BEGUN:
        if len(reading.open) < MOST:
            reading.open[key] = {}
    elif code in CODES:
        reading.ended += 1
        known = reading.open.pop(key, {})
        result = _result(key, CODES[code], said.get("stack", ""), {**known, **_extras(said)})
        yield from results_only(reading.retries.add(result))
    elif key in reading.open:  # in progress: what the test itself reports
        reading.open[key] |= _extras(said)


def _extras(said: dict[str, str]) -> dict[str, str]:
    return {key: value for key, value in said.items() if key not in OWN_KEYS and value}


def _result(key: tuple[str, str], status: Status, stack: str, metadata: dict[str, str]) -> Result:
    classname, name = key
    return Result(
        path=(classname,) if classname else (),
        name=name,
        status=status,
        error=_trace.error_of(stack) if stack.strip() else None,
        metadata=metadata or None,
    )


# The run


def _close(reading: _Reading) -> Iterator[Item]:
    said = {key: "\n".join(value) for key, value in reading.results.items()}
    for line in said.get("stream", "").splitlines():
        _read_time(reading, line)
    why = said.get("longMsg") or said.get("shortMsg") or reading.failure
    for key, metadata in reading.open.items():
        message = why.strip() or "The output ends before the test does"
        result = _result(key, Status.BROKEN, message, metadata)
        yield from results_only(reading.retries.add(result))
    yield from results_only(reading.retries.release())
    if why and not reading.open:
        yield Result((), OF_THE_RUN, Status.BROKEN, error=_trace.error_of(why.strip()))
    yield from _what_is_missing(reading)
    yield Run(duration=reading.duration)


def _what_is_missing(reading: _Reading) -> Iterator[Notice]:
    seen = reading.ended + len(reading.open)
    if seen < reading.expected:
        yield Notice(f"{seen} of {reading.expected} tests are told of; the run did not end")
    elif not reading.code and not reading.failure:
        yield Notice("The output has no INSTRUMENTATION_CODE: its end is missing")


def _sniff(head: Head) -> bool:
    return head.kind == "text" and ANYWHERE.search(head.text) is not None


FORMAT = Format(
    name="instrumentation",
    title="Android instrumentation output",
    sniff=_sniff,
    parse=parse,
    aliases=("android-instrumentation", "am-instrument", "adb"),
    made_by="`am instrument -r` of Android, by AndroidJUnitRunner and other runners",
    how="adb shell am instrument -w -r com.example.test/androidx.test.runner.AndroidJUnitRunner "
    "> instrumentation.txt",
    file="instrumentation.txt",
    notes=(
        "A test is a test, its class the container above it.",
        "Code 0 is passed, -2 failed, -1 broken; -3 (ignored) and -4 (an assumption) are skipped.",
        "A test that has begun and not ended is broken, by the crash if the output tells of one; a "
        "crash outside any test is a broken result of its own.",
        "The exception and its trace are the error; whatever else a test reports is metadata.",
        "A test that is run again after it failed has attempts.",
        "Without `-r` the output only counts what passed, and is not read.",
    ),
)
