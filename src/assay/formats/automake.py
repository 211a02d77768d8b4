"""What Automake's test harness leaves behind: a `.trs` file for each test, and test-suite.log.

A `.trs` file says how a test ended and not what it is called: that is the file's own name. The log
names only the tests that did not pass. Delivered together, they complete each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import takewhile

from assay.errors import Malformed
from assay.formats._automake_log import (
    STATUSES,
    WORD,
    Log,
    Section,
    error_of,
    printed,
    result,
    results,
    sections,
    unnamed,
)
from assay.formats._text import lines
from assay.formats.detect import look, peek
from assay.formats.format import Format, Head, Piece
from assay.model import Item, Result, Run

TRS = re.compile(r":(?:(?:global-)?test-result|recheck|copy-in-global-log|test-global-result): \S")
ENDED = re.compile(rf":(global-)?test-(?:global-)?result: +{WORD}\b ?(.*)")
LOG = re.compile(r"=+\n {3}\S.*: \S+\.log\n=+\n\s*# TOTAL: +\d")

TELLING = re.compile(r"^(?:Testsuite summary for .|make\b.* check-TESTS$)", re.MULTILINE)
"""Of what `make check` prints."""

UNNAMED = "(unnamed)"


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield the results of a `.trs` file, a test-suite.log or what was printed, then the run.

    Raises Malformed for what is neither.
    """
    head, whole = peek(chunks)
    kind = _kind(head)
    if kind == "trs":
        yield from _read_trs(whole, "", None)
    else:
        yield from (_read_log(whole) if kind == "log" else _read_printed(whole))


def _read_log(chunks: Iterable[bytes]) -> Iterator[Item]:
    log = Log()
    for section in sections(chunks, log):
        yield from results(section)
    yield from unnamed(log)
    yield _run(log)


def _read_printed(chunks: Iterable[bytes]) -> Iterator[Item]:
    log = Log()
    yield from printed(chunks, log)
    if not log.named:
        raise Malformed("Neither a .trs file nor a log of Automake's tests")
    yield _run(log)


def _run(log: Log) -> Run:
    return Run(metadata={"package": log.package} if log.package else None)


def _read_trs(chunks: Iterable[bytes], title: str, section: Section | None) -> Iterator[Result]:
    """The results in a `.trs` file; several, if the test reported several."""
    found: list[tuple[str, str]] = []
    overall: list[tuple[str, str]] = []
    for line in lines(chunks):
        if ended := ENDED.match(line):
            (overall if "global" in line.partition(": ")[0] else found).append((ended[2], ended[3]))
    if not found:
        found = overall[:1]
    if section and len(section.parts) == len(found):
        yield from section.parts
    elif len(found) == 1 and not found[0][1].strip():
        yield result(title or UNNAMED, found[0][0], section)
    else:
        for number, (word, name) in enumerate(found, 1):
            yield _of_several(title, word, name.strip() or str(number))


def _of_several(title: str, word: str, name: str) -> Result:
    """One of the tests that a test reported, below it."""
    return Result(
        tuple(title.rsplit("/", 1)) if title else (),
        name,
        STATUSES[word],
        error=error_of(word, ""),
        metadata={"expected failure": "true"} if word == "XFAIL" else None,
    )


# Several files


def _gather(pieces: Iterable[Piece]) -> Iterator[Item]:
    """Each `.trs` file by its name, with what the log in its folder or above tells of it."""
    by_kind: dict[str, list[Piece]] = {"trs": [], "log": [], "printed": []}
    for piece in pieces:
        by_kind[_kind(look(piece.read()))].append(piece)
    if not (by_kind["trs"] or by_kind["log"]):  # what is printed says the same with less
        for piece in by_kind["printed"]:
            yield from _read_printed([piece.read()])
    yield from _join(by_kind["trs"], by_kind["log"])


def _kind(head: Head) -> str:
    if TRS.match(head.text):
        return "trs"
    return "log" if LOG.match(head.text) else "printed"


def _join(trs: list[Piece], logs: list[Piece]) -> Iterator[Item]:
    above = _common([piece.name for piece in (*trs, *logs)])
    files = {_below(above, piece).removesuffix(".trs"): piece for piece in trs}
    told: dict[str, Section] = {}
    for log_file in logs:
        folder = _below(above, log_file).rpartition("/")[0]
        prefix = f"{folder}/" if folder else ""
        log = Log()
        found = {each.title: each for each in sections([log_file.read()], log, prefix)}
        if any(name.startswith(prefix) for name in files):
            told |= found
        else:
            yield from (each for section in found.values() for each in results(section))
            yield from unnamed(log)
        yield _run(log)
    for name, piece in files.items():
        yield from _read_trs([piece.read()], name, told.get(name))


def _common(names: list[str]) -> str:
    """The folder that all files are in, with a slash at its end; it says nothing of a test."""
    folders = [name.rpartition("/")[0].split("/") for name in names]
    shared = takewhile(lambda level: len(set(level)) == 1, zip(*folders, strict=False))
    return "".join(f"{level[0]}/" for level in shared if level[0])


def _below(above: str, piece: Piece) -> str:
    return piece.name.removeprefix(above)


def _tree(path: tuple[str, ...]) -> tuple[str, ...]:
    """A container for each folder on the way to a test: what the option `smart` does."""
    return tuple(title for whole in path[:1] for title in whole.split("/") if title) + path[1:]


def sniff(head: Head) -> bool:
    """By the fields of a `.trs` file, or the title and counts of a log."""
    if head.kind != "text":
        return False
    if TRS.match(head.text):
        return ENDED.search(head.text) is not None
    return bool(LOG.match(head.text) or TELLING.search(head.text))


FORMAT = Format(
    name="automake",
    title="Automake",
    sniff=sniff,
    parse=parse,
    gather=_gather,
    smart=_tree,
    aliases=("automake-trs", "make-check", "automake-log", "trs", "test-suite.log"),
    made_by="Automake's parallel test harness (`make check`), also with its TAP driver",
    how="make check",
    file="test-suite.log",
    notes=(
        "Each test is a result, named as its `.trs` file; the folder is the container above it. "
        "A test that reported several, as the TAP driver does, is the container of these.",
        "PASS passed, SKIP is skipped, FAIL failed, ERROR is broken. XFAIL passed, as Automake is "
        "content with it, and metadata says so; XPASS failed.",
        "test-suite.log counts all tests and names only those that did not pass, with their "
        "output: the others are results without a name. Send the `.trs` files along in one "
        "archive, and each has its own. What `make check` prints names all of them as well.",
    ),
)
