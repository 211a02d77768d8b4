"""Taurus' final statistics, by its reporter final-stats: `dump-xml` and `dump-csv`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from assay.errors import Malformed
from assay.formats import _json
from assay.formats._csv import header_of, rows
from assay.formats._figures import Figures, items_of
from assay.formats._xml import Element, elements
from assay.formats.detect import peek
from assay.formats.format import Format, Head
from assay.model import Item, Notice, Run

SCOPES = frozenset({"FinalStatus"})
TESTS = frozenset({"Group"})

COLUMNS = frozenset({"label", "succ", "fail", "avg_rt", "throughput"})

METRICS = {
    "throughput": "samples",  # how many there were: Taurus counts them so while the test runs
    "fail": "errors",
    "avg_rt": "mean",
    "perc_50.0": "median",
    "perc_90.0": "p90",
    "perc_95.0": "p95",
    "perc_99.0": "p99",
    "perc_0.0": "min",
    "perc_100.0": "max",
    "bytes": "received",
}

ALL = "All requests"
ANSWER = "rc_"

Group = dict[str, str]


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield a result and its measurements for each label, then the run.

    The group of all labels is read only where there is no other. Raises Malformed where there is
    none at all.
    """
    head, whole = peek(chunks)
    overall, found = None, False
    took, link = None, ""
    for each in _of_xml(whole) if head.kind == "xml" else _of_csv(whole):
        if isinstance(each, Notice):
            yield each
        elif "label" not in each:
            took = _json.number(each.get("TestDuration")) or took
            link = each.get("ReportURL", link)
        elif each["label"]:
            found = True
            yield from items_of(_figures(each, each["label"]))
        else:
            overall = each
    if not found and overall is None:
        raise Malformed("There are no final statistics of Taurus' here")
    if overall and not found:
        yield from items_of(_figures(overall, ALL))
    yield Run(duration=took, metadata={"report": link} if link else None)


def _of_xml(whole: Iterator[bytes]) -> Iterator[Group | Notice]:
    for part in elements(whole, SCOPES, TESTS):
        if isinstance(part, Notice):
            yield part
            continue
        for record in part.records:
            if record.tag in TESTS:
                yield {"label": record.get("label", "")} | dict(map(_fact, record))
            else:
                yield {record.tag: (record.text or "").strip()}


def _fact(element: Element) -> tuple[str, str]:
    param = element.get("param")
    return f"{element.tag}_{param}" if param else element.tag, element.get("value", "")


def _of_csv(whole: Iterator[bytes]) -> Iterator[Group | Notice]:
    header: list[str] = []
    for row in rows(whole):
        if isinstance(row, Notice):
            yield row
        elif not header:
            header = row
            if not set(header) >= COLUMNS:
                raise Malformed("The first row has not the names of Taurus' columns")
        else:
            yield {"label": ""} | dict(zip(header, row, strict=False))


def _figures(group: Group, name: str) -> Figures:
    numbers = {metric: _json.number(group.get(key)) for key, metric in METRICS.items()}
    found = {metric: value for metric, value in numbers.items() if value is not None}
    counts = [_json.number(group.get(key)) or 0 for key in ("succ", "fail")]
    found["samples"] = max(sum(counts), found.get("samples", 0))
    reasons = {}
    for key, said in group.items():
        count = _json.number(said)
        if key.startswith(ANSWER) and count and found.get("errors"):
            code = key.removeprefix(ANSWER)
            if not code.startswith(("1", "2", "3")):
                reasons[code] = int(count)
    return Figures((), name, found, reasons)


def _sniff(head: Head) -> bool:
    if head.kind == "text":
        return set(header_of(head.text)) >= COLUMNS
    return head.kind == "xml" and head.root == "FinalStatus"


FORMAT = Format(
    name="taurus",
    title="Taurus final statistics",
    sniff=_sniff,
    parse=parse,
    aliases=("taurus-xml", "taurus-csv", "bzt"),
    made_by="Taurus (bzt), reporter final-stats: dump-xml, dump-csv",
    how="bzt shop.yml -o modules.final-stats.dump-xml=final-stats.xml",
    file="final-stats.xml",
    notes=(
        "Each label is a result: failed when one of its requests did, with how many of how many "
        "and the codes that were no success as its error.",
        "Its measurements are samples, errors, error rate, mean, median, p90, p95, p99, min, max "
        "and the bytes received.",
        "The group of all labels is left out, unless it is the only one.",
        "`TestDuration` is the report's duration, the report's address is kept.",
    ),
)
