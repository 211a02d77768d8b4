"""JMeter's results as CSV: a sample a line. What each label's samples amount to is its result."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from operator import itemgetter

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


WANTED = (
    *("timeStamp", "elapsed", "label", "responseCode", "responseMessage"),
    *("threadName", "success", "failureMessage", "bytes", "sentBytes"),
)


@dataclass(frozen=True, slots=True)
class Columns:
    """Where in a row each of `WANTED` stands; behind the last column for what is in none."""

    header: tuple[str, ...]
    pick: Callable[[list[str]], tuple[str, ...]]


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
    places = {name: place for place, name in enumerate(header)}
    return Columns(tuple(header), itemgetter(*(places.get(name, len(header)) for name in WANTED)))


def _headerless(row: list[str]) -> Columns:
    if not _is_sample(row):
        raise Malformed("The first row is neither JMeter's header nor one of its samples")
    return columns_of(list(UNTIL_2 if row[8].isdigit() else SINCE_3))


def add(samples: Samples, columns: Columns, row: list[str]) -> bool:
    """Count the row's sample; False if there is none."""
    row += [""] * (len(columns.header) + 1 - len(row))
    time, elapsed, label, code, message, thread, success, said, got, sent = columns.pick(row)
    seconds = milliseconds(elapsed)
    if seconds is None:
        return False
    why = reason(code, message, said) if _failed(success, code) else None
    tally = samples.add(thread_group(thread), label or "(no label)", seconds, why, at(time))
    tally.received += size(got)
    tally.sent += size(sent)
    if message.startswith(TRANSACTION):
        tally.metadata = IS_A_TRANSACTION
    return True


def _failed(success: str, code: str) -> bool:
    if success:
        return success != "true" and success.lower() != "true"
    return code.isdecimal() and int(code[:9]) >= 400


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
