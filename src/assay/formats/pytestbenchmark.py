"""pytest-benchmark's JSON: the statistics of each benchmark, in seconds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from assay.errors import Malformed
from assay.formats import _json
from assay.formats._benchmark import figures
from assay.formats.format import Format, Head
from assay.model import Item, Measurement, Notice, Result, Run, Status

KEYS = frozenset({"machine_info", "benchmarks"})

TIMES = {"min": "min", "max": "max", "mean": "mean", "median": "median", "stddev": "stddev"}
COUNTS = {"rounds": "rounds", "iterations": "iterations"}


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield each benchmark as a result below its file and class, with its figures; then the run."""
    facts: dict[str, str] = {}
    commit: dict[str, Any] = {}
    date = None
    whole = False
    for value in _json.values(chunks, ("benchmarks",)):
        if isinstance(value, Notice):
            yield value
            continue
        whole = whole or value.key.startswith("benchmarks")
        found = _json.decode(value.raw, value.where)
        if value.key == "benchmarks[]":
            yield from _benchmark(_json.mapping(found))
        elif value.key == "machine_info":
            facts = _machine(_json.mapping(found))
        elif value.key == "commit_info":
            commit = _json.mapping(found)
        elif value.key == "datetime":
            date = _json.moment(found)
    if not whole:
        raise Malformed('pytest-benchmark writes "benchmarks"; there are none here')
    yield Run(
        date,
        branch=_branch(commit),
        commit=_json.text(commit.get("id")),
        metadata=facts or None,
    )


def _branch(commit: dict[str, Any]) -> str:
    name = _json.text(commit.get("branch"))
    return "" if name.startswith("(") else name  # (unknown), (detached head)


def _machine(found: dict[str, Any]) -> dict[str, str]:
    cpu = _json.mapping(found.get("cpu"))
    facts = {
        "python": _json.text(found.get("python_version")),
        "implementation": _json.text(found.get("python_implementation")),
        "system": _json.text(found.get("system")),
        "machine": _json.text(found.get("machine")),
        "cpu": _json.text(cpu.get("brand_raw")) or _json.text(cpu.get("brand")),
    }
    return {key: said for key, said in facts.items() if said}


def _benchmark(entry: dict[str, Any]) -> Iterator[Item]:
    name = _json.text(entry.get("name"))
    if not name:
        return
    stats = _json.mapping(entry.get("stats"))
    group = _json.text(entry.get("group"))
    extra = _json.flat(entry.get("extra_info"))
    result = Result(
        _path(_json.text(entry.get("fullname")), name),
        name,
        Status.PASSED,
        duration=_lasted(stats),
        parameters=_json.flat(entry.get("params")) or None,
        metadata=({"group": group} if group else {}) | extra or None,
    )
    yield result
    yield from figures(result, stats, TIMES, "s")
    yield from figures(result, stats, COUNTS, "")
    if (rate := _json.number(stats.get("ops"))) is not None:
        yield Measurement(result.path, name, "throughput", rate, "1/s")


def _lasted(stats: dict[str, Any]) -> float | None:
    """All rounds; `total` sums up one iteration of each."""
    total, times = _json.number(stats.get("total")), _json.number(stats.get("iterations"))
    return None if total is None else total * (times or 1)


def _path(full_name: str, name: str) -> tuple[str, ...]:
    """`tests/test_bench.py::TestTill::test_adds` without its last part."""
    above = full_name.removesuffix(name).removesuffix("::")
    return tuple(filter(None, above.split("::")))


def _tree(path: tuple[str, ...]) -> tuple[str, ...]:
    """A container for each folder on the way to the file: what the option `smart` does."""
    return tuple(part for file in path[:1] for part in file.split("/") if part) + path[1:]


def _sniff(head: Head) -> bool:
    return head.kind == "object" and head.keys >= KEYS


FORMAT = Format(
    name="pytestbenchmark",
    title="pytest-benchmark JSON",
    sniff=_sniff,
    parse=parse,
    aliases=("pytest-benchmark", "pytest_benchmark"),
    made_by="pytest-benchmark",
    how="pytest --benchmark-json=benchmark.json",
    file="benchmark.json",
    notes=(
        "Each benchmark is a result below its file and class; what pytest's parameters were is "
        "parameters, group and `extra_info` are metadata.",
        "Minimum, maximum, mean, median and deviation are measurements in seconds; rounds, "
        "iterations and operations per second are measured too.",
        "Date, commit and branch are the report's; Python and processor its metadata.",
    ),
    smart=_tree,
)
