"""Which results and tests a search means: its words, its containers, its statuses, as SQL."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from assay.model import FAILURES, Status
from assay.rows import CODES

FAILING = f"status IN ({', '.join(str(CODES[status]) for status in sorted(FAILURES))})"
"""What is true of a result that is a failure."""

MAX_WORDS = 8
"""Words of a search that count; a longer one is no search any more."""


@dataclass(slots=True)
class Search:
    """Conditions that all have to hold, and the values named in them."""

    conditions: list[str] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)

    def add(self, condition: str, **values: object) -> None:
        self.conditions.append(condition)
        self.values |= values

    def where(self) -> str:
        """The conditions, each with `AND` before it: what follows a first condition."""
        return "".join(f" AND {condition}" for condition in self.conditions)


def tests_like(q: str, path: Sequence[str]) -> Search:
    """Conditions on rows of `tests`: below the containers `path`, with every word of `q` in the
    name or in the titles above it."""
    search = Search()
    if path:
        search.add("arraySlice(path, 1, :depth) = :path", depth=len(path), path=list(path))
    for name, word in _words(q):
        search.add(_holds(("name", "arrayStringConcat(path, ' ')"), name), **{name: word})
    return search


def results_like(
    q: str,
    path: Sequence[str],
    statuses: Collection[Status],
    *,
    flaky: bool = False,
    error: int | None = None,
    directly: bool = False,
) -> Search:
    """Conditions on rows of `results` of `:report`: tests as in `tests_like`, or an error whose
    type and message hold every word of `q`; any of `statuses`; flaky ones; one cause; `directly`
    in the last container of `path` and not deeper."""
    search = Search()
    if statuses:
        search.add("status IN :statuses", statuses=[CODES[status] for status in statuses])
    if flaky:
        search.add("flaky = 1")
    if error is not None:
        search.add(f"error = :error AND {FAILING}", error=error)
    if path or directly:
        below = tests_like("", path)
        if directly:
            below.add("length(path) = :depth", depth=len(path))
        search.add(f"test IN ({_TESTS}{below.where()})", **below.values)
    if q.strip():
        named = tests_like(q, ())
        said = "".join(f" AND {_holds(('type', 'message'), name)}" for name, _ in _words(q))
        search.add(
            f"(test IN ({_TESTS}{named.where()}) OR position IN ({_ERRORS}{said})))", **named.values
        )
    return search


_TESTS = "SELECT test FROM tests WHERE profile = :profile"

_ERRORS = (
    "SELECT position FROM details WHERE profile = :profile AND report = :report "
    "AND message_hash IN (SELECT message_hash FROM errors WHERE profile = :profile"
)


def _words(q: str) -> list[tuple[str, str]]:
    return [(f"word{number}", word) for number, word in enumerate(q.split()[:MAX_WORDS])]


def _holds(texts: Sequence[str], name: str) -> str:
    found = " OR ".join(f"positionCaseInsensitiveUTF8({text}, :{name}) > 0" for text in texts)
    return f"({found})"
