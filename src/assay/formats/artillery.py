"""Artillery's JSON report: counters and summaries of version 2, the fixed figures of version 1.

Only the aggregate is read; the intermediate reports are the same by periods.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from assay.errors import Malformed
from assay.formats import _json
from assay.formats._figures import Figures, failure, items_of
from assay.formats.format import Format, Head
from assay.formats.k6 import METRICS, check_of
from assay.model import Item, Measurement, Notice, Result, Run, Status

MILLISECONDS = 1000

TIMES = {
    "mean": "mean",
    "median": "median",
    "min": "min",
    "max": "max",
    "p75": "p75",
    "p90": "p90",
    "p95": "p95",
    "p99": "p99",
}

BY_ENDPOINT = "plugins.metrics-by-endpoint."
OF_ENDPOINT = re.compile(r"(.{1,500})\.(codes|errors)\.([^.]{1,300})", re.DOTALL)
"""`/cart.codes.200`: what metrics-by-endpoint counts."""

EXPECTED = re.compile(r"plugins\.expect\.(ok|failed)\.(.{1,300})")
ERROR, CODE, USERS_BY_NAME = "errors.", "http.codes.", "vusers.created_by_name."

OF_TIME = re.compile(r"(?:.*[._])?(?:response_time|session_length|latency|ttfb|fcp|lcp|inp|fid)\b")
"""Summaries that are times in milliseconds, among those of all plug-ins."""

KEYS = frozenset({"aggregate", "intermediate"})
NESTED = frozenset({"counters", "summaries", "scenariosCreated", "latency", "rates"})


@dataclass(slots=True)
class _Endpoint:
    codes: dict[str, int] = field(default_factory=dict)
    errors: dict[str, int] = field(default_factory=dict)


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield the requests' results, the virtual users', the expectations, then the run.

    Raises Malformed where there is no aggregate.
    """
    found = False
    for value in _json.values(chunks, streamed=("intermediate",)):
        if isinstance(value, Notice):
            yield value
        elif value.key == "aggregate":
            aggregate = _json.mapping(_json.decode(value.raw, value.where))
            found = bool(aggregate)
            yield from _items(aggregate)
    if not found:
        raise Malformed("There is no aggregate of Artillery's here")


def _items(aggregate: dict[str, Any]) -> Iterator[Item]:
    if "scenariosCreated" in aggregate or "latency" in aggregate:
        yield from _version_1(aggregate)
    elif aggregate:
        yield from _version_2(aggregate)


# Version 2


def _version_2(aggregate: dict[str, Any]) -> Iterator[Item]:
    counters = _counts(aggregate.get("counters"))
    summaries = _json.mapping(aggregate.get("summaries") or aggregate.get("histograms"))
    endpoints = _endpoints(counters)
    times = {key: _json.mapping(summary) for key, summary in summaries.items()}
    if endpoints:
        for name, endpoint in endpoints.items():
            summary = times.get(f"{BY_ENDPOINT}response_time.{name}", {})
            yield from _requests(name, endpoint.codes, endpoint.errors, summary)
    elif counters.get("http.requests"):
        codes, errors = _below(counters, CODE), _below(counters, ERROR)
        yield from _requests("http.requests", codes, errors, times.get("http.response_time", {}))
    yield from _users(counters)
    yield from _expectations(counters)
    for key, summary in times.items():
        yield from _summary(key, summary)
    for key, value in _json.mapping(aggregate.get("rates")).items():
        if (rate := _json.number(value)) is not None:
            yield Measurement((METRICS,), key, "throughput", rate, "1/s")
    first = aggregate.get("firstMetricAt") or aggregate.get("firstCounterAt")
    last = aggregate.get("lastMetricAt") or aggregate.get("lastCounterAt")
    yield _run(first, last)


def _counts(found: object) -> dict[str, int]:
    numbers = {key: _json.number(said) for key, said in _json.mapping(found).items()}
    return {key: int(said) for key, said in numbers.items() if said is not None}


def _below(counters: dict[str, int], prefix: str) -> dict[str, int]:
    found = {key.removeprefix(prefix): n for key, n in counters.items() if key.startswith(prefix)}
    return {key: count for key, count in found.items() if count}


def _endpoints(counters: dict[str, int]) -> dict[str, _Endpoint]:
    found: dict[str, _Endpoint] = {}
    for key, count in _below(counters, BY_ENDPOINT).items():
        if told := OF_ENDPOINT.fullmatch(key):
            endpoint = found.setdefault(told[1], _Endpoint())
            (endpoint.codes if told[2] == "codes" else endpoint.errors)[told[3]] = count
    return found


def _requests(
    name: str, codes: dict[str, int], errors: dict[str, int], summary: dict[str, Any]
) -> Iterator[Item]:
    """Failed are those without an answer: to Artillery any answer is one."""
    failed = sum(errors.values())
    metrics = {"samples": float(sum(codes.values()) + failed), "errors": float(failed)}
    facts = {f"code {code}": str(count) for code, count in codes.items()}
    yield from items_of(
        Figures((), name, metrics | _times(summary), errors, metadata=facts or None)
    )


def _times(summary: dict[str, Any]) -> dict[str, float]:
    found = {metric: _json.number(summary.get(key)) for key, metric in TIMES.items()}
    return {metric: ms / MILLISECONDS for metric, ms in found.items() if ms is not None}


def _users(counters: dict[str, int]) -> Iterator[Item]:
    created, failed = counters.get("vusers.created", 0), counters.get("vusers.failed", 0)
    if not created:
        return
    facts = {name: str(count) for name, count in _below(counters, USERS_BY_NAME).items()}
    reasons = _below(counters, ERROR)
    error = failure(failed, created, reasons, "virtual users") if failed else None
    status = Status.FAILED if failed else Status.PASSED
    yield Result((), "virtual users", status, error=error, metadata=facts or None)


def _expectations(counters: dict[str, int]) -> Iterator[Item]:
    """Of the plug-in expect, each kind by itself: a status code, a content type."""
    found: dict[str, dict[str, int]] = {}
    for key, count in counters.items():
        if told := EXPECTED.fullmatch(key):
            found.setdefault(told[2], {})[told[1]] = count
    for kind, counts in found.items():
        passes, fails = counts.get("ok", 0), counts.get("failed", 0)
        yield check_of(("expect",), kind, passes, fails)
        yield Measurement(("expect",), kind, "passes", passes)
        yield Measurement(("expect",), kind, "fails", fails)


def _summary(key: str, summary: dict[str, Any]) -> Iterator[Item]:
    if key.startswith(BY_ENDPOINT):
        return
    timed = OF_TIME.match(key) is not None
    for name, said in summary.items():
        value = _json.number(said)
        if value is not None and (name == "count" or name in TIMES):
            counts = name == "count" or not timed
            value, unit = (value, "") if counts else (value / MILLISECONDS, "s")
            yield Measurement((METRICS,), key, TIMES.get(name, name), value, unit)


def _run(first: object, last: object) -> Run:
    start, end = _json.number(first), _json.number(last)
    took = (end - start) / MILLISECONDS if start and end and end >= start else None
    return Run(_json.moment(start), took)


# Version 1


def _version_1(aggregate: dict[str, Any]) -> Iterator[Item]:
    errors = {key: n for key, n in _counts(aggregate.get("errors")).items() if n}
    codes = {key: n for key, n in _counts(aggregate.get("codes")).items() if n}
    yield from _requests("requests", codes, errors, _json.mapping(aggregate.get("latency")))
    rate = _json.number(_json.mapping(aggregate.get("rps")).get("mean"))
    if rate is not None:
        yield Measurement((), "requests", "throughput", rate, "1/s")
    created = int(_json.number(aggregate.get("scenariosCreated")) or 0)
    completed = int(_json.number(aggregate.get("scenariosCompleted")) or 0)
    by_name = _counts(aggregate.get("scenarioCounts"))
    yield from _users(
        {
            "vusers.created": created,
            "vusers.failed": max(0, created - completed),
            **{USERS_BY_NAME + name: count for name, count in by_name.items()},
            **{ERROR + name: count for name, count in errors.items()},
        }
    )
    yield Run(_json.moment(aggregate.get("timestamp")))


def _sniff(head: Head) -> bool:
    return head.kind == "object" and "aggregate" in head.keys and len(head.nested & NESTED) > 0


FORMAT = Format(
    name="artillery",
    title="Artillery JSON",
    sniff=_sniff,
    parse=parse,
    aliases=("artillery-json", "artillery_json"),
    made_by="Artillery, versions 1 and 2",
    how="artillery run --output report.json shop.yml",
    file="report.json",
    notes=(
        "With the plug-in metrics-by-endpoint (on by default in new versions) each endpoint is a "
        "result, otherwise all HTTP requests are one: failed when one of them had no answer, with "
        "the errors as reasons. An answer of 404 or 500 fails nothing, as in Artillery itself; how "
        "often each came is metadata.",
        "Its measurements are samples, errors, error rate, mean, median, p75, p90, p95, p99, min "
        "and max, in seconds.",
        "The virtual users are a result: failed when one of them was.",
        "What the plug-in expect counted is a test for each kind of expectation, below `expect`.",
        "All other summaries and rates are measurements below `metrics`. The checks of the plug-in "
        "ensure are not in the file.",
    ),
)
