"""Open Test Reporting (ota4j-team/open-test-reporting): JUnit's and PHPUnit's newer XML.

It comes in two shapes: as events (`<events>`, written while the tests run) and as a hierarchy
(`<execution>`). What a test is says JUnit's metadata, or else that nothing lies below it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from assay.formats import _json
from assay.formats._otr_node import Node, read_into
from assay.formats._time import moment
from assay.formats._xml import Element, Part, Scope, elements
from assay.formats.format import Format, Head
from assay.model import Item, Notice, Run

SCOPES = frozenset({"events", "execution", "root", "child"})
WANTED = frozenset({"started", "metadata", "sources", "result", "infrastructure"})

NAMESPACES = "https://schemas.opentest4j.org/reporting/"

DURATION = re.compile(
    r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?"  # xs:duration without months
)
SECONDS = (86_400, 3_600, 60, 1)

INFRASTRUCTURE = {
    "hostName": "host",
    "userName": "user",
    "operatingSystem": "os",
    "cpuCores": "cpu_cores",
    "javaVersion": "java",
    "phpVersion": "php",
}
"""What is kept of where the tests ran, beside what Git knows."""


@dataclass(slots=True)
class _Report:
    """The nodes that have begun and not ended, by their ids, and when it all was."""

    nodes: dict[str, Node] = field(default_factory=dict)
    first: datetime | None = None
    last: datetime | None = None
    longest: float | None = None  # a hierarchy's roots say themselves how long they took

    def see(self, time: datetime | None) -> None:
        if time:
            self.first = min(self.first or time, time)
            self.last = max(self.last or time, time)


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield each test's Result when it has finished, what is odd about containers, and the run."""
    report = _Report()
    for part in elements(chunks, SCOPES, WANTED):
        if isinstance(part, Notice):
            yield part
        elif part.scope.tag in ("root", "child"):
            yield from _nested(part, report)
        else:
            for record in part.records:
                yield from _record(record, report)
    for node in report.nodes.values():
        yield from node.unfinished()
    took = _between(report.first, report.last) if report.longest is None else report.longest
    yield Run(report.first, took)


# Events


def _record(record: Element, report: _Report) -> Iterator[Item]:
    if record.tag == "infrastructure":
        yield _run(record)
        return
    ident = record.get("id", "")
    time = moment(record.get("time"))
    report.see(time)
    if record.tag == "started":
        outer = report.nodes.get(record.get("parentId", ""))
        node = report.nodes[ident] = Node.of(record.get("name", ""), time, outer)
        read_into(node, record)
    elif record.tag == "reported" and ident in report.nodes:
        read_into(report.nodes[ident], record)
    elif record.tag == "finished" and ident in report.nodes:
        node = report.nodes.pop(ident)
        read_into(node, record)
        yield from node.over(_between(node.started, time))


def _between(start: datetime | None, end: datetime | None) -> float | None:
    return None if start is None or end is None or end < start else (end - start).total_seconds()


# A hierarchy


def _nested(part: Part, report: _Report) -> Iterator[Item]:
    node = _node(part.scope, report)
    for record in part.records:
        holder = Element("")
        holder.append(record)
        read_into(node, holder)
    if part.ended:
        duration = _seconds(part.scope.attributes.get("duration", ""))
        report.see(node.started)
        if part.scope.tag == "root" and duration is not None:
            report.longest = max(report.longest or 0, duration)
        yield from node.over(duration)


def _node(scope: Scope, report: _Report) -> Node:
    if scope.state is None:
        is_inner = scope.outer is not None and scope.outer.tag in ("root", "child")
        outer = _node(scope.outer, report) if scope.outer and is_inner else None
        start = moment(scope.attributes.get("start"))
        scope.state = Node.of(scope.attributes.get("name", ""), start, outer)
    found: Node = scope.state
    return found


def _seconds(text: str) -> float | None:
    found = DURATION.fullmatch(text)
    if found is None or not any(found.groups()):
        return None
    counts = [_json.number(count) for count in found.groups("0")]
    parts = zip(counts, SECONDS, strict=True)
    return None if None in counts else sum((count or 0) * seconds for count, seconds in parts)


# The run


def _run(infrastructure: Element) -> Run:
    found = {each.tag: (each.text or "").strip() for each in infrastructure}
    metadata = {ours: found[tag] for tag, ours in INFRASTRUCTURE.items() if found.get(tag)}
    repository = infrastructure.find("repository")
    if repository is not None and repository.get("originUrl"):
        metadata["repository"] = repository.get("originUrl", "")
    status = infrastructure.find("status")
    if status is not None and status.get("clean") == "false":
        metadata["uncommitted"] = (status.text or "").strip() or "true"
    branch, commit = found.get("branch", ""), found.get("commit", "")
    return Run(branch=branch, commit=commit, metadata=metadata or None)


def _sniff(head: Head) -> bool:
    if head.kind != "xml" or head.root not in ("events", "execution"):
        return False
    return any(value.startswith(NAMESPACES) for _, value in head.attributes)


FORMAT = Format(
    name="otr",
    title="Open Test Reporting",
    sniff=_sniff,
    parse=parse,
    aliases=("open-test-reporting", "open_test_reporting", "opentestreporting"),
    made_by="JUnit 5 and later, PHPUnit 12 and later (`--log-otr`), and others",
    how="phpunit --log-otr otr.xml",
    file="build/test-results/open-test-report.xml",
    notes=(
        "Events and hierarchies are read. Nodes with others below them are containers, by the "
        "name of their class where that is longer; the engine's own and PHPUnit's configuration "
        "are left out.",
        "`SUCCESSFUL` is passed, `SKIPPED` and `ABORTED` (an assumption that failed, a test that "
        "is incomplete) skipped, `FAILED` failed, or broken where it was no assertion, `ERRORED` "
        "broken.",
        "A container that failed itself, as before or after all its tests, is a result of its own.",
        "Entries published for a test are facts of it, output is output, files are attachments; "
        "tags are tags.",
        "Git's branch and commit are the report's, the machine is told in its facts.",
        "A test that began and did not finish is broken.",
    ),
)
