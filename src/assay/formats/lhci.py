"""What Lighthouse CI writes beside Lighthouse's own reports: how its assertions came out, and its
list of the reports, with their scores."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from assay.errors import Malformed
from assay.formats import _json
from assay.formats._addresses import tree
from assay.formats.format import Format, Head
from assay.formats.lighthouse import score
from assay.model import Error, Item, Measurement, Notice, Result, Status

LISTED = frozenset({"url", "isRepresentativeRun", "summary"})
ASSERTED = frozenset({"name", "expected", "actual", "operator", "passed"})

FAILURES = {"error": Status.FAILED, "warn": Status.UNKNOWN}
"""What an assertion that does not hold is, by its level; a warning is for somebody to decide."""


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield a Result and a Measurement for each assertion, or each category of a page.

    Raises Malformed where it is no list of either.
    """
    recognised = False
    for value in _json.values(chunks):
        if isinstance(value, Notice):
            yield value
            continue
        try:
            entry = _json.mapping(_json.decode(value.raw, value.where))
        except Malformed as error:
            yield Notice(f"An entry was left out. {error.message}", error.where)
            continue
        if entry.keys() >= ASSERTED:
            recognised = True
            yield from _assertion(entry)
        elif entry.keys() >= LISTED:
            recognised = True
            yield from _scores(entry)
    if not recognised:
        raise Malformed("Lighthouse CI writes lists of assertions or reports; this is neither")


def _scores(entry: dict[str, Any]) -> Iterator[Item]:
    """Those of that run of several which Lighthouse CI takes to be typical."""
    if entry.get("isRepresentativeRun") is not True:
        return
    for category, found in _json.mapping(entry.get("summary")).items():
        yield from score(_json.number(found), (_json.text(entry.get("url")), category))


def _assertion(entry: dict[str, Any]) -> Iterator[Item]:
    """The page's, of an audit or (`categories`) a category."""
    told = {key: _json.text(entry.get(key)) for key in entry}
    kind = told["name"]
    audit = ".".join(filter(None, [told.get("auditId", ""), told.get("auditProperty", "")]))
    path = (told.get("url", ""),) if told.get("url") else ()
    name = f"{audit} {kind}".strip() or "assertion"
    passed = entry.get("passed") is True
    level = told.get("level", "")
    link = told.get("auditDocumentationLink", "")
    facts = {"level": level, "help": link, "expected": f"{told['operator']} {told['expected']}"}
    yield Result(
        path,
        name,
        Status.PASSED if passed else FAILURES.get(level, Status.FAILED),
        error=None if passed else _error(entry, told, kind),
        description=told.get("auditTitle", ""),
        metadata={key: text for key, text in facts.items() if text},
    )
    if (actual := _json.number(entry.get("actual"))) is not None:
        yield Measurement(path, name, "actual", actual)


def _error(entry: dict[str, Any], told: dict[str, str], kind: str) -> Error:
    expected = f"expected {told['operator']} {told['expected']}, found {told['actual']}"
    message = ": ".join(filter(None, [told.get("auditTitle") or told.get("message"), expected]))
    values = entry.get("values")
    runs = ", ".join(map(_json.text, values)) if isinstance(values, list) else ""
    return Error(kind, message, f"all runs: {runs}" if runs else "")


def _sniff(head: Head) -> bool:
    return head.kind == "array" and (head.keys >= LISTED or head.keys >= {*ASSERTED, "auditId"})


FORMAT = Format(
    name="lhci",
    title="Lighthouse CI",
    sniff=_sniff,
    parse=parse,
    aliases=("lighthouse-ci", "lighthouse_ci", "lighthouseci"),
    made_by="Lighthouse CI: its `assertion-results.json`, and the `manifest.json` of its reports",
    how="npx lhci autorun",
    file=".lighthouseci/assertion-results.json",
    notes=(
        "An assertion is a result of its page, named by the audit and what is asserted of it. One "
        "that does not hold failed, or is unknown if its level is `warn`.",
        "What was found is a measurement `actual`; what each run found is the error's trace. Those "
        "that hold are in the file only with `includePassedAssertions`.",
        "Of the list of reports the scores of the representative runs are read, as from the "
        "reports themselves: send either.",
        "In the tree the host is at the root, with a container for each part of the way; with "
        "`smart=false` each page is a container in a flat list.",
    ),
    smart=tree,
)
