"""What JMeter's two kinds of results have in common: threads, times, and why a sample failed."""

from __future__ import annotations

import re
from functools import lru_cache

from assay.formats import _json
from assay.formats._time import moment

THREAD = re.compile(
    r"(?:\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?-)?"  # the machine, in a distributed test
    r"(?P<group>.{0,500}?)(?:-ThreadStarter)? \d+-\d+"
)
"""`Shoppers 1-12`: the thread group's name, its number and the thread's."""

TRANSACTION = "Number of samples in transaction"
"""How the message of a transaction controller's sample begins."""

WITHIN = "a request of the transaction failed"

NO_HTTP = re.compile(r"^Non HTTP response (?:code|message): ")
GOOD = re.compile(r"(?:200|OK|)\Z")
DATE = re.compile(r"(\d{4})/(\d\d)/(\d\d)")

IS_A_TRANSACTION = {"kind": "transaction"}


@lru_cache(maxsize=10_000)
def thread_group(thread: str) -> tuple[str, ...]:
    """The path of what a thread asked for: its group, if the name shows one."""
    found = THREAD.fullmatch(thread)
    return (found["group"].strip(),) if found and found["group"].strip() else ()


def reason(code: str, message: str, said: str = "") -> str:
    """Why a sample failed; `said` is what its assertions say."""
    if message.startswith(TRANSACTION):
        return f"{WITHIN} ({code})" if code and not GOOD.match(code) else WITHIN
    code, message, said = NO_HTTP.sub("", code), NO_HTTP.sub("", message), said.strip()
    if said and GOOD.match(code):
        return said
    joined = f"{code}: {message}" if "." in code and message else f"{code} {message}"
    return f"{joined.strip()}: {said}" if said else joined.strip()


def at(text: str) -> float | None:
    """When a sample began, in seconds since 1970: milliseconds, or a date in a common form."""
    if text.isascii() and text.isdigit() and len(text) < 16:
        count = int(text)
        return count / 1000 if count > 1e11 else float(count)
    if "/" in text[:8] or "," in text:
        text = DATE.sub(r"\1-\2-\3", text, count=1).replace(",", ".")
    found = moment(text)
    return found.timestamp() if found else None


def milliseconds(text: str) -> float | None:
    """As seconds; None for what is no number of 0 or more."""
    found = _json.number(text)
    return None if found is None or found < 0 else found / 1000


def size(text: str) -> float:
    """A number of bytes; 0 for what is none."""
    return float(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0.0
