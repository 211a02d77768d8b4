"""Mochawesome's JSON, of Mocha and Cypress, also several reports merged into one.

A suite's `describe` blocks are the containers; the file is told beside them, as is usual with
Mocha, and is a container only for tests that stand in no block.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from msgspec.structs import replace

from assay.errors import Malformed, TooLarge
from assay.formats import _json
from assay.formats._embedded import content_of, extension_of
from assay.formats._facts import attachment
from assay.formats._shapes import Shape, read
from assay.formats._trace import error_of
from assay.formats._workspaces import within_project
from assay.formats.format import Format, Head
from assay.model import Attachment, Container, Error, Item, Notice, Result, Run, Status

STATUSES = {
    "passed": Status.PASSED,
    "failed": Status.FAILED,
    "pending": Status.SKIPPED,  # it.skip, this.skip(), a test without a body
    "skipped": Status.SKIPPED,
}

FILES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".mp4", ".webm", ".html", ".zip")
"""What a context ends with that names a file beside the report."""

NEXT = ' for "'
"""Behind a hook's own title stands the test that it happened to come before."""

NO_FILE = frozenset({"", "nofile"})
MILLISECONDS = 1000
MAX_DEPTH = 100
"""Suites within each other."""


class Failure(Shape, frozen=True):
    name: str | None = None
    message: str | None = None
    estack: str | None = None
    stack: str | None = None
    diff: Any = None


class Test(Shape, frozen=True):
    """A test, or a hook."""

    title: str | None = None
    fullTitle: str | None = None  # noqa: N815
    state: str | None = None
    skipped: bool | None = None
    pending: bool | None = None
    fail: bool | None = None
    duration: float | None = None
    context: Any = None
    code: str | None = None
    err: Failure | None = None


class Suite(Shape, frozen=True):
    """A suite as it is written; what it holds stays bytes until its turn."""

    title: str | None = None
    file: str | None = None
    fullFile: str | None = None  # noqa: N815
    duration: float | None = None
    beforeHooks: list[msgspec.Raw] | None = None  # noqa: N815
    afterHooks: list[msgspec.Raw] | None = None  # noqa: N815
    tests: list[msgspec.Raw] | None = None
    suites: list[msgspec.Raw] | None = None


_TEST = msgspec.json.Decoder(Test)
_SUITE = msgspec.json.Decoder(Suite)

KEYS = frozenset({"stats", "results", "suites"})


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield the suites' Containers and Results in their order, and the Run.

    Durations are milliseconds in the document. Raises Malformed where it is no JSON object with
    `results` or `stats`.
    """
    recognised = False
    for value in _json.values(chunks, ("results",)):
        if isinstance(value, Notice):
            yield value
            continue
        recognised = recognised or value.key.removesuffix("[]") in KEYS
        try:
            if value.key in ("results[]", "suites"):
                yield from _suite(value.raw, (), "", value.where)
            elif value.key in ABOUT:
                yield ABOUT[value.key](_json.decode(value.raw, value.where))
        except Malformed as error:
            if isinstance(error, TooLarge):
                raise
            yield Notice(f"A suite was left out. {error.message}", error.where)
    if not recognised:
        raise Malformed('A Mochawesome report is an object with "results"; this one has none')


def _stats(found: Any) -> Run:
    stats = _json.mapping(found)
    length = _json.number(stats.get("duration"))
    return Run(date=_json.moment(stats.get("start")), duration=_seconds(length))


def _meta(found: Any) -> Run:
    """The versions of Mocha and Mochawesome."""
    tools = {
        name: _json.mapping(each).get("version") for name, each in _json.mapping(found).items()
    }
    return Run(metadata={name: _json.text(version) for name, version in tools.items() if version})


ABOUT = {"stats": _stats, "meta": _meta}
"""What is said of the run, and how it is read."""


def _suite(
    raw: bytes | msgspec.Raw, above: tuple[str, ...], file: str, where: str, depth: int = 1
) -> Iterator[Item]:
    if depth > MAX_DEPTH:
        raise TooLarge(f"Suites lie more than {MAX_DEPTH} deep in each other", where)
    suite = read(raw, _SUITE, where)
    if suite is None:
        yield Notice("A suite was expected here", where)
        return
    file = _file(suite) or file
    path = (*above, suite.title) if suite.title else above
    own = path or ((file,) if file else ())
    hooks = list(_tests([*(suite.beforeHooks or ()), *(suite.afterHooks or ())], where))
    yield from _described(own, file if not above else "", hooks)
    for hook in hooks:
        if _status(hook) is Status.FAILED:
            yield _hook(_result(hook, own, Status.BROKEN))
    for test in _tests(suite.tests or (), where):
        yield _result(test, own, _status(test))
    for number, inner in enumerate(suite.suites or ()):
        yield from _suite(inner, path, file, f"{where}.suites[{number}]", depth + 1)


def _file(suite: Suite) -> str:
    """The file as the project knows it: Mochawesome cuts the working folder off, but not always."""
    name = suite.file or suite.fullFile or ""
    if name in NO_FILE:
        return ""
    whole = suite.fullFile or name
    is_cut = name != whole and whole.endswith(name)
    return name.replace("\\", "/").lstrip("/") if is_cut else within_project(name)


def _tests(found: Iterable[msgspec.Raw], where: str) -> Iterator[Test]:
    tests = (read(raw, _TEST, where) for raw in found)
    return (test for test in tests if test is not None)


def _described(path: tuple[str, ...], file: str, hooks: list[Test]) -> Iterator[Container]:
    """The container, where there is more to say of it than its title."""
    passed = [_context(hook.context) for hook in hooks if _status(hook) is not Status.FAILED]
    container = Container(
        path,
        stdout="\n".join(line for lines, _ in passed for line in lines),
        attachments=tuple(each for _, files in passed for each in files),
        metadata={"file": file} if file and path != (file,) else None,
    )
    if path and container != Container(path):
        yield container


def _status(test: Test) -> Status:
    if test.state in STATUSES:
        return STATUSES[test.state]
    if test.fail:
        return Status.FAILED
    return Status.SKIPPED if test.skipped or test.pending else Status.UNKNOWN


def _result(test: Test, path: tuple[str, ...], status: Status) -> Result:
    lines, files = _context(test.context)
    return Result(
        path=path,
        name=test.title or test.fullTitle or "Test",
        status=status,
        duration=None if status is Status.SKIPPED else _seconds(test.duration),
        error=_error(test.err) if test.err else None,
        stdout="\n".join(lines),
        description=test.code or "",
        attachments=tuple(files),
    )


def _hook(result: Result) -> Result:
    """The hook under its own name: which test it came before is another matter in every run."""
    name, _, test = result.name.partition(NEXT)
    return replace(result, name=name, metadata={"for": test.removesuffix('"')}) if test else result


def _seconds(milliseconds: float | None) -> float | None:
    return None if milliseconds is None else milliseconds / MILLISECONDS


def _error(failure: Failure) -> Error | None:
    told = failure.message or failure.estack or failure.stack or ""
    stack = failure.estack or failure.stack or ""
    diff = _diff(failure.diff)
    if not (told or diff):
        return None
    error = error_of(told)
    trace = "\n\n".join(filter(None, [stack or error.trace, diff]))
    return Error(error.type or failure.name or "", error.message, trace)


def _diff(diff: object) -> str:
    """What was wanted and what there was: a text, or with `useInlineDiffs` a list of pieces."""
    if isinstance(diff, str):
        return diff.strip("\n")
    pieces = []
    for piece in _json.objects(diff):
        value = _json.text(piece.get("value"))
        mark = "+" if piece.get("added") else "-" if piece.get("removed") else ""
        pieces.append(f"[{mark}{value}]" if mark else value)
    return "".join(pieces)


def _context(context: object) -> tuple[list[str], list[Attachment]]:
    """What `addContext` told of a test: lines of text, and files.

    It is written as JSON within a text: one thing or several, each as it is or under a title.
    """
    lines: list[str] = []
    files: list[Attachment] = []
    for title, value in _told(context):
        told = _json.compact(value)
        file = _picture(told, len(files)) if isinstance(value, str) else None
        if file:
            files.append(file)
        elif told:
            lines.append(f"{title}: {told}" if title else told)
    return lines, files


def _told(context: object) -> Iterator[tuple[str, object]]:
    if isinstance(context, str):
        try:
            context = _json.decode(context.encode("utf-8", "replace"))
        except Malformed:
            yield "", context
            return
    for entry in context if isinstance(context, list) else [context]:
        title, value = "", entry
        if isinstance(entry, dict) and "title" in entry:
            title, value = _json.text(entry["title"]), entry.get("value")
        for each in value if isinstance(value, list) else [value]:
            yield title, each


def _picture(told: str, number: int) -> Attachment | None:
    """A file, where a context names or embeds one; an address in the web stays text."""
    if told.startswith("data:"):
        media = told[5:100].partition(";")[0]
        content = content_of(told, media)
        name = f"attachment {number + 1}{extension_of(media)}"
        return Attachment(name, media_type=media, content=content) if content else None
    is_file = told.lower().endswith(FILES) and "://" not in told and "\n" not in told
    return attachment(told) if is_file else None


def _sniff(head: Head) -> bool:
    """By its figures, or by a suite, should its results come first and fill the head."""
    if head.kind != "object" or not head.keys & KEYS:
        return False
    return "testsRegistered" in head.nested or head.nested >= {"beforeHooks", "afterHooks"}


FORMAT = Format(
    name="mochawesome",
    title="Mochawesome JSON",
    sniff=_sniff,
    parse=parse,
    aliases=("mochawesome-json", "mochawesome_json", "mochawesomejson", "mochawesome-merge"),
    made_by="Mochawesome for Mocha and Cypress, and mochawesome-merge",
    how="npx mocha --reporter mochawesome",
    file="mochawesome.json",
    notes=(
        "A `describe` block is a container, a test is a result; tests outside of any block stand "
        "in a container named after their file.",
        "`pending` and `skipped` are skipped; a test that failed is failed, whatever it threw.",
        "A hook that failed is a broken result of its own, or what it broke would be lost.",
        "`err.estack` and `err.diff` are the trace; the test's `code` is its description.",
        "What `addContext` added is the test's output, pictures and videos its attachments: "
        "embedded, or named and sent along as `attachment[]`.",
        "Tries of Mocha's and Cypress's retries are not in the file, only the last of each test.",
    ),
)
