"""JMeter's results as CSV: a sample a line. What each label's samples amount to is its result."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from assay.errors import Malformed
from assay.formats._csv import delimiter_of, fields, header_of, rows
from assay.formats._jtl import (
    IS_A_TRANSACTION,
    TRANSACTION,
    at,
    milliseconds,
    reason,
    size,
    thread_group,
)
from assay.formats._samples import Samples
from assay.formats.format import Format, Head
from assay.model import Item, Notice

FIRST = (
    *("timeStamp", "elapsed", "label", "responseCode", "responseMessage"),
    *("threadName", "dataType", "success"),
)
"""The first columns where there is no header, in all of JMeter's versions."""

UNTIL_2 = (*FIRST, "bytes", "grpThreads", "allThreads", "Latency")
SINCE_3 = (*FIRST, "failureMessage", "bytes", "sentBytes")

FOREIGN = frozenset({"method", "metric_name"})
"""Columns of other tools whose tables have JMeter's names."""

TRUTHS = ("true", "false")


@dataclass(frozen=True, slots=True)
class Columns:
    """Where in a row each thing stands; -1 for what is in none."""

    header: tuple[str, ...]
    places: dict[str, int]

    def get(self, row: list[str], name: str) -> str:
        place = self.places.get(name, -1)
        return row[place] if 0 <= place < len(row) else ""


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield a result and its measurements for each label of each thread group, then the run.

    Raises Malformed where no row tells how long a sample took.
    """
    samples, columns, strange = Samples(), None, 0
    for row in rows(chunks):
        if isinstance(row, Notice):
            yield row
        elif columns is None and is_header(row):
            columns = columns_of([name.strip() for name in row])
        elif columns is None or tuple(row) != columns.header:
            columns = columns or _headerless(row)
            strange += not add(samples, columns, row)
    if strange and samples.labels:
        yield Notice(f"Rows that are no samples were left out: {strange:,}")
    yield from samples.items()


def columns_of(header: list[str]) -> Columns:
    return Columns(tuple(header), {name: place for place, name in enumerate(header)})


def _headerless(row: list[str]) -> Columns:
    if not _is_sample(row):
        raise Malformed("The first row is neither JMeter's header nor one of its samples")
    return columns_of(list(UNTIL_2 if row[8].isdigit() else SINCE_3))


def add(samples: Samples, columns: Columns, row: list[str]) -> bool:
    """Count the row's sample; False if there is none."""
    get = columns.get
    seconds = milliseconds(get(row, "elapsed"))
    if seconds is None:
        return False
    message = get(row, "responseMessage")
    why = None
    if _failed(get(row, "success"), get(row, "responseCode")):
        why = reason(get(row, "responseCode"), message, get(row, "failureMessage"))
    path, name = thread_group(get(row, "threadName")), get(row, "label") or "(no label)"
    tally = samples.add(path, name, seconds, why, at(get(row, "timeStamp")))
    tally.received += size(get(row, "bytes"))
    tally.sent += size(get(row, "sentBytes"))
    if message.startswith(TRANSACTION):
        tally.metadata = IS_A_TRANSACTION
    return True


def _failed(success: str, code: str) -> bool:
    if success:
        return success.lower() != "true"
    return code.isdigit() and int(code[:9]) >= 400


def is_header(names: list[str]) -> bool:
    found = {name.strip() for name in names}
    return "elapsed" in found and not found.isdisjoint({"timeStamp", "label"})


def _is_sample(row: list[str]) -> bool:
    """Whether a row is JMeter's by itself, without a header."""
    return (
        len(row) > len(FIRST)
        and row[7].lower() in TRUTHS
        and row[1].isdigit()
        and at(row[0]) is not None
    )


def _sniff(head: Head) -> bool:
    """By the names of its columns, or by what stands in the first row where there are none."""
    if head.kind != "text":
        return False
    first = head.text.partition("\n")[0]
    found = header_of(first)
    if is_header(found):
        return FOREIGN.isdisjoint(found)
    return _is_sample(fields(first, delimiter_of(first)))


FORMAT = Format(
    name="jmetercsv",
    title="JMeter CSV",
    sniff=_sniff,
    parse=parse,
    aliases=("jmeter-csv", "jmeter_csv", "jtl-csv"),
    made_by="Apache JMeter (.jtl, .csv); Taurus (kpi.jtl, Apiritif's)",
    how="jmeter -n -t shop.jmx -l shop.jtl",
    file="shop.jtl",
    notes=(
        "Each label is a result below its thread group: failed when one of its samples was, with "
        "how many of how many and the most frequent reasons as its error.",
        "Its measurements are samples, errors, error rate, mean, median, p90, p95, p99, min, max, "
        "throughput, and the bytes received and sent. Its duration is the mean.",
        "Percentiles are by nearest rank, exact for labels of up to 20,000 samples, and within "
        "0.5 % beyond that. Throughput is over the label's own time, as in JMeter's tables.",
        "A transaction controller's samples are a label of their own beside those of its requests, "
        "with `kind` transaction as metadata.",
        "Any columns in any order are read, with any of JMeter's delimiters; without a header the "
        "columns are JMeter's defaults. Times are milliseconds or `yyyy/MM/dd HH:mm:ss.SSS`.",
        "The earliest sample is the report's date; until the end of the last one it took.",
    ),
)
