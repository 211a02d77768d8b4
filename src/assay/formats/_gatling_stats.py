"""What Gatling's report keeps as JSON: stats.json, global_stats.json and assertions.json."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from assay.formats import _json
from assay.formats._figures import Figures, items_of
from assay.model import Error, Item, Result, Run, Status

MILLISECONDS = 1000

TIMES = {
    "minResponseTime": "min",
    "maxResponseTime": "max",
    "meanResponseTime": "mean",
    "percentiles1": "median",
    "percentiles2": "p75",
    "percentiles3": "p95",
    "percentiles4": "p99",
}
"""The four percentiles are named by their places alone; these are Gatling's unless changed."""

STATS = frozenset({"numberOfRequests", "meanResponseTime", "percentiles1"})
TREE = frozenset({"type", "name", "pathFormatted", "stats"})
ASSERTIONS = frozenset({"simulation", "simulationId", "assertions"})

ALL = "All requests"
DEEPEST = 50


def items(document: dict[str, Any]) -> Iterator[Item]:
    """Of assertions: a result each; of the others: one for each request, or for all of them."""
    if document.keys() >= ASSERTIONS:
        yield from _assertions(document)
    elif document.keys() >= TREE:
        yield from _tree(document, ())
    elif document.keys() >= STATS:
        yield from _figures((), ALL, document)


def _assertions(document: dict[str, Any]) -> Iterator[Item]:
    simulation = _json.text(document.get("simulation"))
    facts = {"simulation": simulation, "description": _json.text(document.get("description"))}
    date = _json.moment(document.get("start"))
    yield Run(date=date, metadata={key: said for key, said in facts.items() if said} or None)
    for each in _json.objects(document.get("assertions")):
        name = _json.text(each.get("message")) or _json.text(each.get("target"))
        actual = _json.compact(each.get("actualValue")).strip("[]")
        good = each.get("result") is True
        error = None if good else Error(message=f"actual value: {actual}" if actual else "")
        status = Status.PASSED if good else Status.FAILED
        yield Result(
            tuple(filter(None, (simulation, "assertions"))),
            name or "(unnamed)",
            status,
            error=error,
            metadata={"actual": actual} if actual else None,
        )


def _tree(node: dict[str, Any], path: tuple[str, ...], depth: int = 0) -> Iterator[Item]:
    inner = [each for each in _json.mapping(node.get("contents")).values() if type(each) is dict]
    name = _json.text(node.get("name")) or "(unnamed)"
    if node.get("type") == "REQUEST" or not (inner or path):
        yield from _figures(path, name, _json.mapping(node.get("stats")))
    if depth < DEEPEST:
        below = (*path, name) if depth else path
        for each in inner:
            yield from _tree(each, below, depth + 1)


def _figures(path: tuple[str, ...], name: str, stats: dict[str, Any]) -> Iterator[Item]:
    requests = _json.mapping(stats.get("numberOfRequests"))
    metrics = {"samples": _total(requests), "errors": _json.number(requests.get("ko"))}
    for key, metric in TIMES.items():
        time = _total(_json.mapping(stats.get(key)))
        metrics[metric] = None if time is None else time / MILLISECONDS
    metrics["throughput"] = _total(_json.mapping(stats.get("meanNumberOfRequestsPerSecond")))
    known = {metric: value for metric, value in metrics.items() if value is not None}
    yield from items_of(Figures(path, name, known))


def _total(figures: dict[str, Any]) -> float | None:
    return _json.number(figures.get("total"))
