"""Calliope JSON out: items become a tree in the order they come, in bounded memory.

A container is closed once an item comes that lies elsewhere, and opened anew (with the same
title) should another of its items follow later. So the order is kept, and nothing is gathered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from assay.model import (
    Attachment,
    Attempt,
    Container,
    Error,
    Item,
    Measurement,
    Result,
    Run,
    Step,
)
from assay.rows import Counts

ARRAYS = ("measurements", "results", "containers")
"""What a container holds, in the order in which it must stand."""

PIECE_BYTES = 65_536

_encode = msgspec.json.Encoder().encode

Object = dict[str, Any]


def write(
    items: Iterable[Item], run: Run | None = None, report: Mapping[str, object] | None = None
) -> Iterator[bytes]:
    """Yield the document in pieces of some 64 KB.

    `run` describes the report (Runs and Notices among the items are passed over), `report` holds
    what else is known of it, by Calliope's names: `id`, `profile_id`, `origin` and so on.
    """
    described = {"import_status": 0, "origin": "calliope", **(report or {}), **_run(run or Run())}
    piece = bytearray(_encode(described)[:-1])
    piece += b',"containers":['
    open_nodes = [_Node(None, "containers")]
    for item in items:
        piece += b"".join(_item(item, open_nodes))
        if len(piece) >= PIECE_BYTES:
            yield bytes(piece)
            piece.clear()
    piece += b"".join(_closed(open_nodes, 0))
    yield bytes(piece)


def counted(counts: Counts) -> Object:
    """A report's counts by both of the names that Calliope gives them, for `report` of `write`."""
    figures: dict[str, int] = msgspec.structs.asdict(counts)
    return {f"{kind}_{name}": figures[name] for kind in ("count", "cached") for name in figures}


@dataclass(slots=True)
class _Node:
    """An open container, and the array in it that is open."""

    title: str | None
    array: str = ""
    filled: bool = False


def _item(item: Item, open_nodes: list[_Node]) -> Iterator[bytes]:
    if isinstance(item, Container):
        above = item.path[:-1]
        yield from _enter(open_nodes, above, "containers")
        yield from _begin(open_nodes, item.path[-1] if item.path else None, _container(item))
    elif isinstance(item, Result):
        yield from _enter(open_nodes, item.path or (None,), "results")
        yield _into(open_nodes[-1], "results") + _encode(_result(item))
    elif isinstance(item, Measurement):
        yield from _enter(open_nodes, item.path or (None,), "measurements")
        yield _into(open_nodes[-1], "measurements") + _encode(_measurement(item))


def _enter(open_nodes: list[_Node], path: Sequence[str | None], array: str) -> Iterator[bytes]:
    """Close and open containers until the innermost is the one at `path`, ready for `array`."""
    shared = 0
    for node, title in zip(open_nodes[1:], path, strict=False):
        if node.title != title:
            break
        shared += 1
    at = open_nodes[shared]
    if shared and shared == len(path) and at.array and _rank(at.array) > _rank(array):
        shared -= 1
    yield from _closed(open_nodes, shared + 1)
    for title in path[shared:]:
        yield from _begin(open_nodes, title, {})


def _begin(open_nodes: list[_Node], title: str | None, described: Object) -> Iterator[bytes]:
    yield _into(open_nodes[-1], "containers")
    yield _encode({"title": title} | described)[:-1]
    open_nodes.append(_Node(title))


def _into(node: _Node, array: str) -> bytes:
    """What leads from where the node stands to the next item of its `array`."""
    if node.array == array:
        before = b"," if node.filled else b""
    else:
        before = (b'],"' if node.array else b',"') + array.encode() + b'":['
    node.array, node.filled = array, True
    return before


def _rank(array: str) -> int:
    return ARRAYS.index(array)


def _closed(open_nodes: list[_Node], keep: int) -> Iterator[bytes]:
    while len(open_nodes) > keep:
        yield b"]}" if open_nodes.pop().array else b"}"


def _run(run: Run) -> Object:
    return {"date": run.date} | _said(
        duration=run.duration,
        branch=run.branch,
        commit=run.commit,
        build=run.build,
        tags=run.tags,
        json_data=run.metadata,
        assets=_assets(run.attachments),
    )


def _container(container: Container) -> Object:
    return _said(
        classification=container.classification,
        description=container.description,
        duration=container.duration,
        stdout=container.stdout,
        stderr=container.stderr,
        assets=_assets(container.attachments),
        json_data=container.metadata,
    )


def _result(result: Result) -> Object:
    return {"title": result.name, "status": result.status} | _said(
        duration=result.duration,
        started_at=result.started,
        description=result.description,
        **_exception(result.error),
        stdout=result.stdout,
        stderr=result.stderr,
        steps=list(map(_step, result.steps)),
        assets=_assets(result.attachments),
        attempts=list(map(_attempt, result.attempts)),
        flaky=result.flaky,
        tags=result.tags,
        parameters=result.parameters,
        json_data=result.metadata,
    )


def _measurement(found: Measurement) -> Object:
    said = {"title": found.name, "metric": found.metric, "value": found.value}
    return said | _said(unit=found.unit)


def _attempt(attempt: Attempt) -> Object:
    return {"status": attempt.status} | _said(
        duration=attempt.duration,
        started_at=attempt.started,
        **_exception(attempt.error),
        stdout=attempt.stdout,
        stderr=attempt.stderr,
    )


def _step(step: Step) -> Object:
    return {"title": step.name, "status": step.status} | _said(
        duration=step.duration,
        **_exception(step.error),
        output=step.output,
        assets=_assets(step.attachments),
        steps=list(map(_step, step.steps)),
    )


def _exception(error: Error | None) -> dict[str, str]:
    if error is None:
        return {}
    return {
        "exception_name": error.type,
        "exception_description": error.message,
        "exception_backtrace": error.trace,
    }


def _assets(attachments: Sequence[Attachment]) -> list[Object]:
    return [
        {"name": found.name} | _said(path=found.path, media_type=found.media_type) | _bytes(found)
        for found in attachments
    ]


def _bytes(attachment: Attachment) -> Object:
    return {} if attachment.content is None else {"content": attachment.content}


def _said(**fields: Any) -> Object:
    """The fields that say something."""
    return {
        key: value for key, value in fields.items() if value or (value == 0 and value is not False)
    }
