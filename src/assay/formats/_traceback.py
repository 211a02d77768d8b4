"""What Python prints of an exception, cut into its type, its message and the way there."""

from __future__ import annotations

import re

from assay.model import Error

_FRAME = re.compile(r'^ +File "[^"\n]*", line \d+', re.MULTILINE)
_RAISED = re.compile(r"^([A-Za-z_][\w.]*)(?::(?: (.*))?)?$")

ASSERTION = re.compile("assert|mismatch|fail", re.IGNORECASE)
"""In the name of an exception that is an assertion (testtools has a MismatchError); any other one
is an error."""


def raised(trace: str) -> Error | None:
    """The exception a traceback ends with; the message may have several lines. None where the text
    is no traceback.

    Behind the last frame stand its lines of code, which are indented, and then the exception.
    """
    last = None
    for last in _FRAME.finditer(trace):  # noqa: B007
        pass
    if last is None:
        return None
    lines = trace[last.end() :].split("\n")[1:]
    begin = next((at for at, line in enumerate(lines) if line[:1].strip()), None)
    found = _RAISED.match(lines[begin].rstrip()) if begin is not None else None
    if begin is None or found is None:
        return None
    message = "\n".join([found[2] or "", *lines[begin + 1 :]])
    return Error(found[1], message.strip("\n"), trace)
