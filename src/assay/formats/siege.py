"""Siege: each transaction as it prints it (also as CSV), its summary (text, JSON), its log."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from http import HTTPStatus

from assay.errors import Malformed
from assay.formats import _json
from assay.formats._csv import header_of, rows
from assay.formats._figures import Figures, items_of
from assay.formats._samples import Samples
from assay.formats._text import lines
from assay.formats._time import moment
from assay.formats.detect import peek
from assay.formats.format import Format, Head
from assay.model import Item, Measurement, Notice, Run

MEGABYTE = 1_048_576
PHRASES = {status.value: status.phrase for status in HTTPStatus}
FAILURES = 400
"""From this code on an answer counts among the transactions, and not as successful."""

TRANSACTION = re.compile(
    r"(?:\[\w{3}, (?P<at>[\d: -]{19})\] )?HTTP/[\d.]+ (?P<code>\d{3}) +(?P<seconds>[\d.]+) secs: +"
    r"(?P<bytes>\d{1,18}) bytes ==> (?P<url>[A-Z]+ +\S{1,4000})"
)
AS_CSV = re.compile(
    r"(?: *\d+,|\[[^\]]{1,40}\] )?HTTP/[\d.]+,(?P<code>\d{3}), *(?P<seconds>[\d.]+), *"
    r"(?P<bytes>\d{1,18}),(?P<url>[^,]{1,4000}),\d*,(?P<at>[\d: -]{19})"
)
FIGURE = re.compile(r"([A-Z][a-z]+(?: [a-z]+)?):\s+([\d.]+)")

METRICS = {
    "response_time": "mean",
    "shortest_transaction": "min",
    "longest_transaction": "max",
    "transaction_rate": "throughput",
}
LOG = {
    "Trans": "transactions",
    "Elap Time": "elapsed_time",
    "Data Trans": "data_transferred",
    "Resp Time": "response_time",
    "Trans Rate": "transaction_rate",
    "OKAY": "successful_transactions",
    "Failed": "failed_transactions",
}
KEYS = frozenset({"transactions", "availability", "elapsed_time"})
NAMES = frozenset({"Date & Time", "Trans", "Elap Time"})
ALL = "All transactions"


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield a result for each address that is told, or for all of them, then the run.

    Raises Malformed where there is none.
    """
    head, whole = peek(chunks)
    if head.kind in ("object", "array"):
        yield from _of_json(whole)
    elif set(header_of(head.text)) >= NAMES:
        yield from _of_log(whole)
    else:
        yield from _of_text(whole)


def _of_json(whole: Iterator[bytes]) -> Iterator[Item]:
    for value in _json.values(whole, streamed=()):
        if isinstance(value, Notice):
            yield value
        else:
            found = _json.mapping(_json.decode(value.raw))
            yield from _summary({key: _json.text(said) for key, said in found.items()})


def _of_log(whole: Iterator[bytes]) -> Iterator[Item]:
    """A line a run, of which the last is told; lines with stars are marks between them."""
    header, last = list[str](), list[str]()
    for row in rows(whole):
        if isinstance(row, Notice):
            yield row
        elif not header:
            header = [name.strip() for name in row]
        elif len(row) == len(header):
            last = [field.strip() for field in row]
    facts = dict(zip(header, last, strict=False))
    told = {ours: facts.get(theirs, "") for theirs, ours in LOG.items()}
    yield from _summary(told, moment(facts.get("Date & Time")))


def _of_text(whole: Iterator[bytes]) -> Iterator[Item]:
    samples, summary = Samples(noun="transactions"), dict[str, str]()
    for line in lines(whole):
        found = TRANSACTION.match(line) or AS_CSV.match(line)
        if found:
            _add(samples, found)
        elif figure := FIGURE.match(line):
            summary[figure[1].lower().replace(" ", "_")] = figure[2]
    if samples.labels:
        yield from _single(samples, _json.number(summary.get("elapsed_time")))
    else:
        yield from _summary(summary)


def _single(samples: Samples, elapsed: float | None) -> Iterator[Item]:
    """Of single transactions, without a throughput: their times of day are whole seconds."""
    for item in samples.items():
        if isinstance(item, Run):
            yield Run(item.date, item.duration if elapsed is None else elapsed)
        elif not isinstance(item, Measurement) or item.metric != "throughput":
            yield item


def _add(samples: Samples, found: re.Match[str]) -> None:
    code = int(found["code"])
    why = f"{code} {PHRASES.get(code, '')}".strip() if code >= FAILURES else None
    began = moment(found["at"])
    at = began.timestamp() if began else None
    name = re.sub(" +", " ", found["url"])
    tally = samples.add((), name, _json.number(found["seconds"]), why, at)
    tally.received += int(found["bytes"])


def _summary(told: Mapping[str, str], date: object = None) -> Iterator[Item]:
    numbers = {key: _json.number(said) for key, said in told.items()}
    made = numbers.get("transactions")
    if made is None:
        raise Malformed("Siege tells of its transactions; there are none here")
    failed = numbers.get("failed_transactions") or 0.0
    good = numbers.get("successful_transactions")
    samples = made + failed
    errors = max(failed, samples - good if good is not None else 0.0)
    metrics = {"samples": samples, "errors": errors}
    for key, metric in METRICS.items():
        if (value := numbers.get(key)) is not None:
            metrics[metric] = value
    if received := numbers.get("data_transferred"):
        metrics["received"] = received * MEGABYTE
    yield from items_of(Figures((), ALL, metrics, noun="transactions"))
    yield Run(moment(str(date)) if date else None, numbers.get("elapsed_time"))


def _sniff(head: Head) -> bool:
    if head.kind == "object":
        return head.keys >= KEYS
    if head.kind != "text":
        return False
    if set(header_of(head.text)) >= NAMES:
        return True
    if "** SIEGE " in head.text[:2000]:
        return True
    first = head.text.partition("\n")[0]
    return bool(TRANSACTION.match(first) or AS_CSV.match(first))


FORMAT = Format(
    name="siege",
    title="Siege",
    sniff=_sniff,
    parse=parse,
    aliases=("siege-csv", "siege-json", "siege-log"),
    made_by="Siege: what it prints (text, CSV, JSON), and its log",
    how="siege -v -c 10 -t 1M -f urls.txt > siege.txt 2>&1",
    file="siege.txt",
    notes=(
        "Where the single transactions are printed (`-v`), each address is a result; otherwise all "
        "transactions are one.",
        "It failed when there were answers from 400 on, or none, with how many of how many and the "
        "codes as its error. Siege itself counts a 404 as available, though not as successful.",
        "Its measurements are samples, errors, error rate, mean, min, max, throughput and the "
        "bytes received; of single transactions also median, p90, p95 and p99, of times rounded to "
        "hundredths of a second.",
        "Of siege.log, to which each run adds a line, the last one is read.",
    ),
)
