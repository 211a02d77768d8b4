"""QtTest's results, as XML and as the text it prints: the tests of one class.

A test function is a test; one with data has one for each row. QtTest counts `initTestCase` and
`cleanupTestCase` as tests, so they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from assay.errors import Malformed
from assay.formats._harness import of_a_harness
from assay.formats._qt_case import Benchmark, Cases, Incident
from assay.formats._text import lines
from assay.formats._time import seconds
from assay.formats._xml import Element, Part, elements
from assay.formats.detect import peek
from assay.formats.format import Format, Head
from assay.model import Container, Item, Measurement, Notice, Result, Run

ROOT = "TestCase"
CHILDREN = frozenset({"Environment", "TestFunction"})

FACTS = {"QtVersion": "Qt", "QtBuild": "Qt build", "QTestVersion": "QtTest"}

TOTAL = frozenset({"walltime", "events", "callgrind", "tickcounter"})
"""Metrics of Qt 4.5 to 4.7, of which the XML told the sum of all iterations."""

START = re.compile(r"\*{9} Start testing of (.+) \*{9}")
END = re.compile(r"\*{9} Finished testing of .+ \*{9}")
CONFIG = re.compile(r"Config: Using Qt(?:Test|est) library ([^\s,]+), (Qt ([^\s,]+).*)")
TOTALS = re.compile(r"Totals: \d+ passed, \d+ failed.*?(?:, (\d+)ms)?")
LINE = re.compile(r"([A-Z]{4,9})!? *: ([^\s()]{1,1000})\(((?:[^)]|\)(?! |:|$))*)\)(:?.*)")
"""`FAIL!  : Shop::prices(pears) 'kilos' returned FALSE.`"""

PLACE = re.compile(r" +Loc: \[(.*)\((\d+)\)\]")
MEASURED = re.compile(r" +([\d.,]+(?:e[+-]\d+)?) (\D+?)(?: per iteration)?(?: \(total: .*)?")

TELLING = re.compile(START.pattern + "$", re.MULTILINE)

KINDS = {"warning": "qwarn", "system": "qsystem", "fatal": "qfatal"}
"""Words of the text that the XML has others for; as a rule they are the same."""

LONGEST = 1 << 20
"""Characters of one incident's text; the rest is left out."""


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield each function or row as a result with the class above it, measurements, then the run.

    A path is the class; a name is the function with its data tag as `prices(pears)`.
    """
    head, whole = peek(chunks)
    return _read_xml(whole) if head.kind == "xml" else _read_text(whole)


# XML


def _read_xml(chunks: Iterable[bytes]) -> Iterator[Item]:
    facts: dict[str, str] = {}
    lasted: list[float] = []
    for part in elements(chunks, frozenset({ROOT}), frozenset({"TestFunction"})):
        if isinstance(part, Notice):
            yield part
        else:
            yield from _part(part, facts, lasted)
    yield Run(duration=sum(lasted) if lasted else None, metadata=facts or None)


def _part(part: Part, facts: dict[str, str], lasted: list[float]) -> Iterator[Item]:
    name = part.scope.attributes.get("name", "")
    path = (name,) if name else ()
    for record in part.records:
        if record.tag == "TestFunction":
            yield from _function(path, record)
        elif record.tag == "Environment":
            facts.update(_facts(record))
        elif record.tag == "Duration" and (time := _milliseconds(record)) is not None:
            lasted.append(time)
            yield Container(path, "class", duration=time)


def _facts(environment: Element) -> Iterator[tuple[str, str]]:
    for child in environment:
        if child.text and child.tag in FACTS:
            yield FACTS[child.tag], child.text.strip()


def _milliseconds(element: Element | None) -> float | None:
    time = seconds(element.get("msecs")) if element is not None else None
    return None if time is None else time / 1000


def _function(path: tuple[str, ...], element: Element) -> Iterator[Item]:
    """Its rows; how long it took is known of all of them together."""
    name = element.get("name", "") or "(unnamed)"
    cases = Cases(path)
    found: list[Result] = []
    for child in element:
        if child.tag in ("Incident", "Message"):
            found += cases.add(_incident(name, child))
        elif child.tag == "BenchmarkResult" and (measured := _benchmark(name, child)):
            yield cases.measure(measured)
    alone = not found
    found += cases.release(_milliseconds(element.find("Duration")) if alone else None)
    yield from found


def _incident(function: str, element: Element) -> Incident:
    return Incident(
        function,
        (element.findtext("DataTag") or "").strip(),
        element.get("type", "").lower(),
        (element.findtext("Description") or "").strip(),
        element.get("file", ""),
        element.get("line", ""),
    )


def _benchmark(function: str, element: Element) -> Benchmark | None:
    metric = element.get("metric", "")
    value = seconds(element.get("value"))
    times = seconds(element.get("iterations")) or 1
    if value is None:
        return None
    each = value / times if metric in TOTAL else value
    return Benchmark(function, element.get("tag", ""), metric, each)


# Text


@dataclass(slots=True)
class _Text:
    cases: Cases
    open: Incident | None = None  # its text may go on in the next line
    more: list[str] = field(default_factory=list)
    size: int = 0
    measured: tuple[str, str] | None = None  # the next line is a benchmark's number

    def read(self, line: str) -> Iterator[Result | Measurement]:
        """Take a line; what it shows to be whole."""
        if place := PLACE.fullmatch(line):
            yield from self.close(*place.groups())
        elif self.measured and (number := MEASURED.fullmatch(line)):
            yield from self._measure(number)
        elif told := LINE.fullmatch(line):
            yield from self._open(told)
        elif self.open and self.size < LONGEST:
            self.more.append(line)
            self.size += len(line)

    def close(self, file: str = "", line: str = "") -> Iterator[Result]:
        """The incident that is open has nothing more to say."""
        if self.open:
            told = self.open
            said = "\n".join([told.said, *self.more]).rstrip()
            yield from self.cases.add(
                Incident(told.function, told.tag, told.kind, said, file, line)
            )
        self.open, self.more, self.size = None, [], 0

    def _open(self, told: re.Match[str]) -> Iterator[Result]:
        yield from self.close()
        kind, function = told[1].lower(), told[2].rpartition("::")[2]
        if kind == "result":
            tag = told[4].strip(":").strip('"')
            self.measured = (function, tag or told[3])
        else:
            kind = KINDS.get(kind, kind)
            self.open = Incident(function, told[3], kind, told[4].strip())

    def _measure(self, number: re.Match[str]) -> Iterator[Measurement]:
        assert self.measured is not None
        value = seconds(number[1].replace(",", ""))
        if value is not None:
            yield self.cases.measure(Benchmark(*self.measured, number[2].strip(), value))
        self.measured = None


def _read_text(chunks: Iterable[bytes]) -> Iterator[Item]:
    text: _Text | None = None
    facts: dict[str, str] = {}
    lasted: float | None = None
    begun = False
    for line in lines(chunks):
        if start := START.fullmatch(line):
            yield from _finished(text)
            text, begun = _Text(Cases((start[1],))), True
        elif text is None:
            continue
        elif config := CONFIG.fullmatch(line):
            facts.update({"QtTest": config[1], "Qt": config[3], "Qt build": config[2]})
        elif (total := TOTALS.fullmatch(line)) or END.fullmatch(line):
            yield from _finished(text)
            if total and total[1]:
                lasted = (lasted or 0) + int(total[1]) / 1000
                yield Container(text.cases.path, "class", duration=int(total[1]) / 1000)
            text = text if total else None
        else:
            yield from text.read(line)
    yield from _finished(text)
    if not begun:
        raise Malformed("QtTest begins with “Start testing of”; there is no such line here")
    if text:
        yield Notice("The output ends before QtTest has finished; what was told until then is read")
    yield Run(duration=lasted, metadata=facts or None)


def _finished(text: _Text | None) -> Iterator[Result]:
    if text:
        yield from text.close()
        yield from text.cases.release()


def _sniff(head: Head) -> bool:
    if head.kind == "xml":
        return head.root == ROOT and not head.children.isdisjoint(CHILDREN)
    return head.kind == "text" and TELLING.search(head.text) is not None and not of_a_harness(head)


FORMAT = Format(
    name="qtest",
    title="QtTest",
    sniff=_sniff,
    parse=parse,
    aliases=("qtestlib", "qttest", "qtest-xml", "qtest_xml", "qtestlib-xml"),
    made_by="QtTest (QTestLib) of Qt 4, 5 and 6",
    how="./tst_shop -o qtest.xml,xml",
    file="qtest.xml",
    notes=(
        "A test function is a result, below its class; one with data has a result for each row, "
        "`prices(pears)`, with the data tag as its parameter.",
        "A failure that was expected (XFAIL) passed, with the reason as metadata; one that was "
        "expected and did not come (XPASS) failed. Exceptions, signals and time-outs are broken.",
        "Blacklisted tests are skipped, as QtTest counts them apart; metadata says how they ended.",
        "Benchmarks are measurements for each iteration, in seconds and bytes.",
        "Warnings and debug messages are the output.",
        "The XML and the plain text are read; QtTest's other outputs (JUnit, TAP, TeamCity) are "
        "read as what they are. The text tells no durations of single tests.",
    ),
)
