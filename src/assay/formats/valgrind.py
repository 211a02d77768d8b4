"""What Valgrind's tools (Memcheck, Helgrind, DRD) report as XML: errors of one run of a program.

Valgrind runs no tests. A kind of error in a function is a result here, so that a new one is a new
failure and one that is mended is gone. A program without any has one result, which passed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import msgspec

from assay.formats._valgrind_error import Found, base_name, leaks, read_error, read_signal, result
from assay.formats._xml import Element, Part, Scope, elements
from assay.formats.format import Format, Head
from assay.model import Container, Item, Notice, Result, Run, Status

ROOT = "valgrindoutput"
RECORDS = frozenset({"error", "fatal_signal", "status", "tool", "protocoltool", "args"})

NO_ERRORS = "(no errors)"
"""The name of the result of a program in which no error was found."""

MAX_HELD = 5_000
"""Errors to hold for others of their name and for the counts at the end; then they are let go."""

TIME = re.compile(r"(\d{1,6}):(\d\d):(\d\d):(\d\d)(\.\d+)?")
"""Days, hours, minutes, seconds."""

VERSION = re.compile(r"Using Valgrind-(\S+)")


@dataclass(slots=True)
class _Program:
    """A run of a program that is being read."""

    tool: str = ""
    name: str = ""
    facts: dict[str, str] = field(default_factory=dict)
    found: dict[str, list[Found]] = field(default_factory=dict)  # by name
    killed: list[Found] = field(default_factory=list)
    times: dict[str, int] = field(default_factory=dict)  # how often, by error
    held: int = 0
    any: bool = False
    finished: bool = False
    duration: float | None = None

    @property
    def path(self) -> tuple[str, ...]:
        return tuple(filter(None, (self.name, self.tool)))


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield a result for each kind of error in each function, measurements of leaks, then the run.

    A path is the program's name and the tool's.
    """
    lasted: list[float] = []
    whole = True
    facts: dict[str, str] = {}
    clean: list[_Program] = []
    for part in elements(chunks, frozenset({ROOT}), RECORDS):
        if isinstance(part, Notice):
            whole = False
            yield part
            continue
        program = _program(part.scope)
        yield from _part(part, program)
        if part.ended:
            lasted += [program.duration] if program.duration is not None else []
            facts |= program.facts
            clean += [] if program.any or not program.finished else [program]
    if whole:  # of what is cut short nobody can tell
        yield from (Result(each.path, NO_ERRORS, Status.PASSED) for each in clean)
    yield Run(duration=sum(lasted) if lasted else None, metadata=facts or None)


def _program(scope: Scope) -> _Program:
    if scope.state is None:
        scope.state = _Program()
    found: _Program = scope.state
    return found


def _part(part: Part, program: _Program) -> Iterator[Item]:
    for record in part.records:
        if record.tag == "error":
            yield from _hold(program, read_error(record, program.name))
        elif record.tag == "fatal_signal":
            program.any = True
            program.killed.append(read_signal(record, program.name))
        else:
            _read_fact(program, record)
    if part.ended:
        yield from _release(program)
        command = program.facts.get("command", "")
        yield Container(
            program.path,
            "program",
            duration=program.duration,
            metadata={"command": command} if command else None,
        )


def _read_fact(program: _Program, record: Element) -> None:
    if record.tag in ("tool", "protocoltool"):
        program.tool = (record.text or "").strip() or program.tool
        program.facts["tool"] = program.tool
    elif record.tag == "args":
        words = [record.findtext("argv/exe", "").strip()]
        words += [(each.text or "").strip() for each in record.iterfind("argv/arg")]
        program.name = base_name(words[0])
        program.facts["command"] = " ".join(words)
    elif record.tag == "preamble":
        said = " ".join(line.text or "" for line in record.iterfind("line"))
        if version := VERSION.search(said):
            program.facts["valgrind"] = version[1]
    elif record.tag == "status" and record.findtext("state", "").strip() == "FINISHED":
        program.finished = True
        program.duration = _seconds(record.findtext("time", ""))
    elif record.tag == "errorcounts":
        program.times |= dict(_counts(record))


def _seconds(text: str) -> float | None:
    found = TIME.fullmatch(text.strip())
    if not found:
        return None
    days, hours, minutes, whole = map(int, found.groups()[:4])
    return ((days * 24 + hours) * 60 + minutes) * 60 + whole + float(found[5] or 0)


def _counts(record: Element) -> Iterator[tuple[str, int]]:
    for pair in record.iterfind("pair"):
        count = pair.findtext("count", "").strip()
        if count.isdecimal() and len(count) < 16:
            yield pair.findtext("unique", ""), int(count)


def _hold(program: _Program, found: Found) -> Iterator[Item]:
    program.any = True
    program.found.setdefault(found.name, []).append(found)
    program.held += 1
    if program.held >= MAX_HELD:
        yield from _release(program)


def _release(program: _Program) -> Iterator[Item]:
    for found in program.found.values():
        yield result(program.path, found, program.times)
        yield from leaks(program.path, found)
    for signal in program.killed:
        killed = result(program.path, [signal], {})
        yield msgspec.structs.replace(killed, status=Status.BROKEN)
    program.found.clear()
    program.killed.clear()
    program.held = 0


def _sniff(head: Head) -> bool:
    return head.root == ROOT


FORMAT = Format(
    name="valgrind",
    title="Valgrind XML",
    sniff=_sniff,
    parse=parse,
    aliases=("memcheck", "helgrind", "drd", "valgrind-xml", "valgrind_xml"),
    made_by="Valgrind: Memcheck, Helgrind, DRD",
    how="valgrind --leak-check=full --xml=yes --xml-file=valgrind.xml ./shop_test",
    file="valgrind.xml",
    notes=(
        "A kind of error in a function, such as “InvalidWrite in overflows”, is a result that "
        "failed, below the program and the tool. So a new one is a new failure, and one that is "
        "mended is gone. The function is the innermost of the program itself.",
        "Errors of one kind in one function are one result, with a step each.",
        "The stacks are the trace, as Valgrind's log has them; how often it happened is metadata; "
        "what leaked is measured.",
        "Leaks that are still reachable, or lost with another block, passed: Valgrind does not "
        "count them as errors.",
        "A signal that killed the program is a broken result.",
        "A program without any error has one result that passed, “(no errors)”.",
    ),
)
