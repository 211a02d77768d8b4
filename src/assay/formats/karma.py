"""Karma's JSON, by karma-json-reporter: the tests of each browser."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from assay.errors import Malformed
from assay.formats import _json
from assay.formats._shapes import Shape, read
from assay.formats._trace import error_of
from assay.formats.format import Format, Head
from assay.model import Container, Error, Item, Notice, Result, Run, Status

OUTSIDE = "(error outside of the tests)"
"""The name of what stands for an error of which the file tells only that there was one."""

KEYS = frozenset({"browsers", "result", "summary"})
VERSION = re.compile(r" \d+(?:\.\d+)+")
"""Of a browser and its system: other ones, after an update, run the same tests."""

FILE = re.compile(r"[^ /]+(?:/[^ /]+)+")
"""A title that is the way to a file or module, as some projects name their blocks."""

ASSERTION = re.compile(r"assert|expect", re.IGNORECASE)
MILLISECONDS = 1000


class Spec(Shape, frozen=True):
    description: str | None = None
    suite: list[str] | None = None
    success: bool | None = None
    skipped: bool | None = None
    pending: bool | None = None
    disabled: bool | None = None
    time: float | None = None
    startTime: float | None = None  # noqa: N815
    log: list[str] | None = None
    properties: Any = None


_SPEC = msgspec.json.Decoder(Spec)
_SPECS: msgspec.json.Decoder[list[msgspec.Raw]] = msgspec.json.Decoder(list[msgspec.Raw])


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield each browser's Container and Results, and the Run.

    Durations are milliseconds in the document. Raises Malformed where it is no JSON object with
    `browsers` or `result`.
    """
    names: dict[str, str] = {}
    failed = recognised = False
    for value in _json.values(chunks, ("result.*",)):
        if isinstance(value, Notice):
            yield value
            continue
        recognised = recognised or value.key.partition(".")[0] in KEYS
        try:
            if value.key.startswith("result."):
                ident = value.key.removeprefix("result.")
                for item in _browser(value, names.get(ident) or f"Browser {ident}"):
                    failed = failed or (isinstance(item, Result) and item.error is not None)
                    yield item
            elif value.key == "browsers":
                found = _json.mapping(_json.decode(value.raw, value.where))
                names = _names(found)
                yield from _browsers(found, names)
            elif value.key == "summary":
                yield from _summary(_json.mapping(_json.decode(value.raw, value.where)), failed)
        except Malformed as error:
            yield Notice(f"A part was left out. {error.message}", error.where)
    if not recognised:
        raise Malformed('Karma\'s JSON is an object with "browsers"; this one has none')


def _names(found: dict[str, Any]) -> dict[str, str]:
    """What a browser is called, without versions unless two would be called the same."""
    told = {ident: _json.text(_json.mapping(each).get("name")) for ident, each in found.items()}
    plain = {ident: VERSION.sub("", name) for ident, name in told.items()}
    shared = Counter(plain.values())
    return {ident: name if shared[name] == 1 else told[ident] for ident, name in plain.items()}


def _browsers(found: dict[str, Any], names: dict[str, str]) -> Iterator[Item]:
    begun, longest = [], 0.0
    for ident, each in found.items():
        browser = _json.mapping(each)
        last = _json.mapping(browser.get("lastResult"))
        started = _json.moment(last.get("startTime"))
        length = _json.number(last.get("totalTime"))
        begun += [started] if started else []
        longest = max(longest, length or 0)
        if names[ident]:
            yield Container(
                (names[ident],),
                "Browser",
                duration=None if length is None else length / MILLISECONDS,
                metadata=_json.flat({"browser": browser.get("name")}) or None,
            )
    yield Run(date=min(begun, default=None), duration=longest / MILLISECONDS or None)


def _browser(value: _json.Value, name: str) -> Iterator[Item]:
    specs: list[msgspec.Raw] = _json.shaped(value.raw, _SPECS, value.where)
    for number, raw in enumerate(specs):
        spec = read(raw, _SPEC, f"{value.where}[{number}]")
        if spec is None:
            yield Notice("A test was expected here", f"{value.where}[{number}]")
        else:
            yield _result(spec, name)


def _result(spec: Spec, browser: str) -> Result:
    error = _error(spec.log or ())
    status = _status(spec, error)
    is_failure = status in (Status.FAILED, Status.BROKEN)
    return Result(
        path=(browser, *filter(None, spec.suite or ())),
        name=spec.description or "Test",
        status=status,
        duration=_seconds(spec) if status is not Status.SKIPPED else None,
        started=_json.moment(spec.startTime) if spec.startTime else None,
        error=(error or Error(message="It failed")) if is_failure else None,
        metadata=_json.flat(spec.properties) or None,
    )


def _seconds(spec: Spec) -> float | None:
    return None if spec.time is None else spec.time / MILLISECONDS


def _status(spec: Spec, error: Error | None) -> Status:
    if spec.skipped or spec.pending or spec.disabled:
        return Status.SKIPPED
    if spec.success:
        return Status.PASSED
    is_check = error is None or not error.type or ASSERTION.search(error.type)
    return Status.FAILED if is_check else Status.BROKEN


def _error(log: Iterable[str]) -> Error | None:
    """The first failed check or error; all of them are the trace."""
    told = [text for text in log if text]
    if not told:
        return None
    first = error_of(told[0])
    return Error(first.type, first.message, "\n\n".join(told)) if len(told) > 1 else first


def _summary(found: dict[str, Any], failed: bool) -> Iterator[Item]:
    """Karma fails for an error outside of the tests, too, and for a browser that was lost."""
    if failed or not (found.get("error") or found.get("disconnected")):
        return
    lost = found.get("disconnected")
    message = "A browser was disconnected" if lost else "Karma's own output tells which"
    yield Result((), OUTSIDE, Status.BROKEN, error=Error(message=message))


def _tree(path: tuple[str, ...]) -> tuple[str, ...]:
    """A container for each part of a title that is a way (`app/cart/total`): what the option
    `smart` does."""
    parts = ((title.split("/") if FILE.fullmatch(title) else [title]) for title in path)
    return tuple(part for each in parts for part in each)


def _sniff(head: Head) -> bool:
    if head.kind != "object":
        return False
    return {"browsers", "result"} <= head.keys or (head.keys == {"browsers"} and bool(head.nested))


FORMAT = Format(
    name="karma",
    title="Karma JSON",
    sniff=_sniff,
    parse=parse,
    aliases=("karma-json", "karma_json", "karmajson", "karma-json-reporter"),
    made_by="Karma with karma-json-reporter, whatever framework (Jasmine, Mocha, QUnit)",
    how="npx karma start --single-run --reporters json",
    file="karma.json",
    notes=(
        "A browser is a container, called without its version, so that a test keeps its history "
        "when the browser is updated; `describe` blocks are containers within it.",
        "A title that is the way to a file or module is a container for each of its parts; with "
        "`smart=false` it is one.",
        "A test without `success` failed, or is broken if it threw something that is no "
        "assertion. `skipped`, `pending` and `disabled` are skipped.",
        "The first entry of the `log` is the error; all of them are its trace.",
        f"If Karma met an error while no test failed, there is a broken result, “{OUTSIDE}”.",
    ),
    smart=_tree,
)
