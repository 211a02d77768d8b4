"""Playwright's JSON, by its `json` reporter: files, `describe` blocks, tests in their projects."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec
from msgspec.structs import replace

from assay.errors import Malformed
from assay.formats import _json
from assay.formats._playwright import Fault, Place, Test, fault, result, run_of, tree
from assay.formats._shapes import Shape, read
from assay.formats._workspaces import within_project
from assay.formats.format import Format, Head
from assay.model import Container, Item, Notice, Result, Run, Status

OUTSIDE = "(error outside of the tests)"
"""The name of what stands for an error of the global set-up or of a file that cannot be loaded."""

MILLISECONDS = 1000
STREAMED = ("suites[].specs", "errors")
RECURSIVE = {"suites[].suites": "suites"}
KEYS = frozenset({"config", "suites", "errors", "stats"})
CONFIGURED = frozenset({"forbidOnly", "fullyParallel", "rootDir"})


class Spec(Shape, frozen=True):
    """A `test(…)` of the source, in every project that runs it."""

    title: str | None = None
    tags: list[str] | None = None
    file: str | None = None
    line: int | None = None
    tests: list[Test] | None = None


_SPEC = msgspec.json.Decoder(Spec)
_FAULT = msgspec.json.Decoder(Fault)


@dataclass(slots=True)
class _Report:
    """Where the reading is: the titles of the suites around, and what that file has had."""

    root: str = ""
    titles: list[str] = field(default_factory=list)
    told: set[tuple[str, ...]] = field(default_factory=set)
    names: Counter[tuple[tuple[str, ...], str]] = field(default_factory=Counter)


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield Results and their files' Containers, a spec at a time, and Runs.

    Durations are milliseconds in the document. Raises Malformed where it is no JSON object with
    `suites`.
    """
    report = _Report()
    recognised = False
    for value in _json.values(chunks, STREAMED, RECURSIVE):
        if isinstance(value, Notice):
            yield value
            continue
        recognised = recognised or value.key.partition("[")[0] in KEYS
        try:
            yield from _read(value, report)
        except Malformed as error:
            yield Notice(f"A part was left out. {error.message}", error.where)
    if not recognised:
        raise Malformed('Playwright\'s JSON is an object with "suites"; this one has none')


def _read(value: _json.Value, report: _Report) -> Iterator[Item]:
    if value.key == "suites[].title":
        _enter(report, _json.text(_json.decode(value.raw, value.where)), value.where)
    elif value.key == "suites[].specs[]":
        yield from _spec(read(value.raw, _SPEC, value.where), report, value.where)
    elif value.key == "errors[]":
        yield from _outside(read(value.raw, _FAULT, value.where), report)
    elif value.key == "config":
        found = _json.mapping(_json.decode(value.raw, value.where))
        report.root = _json.text(found.get("rootDir"))
        yield _config(found)
    elif value.key == "stats":
        yield _stats(_json.mapping(_json.decode(value.raw, value.where)))


def _config(found: dict[str, Any]) -> Run:
    run = run_of(found.get("metadata"))
    told = _json.flat({"playwright": found.get("version")})
    shard = _json.mapping(found.get("shard"))
    if shard:
        told["shard"] = f"{_json.text(shard.get('current'))}/{_json.text(shard.get('total'))}"
    return replace(run, metadata=told | (run.metadata or {}) or None)


def _stats(found: dict[str, Any]) -> Run:
    length = _json.number(found.get("duration"))
    return Run(
        date=_json.moment(found.get("startTime")),
        duration=None if length is None else length / MILLISECONDS,
    )


def _enter(report: _Report, title: str, where: str) -> None:
    """Begin a suite; the outermost one is the file."""
    depth = where.count(".suites[")
    if depth == 0:
        report.names.clear()
        title = within_project(title)
    del report.titles[depth:]
    report.titles.append(title)


def _spec(spec: Spec | None, report: _Report, where: str) -> Iterator[Item]:
    if spec is None:
        yield Notice("A test was expected here", where)
        return
    for test in spec.tests or ():
        project = (test.projectName,) if test.projectName else ()
        yield from _containers(project, report)
        path = (*project, *filter(None, report.titles))
        name = _numbered(path, spec.title or "Test", report)
        yield result(test, path, name, spec.tags or (), Place(spec.file, spec.line))


def _containers(project: tuple[str, ...], report: _Report) -> Iterator[Container]:
    """The project and the file, once each."""
    file = (*project, *report.titles[:1])
    for path, kind in ((project, "Project"), (file, "File")):
        if path and path not in report.told:
            report.told.add(path)
            yield Container(path, kind)


def _numbered(path: tuple[str, ...], name: str, report: _Report) -> str:
    """The name, with a number where a test is repeated (`repeatEach`)."""
    report.names[path, name] += 1
    number = report.names[path, name]
    return name if number == 1 else f"{name} ({number})"


def _outside(found: Fault | None, report: _Report) -> Iterator[Result]:
    """Playwright fails for an error of no test, too."""
    if found is None:
        return
    file = found.location.file or "" if found.location else ""
    inside = file.removeprefix(report.root).lstrip("/") if report.root else ""
    name = inside if inside and file.startswith(report.root) else within_project(file)
    yield Result((name,) if name else (), OUTSIDE, Status.BROKEN, error=fault(found))


def _sniff(head: Head) -> bool:
    """By the configuration, of which the head may be all there is to see."""
    return head.kind == "object" and "config" in head.keys and head.nested >= CONFIGURED


FORMAT = Format(
    name="playwright",
    title="Playwright JSON",
    sniff=_sniff,
    parse=parse,
    aliases=("playwright-json", "playwright_json", "playwrightjson", "playwright-test"),
    made_by="Playwright Test (the `json` reporter), playwright-bdd and whatever else runs on it",
    how="PLAYWRIGHT_JSON_OUTPUT_NAME=playwright.json npx playwright test --reporter=json",
    file="playwright.json",
    notes=(
        "A project is a container, if it has a name; the file is one within it, with one for each "
        "folder on its way, and so is each `describe` block. With `smart=false` the file is one "
        "container that has the whole way as its title.",
        "A test is a result in each project; one that is repeated (`repeatEach`) gets a number.",
        "`expected` passed, also where it was expected to fail (then `expected` is among the "
        "facts); `flaky` passed and is flaky; `skipped` is skipped, with its reason, also where it "
        "never ran.",
        "`unexpected` failed if a check (`expect`, `assert`) did, or if it was expected to fail; "
        "it is broken if the time ran out or anything else was thrown.",
        "Retries are attempts, each with its error and output. Attachments of all tries are kept: "
        "embedded ones, and screenshots, videos and traces sent along.",
        "`test.step`s are steps, with those within them; tags are tags, annotations are facts.",
        f"An error outside of the tests is a broken result, “{OUTSIDE}”.",
        "Commit, branch, the CI server's links and all other metadata of the configuration, "
        "version and shard are the report's.",
    ),
    smart=tree,
)
