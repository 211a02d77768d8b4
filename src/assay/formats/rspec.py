"""RSpec's JSON, by its own formatter: examples in their files and groups."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec

from assay.errors import Malformed
from assay.formats import _json
from assay.formats._shapes import Shape, read
from assay.formats._workspaces import within_project
from assay.formats.format import Format, Head
from assay.model import Error, Item, Notice, Result, Run, Status

STATUSES = {
    "passed": Status.PASSED,
    "failed": Status.FAILED,
    "pending": Status.SKIPPED,
}

CHECKS = (
    "RSpec::Expectations::",
    "RSpec::Mocks::",
    "RSpec::Core::Pending::PendingExampleFixedError",  # it was expected to fail, and passed
    "Minitest::Assertion",
    "Test::Unit::AssertionFailedError",
)
"""How the exceptions of a failed expectation begin; any other is an error."""

OUTSIDE = "(error outside of the examples)"
"""The name of what stands for a file that cannot be loaded, or a hook around all."""

KEYS = frozenset({"examples", "summary", "summary_line"})


class Raised(Shape, frozen=True):
    type: str | None = msgspec.field(default=None, name="class")
    message: str | None = None
    backtrace: list[str] | None = None


class Example(Shape, frozen=True):
    id: str | None = None
    description: str | None = None
    full_description: str | None = None
    status: str | None = None
    file_path: str | None = None
    line_number: int | None = None
    run_time: float | None = None
    pending_message: str | None = None
    exception: Raised | None = None


@dataclass(slots=True)
class _Report:
    about: dict[str, Any] = field(default_factory=dict)
    names: Counter[tuple[tuple[str, ...], str]] = field(default_factory=Counter)


_EXAMPLE = msgspec.json.Decoder(Example)


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield a Result an example, one for errors outside of them, and the Run.

    Raises Malformed where it is no JSON object with `examples`.
    """
    report = _Report()
    recognised = False
    for value in _json.values(chunks, ("examples",)):
        if isinstance(value, Notice):
            yield value
            continue
        recognised = recognised or value.key.removesuffix("[]") in KEYS
        try:
            if value.key == "examples[]":
                yield _example(value, report)
            else:
                report.about[value.key] = _json.decode(value.raw, value.where)
        except Malformed as error:
            yield Notice(f"A part was left out. {error.message}", error.where)
    if not recognised:
        raise Malformed('RSpec\'s JSON is an object with "examples"; this one has none')
    yield from _end(report.about)


def _end(about: dict[str, Any]) -> Iterator[Item]:
    summary = _json.mapping(about.get("summary"))
    if _json.number(summary.get("errors_outside_of_examples_count")):
        told = _json.lines(about.get("messages")).strip()
        first = next((line.strip() for line in told.splitlines() if line.strip()), "")
        error = Error(message=first or "RSpec tells only that there was one", trace=told)
        yield Result((), OUTSIDE, Status.BROKEN, error=error)
    yield Run(
        duration=_json.number(summary.get("duration")),
        metadata=_json.flat({"rspec": about.get("version"), "seed": about.get("seed")}) or None,
    )


def _example(value: _json.Value, report: _Report) -> Item:
    example = read(value.raw, _EXAMPLE, value.where)
    if example is None:
        return Notice("An example was expected here", value.where)
    path = _path(example)
    name = example.description or example.full_description or "Example"
    error = _error(example)
    status = STATUSES.get(example.status or "", Status.UNKNOWN)
    if status is Status.FAILED and error and error.type and not error.type.startswith(CHECKS):
        status = Status.BROKEN
    return Result(
        path=path,
        name=_numbered(example, path, name, report),
        status=status,
        duration=None if status is Status.SKIPPED else example.run_time,
        error=error,
        metadata=_metadata(example),
    )


def _path(example: Example) -> tuple[str, ...]:
    """The file, and the groups' titles, which RSpec writes as one text before the example's own.

    Of an example that several groups share, `file_path` is where it was written; `id` begins with
    the file that runs it.
    """
    own = (example.id or "").rpartition("[")[0] or example.file_path or ""
    group = (example.full_description or "").removesuffix(example.description or "").strip()
    return tuple(filter(None, [within_project(own), group]))


def _numbered(example: Example, path: tuple[str, ...], name: str, report: _Report) -> str:
    """The name; with its place in the file, where another example of its group is called so."""
    report.names[path, name] += 1
    if report.names[path, name] == 1:
        return name
    _, bracket, place = (example.id or "").rpartition("[")
    return f"{name} [{place}" if bracket else f"{name} ({report.names[path, name]})"


def _error(example: Example) -> Error | None:
    raised = example.exception
    if example.status == "pending":
        return Error(message=example.pending_message) if example.pending_message else None
    if raised is None:
        return None
    return Error(
        raised.type or "", (raised.message or "").strip("\n"), "\n".join(raised.backtrace or ())
    )


def _metadata(example: Example) -> dict[str, str] | None:
    found = {"file": within_project(example.file_path)} if example.file_path else {}
    if example.line_number is not None:
        found["line"] = str(example.line_number)
    if example.pending_message and example.status == "failed":
        found["pending"] = example.pending_message
    return found or None


def _tree(path: tuple[str, ...]) -> tuple[str, ...]:
    """A container for each folder on the way to the file: what the option `smart` does."""
    return (*filter(None, path[0].split("/")), *path[1:]) if path else path


def _sniff(head: Head) -> bool:
    """By its keys; or by an example's, where the first of them fill the head."""
    if head.kind != "object" or not {"version", "examples"} <= head.keys:
        return False
    own = {"summary_line", "messages", "seed"} & head.keys
    return bool(own) or "full_description" in head.nested


FORMAT = Format(
    name="rspec",
    title="RSpec JSON",
    sniff=_sniff,
    parse=parse,
    aliases=("rspec-json", "rspec_json", "rspecjson"),
    made_by="RSpec (its formatter `json`), and parallel_tests or knapsack with it",
    how="bundle exec rspec --format json --out rspec.json",
    file="rspec.json",
    notes=(
        "The file is a container, with one for each folder on its way (one for all of it with "
        "`smart=false`), and so are the groups around an example, as one: RSpec writes their "
        "titles as one text.",
        "`pending` is skipped, with its message. `failed` failed if an expectation did, also if an "
        "example that was pending passed; any other exception makes it broken.",
        "A shared example stands in each file and group that runs it; where it was written is "
        "among its facts.",
        f"Errors outside of the examples are a broken result, “{OUTSIDE}”.",
        "The version and the seed are the report's.",
    ),
    smart=_tree,
)
