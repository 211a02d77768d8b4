"""What Newman, which runs Postman's collections, writes with its `json` reporter.

An assertion (`pm.test`) is a test. It stands in its request, the request in its folders. Of what a
request sent and was answered only the lines that identify it are kept: its headers hold secrets.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from assay.errors import Malformed
from assay.formats import _json
from assay.formats._shapes import Shape, read
from assay.formats._trace import split_type
from assay.formats.format import Format, Head
from assay.model import Container, Error, Item, Notice, Result, Run, Status

MILLISECONDS = 1000
MAX_DEPTH = 50
"""Folders within each other."""

LONGEST_BODY = 20_000
"""Bytes of an answer that are shown where a test of it failed."""

SCRIPTS = {"prerequestScript": "pre-request script", "testScript": "test script"}
NO_ANSWER = "request"
"""The names of results for what went wrong outside of any assertion, by Newman's own words."""


class Fault(Shape, frozen=True):
    name: str | None = None
    message: str | None = None
    stack: str | None = None
    code: str | None = None
    address: str | None = None
    port: int | None = None


class Assertion(Shape, frozen=True):
    assertion: str | None = None
    skipped: bool | None = None
    error: Fault | None = None


class Script(Shape, frozen=True):
    error: Fault | None = None


class Place(Shape, frozen=True):
    iteration: int | None = None
    cycles: int | None = None


class Asked(Shape, frozen=True):
    method: str | None = None
    url: Any = None


class Named(Shape, frozen=True):
    id: str | None = None
    name: str | None = None


class Answer(Shape, frozen=True):
    status: str | None = None
    code: int | None = None
    responseTime: float | None = None  # noqa: N815
    body: str | None = None
    stream: msgspec.Raw = msgspec.Raw()


class Execution(Shape, frozen=True):
    """A request that was made, once an iteration."""

    cursor: Place | None = None
    item: Named | None = None
    id: str | None = None
    request: Asked | None = None
    response: Answer | None = None
    requestError: Fault | None = None  # noqa: N815
    assertions: list[Assertion] | None = None
    prerequestScript: list[Script] | None = None  # noqa: N815
    testScript: list[Script] | None = None  # noqa: N815


_EXECUTION = msgspec.json.Decoder(Execution)


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield the collection's Containers, the Results and the Run.

    Times are milliseconds in the document. Requests that nothing is asserted of are no tests,
    unless nothing is asserted at all: then each is one. Raises Malformed where the document is no
    JSON object with a `run`.
    """
    places: dict[str, tuple[str, ...]] = {}
    unasked: list[Result] | None = []
    recognised = False
    for value in _json.values(chunks, ("run.executions",)):
        if isinstance(value, Notice):
            yield value
            continue
        recognised = recognised or value.key.startswith("run.")
        try:
            if value.key == "collection":
                yield from _collection(_json.decode(value.raw, value.where), places)
            elif value.key == "run.executions[]":
                execution = _read(value)
                unasked = None if execution.assertions else unasked
                for result in _results(execution, places):
                    if _is_test(result, execution):
                        yield result
                    elif unasked is not None:
                        unasked.append(result)
            elif value.key in ABOUT:
                yield ABOUT[value.key](_json.decode(value.raw, value.where))
        except Malformed as error:
            yield Notice(f"A part was left out. {error.message}", error.where)
    yield from unasked or ()
    if not recognised:
        raise Malformed('What Newman writes is an object with a "run"; this one has none')


def _timings(found: Any) -> Run:
    timings = _json.mapping(found)
    started, ended = (_json.moment(timings.get(key)) for key in ("started", "completed"))
    length = (ended - started).total_seconds() if started and ended else None
    return Run(date=started, duration=length if length is None or length >= 0 else None)


def _environment(found: Any) -> Run:
    """Its name alone: its values are keys and passwords."""
    name = _json.text(_json.mapping(found).get("name"))
    return Run(metadata={"environment": name} if name else None)


ABOUT = {"run.timings": _timings, "environment": _environment}
"""What is said of the run, and how it is read."""


def _collection(found: Any, places: dict[str, tuple[str, ...]]) -> Iterator[Container]:
    """The collection's folders and requests as containers; `places` learns where each item is."""
    collection = _json.mapping(found)
    info = _json.mapping(collection.get("info"))
    path = (_json.text(info.get("name")) or _json.text(collection.get("name")) or "Collection",)
    places[""] = path
    yield Container(path, "Collection", _description(info))
    yield from _items(collection.get("item"), path, places, 1)


def _items(
    found: Any, above: tuple[str, ...], places: dict[str, tuple[str, ...]], depth: int
) -> Iterator[Container]:
    for item in _json.objects(found):
        path = (*above, _json.text(item.get("name")) or "Request")
        if ident := _json.text(item.get("id")):
            places[ident] = path
        is_folder = "item" in item
        told = item if is_folder else _json.mapping(item.get("request"))
        yield Container(path, "Folder" if is_folder else "Request", _description(told))
        if is_folder and depth < MAX_DEPTH:
            yield from _items(item["item"], path, places, depth + 1)


def _description(found: dict[str, Any]) -> str:
    told = found.get("description")
    return _json.text(told.get("content") if isinstance(told, dict) else told)


def _read(value: _json.Value) -> Execution:
    execution = read(value.raw, _EXECUTION, value.where)
    if execution is None:
        raise Malformed("An execution was expected here", value.where)
    return execution


def _is_test(result: Result, execution: Execution) -> bool:
    return bool(execution.assertions) or result.status is not Status.PASSED


def _results(execution: Execution, places: dict[str, tuple[str, ...]]) -> Iterator[Result]:
    """What is to be told of a request, each of an iteration under a name of its own."""
    repeat = _repeat(execution)
    answer = execution.response or Answer()
    for path, name, status, error in _outcomes(execution, _path(execution, places)):
        yield Result(
            path=path,
            name=f"{name} (iteration {repeat})" if repeat else name,
            status=status,
            duration=None if answer.responseTime is None else answer.responseTime / MILLISECONDS,
            error=error,
            stdout=_body(answer) if error else "",
            parameters={"iteration": str(repeat)} if repeat else None,
            metadata=_about(execution),
        )


Outcome = tuple[tuple[str, ...], str, Status, Error | None]


def _outcomes(execution: Execution, path: tuple[str, ...]) -> Iterator[Outcome]:
    """Its assertions; whether it was answered, where nothing else tells; scripts that threw."""
    fault = _error(execution.requestError)
    if not execution.assertions:
        yield path[:-1], path[-1], Status.BROKEN if fault else Status.PASSED, fault
    elif fault:
        yield path, NO_ANSWER, Status.BROKEN, fault
    for name, status, error in _assertions(execution):
        yield path, name, status, error
    for key, name in SCRIPTS.items():
        for script in getattr(execution, key) or ():
            if script.error:
                yield path, name, Status.BROKEN, _error(script.error)


def _path(execution: Execution, places: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    item = execution.item or Named()
    known = places.get(execution.id or "") or places.get(item.id or "")
    if known and len(known) > 1:
        return known
    return (*places.get("", ("Collection",)), item.name or "Request")


def _repeat(execution: Execution) -> int:
    """The iteration's number from 1 on; 0 if there is but one."""
    cursor = execution.cursor or Place()
    return (cursor.iteration or 0) + 1 if (cursor.cycles or 1) > 1 else 0


def _assertions(execution: Execution) -> Iterator[tuple[str, Status, Error | None]]:
    """Each assertion's name, status and error; of those with one name the second is "(2)"."""
    taken: Counter[str] = Counter()
    for each in execution.assertions or ():
        name = each.assertion or "Assertion"
        taken[name] += 1
        whole = f"{name} ({taken[name]})" if taken[name] > 1 else name
        if each.skipped:
            yield whole, Status.SKIPPED, None
        else:
            yield whole, Status.FAILED if each.error else Status.PASSED, _error(each.error)


def _error(fault: Fault | None) -> Error | None:
    if fault is None:
        return None
    if fault.message or fault.stack:
        kind, message = split_type(fault.message or fault.stack or "")
        return Error(fault.name or kind, message, fault.stack or "")
    place = f"{fault.address}:{fault.port}" if fault.address else ""
    return Error(
        fault.code or fault.name or "", f"No answer from {place}" if place else "No answer"
    )


def _about(execution: Execution) -> dict[str, str] | None:
    asked, answer = execution.request or Asked(), execution.response or Answer()
    request = f"{asked.method or ''} {_url(asked.url)}".strip()
    response = f"{answer.code or ''} {answer.status or ''}".strip()
    return {key: told for key, told in (("request", request), ("response", response)) if told}


def _url(url: object) -> str:
    """The address, which is written in parts, without its query, in which keys may stand."""
    if not isinstance(url, dict):
        return _json.text(url).partition("?")[0]
    host, way = (_part(url.get(key), joint) for key, joint in (("host", "."), ("path", "/")))
    protocol, port = _json.text(url.get("protocol")), _json.text(url.get("port"))
    start = f"{protocol}://" if protocol and "://" not in protocol else protocol
    return f"{start}{host}{':' if port else ''}{port}/{way}"


def _part(found: object, joint: str) -> str:
    return joint.join(map(_json.text, found)) if isinstance(found, list) else _json.text(found)


def _body(answer: Answer) -> str:
    """The beginning of the answer, as text; nothing if it is none."""
    if answer.body is not None or not answer.stream:
        return (answer.body or "")[:LONGEST_BODY]
    data = _json.mapping(_json.decode(answer.stream)).get("data")
    try:
        content = bytes(data[:LONGEST_BODY]) if isinstance(data, list) else b""
    except (ValueError, TypeError):
        return ""
    return "" if b"\0" in content else content.decode("utf-8", "replace")


def _sniff(head: Head) -> bool:
    """The collection comes first, and may fill the head."""
    if head.kind != "object":
        return False
    is_run = "run" in head.keys and bool(head.nested & {"executions", "timings", "failures"})
    return is_run or ("collection" in head.keys and bool(head.nested & {"item", "info"}))


FORMAT = Format(
    name="newmanjson",
    title="Newman JSON",
    sniff=_sniff,
    parse=parse,
    aliases=("newman", "newman-json", "newman_json", "postman", "postman-json", "postman_json"),
    made_by="Newman, which runs Postman's collections, with its reporter json",
    how="newman run shop.postman_collection.json -r json --reporter-json-export newman.json",
    file="newman.json",
    notes=(
        "An assertion (`pm.test`) is a result, in a container for its request, that in one for "
        "each folder, and those in one for the collection.",
        "A request that nothing is asserted of is no test; where nothing is asserted at all, each "
        "request is one, which passes with any answer.",
        "A request without an answer is a broken result, and so is a script that throws outside "
        "of an assertion.",
        "Of several iterations each has results of its own, with its number in the name and as a "
        "parameter.",
        "An assertion takes as long as its request was waited for.",
        "The answer's code is kept, and of an answer that failed its first 20,000 bytes; headers, "
        "the address's query and the environment's values are left out, as they hold secrets.",
    ),
)
