"""wptreport.json, which wptrunner writes of web-platform-tests: tests with their subtests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from assay.errors import Malformed
from assay.formats import _json
from assay.formats._retries import Retries
from assay.formats._shapes import Shape, read
from assay.formats._wpt import Test, result
from assay.formats.format import Format, Head
from assay.model import Item, Notice, PackedItem, Run, expand

MILLISECONDS = 1000
ABOUT = frozenset({"run_info", "time_start", "time_end"})
FACTS = ("product", "browser_version", "browser_channel", "os", "os_version", "processor")
"""Of `run_info`, what tells the run apart from others."""


class Subtest(Shape, frozen=True):
    name: str | None = None
    status: str | None = None
    message: str | None = None
    expected: str | None = None
    known_intermittent: list[str] | None = None


class Case(Shape, frozen=True):
    test: str | None = None
    status: str | None = None
    message: str | None = None
    expected: str | None = None
    known_intermittent: list[str] | None = None
    duration: float | None = None
    subtests: list[Subtest] | None = None
    subsuite: str | None = None


_CASE = msgspec.json.Decoder(Case)


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield a Result a test, its subtests as steps, and last the Run; durations are milliseconds.

    Raises Malformed where it is no object with `results`.
    """
    about: dict[str, Any] = {}
    retries = Retries()
    recognised = False
    for value in _json.values(chunks, ("results",)):
        if isinstance(value, Notice):
            yield value
            continue
        recognised = recognised or value.key.removesuffix("[]") in ABOUT | {"results"}
        try:
            if value.key == "results[]":
                yield from _test(read(value.raw, _CASE, value.where), value.where, retries)
            elif value.key in ABOUT:
                about[value.key] = _json.decode(value.raw, value.where)
        except Malformed as error:
            yield Notice(f"A part was left out. {error.message}", error.where)
    if not recognised:
        raise Malformed('wptreport.json is an object with "results"; this one has none')
    yield from expand(retries.release())
    yield _run(about)


def _test(case: Case | None, where: str, retries: Retries) -> Iterator[Item]:
    if case is None or not case.test:
        yield Notice("A test was expected here", where)
        return
    test = _of(case, case.test)
    test.seconds = None if case.duration is None else case.duration / MILLISECONDS
    if case.subsuite:
        test.metadata["subsuite"] = case.subsuite
    for subtest in case.subtests or ():
        test.add(_of(subtest, subtest.name or "Subtest"))
    ready: Iterator[PackedItem] = retries.add(result(test))
    yield from expand(ready)


def _of(told: Case | Subtest, name: str) -> Test:
    return Test(
        name,
        told.status or "",
        told.expected or "",
        tuple(told.known_intermittent or ()),
        told.message or "",
    )


def _run(about: dict[str, Any]) -> Run:
    started, ended = (_json.moment(about.get(key)) for key in ("time_start", "time_end"))
    length = (ended - started).total_seconds() if started and ended and ended >= started else None
    info = _json.mapping(about.get("run_info"))
    facts = {key: told for key in FACTS if (told := _json.text(info.get(key)))}
    return Run(started, length, commit=_json.text(info.get("revision")), metadata=facts or None)


def _sniff(head: Head) -> bool:
    if head.kind != "object":
        return False
    told = head.keys >= {"run_info", "time_start"} or head.keys >= {"results", "time_start"}
    return told or (head.keys >= {"results"} and head.nested >= {"test", "status", "subtests"})


FORMAT = Format(
    name="wptreport",
    title="wptreport.json",
    sniff=_sniff,
    parse=parse,
    aliases=("wpt", "wpt-report", "wpt_report"),
    made_by="wptrunner, of web-platform-tests",
    how="./wpt run --log-wptreport wptreport.json firefox dom",
    file="wptreport.json",
    notes=(
        "A test is a result, the folders of its address are containers; its subtests are steps. "
        "One that ended well is failed if a subtest did not end as was expected.",
        "What was expected counts, as wptrunner counts it: an expected failure is passed, an "
        "unexpected pass is failed, and so is no status that is known to be intermittent; "
        "`status`, `expected` and `known intermittent` among the facts tell of it.",
        "Crashes, errors and time-outs are broken, and so is a test of which nothing but those "
        "went wrong.",
        "Product, its version and the system are facts of the report, the revision is its commit.",
    ),
)
