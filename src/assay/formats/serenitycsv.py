"""Serenity BDD's results.csv: a line a test, with its story, result and duration."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from assay.errors import Malformed
from assay.formats import _json
from assay.formats._csv import header_of, rows
from assay.formats.format import Format, Head
from assay.formats.serenity import STATUSES
from assay.model import Item, Notice, Result, Run, Status

COLUMNS = ("Story", "Title", "Result", "Date", "Stability", "Duration (s)")
"""The first six. Others stand behind them by `serenity.csv.extra.columns`, and are facts."""

NEEDED = COLUMNS[:3]


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield a Result a line, then the run. Durations are seconds.

    Raises Malformed where the first line names none of Serenity's columns.
    """
    names: list[str] = []
    first: datetime | None = None
    for row in rows(chunks):
        if isinstance(row, Notice):
            yield row
        elif not names:
            names = [name.strip() for name in row]
            if not set(NEEDED) <= set(names):
                raise Malformed(f"The columns {', '.join(NEEDED)} were expected", "line 1")
        else:
            result = _result(dict(zip(names, row, strict=False)))
            first = min(first or result.started, result.started) if result.started else first
            yield result
    if not names:
        raise Malformed("The file is empty")
    yield Run(date=first)


def _result(row: dict[str, str]) -> Result:
    story, title, word, date, stability, duration = (row.get(name, "") for name in COLUMNS)
    facts = {name: text for name, text in row.items() if text and name not in COLUMNS}
    if stability:
        facts["stability"] = stability
    return Result(
        path=(story.strip(),) if story.strip() else (),
        name=title.strip() or "Test",
        status=STATUSES.get(word.strip().upper(), Status.UNKNOWN),
        duration=_json.number(duration),
        started=_json.moment(date.partition("[")[0]),  # Java puts the zone's name behind
        metadata=facts or None,
    )


def _sniff(head: Head) -> bool:
    return head.kind == "text" and tuple(header_of(head.text)[:3]) == NEEDED


FORMAT = Format(
    name="serenitycsv",
    title="Serenity CSV",
    sniff=_sniff,
    parse=parse,
    aliases=("serenity-csv", "serenity_csv"),
    made_by="Serenity BDD",
    how="mvn serenity:aggregate",
    file="target/site/serenity/results.csv",
    notes=(
        "A line is a test in a container for its story.",
        "`SUCCESS` is passed, `FAILURE` failed, `ERROR` and `COMPROMISED` broken, `SKIPPED` and "
        "`IGNORED` skipped, `PENDING` and `UNDEFINED` unknown.",
        "The stability and further columns are facts; the earliest date is the report's.",
        "The JSON files beside it say more, such as steps and errors: send those instead, where "
        "there are any.",
    ),
)
