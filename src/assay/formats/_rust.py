"""What Rust's tests and their panics are called, and cargo's lines between them."""

from __future__ import annotations

import re

from assay.formats._workspaces import within_project
from assay.model import Error, Status

DOCUMENTATION = re.compile(r"(\S.*?\.(?:rs|md)) - (.*)$")
"""`src/lib.rs - total (line 10)`"""

LINE = re.compile(r"\(line (\d+)\)$")

KIND = re.compile(r" - (?:should panic|compile fail|compile)$")
"""What libtest writes behind a name in text, and not in JSON."""

NEXTEST = re.compile(r"([^$\s]+)\$(.+?)(?:@stress-(\d+))?(?:#(\d{1,6}))?$")
"""`shop::till$opens#2`: the binary, the test, and the try if it is not the first."""

RUNNING = re.compile(r"\s*Running (?:(unittests )?([^\s(][^(]*?) )?\(?(?:.*[/\\])?([\w.-]+?)\)?$")
"""`Running unittests src/lib.rs (target/debug/deps/shop-507999230d6984fa)`; the source is there
since Rust 1.57, the brackets since 1.54."""

HASH = re.compile(r"-[0-9a-f]{16}(?:\.exe)?$")
DOC_TESTS = re.compile(r"\s*Doc-tests (\S+)$")

PANIC = re.compile(r"^thread '([^\n']*)'(?: \(\d+\))? panicked at ", re.MULTILINE)
AT = re.compile(r"([^\n]+?):(\d+):\d+:\n")
"""Behind it the place, and below it the message, since Rust 1.73"""

QUOTED_AT = re.compile(r"'(.*?)', ([^\n']+?):(\d+):\d+$", re.MULTILINE | re.DOTALL)
"""Until then the message in quotation marks, and the place"""

ENDS = re.compile(r"^(?:stack backtrace:|note: |thread ')", re.MULTILINE)
RETURNED = re.compile(r"^Error: (.*)", re.MULTILINE | re.DOTALL)
"""What a test prints that returns an error"""

UNEXPECTED = re.compile(
    r"called `(?:Option|Result)::|index out of bounds|range (?:start|end) index|attempt to "
    r"|already (?:mutably )?borrowed|byte index \d+ is|not implemented|not yet impl"
    r"|internal error: entered unreachable code"
)
"""Panics by Rust itself; any other is somebody's assertion, for all one can tell."""

LONGEST = 2_000
"""Characters of a line that names a binary"""

SHOWN = 4_000
"""Characters of a message where nothing tells where it ends."""


def binary(line: str) -> str | None:
    """What a line of cargo's says runs now: `src/lib.rs (shop)`, `Doc-tests shop`."""
    if documentation := DOC_TESTS.match(line):
        return f"Doc-tests {documentation[1]}"
    if len(line) > LONGEST or not line.lstrip().startswith("Running "):
        return None
    running = RUNNING.match(line)
    if not running:
        return None
    stem = HASH.sub("", running[3])
    source = (running[2] or "").replace("\\", "/")
    return f"{source} ({stem})" if source and source != "unittests" else stem


def placed(name: str) -> tuple[tuple[str, ...], str]:
    """A test's modules, or its file if it is of the documentation, and its own name."""
    name = KIND.sub("", name)
    if documentation := DOCUMENTATION.match(name):
        return (documentation[1].replace("\\", "/"),), documentation[2]
    *modules, own = name.split("::")
    return (tuple(modules), own) if own and all(modules) else ((), name)


def failure(name: str, output: str) -> tuple[Status, Error, dict[str, str]]:
    """How a test failed, why, and where, by what it printed: by the panic of its own thread."""
    panics = list(PANIC.finditer(output))
    own = next((each for each in panics if each[1] in (name, "main")), None)
    panic = own or (panics[0] if panics else None)
    if panic is None:
        return _without_panic(output)
    rest = output[panic.end() :]
    trace = output[panic.start() :].strip("\n")
    if place := AT.match(rest):
        end = ENDS.search(rest, place.end())
        message = rest[place.end() : end.start() if end else None].strip()
        where = place[1], place[2]
    elif quoted := QUOTED_AT.match(rest):
        message, where = quoted[1].strip(), (quoted[2], quoted[3])
    else:
        return Status.FAILED, Error("panic", rest.split("\n", 1)[0], trace), {}
    status = Status.BROKEN if UNEXPECTED.match(message) else Status.FAILED
    about = {"file": within_project(where[0]), "line": where[1]}
    if documented := DOCUMENTATION.match(name):  # it ran in a file that rustdoc made
        line = LINE.search(name)
        about = {"file": documented[1], **({"line": line[1]} if line else {})}
    return status, Error("panic", message[:SHOWN], trace), about


def _without_panic(output: str) -> tuple[Status, Error, dict[str, str]]:
    if returned := RETURNED.search(output):
        return Status.BROKEN, Error("Error", returned[1].strip()[:SHOWN], output.strip("\n")), {}
    told = output.strip()
    return Status.FAILED, Error(message=told[:SHOWN], trace=told if len(told) > SHOWN else ""), {}
