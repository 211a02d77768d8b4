"""What a failure is called, what it says and where it came from, out of one text.

Many tools hand all three over as a single string, written as their language prints exceptions.
"""

from __future__ import annotations

import re

from assay.model import Error

_NAMED_FIRST = re.compile(
    r"(?:Caused by: |Uncaught |Unhandled )?"
    r"([A-Za-z_$][\w$]*(?:(?:\.|::)[A-Za-z_$][\w$]*)*)(?: \[[\w-]+\])?:(?:[ \n]|\r\n)"
)
"""`java.lang.AssertionError: …`, `AssertionError [ERR_ASSERTION]: …`, `Net::ReadTimeout: …`"""

_NAMED_LAST = re.compile(r"\(((?:[A-Z]\w*::)*[A-Z]\w*)\)[ \t]*\r?(?:\n|\Z)")
"""Ruby's `expected true (RSpec::Expectations::ExpectationNotMetError)`"""

_ALONE = re.compile(r"((?:[A-Za-z_$][\w$]*\.)*[A-Z][\w$]*(?:Error|Exception|Failure|Failed))\s*\Z")
"""`java.lang.NullPointerException`, with nothing to say"""

_EXCEPTION = re.compile(r"(?:Error|Exception|Failure|Fault|Failed|Timeout|Warning|Interrupt)$")
_FRAME = re.compile(
    r"^(?:[^\S\r\n]+at .|[^\S\r\n]*File \".*\", line \d|[^\S\r\n]*Traceback \(most recent"
    r"|\S+:\d+:in [`'].)",
    re.MULTILINE,
)
"""The first line of a trace: JVM, JavaScript and .NET; Python; Ruby"""


def error_of(text: str) -> Error:
    """The text cut into type, message and trace; a part that is not there is empty.

    The trace keeps the whole text where it has stack frames, as the tool printed it.
    """
    frame = _FRAME.search(text)
    told = (text[: frame.start()] if frame else text).strip()
    kind, message = split_type(told)
    return Error(kind, message, text.strip("\r\n") if frame else "")


def split_type(told: str) -> tuple[str, str]:
    """The exception's type and what it says; the type is empty where none can be told."""
    first = _NAMED_FIRST.match(told)
    if first and ("." in first[1] or "::" in first[1] or _EXCEPTION.search(first[1])):
        return first[1], told[first.end() :].strip()
    last = _NAMED_LAST.search(told)
    if last:
        return last[1], told[: last.start()].strip() or told
    alone = _ALONE.match(told)
    return (alone[1], "") if alone else ("", told)
