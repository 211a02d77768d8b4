"""TRX, the results of Visual Studio's test tools: `dotnet test --logger trx`, vstest, MSTest.

A report tells what a test is (`TestDefinitions`) and what became of it (`Results`) apart. `dotnet
test` writes the results first, MSTest the definitions: results are held, packed tightly where they
are many, until the definitions have come.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from assay.formats._dotnet import text_of
from assay.formats._retries import Retries, results_only
from assay.formats._time import length, moment, seconds
from assay.formats._trx_result import Definitions, Outcome, files_of, outcomes, result_of
from assay.formats._xml import Element, Part, Scope, elements
from assay.formats.format import Format, Head
from assay.model import Attachment, Error, Item, Notice, Result, Run, Status

SCOPES = frozenset({"TestRun", "Results", "TestDefinitions", "TestEntries"})
WANTED = frozenset({"UnitTestResult", "TestResultAggregation", "WebTestResult", "UnitTest"})
KINDS = ("Result", "ResultAggregation")
"""How the names of the elements end that are results: of unit, web, manual, generic tests …"""

ECHO = "[xUnit.net "
"""How a line begins that xUnit.net's adapter logs for each test that failed, as an error."""

OF_THE_RUN = "(test run)"
"""The result for what failed outside any test: a host that crashed, an aborted run."""

ABORTED = frozenset({"Aborted", "Disconnected", "Timeout"})

HELD = 20_000
"""Outcomes held as they are, or …"""

HELD_TEXT = 8 << 20
"""… characters of their output, before they are packed."""

_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(list[Outcome])


@dataclass(slots=True)
class _Held:
    """Outcomes that wait for their definitions; many take a tenth of their size in the report."""

    outcomes: list[Outcome] = field(default_factory=list)
    size: int = 0
    packed: list[bytes] = field(default_factory=list)

    def add(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)
        if outcome.stdout or outcome.error:
            self.size += len(outcome.stdout) + len(outcome.stderr)
            self.size += len(outcome.error.trace) if outcome.error else 0
        if len(self.outcomes) >= HELD or self.size >= HELD_TEXT:
            self.packed.append(zlib.compress(_ENCODER.encode(self.outcomes), 1))
            self.outcomes, self.size = [], 0

    def release(self) -> Iterator[Outcome]:
        packed, self.packed = self.packed, []
        for block in packed:
            yield from _DECODER.decode(zlib.decompress(block))
        outcomes, self.outcomes = self.outcomes, []
        yield from outcomes


@dataclass(slots=True)
class _Report:
    definitions: Definitions = field(default_factory=Definitions)
    defined: bool = False
    held: _Held = field(default_factory=_Held)
    retries: Retries = field(default_factory=Retries)
    date: datetime | None = None
    duration: float | None = None
    metadata: dict[str, str] = field(default_factory=dict)
    attachments: list[Attachment] = field(default_factory=list)
    outcome: str = ""
    counted: int = 0  # tests, by the summary
    seen: bool = False  # a result of any
    errors: list[str] = field(default_factory=list)


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield tests as results, an aborted run's errors as one, then the run.

    A path is the assembly's name without its folder, then the class in one piece, below the names
    of ordered tests if there are any. Rows of data are results, their test is not.
    """
    for part in elements(chunks, SCOPES, WANTED):
        if isinstance(part, Notice):
            yield part
        else:
            yield from _part(part)


def _part(part: Part) -> Iterator[Item]:
    scope = part.scope
    report = _report(scope)
    if scope.tag == "Results":
        yield from _results(report, part.records)
    elif scope.tag == "TestDefinitions":
        for record in part.records:
            report.definitions.add(record)
        if part.ended:
            report.defined = True
            yield from _release(report)
    elif scope.tag == "TestRun":
        for record in part.records:
            _beside(report, record)
        if part.ended:
            yield from _close(report)


def _report(scope: Scope) -> _Report:
    while scope.outer:
        scope = scope.outer
    if scope.state is None:
        scope.state = _Report()
        if user := scope.attributes.get("runUser"):
            scope.state.metadata["user"] = user
    found: _Report = scope.state
    return found


# Tests


def _results(report: _Report, records: list[Element]) -> Iterator[Item]:
    for record in records:
        if not record.tag.endswith(KINDS):
            continue
        report.seen = True
        if computer := record.get("computerName"):
            report.metadata.setdefault("computer", computer)
        for outcome in outcomes(record):
            if report.defined:
                yield from _joined(report, outcome)
            else:
                report.held.add(outcome)


def _release(report: _Report) -> Iterator[Item]:
    for outcome in report.held.release():
        yield from _joined(report, outcome)


def _joined(report: _Report, outcome: Outcome) -> Iterator[Item]:
    result = result_of(outcome, report.definitions.known.get(outcome.test))
    return results_only(report.retries.add(result, outcome.test))


# The run


def _beside(report: _Report, record: Element) -> None:
    if record.tag == "Times":
        report.date = moment(record.get("start"))
        report.duration = length(report.date, moment(record.get("finish")))
    elif record.tag in ("TestSettings", "TestRunConfiguration"):
        name = record.get("name", "")
        if name and name.lower() != "default":
            report.metadata["settings"] = name
    elif record.tag == "ResultSummary":
        _summary(report, record)


def _summary(report: _Report, summary: Element) -> None:
    report.outcome = summary.get("outcome", "")
    report.attachments += files_of(summary)
    counters = summary.find("Counters")
    if counters is not None:
        report.counted = int(seconds(counters.get("total")) or 0)
    if said := text_of(summary.find("Output/StdOut")):
        report.metadata["output"] = said
    for info in summary.iterfind("RunInfos/RunInfo"):
        said = text_of(info.find("Text")).strip()
        if not said or said.startswith(ECHO):
            continue
        if info.get("outcome") in ("Warning", "Completed", "Passed"):
            before = report.metadata.get("warnings")
            report.metadata["warnings"] = f"{before}\n{said}" if before else said
        else:
            report.errors.append(said)


def _close(report: _Report) -> Iterator[Item]:
    yield from _release(report)
    yield from results_only(report.retries.release())
    if report.counted and not report.seen:
        yield Notice(f"The summary counts {report.counted} tests, and the report has none")
    if report.errors or report.outcome in ABORTED:
        message = "\n".join(report.errors) or f"The run ended as: {report.outcome}"
        yield Result((), OF_THE_RUN, Status.BROKEN, error=Error(message=message))
    yield Run(
        report.date,
        report.duration,
        metadata=report.metadata or None,
        attachments=tuple(report.attachments),
    )


def _sniff(head: Head) -> bool:
    """By its root, and the schema's namespace or what stands below it."""
    if head.root != "TestRun":
        return False
    return "TeamTest" in head.namespace or bool(
        head.children & {"Results", "TestDefinitions", "ResultSummary", "TestSettings"}
    )


FORMAT = Format(
    name="trx",
    title="TRX",
    sniff=_sniff,
    parse=parse,
    aliases=("mstest", "vstest", "visualstudio", "visual-studio", "trx-xml", "mstest-trx"),
    made_by="`dotnet test`, VSTest and MSTest, with whatever framework: MSTest, NUnit, xUnit.net, "
    "SpecFlow, Reqnroll",
    how="dotnet test --logger trx",
    file="TestResults/results.trx",
    notes=(
        "A unit test is a test, each row of data of one is a test of its own, with its arguments "
        "as parameters.",
        "The assembly and the class are the containers above it, and ordered tests above those.",
        "Failed is failed; Error, Timeout, Aborted, Disconnected and NotRunnable are broken, and "
        "so is a result without an outcome, as the schema has it; NotExecuted and Inconclusive "
        "are skipped; Warning and Completed pass.",
        "Categories are tags; owner, priority, work items and properties are metadata; the "
        "description is the description.",
        "Scenarios of SpecFlow and Reqnroll have their steps, from what they printed.",
        "Result files and those of data collectors are attachments, if they are sent along, as "
        "the folder beside the file has them (`In/…`).",
        "What the run itself failed of, such as a test host that crashed, is a broken result "
        f"“{OF_THE_RUN}”.",
        "A test that stands there again after it failed is one with attempts.",
    ),
)
