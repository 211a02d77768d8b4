"""What load tests measure, as people read it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from assay.charts.axes import time
from assay.charts.chart import Choice, Entry, Head
from assay.figures import UNIT, measure
from assay.queries.requests import METRICS

TITLES = {"samples": "Requests", "throughput": "Per second"}
"""What a metric is called where its name does not say it."""

KINDS = {"s": "seconds", "1/s": "number", "": "number"}


def title(metric: str) -> str:
    """ "error rate" → "Error rate"; percentiles stay as they are."""
    if metric in TITLES:
        return TITLES[metric]
    return metric if metric[1:].isdecimal() else metric.capitalize()


def head(metric: str) -> Head:
    """The column of a metric."""
    kind = "share" if metric == "error rate" else KINDS[METRICS[metric]]
    return Head(title(metric), kind)


def written(metric: str, value: float | None) -> str:
    """0.0412 "mean" → "41.2 ms"; nothing for None."""
    if value is None:
        return ""
    unit = METRICS[metric]
    text = measure(metric, value, "s" if unit == "s" else "")
    return f"{text}{UNIT}/s" if unit == "1/s" else text


def on_axis(metric: str) -> Callable[[float], str]:
    """How an axis writes a metric."""

    def write(value: float) -> str:
        if METRICS[metric] == "s":
            return time(value) if value >= 1 or not value else measure("", value, "s")
        return written(metric, value)

    return write


def entries(
    metrics: Iterable[str], values: Mapping[str, float], url: Mapping[str, str] | str
) -> tuple[Entry, ...]:
    """A cell for each of `metrics`, which leads to its `url` where there is a value."""

    def at(metric: str) -> str:
        return url if isinstance(url, str) else url.get(metric, "")

    found = ((metric, values.get(metric)) for metric in metrics)
    return tuple(Entry(value, at(name) if value is not None else "") for name, value in found)


def choice(heading: str, metrics: Iterable[str], chosen: str) -> Choice:
    """One of `metrics` to be chosen."""
    options = tuple((metric, title(metric)) for metric in metrics)
    return Choice("metric", heading, options, (chosen,))
