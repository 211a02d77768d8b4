"""A stack trace as a page shows it: the project's own frames told from those of libraries."""

from __future__ import annotations

import re

from assay.web.pages.parts import Line, Text, Trace

SHOWN = 24_000  # characters shown in place; the whole is a click away
LIBRARIES = (
    "site-packages/", "dist-packages/", "/lib/python", "\\lib\\python", "<frozen ", "node_modules/",
    "node:internal", "(internal/", "/usr/lib/", "/usr/local/lib/ruby/", "/gems/", "/go/pkg/mod/",
    "/usr/local/go/src/", "/rustc/", "/.cargo/registry/", "at java.", "at javax.", "at jdk.",
    "at sun.", "at com.sun.", "at org.junit.", "at org.testng.", "at junit.", "at kotlin.",
    "at org.gradle.", "at org.apache.maven.", "at io.cucumber.", "at org.mockito.",
    "at org.springframework.", "at org.openqa.selenium.", "at System.", "at Microsoft.",
    "at NUnit.", "at Xunit.", "vendor/phpunit/",
)  # fmt: skip
"""What a line says that is a library's frame, in the words of the languages that print them."""

FRAME = re.compile(r'^\s*(at\s|File "|#\d+\s|from\s/)|^\s+\S+\.\w+:\d+')
PLACES = (
    re.compile(r'File "(?P<file>[^"]+)", line (?P<line>\d+)'),
    re.compile(r"\((?P<file>[^()\s]+\.\w+):(?P<line>\d+)(?::\d+)?\)"),
    re.compile(r"(?P<file>[\w./\\-]+\.\w{1,5}):(?P<line>\d+)"),
)
NEWEST_LAST = "Traceback (most recent call last)"


def read(trace: str, url: str) -> Trace | None:
    """The trace in lines, of a long one the `SHOWN` characters nearest to the error; None for an
    empty one."""
    if not trace.strip():
        return None
    newest_last = NEWEST_LAST in trace
    shown = _cut_front(trace) if newest_last else cut(trace)
    lines = _tell(shown.splitlines())
    text = Text(shown, url, len(trace.encode()), len(shown) == len(trace))
    return Trace(tuple(lines), text, _place(lines, newest_last=newest_last))


def cut(text: str, limit: int = SHOWN) -> str:
    """As many whole lines of `text` as fit in `limit` characters, or a piece of a longer one."""
    if len(text) <= limit:
        return text
    end = text.rfind("\n", 0, limit)
    return text[: end if end > limit // 2 else limit]


def _cut_front(text: str) -> str:
    """The last whole lines of `text` that fit in `SHOWN` characters."""
    if len(text) <= SHOWN:
        return text
    return text[text.find("\n", len(text) - SHOWN) + 1 :]


def _tell(lines: list[str]) -> list[Line]:
    """A line that is no frame belongs to the frame above it: Python prints a frame's source so."""
    told, theirs = [], False
    for line in lines:
        if FRAME.search(line):
            theirs = any(words in line for words in LIBRARIES)
        elif not line[:1].isspace():
            theirs = False
        told.append(Line(line, not theirs))
    return told


def _place(lines: list[Line], *, newest_last: bool) -> str:
    """The frame of the project's own that is nearest to the error, as file:line."""
    frames = [line.text for line in lines if line.own and FRAME.search(line.text)]
    for frame in reversed(frames) if newest_last else frames:
        for pattern in PLACES:
            if found := pattern.search(frame):
                return f"{_short(found['file'])}:{found['line']}"
    return ""


def _short(path: str) -> str:
    """The last four parts of a path say where it is; the build machine's folders do not."""
    parts = path.replace("\\", "/").split("/")
    return "/".join(parts[-4:]) if len(parts) > 5 else path
