"""UFT's results (QuickTest's before it): run_results.xml since version 11.52, and Results.xml.

A file is the run of one test. What it did (iterations, actions, steps, checkpoints) is a tree of
nodes, which are the test's steps.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from assay.formats._dotnet import text_of
from assay.formats._facts import attachment
from assay.formats._html import plain
from assay.formats._text import as_utf8
from assay.formats._time import length, moment, seconds
from assay.formats._xml import Element, elements
from assay.formats.format import Format, Head
from assay.model import FAILURES, Error, Item, Notice, Result, Run, Status, Step

SCOPES = frozenset({"Results", "Report", "BPT"})
TESTS = frozenset({"ReportNode", "Doc"})

STATUSES = {
    "Passed": Status.PASSED,
    "Failed": Status.FAILED,
    "Done": Status.PASSED,  # a step that checks nothing
    "Warning": Status.PASSED,
    "Information": Status.PASSED,
    "Micpass": Status.PASSED,
    "Micfail": Status.FAILED,
}

NODES = frozenset({"DIter", "Action", "AIter", "Step", "HtmlStep", "Doc"})
"""Elements of Results.xml that stand for something the test did."""

DOCTYPE = re.compile(rb"<!DOCTYPE\s+Report\s*\[.*?\]\s*>", re.DOTALL)
"""What every Results.xml begins with, defaults of attributes among it: none of them matters here,
and no reader that is careful takes it."""

ENOUGH = 65_536
MOST_ERRORS = 20
DEEPEST = 60


@dataclass(slots=True)
class _Report:
    run: Run = field(default_factory=Run)
    metadata: dict[str, str] = field(default_factory=dict)


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield the test as a result, or each component of a business process test, then the run."""
    report = _Report()
    for part in elements(_without_doctype(chunks), SCOPES, TESTS):
        if isinstance(part, Notice):
            yield part
            continue
        for record in part.records:
            path = _path(part.scope.tag, report)
            if record.tag == "ReportNode":
                yield _test(record, _of_node, report, path)
            elif record.tag == "Doc":
                yield _test(record, _of_element, report, path)
            else:
                _learn(record, report)
    yield Run(report.run.date, report.run.duration, metadata=report.metadata or None)


def _without_doctype(chunks: Iterable[bytes]) -> Iterator[bytes]:
    rest = as_utf8(chunks)
    head = b""
    for piece in rest:
        head += piece
        if len(head) >= ENOUGH:
            break
    yield DOCTYPE.sub(b"", head, count=1)
    yield from rest


def _path(scope: str, report: _Report) -> tuple[str, ...]:
    name = report.metadata.get("business process", "")
    return (name,) if scope == "BPT" and name else ()


def _learn(record: Element, report: _Report) -> None:
    if record.tag == "GeneralInfo":
        zone = text_of(record.find("Timezone"))
        report.run = Run(_moment(text_of(record.find("RunStartTime")), zone), report.run.duration)
        report.metadata |= _told(record, "OrchestrationToolName", "OrchestrationToolVersion")
    elif record.tag == "DName":
        report.metadata["business process"] = text_of(record).strip()
    elif record.tag == "General":
        known = ("productName", "productVer", "os", "host")
        report.metadata |= {key: record.get(key, "") for key in known if record.get(key)}


def _told(element: Element, *tags: str) -> dict[str, str]:
    texts = {tag: text_of(element.find(tag)).strip() for tag in tags}
    return {tag: text for tag, text in texts.items() if text}


def _moment(text: str, zone: str = "") -> datetime | None:
    """The machine's time, with the zone where the report tells it."""
    return moment(f"{text.strip()}{zone.strip()}") or moment(text)


# What the two have in common


@dataclass(frozen=True, slots=True)
class _Node:
    """A node of either kind: itself, and the elements below it."""

    name: str
    status: Status
    duration: float | None = None
    said: str = ""
    within: tuple[Element, ...] = ()


_Reader = Callable[[Element], _Node]


def _test(record: Element, read: _Reader, report: _Report, path: tuple[str, ...]) -> Result:
    node = read(record)
    steps = tuple(_steps(node, read, 1))
    errors = list(dict.fromkeys(_errors(steps)))[:MOST_ERRORS]
    failed = node.status in FAILURES
    data = record.find("Data")
    about = record if data is None else data
    zone = text_of(about.find("Environment/Timezone"))
    started = (
        _moment(text_of(about.find("StartTime")), zone) if data is not None else _began(record)
    )
    report.run = Run(report.run.date or started, report.run.duration or node.duration)
    report.metadata |= _told(about, "ToolName", "ToolVersion")
    references = (each.get("reference", "") for each in about.iterfind("Links/Link"))
    return Result(
        path=path,
        name=node.name or "(unnamed)",
        status=node.status,
        duration=node.duration,
        started=started,
        error=_error(errors or [node.said]) if failed else None,
        steps=steps,
        attachments=tuple(attachment(each) for each in references if each),
        metadata=_told(about, "ErrorCode") or None,
    )


def _error(errors: list[str]) -> Error | None:
    """The first step's failure as the message, all of them as the trace."""
    told = [each for each in errors if each]
    if not told:
        return None
    return Error(message=told[0], trace="\n".join(told) if len(told) > 1 else "")


def _steps(node: _Node, read: _Reader, depth: int) -> Iterator[Step]:
    for child in node.within if depth < DEEPEST else ():
        found = read(child)
        failed = found.status in FAILURES and not found.within
        yield Step(
            found.name or child.get("type") or child.tag,
            found.status,
            found.duration,
            Error(message=found.said) if failed and found.said else None,
            "" if failed else found.said,
            steps=tuple(_steps(found, read, depth + 1)),
        )


def _errors(steps: Iterable[Step]) -> Iterator[str]:
    """Of the steps that failed, the innermost ones'."""
    for step in steps:
        below = list(_errors(step.steps))
        yield from below
        if not below and step.status in FAILURES:
            yield f"{step.name}: {step.error.message}" if step.error else step.name


# run_results.xml


def _of_node(node: Element) -> _Node:
    data = node.find("Data")
    if data is None:
        return _Node("", Status.UNKNOWN, within=tuple(node.iterfind("ReportNode")))
    said = text_of(data.find("ErrorText")) or text_of(data.find("Description"))
    return _Node(
        plain(text_of(data.find("Name"))).strip(),
        STATUSES.get(text_of(data.find("Result")).strip(), Status.UNKNOWN),
        seconds(text_of(data.find("Duration"))),
        plain(said).strip(),
        tuple(node.iterfind("ReportNode")),
    )


# Results.xml


def _of_element(element: Element) -> _Node:
    args = element.find("NodeArgs")
    name = _name(element) or (text_of(args.find("Disp")) if args is not None else "")
    return _Node(
        plain(name).strip(),
        STATUSES.get(args.get("status", "") if args is not None else "", Status.UNKNOWN),
        _took(element.find("Summary")),
        plain(text_of(element.find("Details"))).strip(),
        tuple(child for child in element if child.tag in NODES),
    )


def _name(element: Element) -> str:
    if element.tag in ("DIter", "AIter"):
        return f"Iteration {element.get('iterID', '')}".strip()
    return next(
        (text for tag in ("DName", "AName", "Obj") if (text := text_of(element.find(tag)))), ""
    )


def _clock(text: str) -> datetime | None:
    """`30/04/2015 - 11:22:39`, the day before the month unless that cannot be."""
    day, _, time = text.partition(" - ")
    parts = day.strip().split("/")
    if len(parts) != 3:
        return moment(text)
    first, second, year = parts
    return moment(f"{year}-{second:0>2}-{first:0>2}T{time.strip()}") or moment(
        f"{year}-{first:0>2}-{second:0>2}T{time.strip()}"
    )


def _began(element: Element) -> datetime | None:
    summary = element.find("Summary")
    return _clock(summary.get("sTime", "")) if summary is not None else None


def _took(summary: Element | None) -> float | None:
    if summary is None:
        return None
    started, ended = _clock(summary.get("sTime", "")), _clock(summary.get("eTime", ""))
    return length(started, ended)


def _sniff(head: Head) -> bool:
    """By what stands below roots of such common names."""
    if head.root == "Results":
        return bool({"ReportNode", "GeneralInfo"} & head.children)
    return head.root == "Report" and "General" in head.children and "<Doc" in head.text


FORMAT = Format(
    name="uft",
    title="UFT results",
    sniff=_sniff,
    parse=parse,
    aliases=("qtp", "uft-one", "quicktest"),
    made_by="OpenText UFT One (HP's and Micro Focus' UFT, QuickTest Professional)",
    how="in UFT: Tools, Options, Run Sessions, then run the test",
    file="Report/run_results.xml",
    notes=(
        "A file is a test; its iterations, actions, steps and checkpoints are its steps. Each "
        "component of a business process test is a test.",
        "Failed is failed; Passed, Done, Warning and Information pass.",
        "What the steps that failed say is the error: the first one is its message, all of them "
        "its trace.",
        "The tool's name and version are metadata of the report; files that the report links to "
        "are attachments, if they are sent along.",
        "Times without a zone are taken as UTC.",
    ),
)
