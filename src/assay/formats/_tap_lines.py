"""TAP's lines: what one says, whatever stands around it (TAP 14, "Grammar")."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

VERSION: Final = re.compile(r"TAP version \d+\s*$", re.IGNORECASE)
PLAN: Final = re.compile(r"1\.\.(\d{1,9})\s*(?:#\s*(.*))?$")
BAIL_OUT: Final = re.compile(r"Bail out!\s*(.*)$", re.IGNORECASE)
SUBTEST: Final = re.compile(r"# Subtest(?::\s*(.*))?$")
COMMENT: Final = re.compile(r"#( *)(.*)$")

_POINT = re.compile(
    r"(not )?(ok|skip(?= \d))(?![^\s#-])[ \t]*(\d+(?![^\s#-]))?[ \t]*(?:(-)[ \t]*)?(.*)$"
)
"""`skip 1 name` is Testem's. The number may be missing, and so may the spaces around the dash."""

_DIRECTIVE = re.compile(r"(?<!\\)#\s*(todo|skip)(?:ped|ping)?\b:?\s*(.*)$", re.IGNORECASE)
_TIME = re.compile(r"(?:\s|^)#\s*time=(\d{1,12}(?:\.\d+)?)\s*(ms|s|m)?\s*(\{)?\s*$")
_OF_BATS = re.compile(r" in (\d{1,12})(ms|sec)$")
_ESCAPED = re.compile(r"\\([\\#])")
SECONDS: Final = {"ms": 0.001, "s": 1.0, "sec": 1.0, "m": 60.0, None: 0.001}


@dataclass(frozen=True, slots=True)
class Point:
    """One test point. `opens` says that its subtest follows it in braces, as node-tap writes it."""

    ok: bool
    number: str
    dash: bool
    description: str
    directive: str  # "todo" | "skip" | ""
    reason: str
    duration: float | None
    opens: bool


def point(line: str) -> Point | None:
    """The test point that the line, without its indentation, is; or None."""
    found = _POINT.match(line)
    if found is None:
        return None
    told, duration, opens = _timed(found[5])
    directive = _DIRECTIVE.search(told)
    told = (told[: directive.start()] if directive else told).rstrip()
    of_bats = _OF_BATS.search(told) if found[3] and not found[4] else None
    if of_bats:
        told, duration = told[: of_bats.start()], int(of_bats[1]) * SECONDS[of_bats[2]]
    return Point(
        ok=found[1] is None,
        number=found[3] or "",
        dash=found[4] is not None,
        description=unescaped(told).strip(),
        directive="skip" if found[2] == "skip" else (directive[1].lower() if directive else ""),
        reason=unescaped(directive[2]).strip() if directive else "",
        duration=duration,
        opens=opens,
    )


def _timed(told: str) -> tuple[str, float | None, bool]:
    """The text without the time and the brace at its end, and those two."""
    time = _TIME.search(told)
    if time is None:
        return told, None, False
    return told[: time.start()], float(time[1]) * SECONDS[time[2]], bool(time[3])


def unescaped(text: str) -> str:
    """A description as it was before `#` and the backslash were escaped (TAP 14, "Escaping")."""
    return _ESCAPED.sub(r"\1", text)
