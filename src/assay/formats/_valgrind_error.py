"""An error that a tool of Valgrind's reports: what, where, and how it came there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assay.formats._time import seconds
from assay.formats._xml import Element
from assay.model import Error, Measurement, Result, Status, Step

NO_ERRORS = frozenset({"Leak_StillReachable", "Leak_IndirectlyLost"})
"""Kinds of leaks that Valgrind shows when asked and does not count as errors
(`--errors-for-leak-kinds`, definite and possible by default)."""

VALGRINDS_OWN = "/vgpreload_"
"""In the names of the libraries that stand in for malloc, free and pthread_create."""

LONGEST = 300
"""Characters of a function's name; templates make them endless."""


@dataclass(frozen=True, slots=True)
class Found:
    """One error as Valgrind tells it."""

    name: str  # its kind and the function: what it has in common with the same one tomorrow
    kind: str
    said: str
    trace: str
    source: str
    unique: str
    leaked: tuple[float | None, float | None]  # bytes, blocks

    @property
    def status(self) -> Status:
        return Status.PASSED if self.kind in NO_ERRORS else Status.FAILED


def read_error(record: Element, program: str) -> Found:
    """An `<error>` of a run of that program."""
    kind = record.findtext("kind", "") or "Error"
    said = record.findtext("what") or record.findtext("xwhat/text") or ""
    leaked = [seconds(record.findtext(f"xwhat/leaked{of}")) for of in ("bytes", "blocks")]
    return _found(record, program, kind, said, (leaked[0], leaked[1]))


def read_signal(record: Element, program: str) -> Found:
    """A `<fatal_signal>`: what killed the program."""
    name = record.findtext("signame", "") or f"signal {record.findtext('signo', '')}".strip()
    return _found(record, program, name, record.findtext("event", ""), (None, None))


def _found(
    record: Element,
    program: str,
    kind: str,
    said: str,
    leaked: tuple[float | None, float | None],
) -> Found:
    place = _place(record.find("stack"), program)
    function = (place.findtext("fn") if place is not None else "") or ""
    file = (place.findtext("file") if place is not None else "") or ""
    line = (place.findtext("line") if place is not None else "") or ""
    return Found(
        f"{kind} in {function[:LONGEST]}" if function else kind,
        kind,
        said.strip(),
        "\n".join(_trace(record)),
        f"{file}:{line}".strip(":"),
        record.findtext("unique", ""),
        leaked,
    )


def _place(stack: Element | None, program: str) -> Element | None:
    """The innermost frame in the program itself, else in any library but Valgrind's own."""
    frames = stack.findall("frame") if stack is not None else []
    others = [each for each in frames if VALGRINDS_OWN not in (each.findtext("obj") or "")]
    own = (each for each in others if base_name(each.findtext("obj") or "") == program)
    return next(own, others[0] if others else None)


def base_name(path: str) -> str:
    """A file's name without its folders."""
    return path.strip().rpartition("/")[2]


def _trace(record: Element) -> Iterator[str]:
    """The stacks with what is said between them, in the order and manner of Valgrind's own log."""
    for child in record:
        if child.tag == "stack":
            for number, frame in enumerate(child.iterfind("frame")):
                yield f"   {'by' if number else 'at'} {_frame(frame)}"
        elif child.tag in ("what", "auxwhat"):
            yield (child.text or "").strip()
        elif child.tag in ("xwhat", "xauxwhat"):
            yield (child.findtext("text") or "").strip()


def _frame(frame: Element) -> str:
    function = frame.findtext("fn") or "???"
    file, line = frame.findtext("file"), frame.findtext("line")
    if file:
        return f"{function} ({file}:{line})" if line else f"{function} ({file})"
    return f"{function} (in {base_name(frame.findtext('obj') or '???')})"


def result(path: tuple[str, ...], found: list[Found], times: dict[str, int]) -> Result:
    """The errors of one name as a result; several differ in their lines or callers."""
    first = found[0]
    status = first.status
    facts = {
        "source": first.source,
        "count": str(sum(times.get(each.unique, 1) for each in found)),
    }
    return Result(
        path,
        first.name,
        status,
        error=Error(first.kind, first.said, first.trace) if status is not Status.PASSED else None,
        stdout=first.trace if status is Status.PASSED else "",
        steps=tuple(_step(each) for each in found) if len(found) > 1 else (),
        metadata={key: said for key, said in facts.items() if said},
    )


def _step(found: Found) -> Step:
    name = f"{found.said} ({found.source})" if found.source else found.said
    return Step(name, found.status, output=found.trace)


def leaks(path: tuple[str, ...], found: list[Found]) -> Iterator[Measurement]:
    """How much was leaked in all."""
    for place, (metric, unit) in enumerate((("leaked", "B"), ("leaked blocks", ""))):
        known = [each.leaked[place] for each in found]
        numbers = [each for each in known if each is not None]
        if numbers:
            yield Measurement(path, found[0].name, metric, sum(numbers), unit)
