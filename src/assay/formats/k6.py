"""k6's summary at the end of a test: of handleSummary, of --summary-export, and the new kind.

Checks and thresholds are tests, metrics are measurements.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any

from assay.errors import Malformed
from assay.formats import _json
from assay.formats._figures import failure
from assay.formats.format import Format, Head
from assay.model import Error, Item, Measurement, Notice, Result, Run, Status

MILLISECONDS = 1000

WORDS = {"avg": "mean", "med": "median"}
PERCENTILE = re.compile(r"p\((\d+(?:\.\d+)?)\)")
COMPARISON = re.compile(r"\s*([a-z]+(?:\([\d.]+\))?)\s*[<>=!]")
"""What a threshold compares: `p(95)` of `p(95)<500`."""

OF_TIME = re.compile(
    r"(?:http_req|iteration|group|grpc_req|ws|browser|vu)_[a-z_]*(?:duration|"
    r"blocked|connecting|handshaking|looking_up|receiving|sending|waiting)\b"
)
"""Metrics that are times, where the file does not say so: those that k6 has by itself."""

OF_DATA = re.compile(r"data_(?:sent|received)\b")

TIMES = frozenset({"avg", "min", "med", "max"})
METRICS, THRESHOLDS = "metrics", "thresholds"

RESULTS = frozenset({"version", "metadata", "results"})
DEEPEST = 50


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield the checks in their groups, the thresholds, the measurements, then the run.

    Raises Malformed for JSON that is no summary.
    """
    for value in _json.values(chunks, streamed=()):
        if isinstance(value, Notice):
            yield value
        else:
            yield from _items(_json.mapping(_json.decode(value.raw)))


def _items(document: dict[str, Any]) -> Iterator[Item]:
    results = _json.mapping(document.get("results"))
    metrics = dict(_metrics(results or document))
    root = _json.mapping(document.get("root_group"))
    if not metrics and not root:
        raise Malformed("This is no summary of k6")
    found = [*_checks(root, ()), *_checks_of_results(results)]
    for name, metric in metrics.items():
        found += _thresholds(name, metric)
    if not any(isinstance(item, Result) for item in found):
        found.append(Result((), "k6 run", Status.PASSED, _duration(document)))
    yield from found
    for name, metric in metrics.items():
        yield from _measurements(name, metric)
    yield _run(document)


# Checks


def _entries(found: object) -> list[dict[str, Any]]:
    """Groups and checks come as a list, or by their names."""
    return _json.objects(list(found.values()) if isinstance(found, dict) else found)


def _checks(group: dict[str, Any], path: tuple[str, ...]) -> Iterator[Item]:
    for check in _entries(group.get("checks")):
        yield from _check(check, path)
    for inner in _entries(group.get("groups")) if len(path) < DEEPEST else ():
        yield from _checks(inner, (*path, _json.text(inner.get("name")) or "(unnamed)"))


def _checks_of_results(results: dict[str, Any]) -> Iterator[Item]:
    checks = _json.mapping(results.get("checks"))
    for check in _entries(checks.get("results") or checks.get("orderedChecks")):
        titles = tuple(filter(None, _json.text(check.get("path")).split("::")))
        yield from _check(check, titles[:-1])


def _check(check: dict[str, Any], path: tuple[str, ...]) -> Iterator[Item]:
    passes = int(_json.number(check.get("passes")) or 0)
    fails = int(_json.number(check.get("fails")) or 0)
    name = _json.text(check.get("name")) or "(unnamed)"
    yield check_of(path, name, passes, fails)
    yield Measurement(path, name, "passes", passes)
    yield Measurement(path, name, "fails", fails)


def check_of(path: tuple[str, ...], name: str, passes: int, fails: int) -> Result:
    """A check's result: failed when it did not hold once, skipped when it was never made."""
    if not passes and not fails:
        return Result(path, name, Status.SKIPPED)
    if not fails:
        return Result(path, name, Status.PASSED)
    return Result(
        path, name, Status.FAILED, error=failure(fails, passes + fails, {}, noun="checks")
    )


# Thresholds


def _thresholds(name: str, metric: Mapping[str, Any]) -> Iterator[Result]:
    for condition, holds in _conditions(metric):
        error = None if holds else Error(message=_actual(condition, _values(metric)))
        status = Status.PASSED if holds else Status.FAILED
        yield Result((THRESHOLDS,), f"{name}: {condition}", status, error=error)


def _conditions(metric: Mapping[str, Any]) -> Iterator[tuple[str, bool]]:
    """Each condition, and whether it holds. What --summary-export writes is whether it failed."""
    found = metric.get("thresholds")
    if isinstance(found, dict):
        for condition, said in found.items():
            if isinstance(said, dict):
                yield condition, said.get("ok") is not False
            elif isinstance(said, bool):
                yield condition, not said
    for each in _json.objects(found):
        condition = _json.text(each.get("source") or each.get("threshold") or each.get("name"))
        yield condition, each.get("ok", each.get("passed")) is not False


def _actual(condition: str, values: Mapping[str, Any]) -> str:
    compared = COMPARISON.match(condition)
    actual = _json.number(values.get(compared[1])) if compared else None
    return f"{compared[1]} was {actual:g}" if compared and actual is not None else "it did not hold"


# Metrics


def _metrics(of: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    found = of.get("metrics")
    if isinstance(found, dict):
        yield from ((name, metric) for name, metric in found.items() if isinstance(metric, dict))
    for metric in _json.objects(found):
        yield _json.text(metric.get("name")) or "(unnamed)", metric


def _values(metric: Mapping[str, Any]) -> Mapping[str, Any]:
    found = metric.get("values")
    return found if isinstance(found, dict) else metric


def _measurements(name: str, metric: Mapping[str, Any]) -> Iterator[Measurement]:
    values = _values(metric)
    contains = _json.text(metric.get("contains")) or contents_of(name)
    counts = _json.number(values.get("count")) is not None and "avg" not in values
    for key, said in values.items():
        value = _json.number(said)
        if value is None:
            continue
        word, unit = word_of(key), ""
        if contains == "time" and (key in TIMES or PERCENTILE.fullmatch(key)):
            value, unit = value / MILLISECONDS, "s"
        elif contains == "data":
            unit = "B"
        if counts and key == "rate":
            word, unit = "throughput", f"{unit or '1'}/s"
        yield Measurement((METRICS,), name, word, value, unit)


def word_of(key: str) -> str:
    """k6's name of a figure as Assay calls it: `p95` for `p(95)`, `mean` for `avg`."""
    percentile = PERCENTILE.fullmatch(key)
    return f"p{percentile[1]}" if percentile else WORDS.get(key, key)


def contents_of(name: str) -> str:
    """What one of k6's own metrics contains: "time", "data" or "" for anything else."""
    if OF_TIME.match(name):
        return "time"
    return "data" if OF_DATA.match(name) else ""


# The run


def _duration(document: dict[str, Any]) -> float | None:
    state, config = (_json.mapping(document.get(key)) for key in ("state", "config"))
    took = _json.number(state.get("testRunDurationMs"))
    return _json.number(config.get("duration")) if took is None else took / MILLISECONDS


def _run(document: dict[str, Any]) -> Run:
    told, config = (_json.mapping(document.get(key)) for key in ("metadata", "config"))
    took = _duration(document)
    ended = _json.moment(told.get("generatedAt") or told.get("generated_at"))
    facts = {
        "k6": _json.text(told.get("k6Version") or told.get("k6_version")),
        "execution": _json.text(config.get("execution")),
        "script": re.split(r"[/\\]", _json.text(config.get("script")))[-1],
    }
    return Run(
        date=_before(ended, took),
        duration=took,
        metadata={key: said for key, said in facts.items() if said} or None,
    )


def _before(ended: Any, took: float | None) -> Any:
    try:
        return ended - timedelta(seconds=took or 0) if ended else None
    except OverflowError:
        return ended


def _sniff(head: Head) -> bool:
    if head.kind != "object":
        return False
    if head.keys >= RESULTS:
        return not head.nested.isdisjoint({"k6Version", "k6_version"})
    if "metrics" not in head.keys:
        return False
    own = {"http_reqs", "iterations", "vus", "iteration_duration"}
    return "root_group" in head.keys or len(own & head.nested) > 1


FORMAT = Format(
    name="k6",
    title="k6 summary",
    sniff=_sniff,
    parse=parse,
    aliases=("k6-summary", "k6_summary", "k6-json"),
    made_by="Grafana k6: --summary-export, handleSummary, --new-machine-readable-summary",
    how="k6 run --summary-export=summary.json script.js",
    file="summary.json",
    notes=(
        "Each check is a test below its groups: failed when it did not hold once, with how often "
        "of how many times as its error; skipped when it was never made.",
        "Each threshold is a test below `thresholds`, with the value that broke it as its error.",
        "Metrics are measurements below `metrics`: times in seconds, data in bytes, `avg` and "
        "`med` as mean and median, `p(95)` as p95, a counter's rate as throughput.",
        "`--summary-export` writes of a threshold whether it failed, `handleSummary` whether it "
        "is ok; both are read so.",
        "A summary with neither checks nor thresholds is one passed result, k6 run.",
    ),
)
