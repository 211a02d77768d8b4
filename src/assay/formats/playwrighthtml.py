"""Playwright's HTML report: the page holds a zip of JSON files, as Base64, which is read."""

from __future__ import annotations

import re
import zlib
from base64 import b64encode
from binascii import Error as Base64Error
from binascii import a2b_base64
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile

import msgspec
from msgspec.structs import replace

from assay.errors import Malformed, TooLarge
from assay.formats import _json
from assay.formats._playwright import File, Place, Printed, Test, Try, fault, result, run_of, tree
from assay.formats._shapes import read
from assay.formats._text import as_utf8
from assay.formats._workspaces import within_project
from assay.formats.format import Format, Head
from assay.formats.playwright import OUTSIDE
from assay.model import Container, Error, Item, Notice, Result, Status

MARK = b"data:application/zip;base64,"
TITLE = re.compile(r"<title>Playwright Test Report</title>", re.IGNORECASE)
SUMMARY = "report.json"
READ_BYTES = 65_536
MAX_UNPACKED = 1 << 30
MILLISECONDS = 1000
OUTPUTS = frozenset({"stdout", "stderr"})
"""Names of attachments that the report makes of what a test printed."""

UNREADABLE = (BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, ValueError)
"""What `zipfile` raises for members that are damaged, encrypted or packed in an unknown way."""


class HtmlTest(Test, frozen=True):
    title: str | None = None
    path: list[str] | None = None
    tags: list[str] | None = None
    location: Place | None = None


@dataclass(slots=True)
class _Report:
    left: int = MAX_UNPACKED
    told: set[tuple[str, ...]] = field(default_factory=set)
    names: Counter[tuple[tuple[str, ...], str]] = field(default_factory=Counter)


_TEST = msgspec.json.Decoder(HtmlTest)


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield the Run, then Results and their Containers, file by file.

    Durations are milliseconds in the document. Raises Malformed where the page holds no report,
    TooLarge where it unpacks to more than a gigabyte.
    """
    content, is_whole = _embedded(chunks)
    try:
        archive = ZipFile(BytesIO(content))
    except UNREADABLE as error:
        raise Malformed(f"The report within the page cannot be unpacked: {error}") from None
    report = _Report()
    if not is_whole:
        yield Notice("The page ends in the middle, but behind its report")
    names = archive.namelist()
    if SUMMARY in names:
        yield from _values(archive, SUMMARY, report)
    for name in names:
        if name.endswith(".json") and name != SUMMARY:
            yield from _values(archive, name, report)


def _embedded(chunks: Iterable[bytes]) -> tuple[bytes, bool]:
    """The zip that the page holds (it goes to the next quotation mark or tag), and whether the page
    has its end."""
    found: list[bytes] = []
    before = b""
    for chunk in as_utf8(chunks):
        if found:
            found.append(chunk)
            continue
        before += chunk
        at = before.find(MARK)
        if at >= 0:
            found.append(before[at + len(MARK) :])
        before = before[1 - len(MARK) :]
    if not found:
        raise Malformed("Playwright's page holds its report as a zip; this one holds none")
    rest = b"".join(found)
    encoded = re.split(rb"[\"'<]", rest, maxsplit=1)[0]
    try:
        return a2b_base64(encoded), rest.endswith((b">", b">\n", b">\r\n"))
    except Base64Error as error:
        raise Malformed(f"The report within the page is cut short: {error}") from None


def _values(archive: ZipFile, name: str, report: _Report) -> Iterator[Item]:
    about: dict[str, Any] = {}
    try:
        for value in _json.values(_member(archive, name, report), ("tests", "files")):
            if isinstance(value, Notice):
                yield replace(value, where=f"{name}: {value.where}")
            elif value.key == "tests[]":
                yield from _test(value, about, report)
            elif value.key != "files[]":
                about[value.key] = _json.decode(value.raw, value.where)
    except TooLarge:
        raise
    except (*UNREADABLE, Malformed) as error:
        yield Notice(f"A file of the report was left out. {error}", name)
    if name == SUMMARY:
        yield from _summary(about)


def _member(archive: ZipFile, name: str, report: _Report) -> Iterator[bytes]:
    with archive.open(name) as file:
        for chunk in iter(partial(file.read, READ_BYTES), b""):
            report.left -= len(chunk)
            if report.left < 0:
                raise TooLarge("The report within the page unpacks to more than 1 GB", name)
            yield chunk


def _summary(about: dict[str, Any]) -> Iterator[Item]:
    length = _json.number(about.get("duration"))
    yield replace(
        run_of(about.get("metadata")),
        date=_json.moment(about.get("startTime")),
        duration=None if length is None else length / MILLISECONDS,
    )
    errors = about.get("errors")
    for each in errors if isinstance(errors, list) else ():
        told = _json.text(_json.mapping(each).get("message")) or _json.text(each)
        yield Result((), OUTSIDE, Status.BROKEN, error=fault(told) if told else Error())


def _test(value: _json.Value, about: dict[str, Any], report: _Report) -> Iterator[Item]:
    test = read(value.raw, _TEST, value.where)
    if test is None:
        yield Notice("A test was expected here", value.where)
        return
    project = (test.projectName,) if test.projectName else ()
    place = test.location or Place()
    file = (*project, within_project(_json.text(about.get("fileName")) or place.file or ""))
    path = (*file, *filter(None, test.path or ()))
    for above, kind in ((project, "Project"), (file, "File")):
        if above and above not in report.told:
            report.told.add(above)
            yield Container(above, kind)
    name = test.title or "Test"
    report.names[path, name] += 1
    number = report.names[path, name]
    name = name if number == 1 else f"{name} ({number})"
    yield result(_as_json(test), path, name, test.tags or (), place)


def _as_json(test: HtmlTest) -> HtmlTest:
    """The test as the JSON reporter would have it: what it printed is no attachment there."""
    return replace(test, results=[_as_told(each) for each in test.results or ()])


def _as_told(found: Try) -> Try:
    files = found.attachments or []
    printed = {
        each.name: [Printed(text=each.body)] for each in files if each.name in OUTPUTS and each.body
    }
    return replace(
        found,
        stdout=printed.get("stdout"),
        stderr=printed.get("stderr"),
        attachments=[_encoded(each) for each in files if each.name not in printed],
    )


def _encoded(file: File) -> File:
    """Texts stand in the page as they are."""
    if not file.body:
        return file
    return replace(file, body=None, base64=b64encode(file.body.encode("utf-8", "replace")).decode())


def _sniff(head: Head) -> bool:
    return head.root.lower() == "html" and TITLE.search(head.text) is not None


FORMAT = Format(
    name="playwrighthtml",
    title="Playwright HTML report",
    yields_to=("playwright",),
    sniff=_sniff,
    parse=parse,
    aliases=("playwright-html", "playwright_html", "playwright-report"),
    made_by="Playwright Test (the `html` reporter), which writes it unless told otherwise",
    how="npx playwright test --reporter=html",
    file="playwright-report/index.html",
    notes=(
        "The page holds the whole report, and is read as Playwright's JSON is: a result for each "
        "test in each project, with retries as attempts, annotations and tags.",
        "All steps are kept, also hooks and single checks.",
        "Screenshots, videos and traces lie in `data` beside the page: send the whole folder, as a "
        "zip, and they are the tests' attachments.",
        "It does not say that a test was expected to fail; such a test passed if it did.",
    ),
    smart=tree,
)
