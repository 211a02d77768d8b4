"""Iago's log: the load generator's counters once a minute, each since the minute before."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from assay.errors import Malformed
from assay.formats import _json
from assay.formats._figures import Figures, items_of
from assay.formats._samples import MAX_LABELS, Tally, moment, note, run_of
from assay.formats._text import lines
from assay.formats.format import Format, Head
from assay.model import Item, Notice, Run

MILLISECONDS = 1000
MINUTE = 60.0

STATS = re.compile(r"[A-Z]{3} \[(\d{8}-\d\d:\d\d:\d\d\.\d{1,6})\] stats: (\{.*)")
BEGINS = re.compile(r"^[A-Z]{3} \[\d{8}-\d\d:\d\d:\d\d\.\d{1,6}\] stats: \{", re.MULTILINE)

LATENCY = "client/request_latency_ms_"
PERCENTILES = {"p50": "median", "p90": "p90", "p95": "p95", "p99": "p99"}
UNEXPECTED = "unexpected_error/"


@dataclass(slots=True)
class _Service:
    """The sums of all minutes."""

    requests: int = 0
    good: int = 0
    received: float = 0.0
    sent: float = 0.0
    timed: int = 0
    total: float = 0.0
    shortest: float | None = None
    longest: float | None = None
    percentiles: list[dict[str, float]] = field(default_factory=list)
    reasons: dict[str, int] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)
    times: Tally = field(default_factory=Tally)


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield a result for each service, then the run.

    Percentiles are told only of a run of one minute: those of several cannot be joined. Raises
    Malformed where there are no counters.
    """
    services: dict[str, _Service] = {}
    for line in lines(chunks):
        found = STATS.match(line)
        if not found:
            continue
        try:
            stats = _json.mapping(_json.decode(found[2].encode()))
        except Malformed as error:
            yield Notice(f"A line was left out. {error.message}")
            continue
        name = _json.text(stats.get("service")) or "requests"
        if name in services or len(services) < MAX_LABELS:
            _add(services.setdefault(name, _Service()), stats, _time(found[1]))
    if not services:
        raise Malformed("There are no stats of Iago's here")
    for name, service in services.items():
        yield from items_of(_figures(name, service))
    run = run_of(*(service.times for service in services.values()))
    yield Run(run.date, run.duration)


def _time(text: str) -> float:
    try:
        return datetime.strptime(text, "%Y%m%d-%H:%M:%S.%f").replace(tzinfo=UTC).timestamp()
    except (ValueError, OverflowError):
        return 0.0


def _add(service: _Service, stats: dict[str, Any], at: float) -> None:
    def number(key: str) -> float:
        return _json.number(stats.get(key)) or 0.0

    service.requests += int(number("client/requests"))
    service.good += int(number("client/success"))
    service.received += number("client/received_bytes")
    service.sent += number("client/sent_bytes")
    service.times.span(at - MINUTE, MINUTE)
    if count := int(number(f"{LATENCY}count")):
        service.timed += count
        service.total += number(f"{LATENCY}sum")
        least, most = number(f"{LATENCY}minimum"), number(f"{LATENCY}maximum")
        service.shortest = least if service.shortest is None else min(least, service.shortest)
        service.longest = max(most, service.longest or 0.0)
        if len(service.percentiles) < 2:
            percents = {ours: number(LATENCY + theirs) for theirs, ours in PERCENTILES.items()}
            service.percentiles.append(percents)
    for key, count in stats.items():
        if key.startswith(UNEXPECTED) and (times := int(_json.number(count) or 0)):
            note(service.reasons, key.removeprefix(UNEXPECTED), times)
        elif len(key) == 3 and key.isdigit() and (times := int(_json.number(count) or 0)):
            service.facts[f"answer {key}"] = str(int(service.facts.get(f"answer {key}", 0)) + times)


def _figures(name: str, service: _Service) -> Figures:
    errors = max(0, service.requests - service.good)
    metrics: dict[str, float] = {"samples": service.requests, "errors": errors}
    if service.timed:
        times = {"mean": service.total / service.timed}
        if len(service.percentiles) == 1:
            times |= service.percentiles[0]
        times |= {"min": service.shortest or 0.0, "max": service.longest or 0.0}
        metrics |= {metric: time / MILLISECONDS for metric, time in times.items()}
    if took := run_of(service.times).duration:
        metrics["throughput"] = service.requests / took
    metrics |= {"received": service.received, "sent": service.sent}
    started = moment(service.times.first)
    facts = service.facts or None
    return Figures((), name, metrics, service.reasons, started=started, metadata=facts)


def _sniff(head: Head) -> bool:
    return head.kind == "text" and BEGINS.search(head.text) is not None


FORMAT = Format(
    name="iago",
    title="Iago log",
    sniff=_sniff,
    parse=parse,
    aliases=("iago-log", "parrot"),
    made_by="Iago, Twitter's load generator (parrot-server.log)",
    how="java -jar iago.jar -f launcher.scala",
    file="parrot-server.log",
    notes=(
        "Each service is a result: failed when requests had no success, with how many of how many "
        "and the unexpected errors as its error. How often each code was answered is metadata.",
        "Its measurements are the sums of all minutes: samples, errors, error rate, mean, min, "
        "max, throughput, and the bytes received and sent; percentiles only of a run of one "
        "minute, as those of several cannot be joined.",
    ),
)
