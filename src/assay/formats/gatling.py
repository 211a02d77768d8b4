"""Gatling's simulation.log, of text (versions 2 and 3) and of bytes (since 3.12), and its JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from assay.errors import Malformed
from assay.formats import _gatling_binary, _gatling_stats, _gatling_text, _json
from assay.formats._figures import failure
from assay.formats._gatling_binary import ERROR, GROUP, REQUEST, USER, Begun, Record
from assay.formats._samples import MAX_LABELS, Samples, moment, note
from assay.formats.detect import peek
from assay.formats.format import Format, Head
from assay.model import Container, Error, Item, Notice, Result, Run, Status


@dataclass(slots=True)
class _Group:
    """How often users went through a group, and for how long in all."""

    times: int = 0
    failed: int = 0
    seconds: float = 0.0


@dataclass(slots=True)
class _Report:
    simulation: tuple[str, ...] = ()
    run: Begun | None = None
    samples: Samples = field(default_factory=Samples)
    groups: dict[tuple[str, ...], _Group] = field(default_factory=dict)
    errors: dict[str, int] = field(default_factory=dict)
    users: int = 0


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield the run, the groups, then for each request its result and measurements.

    A path is the simulation and the groups. Throughputs are over the whole run, as in Gatling's
    own report. Raises Malformed where there is no record.
    """
    head, whole = peek(chunks)
    if head.kind in ("object", "array"):
        yield from _of_json(whole)
        return
    binary = _gatling_binary.BEGINS.match(head.raw)
    report = _Report()
    try:
        for record in (_gatling_binary if binary else _gatling_text).read(whole):
            _add(report, record)
    except Malformed as error:
        if not report.samples.labels:
            raise
        yield Notice(f"{error.message}. What comes before was read", lost=True)
    yield from _items(report)


def _of_json(whole: Iterator[bytes]) -> Iterator[Item]:
    for value in _json.values(whole, streamed=()):
        if isinstance(value, Notice):
            yield value
            continue
        found = list(_gatling_stats.items(_json.mapping(_json.decode(value.raw))))
        if not found:
            raise Malformed("These are neither Gatling's statistics nor its assertions")
        yield from found


def _add(report: _Report, record: Begun | Record) -> None:
    if isinstance(record, Begun):
        report.run = report.run or record
        report.simulation = (record.simulation,) if record.simulation else ()
    elif record.kind == REQUEST:
        why = None if record.good else record.message
        path = (*report.simulation, *record.groups)
        name = record.name.strip() or "(no name)"
        report.samples.add(path, name, record.seconds, why, record.at)
    elif record.kind == USER:
        report.users += record.good
    elif record.kind == ERROR:
        note(report.errors, record.message)
    elif record.kind == GROUP and len(report.groups) < MAX_LABELS:
        group = report.groups.setdefault((*report.simulation, *record.groups), _Group())
        group.times += 1
        group.failed += not record.good
        group.seconds += record.seconds or 0.0


def _items(report: _Report) -> Iterator[Item]:
    if report.run:
        yield Run(moment(report.run.start), metadata=_facts(report, report.run))
    if report.simulation:
        yield Container(report.simulation, "simulation")
    for path, group in report.groups.items():
        facts = {"times": str(group.times), "failed": str(group.failed)}
        yield Container(path, "group", duration=group.seconds / group.times, metadata=facts)
    if report.errors:
        yield _errors(report)
    if report.samples.labels or not (report.errors or report.run):
        yield from report.samples.items(whole_run=True)


def _facts(report: _Report, run: Begun) -> dict[str, str] | None:
    users = str(report.users) if report.users else ""
    facts = {"gatling": run.version, "description": run.description.strip(), "users": users}
    return {name: said for name, said in facts.items() if said} or None


def _errors(report: _Report) -> Result:
    """What went wrong outside any request: one that could not be built, for one."""
    count = sum(report.errors.values())
    told = failure(count, 0, report.errors, "errors")
    message = told.message.replace("errors failed", "errors outside any request")
    error = Error(message=message, trace=told.trace)
    return Result(report.simulation, "(errors)", Status.BROKEN, error=error)


def _sniff(head: Head) -> bool:
    if head.kind == "object":
        shapes = (_gatling_stats.ASSERTIONS, _gatling_stats.TREE, _gatling_stats.STATS)
        return any(head.keys >= shape for shape in shapes)
    if _gatling_binary.BEGINS.match(head.raw):
        return True
    return head.kind == "text" and _gatling_text.BEGINS.match(head.text) is not None


FORMAT = Format(
    name="gatling",
    title="Gatling",
    sniff=_sniff,
    parse=parse,
    aliases=("gatling-log", "gatling_log", "simulation.log"),
    made_by="Gatling, versions 2 and 3: simulation.log; and of its report js/stats.json, "
    "js/global_stats.json and js/assertions.json",
    how="mvn gatling:test",
    file="simulation.log",
    notes=(
        "Each request is a result below the simulation and its groups: failed when one of them "
        "was KO, with how many of how many and the most frequent messages as its error.",
        "Its measurements are samples, errors, error rate, mean, median, p90, p95, p99, min, max "
        "and throughput, which is over the whole run as in Gatling's report.",
        "A group is a container, with how often users went through it and how long that took them.",
        "Errors outside any request are a broken result called (errors).",
        "Each assertion of `assertions.json` is a test; the log itself holds what was asserted, "
        "and not what became of it.",
        "The log is read as it is in versions 2 and 3 up to 3.11 (text) and since 3.12 (bytes).",
        "In `stats.json` percentiles are told by their places: they are taken for the 50th, 75th, "
        "95th and 99th, which Gatling has unless it is told otherwise.",
    ),
)
