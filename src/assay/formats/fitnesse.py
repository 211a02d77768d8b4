"""FitNesse's XML: `<testResults>` of a page or a suite, and `<suiteResults>` of a suite's history.

A page is a test: failed with a wrong assertion, else broken with an exception, else passed with a
right assertion; one on which nothing was asserted is skipped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from assay.formats._dotnet import text_of
from assay.formats._json import number
from assay.formats._time import moment
from assay.formats._xml import Element, elements
from assay.formats.format import Format, Head
from assay.model import Attachment, Container, Error, Item, Notice, Result, Run, Status

SCOPES = frozenset({"testResults", "suiteResults"})
PAGES = frozenset({"result", "pageHistoryReference"})

COUNTS = ("right", "wrong", "ignores", "exceptions")
WORDS = ("right", "wrong", "ignored", "exceptions")

GOOD = frozenset({"right", "ignored", "pass", "ignore"})
"""What an expectation's status is where nothing is the matter with it."""

THROWN = "__EXCEPTION__:"
"""How Slim answers an instruction that threw."""

MOST_TOLD = 50
"""Expectations of a page that are told in its error."""

MILLISECONDS = 1000


@dataclass(slots=True)
class _Report:
    root: tuple[str, ...] = ()
    date: datetime | None = None
    first: datetime | None = None
    duration: float | None = None
    version: str = ""
    logs: list[Element] = field(default_factory=list)


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield a Result a page, the output of the test system, and the run. Durations are milliseconds
    in the document."""
    report = _Report()
    for part in elements(chunks, SCOPES, PAGES):
        if isinstance(part, Notice):
            yield part
            continue
        for record in part.records:
            if record.tag in PAGES:
                yield _page(record, report)
            else:
                yield from _about(record, report)
    version = {"fitnesse": report.version} if report.version else None
    yield Run(report.date or report.first, report.duration, metadata=version)


def _about(record: Element, report: _Report) -> Iterator[Item]:
    text = text_of(record).strip()
    if record.tag == "rootPath":
        report.root = tuple(filter(None, text.split(".")))
    elif record.tag == "date":
        report.date = moment(text)
    elif record.tag == "totalRunTimeInMillis":
        report.duration = _seconds(text)
    elif record.tag == "FitNesseVersion" and not text.startswith("$"):
        report.version = text
    elif record.tag == "executionLog":
        yield from _log(record, report)


def _log(log: Element, report: _Report) -> Iterator[Item]:
    """What the process that runs the fixtures printed; exceptions there are no page's."""
    stdout, stderr = (text_of(log.find(tag)) for tag in ("stdOut", "stdErr"))
    if report.root and (stdout or stderr):
        yield Container(report.root, "Page", stdout=stdout, stderr=stderr)
    for exception in log.iterfind("exceptions/exception"):
        if told := text_of(exception).strip():
            yield Result(report.root, "Test system", Status.BROKEN, error=Error(message=told))


def _page(page: Element, report: _Report) -> Result:
    path, name = _place(page, report.root)
    counts = _counts(page)
    started = moment(text_of(page.find("date")))
    if started:
        report.first = min(report.first or started, started)
    status = _status(counts)
    html = text_of(page.find("content"))
    tags = text_of(page.find("tags")).split(",")
    return Result(
        path=path,
        name=name,
        status=status,
        duration=_seconds(text_of(page.find("runTimeInMillis"))),
        started=started,
        error=_error(page, counts) if status in (Status.FAILED, Status.BROKEN) else None,
        attachments=(_attached(name, html),) if html else (),
        tags=tuple(dict.fromkeys(filter(None, map(str.strip, tags)))),
        metadata={word: f"{count:,}" for word, count in zip(WORDS, counts, strict=True) if count}
        or None,
    )


def _attached(name: str, html: str) -> Attachment:
    """The page as FitNesse shows it."""
    return Attachment(f"{name}.html", media_type="text/html", content=html.encode())


def _place(page: Element, root: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    """The pages above and the page's own name: it is told from the suite on; not at all, where that
    page alone was run; in whole, in a history."""
    told = next((text_of(page.find(tag)) for tag in ("relativePageName", "name")), "")
    told = told or text_of(page.find("name"))
    below = tuple(filter(None, told.strip().split(".")))
    if below[: len(root)] == root and len(below) > len(root):
        whole = below
    elif below == root[-1:]:
        whole = root
    else:
        whole = (*root, *below)
    return whole[:-1], whole[-1] if whole else "Page"


def _counts(page: Element) -> tuple[int, ...]:
    found = (number(text_of(page.find(f"counts/{name}"))) for name in COUNTS)
    return tuple(int(count or 0) for count in found)


def _status(counts: tuple[int, ...]) -> Status:
    right, wrong, _, exceptions = counts
    if wrong:
        return Status.FAILED
    if exceptions:
        return Status.BROKEN
    return Status.PASSED if right else Status.SKIPPED


def _error(page: Element, counts: tuple[int, ...]) -> Error:
    """How much was wrong, and each expectation that did not hold."""
    words = (f"{count:,} {word}" for word, count in zip(WORDS, counts, strict=True) if count)
    told = list(_told(page, thrown=counts[-1] > 0))
    more = [f"… and {len(told) - MOST_TOLD:,} more"] if len(told) > MOST_TOLD else []
    return Error(message=", ".join(words), trace="\n".join([*told[:MOST_TOLD], *more]))


def _told(page: Element, *, thrown: bool) -> Iterator[str]:
    """A fixture without an optional method answers with an exception, too, which counts as none."""
    for result in page.iter("instructionResult"):
        answer = text_of(result.find("slimResult")).strip()
        if thrown and answer.startswith(THROWN):
            instruction = text_of(result.find("instruction")).strip()
            yield f"{instruction}: {answer.removeprefix(THROWN).strip()}"
        for expectation in result.iterfind("expectation"):
            if text_of(expectation.find("status")).strip().lower() not in GOOD:
                yield _expectation(expectation)


def _expectation(expectation: Element) -> str:
    told = (text_of(expectation.find(tag)).strip() for tag in ("row", "col", "expected", "actual"))
    row, column, expected, actual = told
    message = text_of(expectation.find("evaluationMessage")).strip()
    said = f"expected {expected}, was {actual}" if expected or actual else message
    return f"row {row}, column {column}: {said}" if row or column else said


def _seconds(text: str) -> float | None:
    found = number(text.strip())
    return None if found is None or found < 0 else found / MILLISECONDS


def _sniff(head: Head) -> bool:
    """JMeter's results have the same root."""
    is_fitnesse = "FitNesseVersion" in head.children or "finalCounts" in head.children
    return head.kind == "xml" and head.root in SCOPES and is_fitnesse


FORMAT = Format(
    name="fitnesse",
    title="FitNesse XML",
    sniff=_sniff,
    parse=parse,
    aliases=("fitnesse-xml", "fitnesse_xml"),
    made_by="FitNesse (`?suite&format=xml`, or `-c … -b`)",
    how="java -jar fitnesse-standalone.jar -c 'ShopSuite?suite&format=xml' -b fitnesse.xml",
    file="fitnesse.xml",
    notes=(
        "A page is a test, the pages above it are its containers.",
        "A page with a wrong assertion failed, else one with an exception is broken, else one with "
        "a right assertion passed; one on which nothing was asserted is skipped.",
        "The error tells how many were right, wrong and ignored, and each expectation that did not "
        "hold; the page as FitNesse shows it is an attachment.",
        "What the test system printed is output of the suite; its exceptions are results.",
    ),
)
