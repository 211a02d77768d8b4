"""A report as a table, a row a result, for spreadsheets and scripts (RFC 4180).

It begins with the byte order mark, without which Excel takes UTF-8 for something else; readers of
CSV in general know it. A cell that a spreadsheet would run as a formula gets an apostrophe before
it (OWASP, CSV Injection).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from datetime import datetime
from io import StringIO

from assay.model import Error, Result
from assay.queries.report_items import Placed
from assay.web.pages.exports.export import Export, in_pieces
from assay.web.pages.exports.outgoing import Outgoing
from assay.web.shapes import test_id

COLUMNS = (
    "report", "date", "branch", "commit", "build",
    "position", "test_id", "container", "name", "status", "flaky", "attempts", "duration_s",
    "started", "error_type", "error_message", "error_trace", "description", "tags", "parameters",
    "metadata", "attachments", "url",
)  # fmt: skip

BOM = "\ufeff"
LONGEST = 32_000
"""Characters of a cell. Excel takes no more than 32,767, and breaks the table where there are."""

FORMULA = frozenset("=+-@\t\r\n＝＋－＠")
"""How a cell begins that a spreadsheet may run."""

BETWEEN = " › "


def _write(report: Outgoing) -> Iterator[bytes]:
    return in_pieces(_lines(report))


def _lines(report: Outgoing) -> Iterator[str]:
    yield BOM + _line(COLUMNS)
    found = report.report
    about = (str(found.id), _time(found.date), found.branch, found.commit, found.build)
    for placed in report.results():
        yield _line((*about, *_cells(placed), f"{report.url}/results/{placed.position}"))


def _cells(placed: Placed) -> Iterator[str]:
    result = placed.result
    yield str(placed.position)
    yield test_id(placed.test)
    yield BETWEEN.join(result.path)
    yield result.name
    yield result.status.value
    yield "yes" if result.flaky else "no"
    yield str(len(result.attempts) + 1)
    yield _seconds(result.duration)
    yield _time(result.started) if result.started else ""
    yield from _said(result)


def _said(result: Result) -> Iterator[str]:
    error = result.error or Error()
    yield from (error.type, error.message, error.trace)
    yield result.description
    yield ", ".join(result.tags)
    yield _pairs(result.parameters or {})
    yield _pairs(result.metadata or {})
    yield ", ".join(each.name for each in result.attachments)


def _line(cells: tuple[str, ...]) -> str:
    out = StringIO()
    csv.writer(out, lineterminator="\r\n").writerow([safe(cell) for cell in cells])
    return out.getvalue()


def safe(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    if not cell:
        return cell
    cell = cell.replace("\0", "")[:LONGEST]
    return f"'{cell}" if cell[:1] in FORMULA else cell


def _pairs(given: Mapping[str, str]) -> str:
    return ", ".join(f"{name}={value}" for name, value in given.items())


def _seconds(found: float | None) -> str:
    return "" if found is None else f"{found:.6f}".rstrip("0").rstrip(".")


def _time(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds")


EXPORT = Export("csv", "CSV", "A row a result, for spreadsheets", "csv", "text/csv", _write)
