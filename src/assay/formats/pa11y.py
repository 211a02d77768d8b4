"""What pa11y and pa11y-ci find on pages, as JSON: the issues of one page, or of each of several."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from assay.errors import Malformed
from assay.formats import _json
from assay.formats._addresses import tree
from assay.formats._shapes import Shape, read
from assay.formats.detect import peek
from assay.formats.format import Format, Head
from assay.model import Container, Error, Item, Notice, Result, Status

STATUSES = {
    "error": Status.FAILED,
    "warning": Status.UNKNOWN,  # somebody has to look
    "notice": Status.PASSED,
}
"""The three kinds of issues; only errors make pa11y fail."""

GRAVITY = (Status.FAILED, Status.UNKNOWN, Status.PASSED)

NO_ISSUES = "(no issues)"
UNLOADED = "(the page)"
"""The names of what stands for a page without issues, and for one that could not be tested."""

KEYS = frozenset({"code", "typeCode", "context", "selector"})
TOTALS = frozenset({"total", "passes", "errors"})
MOST_ISSUES = 200


class Issue(Shape, frozen=True):
    code: str | None = None
    type: str | None = None
    message: str | None = None
    context: str | None = None
    selector: str | None = None
    runner: str | None = None


_ISSUE = msgspec.json.Decoder(Issue)
_ISSUES: msgspec.json.Decoder[list[msgspec.Raw]] = msgspec.json.Decoder(list[msgspec.Raw])


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield a Result a page and code that was found on it.

    Raises Malformed where it is neither a list of issues nor an object with `results`.
    """
    head, whole = peek(chunks)
    return _single(whole) if head.kind == "array" else _several(whole)


def _single(chunks: Iterable[bytes]) -> Iterator[Item]:
    """A page, of which pa11y does not write the address."""
    found: list[Issue] = []
    for value in _json.values(chunks):
        if isinstance(value, Notice):
            yield value
            continue
        try:
            found += filter(None, [read(value.raw, _ISSUE, value.where)])
        except Malformed as error:
            yield Notice(f"An issue was left out. {error.message}", error.where)
    yield from _results(found, ())


def _several(chunks: Iterable[bytes]) -> Iterator[Item]:
    recognised = False
    for value in _json.values(chunks, ("results.*",)):
        if isinstance(value, Notice):
            yield value
            continue
        recognised = recognised or value.key in TOTALS or value.key.startswith("results")
        if not value.key.startswith("results."):
            continue
        path = (value.key.removeprefix("results."),)
        try:
            raws = _json.shaped(value.raw, _ISSUES, value.where)
            issues = [issue for raw in raws if (issue := read(raw, _ISSUE, value.where))]
        except Malformed as error:
            yield Notice(f"A page was left out. {error.message}", error.where)
            continue
        yield Container(path, "Page")
        yield from _results(issues, path)
    if not recognised:
        raise Malformed('pa11y-ci\'s JSON is an object with "results"; this one has none')


def _results(issues: list[Issue], path: tuple[str, ...]) -> Iterator[Result]:
    by_code: dict[str, list[Issue]] = {}
    for issue in issues:
        by_code.setdefault(issue.code or "", []).append(issue)
    for code, same in by_code.items():
        yield _result(code, same, path) if code else _unloaded(same, path)
    if not issues:
        yield Result(path, NO_ISSUES, Status.PASSED)


def _unloaded(issues: list[Issue], path: tuple[str, ...]) -> Result:
    """pa11y-ci writes what kept it from testing a page in an issue's place."""
    told = "\n".join(issue.message or "" for issue in issues)
    return Result(path, UNLOADED, Status.BROKEN, error=Error(message=told))


def _result(code: str, issues: list[Issue], path: tuple[str, ...]) -> Result:
    found = {STATUSES.get(issue.type or "", Status.UNKNOWN) for issue in issues}
    status = next(each for each in GRAVITY if each in found)
    told = [_told(issue) for issue in issues[:MOST_ISSUES]]
    if len(issues) > MOST_ISSUES:
        told.append(f"… and {len(issues) - MOST_ISSUES:,} more")
    error = Error(code, issues[0].message or "", "\n\n".join(told))
    facts = {
        "type": issues[0].type or "",
        "elements": str(len(issues)),
        "runner": issues[0].runner or "",
    }
    return Result(
        path=path,
        name=code,
        status=status,
        error=error if status is not Status.PASSED else None,
        description=issues[0].message or "",
        metadata={key: text for key, text in facts.items() if text},
    )


def _told(issue: Issue) -> str:
    return "\n".join(filter(None, [issue.selector, issue.context, issue.message]))


def _sniff(head: Head) -> bool:
    if head.kind == "array":
        return head.keys >= KEYS
    if head.kind != "object" or not head.keys >= TOTALS:
        return False
    return any("://" in key for key in head.nested)


FORMAT = Format(
    name="pa11y",
    title="pa11y JSON",
    sniff=_sniff,
    parse=parse,
    aliases=("pa11y-json", "pa11y_json", "pa11yjson", "pa11y-ci", "pa11y_ci"),
    made_by="pa11y (`--reporter json`) and pa11y-ci (`--json`)",
    how="npx pa11y-ci --json > pa11y.json",
    file="pa11y.json",
    notes=(
        "A page is a container named by its address (pa11y alone does not write it), a kind of "
        "issue found on it is a result, named by its code. So a new kind of issue is a new "
        "failure, and one that is mended is gone.",
        "Errors failed, warnings are unknown, for somebody has to decide; notices passed.",
        "The elements with their HTML are the error's trace.",
        f"A page without any issue has one result that passed, “{NO_ISSUES}”; one that could not "
        f"be tested a broken one, “{UNLOADED}”.",
        "In the tree the host is at the root, with a container for each part of the way; with "
        "`smart=false` each page is a container in a flat list.",
    ),
    smart=tree,
)
