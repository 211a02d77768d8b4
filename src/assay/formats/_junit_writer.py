"""JUnit XML out: suites of cases as their consumers know them, in the order the items come.

There is no one schema. What is written here is what Surefire's (its reruns, for attempts), Jenkins'
plug-in (files named in the output) and Testmo (steps as properties) have in common with the rest:
`testsuites`, `testsuite`, `testcase`. Characters that XML forbids are dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from assay.formats._containers import containers
from assay.model import (
    FAILURES,
    Attachment,
    Attempt,
    Container,
    Error,
    Item,
    Result,
    Run,
    Status,
    Step,
)
from assay.rows import Counts

PIECE_BYTES = 65_536
SUITE_BYTES = 4_000_000
"""A suite is held until its cases are counted; a longer one goes on in another of its name."""

NO_CONTAINER = "Root Suite"
"""What a suite is called that has no name, as Mocha's is."""

VERDICTS = {Status.FAILED: "failure", Status.BROKEN: "error"}
RERUNS = {Status.FAILED: "rerunFailure", Status.BROKEN: "rerunError"}
FLAKES = {Status.FAILED: "flakyFailure", Status.BROKEN: "flakyError"}
STEPS = {
    Status.PASSED: "step[passed]",
    Status.FAILED: "step[failure]",
    Status.BROKEN: "step[error]",
    Status.SKIPPED: "step[skipped]",
    Status.UNKNOWN: "step[status]",
}
"""Testmo's names of properties that are steps."""

UNSAID = "The report does not say how it ended"
UNTOLD = Attempt(
    Status.FAILED, error=Error(message="An earlier attempt failed; the report does not say how")
)
"""Of a test that is said to be flaky, and no more."""

OWN_ATTRIBUTES = ("file", "line")
"""Metadata that tools know as attributes of a case."""

COUNTED = {
    Status.FAILED: "failures",
    Status.BROKEN: "errors",
    Status.SKIPPED: "skipped",
    Status.UNKNOWN: "skipped",
}

FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
UNMARKABLE = re.compile(r"[\[\]|\r\n]")
"""Characters that end a mark in the output; a file with one of them is named by a property."""

Path = tuple[str, ...]


@dataclass(slots=True)
class _Suite:
    """The innermost suite that is being filled: its titles, and its cases so far."""

    titles: Path
    pieces: list[str] = field(default_factory=list)
    size: int = 0
    tests: int = 0
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTED.values(), 0))
    seconds: float = 0.0

    def add(self, result: Result, case: str) -> None:
        self.pieces.append(case)
        self.size += len(case)
        self.tests += 1
        self.seconds += result.duration or 0.0
        if result.status in COUNTED:
            self.counts[COUNTED[result.status]] += 1


def write(
    items: Iterable[Item], *, name: str = "", run: Run | None = None, counts: Counts | None = None
) -> Iterator[bytes]:
    """Yield the document in pieces of some 64 KB. `run` gives the date of each suite and the
    duration of all, `counts` are the report's, for the head.

    A container's last title is the class of the cases in it, those above it are suites. Runs,
    Notices and Measurements are passed over.
    """
    run = run or Run()
    piece = bytearray(b'<?xml version="1.0" encoding="UTF-8"?>\n')
    piece += f"<testsuites{_totals(name, counts or Counts(), run)}>\n".encode()
    for part in _suites(items, run.date):
        piece += part.encode()
        if len(piece) >= PIECE_BYTES:
            yield bytes(piece)
            piece.clear()
    piece += b"</testsuites>\n"
    yield bytes(piece)


def _totals(name: str, counts: Counts, run: Run) -> str:
    return _attributes(
        name=name or None,
        tests=counts.total,
        failures=counts.failed,
        errors=counts.broken,
        skipped=counts.skipped + counts.unknown,
        time=_seconds(run.duration),
    )


def _suites(items: Iterable[Item], date: datetime | None) -> Iterator[str]:
    described: dict[Path, Container] = {}
    suite: _Suite | None = None
    for item in items:
        if isinstance(item, Container):
            described[item.path] = _joined(described.get(item.path), item)
        elif isinstance(item, Result):
            titles = _titles(item, described)
            if suite and (suite.titles != titles or suite.size > SUITE_BYTES):
                yield from _closed(suite, described, date)
                suite = None
            suite = suite or _Suite(titles)
            suite.add(item, _case(item))
    if suite:
        yield from _closed(suite, described, date)
    for left in list(described):
        yield from _closed(_Suite(left), described, date)


def _joined(one: Container | None, other: Container) -> Container:
    """What several documents of a report have said of one container."""
    if one is None:
        return other
    return msgspec.structs.replace(
        other,
        description=one.description or other.description,
        stdout="\n".join(filter(None, (one.stdout, other.stdout))),
        stderr="\n".join(filter(None, (one.stderr, other.stderr))),
        attachments=(*one.attachments, *other.attachments),
        metadata={**(other.metadata or {}), **(one.metadata or {})},
    )


def _titles(result: Result, described: dict[Path, Container]) -> Path:
    """The suites of a case: its containers but the last, if a reader finds the way back from there.
    A container that has output or properties is a suite, as a class has no place for them."""
    path = result.path
    if len(path) > 1 and path not in described:
        above = path[:-1]
        if containers(above, path[-1], result.name) == path:
            return above
    return path


def _closed(
    suite: _Suite, described: dict[Path, Container], date: datetime | None
) -> Iterator[str]:
    """The suite in those around it, each with what is known of it if that has not been written."""
    outer = suite.titles[:-1]
    ends = []
    for depth in range(1, len(outer) + 1):
        known = described.pop(outer[:depth], None)
        yield f"<testsuite{_attributes(name=outer[depth - 1])}>\n{_head(known)}"
        ends.append(f"{_outputs(known)}</testsuite>\n")
    known = described.pop(suite.titles, None)
    yield f"<testsuite{_figures(suite, known, date)}>\n{_head(known)}"
    yield from suite.pieces
    yield f"{_outputs(known)}</testsuite>\n"
    yield from reversed(ends)


def _figures(suite: _Suite, known: Container | None, date: datetime | None) -> str:
    own = known.duration if known else None
    return _attributes(
        name=suite.titles[-1] if suite.titles else NO_CONTAINER,
        tests=suite.tests,
        **suite.counts,
        time=_seconds(suite.seconds if own is None else own),
        timestamp=date and date.isoformat(timespec="milliseconds"),
    )


def _head(known: Container | None) -> str:
    if known is None:
        return ""
    pairs = [("description", known.description)] if known.description else []
    pairs += (known.metadata or {}).items()
    return _properties([*pairs, *(("attachment", _path(each)) for each in known.attachments)])


def _outputs(known: Container | None) -> str:
    return _output(known.stdout, known.stderr) if known else ""


# Cases


def _case(result: Result) -> str:
    metadata = dict(result.metadata or {})
    first, *reruns = _tries(result)
    earlier = result.attempts or ((UNTOLD,) if result.flaky else ())
    attributes = _attributes(
        name=result.name,
        classname=result.path[-1] if result.path else "",
        time=_seconds(first.duration),
        timestamp=first.started and first.started.isoformat(),
        **{key: metadata.pop(key, None) for key in OWN_ATTRIBUTES},
    )
    within = (
        _properties(_facts(result, metadata))
        + _verdict(first)
        + "".join(_again(RERUNS, each) for each in reruns)
        + "".join(_again(FLAKES, each) for each in earlier if result.status not in FAILURES)
        + _output(_marked(result, first), first.stderr)
    )
    return (
        f"<testcase{attributes}>{within}</testcase>\n" if within else f"<testcase{attributes}/>\n"
    )


def _tries(result: Result) -> list[Attempt]:
    """What the case itself says, and the reruns behind it: of a failure the first try and those
    after it, of anything else the last try, as Surefire has it."""
    last = Attempt(
        result.status, result.duration, result.started, result.error, result.stdout, result.stderr
    )
    if result.status not in FAILURES:
        return [last]
    return [*(each for each in result.attempts if each.status in FAILURES), last]


def _verdict(said: Attempt) -> str:
    if said.status is Status.PASSED:
        return ""
    error = said.error
    if said.status is Status.UNKNOWN and error is None:
        error = Error(message=UNSAID)
    tag = VERDICTS.get(said.status, "skipped")
    told = _attributes(message=error.message, type=error.type or None) if error else ""
    trace = _text(error.trace) if error else ""
    return f"<{tag}{told}>{trace}</{tag}>" if trace else f"<{tag}{told}/>"


def _again(tags: dict[Status, str], said: Attempt) -> str:
    """A try beside the case's own. One that did not fail has no element."""
    tag = tags.get(said.status)
    if tag is None:
        return ""
    error = said.error or Error()
    attributes = _attributes(
        message=error.message,
        type=error.type or None,
        time=_seconds(said.duration),
        timestamp=said.started and said.started.isoformat(),
    )
    trace = f"<stackTrace>{_text(error.trace)}</stackTrace>" if error.trace else ""
    return f"<{tag}{attributes}>{trace}{_output(said.stdout, said.stderr)}</{tag}>"


def _facts(result: Result, metadata: dict[str, str]) -> list[tuple[str, str]]:
    unmarked = (_path(each) for each in result.attachments if UNMARKABLE.search(_path(each)))
    return [
        *([("description", result.description)] if result.description else ()),
        *(("tag", tag) for tag in result.tags),
        *((f"parameter.{name}", value) for name, value in (result.parameters or {}).items()),
        *metadata.items(),
        *_steps(result.steps),
        *(("attachment", path) for path in unmarked),
    ]


def _steps(steps: Sequence[Step]) -> Iterator[tuple[str, str]]:
    """Steps within steps come after the one they are in."""
    for step in steps:
        yield STEPS[step.status], step.name
        yield from _steps(step.steps)


def _marked(result: Result, first: Attempt) -> str:
    """The output, and in it the names of the files, unless they are there already."""
    said = f"{first.stdout}\n{first.stderr}"
    marks = [
        f"[[ATTACHMENT|{path}]]"
        for each in (*result.attachments, *_files(result.steps))
        if not UNMARKABLE.search(path := _path(each)) and f"[[ATTACHMENT|{path}" not in said
    ]
    return "\n".join(filter(None, (first.stdout, *dict.fromkeys(marks))))


def _files(steps: Sequence[Step]) -> Iterator[Attachment]:
    for step in steps:
        yield from step.attachments
        yield from _files(step.steps)


def _path(attachment: Attachment) -> str:
    return attachment.path or attachment.name


# XML


def _properties(pairs: Sequence[tuple[str, str]]) -> str:
    if not pairs:
        return ""
    inner = "".join(f"<property{_attributes(name=name, value=text)}/>" for name, text in pairs)
    return f"<properties>{inner}</properties>"


def _output(stdout: str, stderr: str) -> str:
    out = f"<system-out>{_text(stdout)}</system-out>" if stdout else ""
    return out + (f"<system-err>{_text(stderr)}</system-err>" if stderr else "")


def _seconds(found: float | None) -> str | None:
    """To the nanosecond, and never as 1e-05, which is no decimal to XML Schema."""
    return None if found is None else f"{found:.9f}".rstrip("0").rstrip(".")


def _attributes(**given: object) -> str:
    """Those that are not None, as they stand in a tag."""
    return "".join(
        f' {name}="{_quoted(str(value))}"' for name, value in given.items() if value is not None
    )


_IN_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_IN_QUOTES = _IN_TEXT | str.maketrans({'"': "&quot;", "\t": "&#9;", "\n": "&#10;"})


def _text(text: str) -> str:
    return FORBIDDEN.sub("", text).translate(_IN_TEXT)


def _quoted(text: str) -> str:
    return FORBIDDEN.sub("", text).translate(_IN_QUOTES)
