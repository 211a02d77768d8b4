"""TestCafe's JSON, by testcafe-reporter-json: a fixture is a container, a test a result."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from assay.errors import Malformed
from assay.formats import _json
from assay.formats._facts import attachment
from assay.formats._shapes import Shape, read
from assay.formats._trace import split_type
from assay.formats._workspaces import within_project
from assay.formats.format import Format, Head
from assay.model import Attachment, Attempt, Container, Error, Item, Notice, Result, Run, Status

MILLISECONDS = 1000
KEYS = frozenset({"userAgents", "fixtures"})

_HOOK = re.compile(r"- Error in (\S+) hook -\n")
"""How the error of a test begins that a hook before or after it met."""

_BROWSER = re.compile(r"\n[ \t]*(?:Browser: |Screenshot: |(?:> )?\d+ \|)")
"""Where what an error says ends: the browser, the picture, the code and the stack follow."""

_SCREENSHOT = re.compile(r"^Screenshot: (.+)$", re.MULTILINE)
PICTURES = (".png", ".jpg", ".jpeg")


class Test(Shape, frozen=True):
    name: str | None = None
    meta: Any = None
    errs: list[str] | None = None
    durationMs: float | None = None  # noqa: N815
    unstable: bool | None = None
    quarantine: Any = None
    screenshotPath: str | None = None  # noqa: N815
    skipped: bool | None = None


class Fixture(Shape, frozen=True):
    name: str | None = None
    path: str | None = None
    meta: Any = None
    tests: list[Test] | None = None


_FIXTURE = msgspec.json.Decoder(Fixture)


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield each fixture's Container and Results, and last the Run.

    Durations are milliseconds in the document. Raises Malformed where it is no JSON object with
    `fixtures`.
    """
    about: dict[str, Any] = {}
    recognised = False
    for value in _json.values(chunks, ("fixtures",)):
        if isinstance(value, Notice):
            yield value
            continue
        recognised = recognised or value.key.removesuffix("[]") in KEYS
        try:
            if value.key == "fixtures[]":
                yield from _fixture(read(value.raw, _FIXTURE, value.where), value.where)
            elif value.key in ABOUT:
                about[value.key] = _json.decode(value.raw, value.where)
        except Malformed as error:
            yield Notice(f"A part was left out. {error.message}", error.where)
    if not recognised:
        raise Malformed('TestCafe\'s JSON is an object with "fixtures"; this one has none')
    yield from _run(about)


ABOUT = frozenset({"startTime", "endTime", "userAgents", "warnings"})


def _run(about: dict[str, Any]) -> Iterator[Item]:
    for warning in _texts(about.get("warnings")):
        yield Notice(f"TestCafe warned: {warning}")
    started, ended = (_json.moment(about.get(key)) for key in ("startTime", "endTime"))
    length = (ended - started).total_seconds() if started and ended and ended >= started else None
    browsers = ", ".join(_texts(about.get("userAgents")))
    yield Run(date=started, duration=length, metadata={"browsers": browsers} if browsers else None)


def _texts(found: object) -> list[str]:
    return [text for text in map(_json.text, found) if text] if isinstance(found, list) else []


def _fixture(fixture: Fixture | None, where: str) -> Iterator[Item]:
    if fixture is None:
        yield Notice("A fixture was expected here", where)
        return
    file = within_project(fixture.path or "")
    path = (fixture.name or file or "Fixture",)
    about = {**({"file": file} if file else {}), **_json.flat(fixture.meta)}
    yield Container(path, classification="Fixture", metadata=about or None)
    for test in fixture.tests or ():
        yield _result(test, path)


def _result(test: Test, path: tuple[str, ...]) -> Result:
    errors = test.errs or []
    status = _status(test, errors)
    attempts = _attempts(test, status)
    return Result(
        path=path,
        name=test.name or "Test",
        status=status,
        duration=None if test.durationMs is None else test.durationMs / MILLISECONDS,
        error=_error(errors) if errors else None,
        attachments=_screenshots(test, errors),
        attempts=attempts,
        flaky=status is Status.PASSED and any(each.status is Status.FAILED for each in attempts),
        metadata=_json.flat(test.meta) or None,
    )


def _status(test: Test, errors: list[str]) -> Status:
    if test.skipped:
        return Status.SKIPPED
    if not errors:
        return Status.PASSED
    return Status.BROKEN if all(map(_HOOK.match, errors)) else Status.FAILED


def _attempts(test: Test, status: Status) -> tuple[Attempt, ...]:
    """The tries before the last, of quarantine mode. The reporter tells of them only that they did
    not all end alike (`unstable`); where `quarantine` is written too, how each ended."""
    runs = [_json.mapping(each) for each in _json.mapping(test.quarantine).values()]
    tries = [Status.PASSED if run.get("passed") is True else Status.FAILED for run in runs[:-1]]
    if not tries and test.unstable:
        tries = [Status.FAILED if status is Status.PASSED else Status.PASSED]
    return tuple(map(Attempt, tries))


def _error(errors: list[str]) -> Error:
    """What the first error says; all of them, one a browser, with code and stack as the trace."""
    told = _BROWSER.split(_HOOK.sub(r"\1: ", errors[0]), maxsplit=1)[0].strip()
    kind, message = split_type(told)
    return Error(kind, message, "\n\n".join(errors))


def _screenshots(test: Test, errors: list[str]) -> tuple[Attachment, ...]:
    """The pictures that are named: `screenshotPath` is a folder where there are several."""
    named = [path for error in errors for path in _SCREENSHOT.findall(error)]
    own = test.screenshotPath or ""
    paths = [*named, own] if own.lower().endswith(PICTURES) else named
    return tuple(map(attachment, dict.fromkeys(paths)))


def _sniff(head: Head) -> bool:
    return head.kind == "object" and (head.keys >= KEYS or head.keys >= {"userAgents", "passed"})


FORMAT = Format(
    name="testcafe",
    title="TestCafe JSON",
    sniff=_sniff,
    parse=parse,
    aliases=("testcafe-json", "testcafe_json", "testcafejson"),
    made_by="TestCafe with testcafe-reporter-json, which comes with it",
    how="npx testcafe chrome tests --reporter json:testcafe.json",
    file="testcafe.json",
    notes=(
        "A fixture is a container, with its file and its `meta`; a test is a result, with its "
        "`meta` as facts.",
        "A test with errors is failed, or broken if all of them are of hooks; the first is its "
        "message, all of them, one a browser, its trace.",
        "In quarantine mode a test that is `unstable` and passed at last is flaky; how each try "
        "went is not in the file.",
        "The screenshots that errors name are attachments, if they are sent along as "
        "`attachment[]`.",
        "TestCafe's own warnings are in the import's log.",
    ),
)
