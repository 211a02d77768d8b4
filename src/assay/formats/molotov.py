"""Molotov's events, a line of JSON each, as its extension in Taurus writes them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from assay.errors import Malformed
from assay.formats import _json
from assay.formats._samples import Samples, note
from assay.formats.format import Format, Head
from assay.model import Item, Notice

KINDS = ("workers", "request", "scenario_success", "scenario_failure")
EVENT = re.compile(rf'"type"\s*:\s*"(?:{"|".join(KINDS)})"')
KEYS = frozenset({"ts", "type"})

SCENARIOS, REQUESTS = ("scenarios",), ("requests",)


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield a result for each scenario and each kind of request, then the run.

    Raises Malformed where there is neither.
    """
    samples, lost = Samples(noun="runs"), 0
    for value in _json.sequence(chunks):
        if isinstance(value, Notice):
            yield value
            continue
        if not value.raw.startswith(b"{"):
            lost += 1
            continue
        try:
            event = _json.mapping(_json.decode(value.raw, value.where))
        except Malformed as error:
            yield Notice(f"A line was left out. {error.message}", error.where)
            continue
        _add(samples, event)
    if lost and samples.labels:
        yield Notice(f"Values that are no events were left out: {lost:,}")
    yield from samples.items()


def _add(samples: Samples, event: dict[str, Any]) -> None:
    kind, at = _json.text(event.get("type")), _json.number(event.get("ts"))
    if kind == "request":
        name = _json.text(event.get("label")) or "(no label)"
        tally = samples.add(REQUESTS, name, _json.number(event.get("elapsed")), None, at)
        codes = (_json.text(event.get("responseCode")), _json.text(event.get("responseMessage")))
        tally.metadata = tally.metadata or {}
        _count(tally.metadata, " ".join(filter(None, codes)))
    elif kind.startswith("scenario_"):
        why = None if kind == "scenario_success" else _why(event)
        name = _json.text(event.get("name")) or "(unnamed)"
        samples.add(SCENARIOS, name, _json.number(event.get("duration")), why, at)


def _count(facts: dict[str, str], answer: str) -> None:
    counts = {key: int(count) for key, count in facts.items()}
    note(counts, f"answer {answer}")
    facts.update({key: str(count) for key, count in counts.items()})


def _why(event: dict[str, Any]) -> str:
    told = (_json.text(event.get(key)) for key in ("exception", "errorMessage"))
    return ": ".join(filter(None, told))


def _sniff(head: Head) -> bool:
    lines = head.kind in ("object", "array") and head.keys >= KEYS
    return lines and EVENT.search(head.text[:1000]) is not None


FORMAT = Format(
    name="molotov",
    title="Molotov JSON lines",
    sniff=_sniff,
    parse=parse,
    aliases=("molotov-csv", "molotov-json"),
    made_by="Molotov with the extension molotov_ext.py of Taurus",
    how="MOLOTOV_TAURUS_REPORT=molotov.json molotov --use-extension molotov_ext.py loadtest.py",
    file="molotov.json",
    notes=(
        "Each scenario is a result below `scenarios`: failed when one of its runs did, with how "
        "many of how many and the exceptions as its error.",
        "The requests to an address are a result below `requests`. Molotov leaves it to the "
        "scenario what is a good answer, so that none fails; how often which came is metadata.",
        "Their measurements are samples, errors, error rate, mean, median, p90, p95, p99, min, max "
        "and throughput.",
    ),
)
