"""Catch2's JSON: test cases, their runs (one for each path through their sections), places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from assay.errors import Malformed
from assay.formats import _json
from assay.formats._failures import Failure, error_of, place_of
from assay.formats.format import Head
from assay.model import Item, Notice, Result, Run, Status, Step

KEYS = frozenset({"version", "metadata", "test-run"})
CASES = "test-run.test-cases"
OF_THE_RUN = ("rng-seed", "catch2-version", "filters")
HIDING = frozenset({".", "!hide"})
DEEPEST = 100
"""Sections within sections; what is deeper is left out."""


def sniff(head: Head) -> bool:
    return head.kind == "object" and head.keys >= KEYS and "catch2-version" in head.nested


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield test cases as results, and last the run. Raises Malformed where there are none."""
    metadata: dict[str, Any] = {}
    recognised = False
    for value in _json.values(chunks, (CASES,)):
        if isinstance(value, Notice):
            yield value
            continue
        recognised = recognised or value.key in ("metadata", f"{CASES}[]")
        try:
            found = _json.mapping(_json.decode(value.raw, value.where))
        except Malformed as error:
            yield Notice(f"A part was left out. {error.message}", error.where)
            continue
        if value.key == "metadata":
            metadata = found
        elif value.key == f"{CASES}[]":
            yield _test(found, _json.text(metadata.get("name")))
    if not recognised:
        raise Malformed('Catch2\'s JSON is an object with "metadata" and "test-run"')
    told = {key: _json.text(metadata.get(key)) for key in OF_THE_RUN}
    yield Run(metadata={key: text for key, text in told.items() if text} or None)


def _test(test: dict[str, Any], program: str) -> Result:
    info = _json.mapping(test.get("test-info"))
    name = _json.text(info.get("name")) or "(unnamed)"
    counts = _counts(test)
    runs = _json.objects(test.get("runs"))
    parts = [part for run in runs for part in _parts(run, name)]
    places = [failure for part in parts for failure in _failures(part)]
    tags = [_json.text(tag) for tag in _list(info.get("tags"))]
    return Result(
        path=(program,) if program else (),
        name=name,
        status=_status(counts),
        error=error_of(places) if counts.get("failed") else None,
        stdout="".join(_json.text(run.get("captured-stdout")) for run in runs).strip("\r\n"),
        stderr="".join(_json.text(run.get("captured-stderr")) for run in runs).strip("\r\n"),
        steps=tuple(_step(part) for part in parts if part.get("kind") == "section"),
        tags=tuple(tag for tag in tags if tag and tag not in HIDING),
        metadata=_metadata(info, counts, places) or None,
    )


def _list(found: object) -> list[object]:
    return found if isinstance(found, list) else []


def _counts(found: dict[str, Any]) -> dict[str, Any]:
    return _json.mapping(_json.mapping(found.get("totals")).get("assertions"))


def _status(counts: dict[str, Any]) -> Status:
    if _json.number(counts.get("failed")):
        return Status.FAILED
    return Status.SKIPPED if _json.number(counts.get("skipped")) else Status.PASSED


def _parts(run: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """The sections and assertions of a run; around them is a section for the test itself."""
    parts = _json.objects(run.get("path"))
    if len(parts) == 1 and parts[0].get("kind") == "section" and parts[0].get("name") == name:
        return _json.objects(parts[0].get("path"))
    return parts


def _failures(part: dict[str, Any], depth: int = 0) -> Iterator[Failure]:
    if part.get("kind") == "section":
        if depth < DEEPEST:
            for inner in _json.objects(part.get("path")):
                yield from _failures(inner, depth + 1)
    elif part.get("status") is False:
        place = _place(part)
        yield Failure("", f"{place}: an assertion failed" if place else "An assertion failed")


def _step(section: dict[str, Any], depth: int = 0) -> Step:
    inner = _json.objects(section.get("path")) if depth < DEEPEST else []
    failed = next(_failures(section, depth), None)
    own = [each for part in inner if part.get("kind") != "section" for each in _failures(part)]
    return Step(
        name=_json.text(section.get("name")) or "Section",
        status=Status.FAILED if failed else Status.PASSED,
        error=error_of(own),
        steps=tuple(_step(each, depth + 1) for each in inner if each.get("kind") == "section"),
    )


def _metadata(
    info: dict[str, Any], counts: dict[str, Any], failures: list[Failure]
) -> dict[str, str]:
    where = _json.mapping(info.get("source-location"))
    found = {
        "file": _json.text(where.get("filename")),
        "line": _json.text(where.get("line")),
        "class": _json.text(info.get("class-name")),
    }
    if _json.number(counts.get("fail-but-ok")) and not _json.number(counts.get("failed")):
        found["expected failure"] = "\n\n".join(each.message for each in failures)
    return {key: value for key, value in found.items() if value}


def _place(part: dict[str, Any]) -> str:
    where = _json.mapping(part.get("source-location"))
    return place_of(_json.text(where.get("filename")), _json.text(where.get("line")))
