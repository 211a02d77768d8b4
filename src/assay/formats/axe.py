"""axe-core's JSON: what each of its rules found on a page, or on each of several."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec

from assay.errors import Malformed
from assay.formats import _json
from assay.formats._addresses import tree
from assay.formats._shapes import Shape, read
from assay.formats.format import Format, Head
from assay.model import Container, Error, Item, Notice, Result, Run, Status

STATUSES = {
    "violations": Status.FAILED,
    "incomplete": Status.UNKNOWN,  # somebody has to look
    "passes": Status.PASSED,
    "inapplicable": Status.SKIPPED,  # there is nothing on the page that it is about
}
"""axe's four lists, the gravest first: a rule stands in several if elements differ."""

STREAMED = (*STATUSES, *(f"[].{name}" for name in STATUSES))
TELLING = frozenset({Status.FAILED, Status.UNKNOWN})
MOST_NODES = 200
"""Elements to tell of one by one."""


class Node(Shape, frozen=True):
    """An element of the page."""

    html: str | None = None
    target: Any = None
    failureSummary: str | None = None  # noqa: N815


class Rule(Shape, frozen=True):
    id: str | None = None
    impact: str | None = None
    tags: list[str] | None = None
    description: str | None = None
    help: str | None = None
    helpUrl: str | None = None  # noqa: N815
    nodes: list[Node] | None = None


@dataclass(slots=True)
class _Page:
    """A page that is being read; `rules` holds each rule's result so far."""

    place: str = ""
    about: dict[str, Any] = field(default_factory=dict)
    rules: dict[str, Result] = field(default_factory=dict)


_RULE = msgspec.json.Decoder(Rule)


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield each page's Container and a Result a rule, in the order of their names, and a Run.

    Raises Malformed where there is none of axe's lists.
    """
    page = _Page()
    urls: Counter[str] = Counter()
    recognised = False
    for value in _json.values(chunks, STREAMED):
        if isinstance(value, Notice):
            yield value
            continue
        place = value.where[: value.where.find("]") + 1] if value.key.startswith("[]") else ""
        if place != page.place:
            yield from _end(page, urls)
            page = _Page(place)
        try:
            recognised = _add(value, page) or recognised
        except Malformed as error:
            yield Notice(f"A part was left out. {error.message}", error.where)
    if not recognised:
        raise Malformed('axe\'s results are objects with "violations"; there is none here')
    yield from _end(page, urls)


def _add(value: _json.Value, page: _Page) -> bool:
    """Take a part of a page; is it one of axe's?"""
    name = value.key.removeprefix("[].").removesuffix("[]")
    if name not in STATUSES:
        page.about[name] = _json.decode(value.raw, value.where)
        return False
    rule = read(value.raw, _RULE, value.where) if value.key.endswith("[]") else None
    if rule is not None and rule.id:
        found = _result(rule, rule.id, STATUSES[name])
        known = page.rules.get(rule.id)
        if known is None or _gravity(found.status) < _gravity(known.status):
            page.rules[rule.id] = found
    return True


def _gravity(status: Status) -> int:
    return list(STATUSES.values()).index(status)


def _end(page: _Page, urls: Counter[str]) -> Iterator[Item]:
    """What a page amounts to, now that all of it is known."""
    if not page.rules and not page.about:
        return
    url = _json.text(page.about.get("url"))
    urls[url] += 1
    again = f" ({urls[url]})" if urls[url] > 1 else ""
    path = (url + again,) if url else ()
    if path:
        yield Container(path, "Page")
    for name in sorted(page.rules):
        yield msgspec.structs.replace(page.rules[name], path=path)
    yield _run(page.about)


def _run(about: dict[str, Any]) -> Run:
    engine = _json.mapping(about.get("testEngine"))
    environment = _json.mapping(about.get("testEnvironment"))
    version = f"{_json.text(engine.get('name'))} {_json.text(engine.get('version'))}".strip()
    width, height = (_json.text(environment.get(key)) for key in ("windowWidth", "windowHeight"))
    told = {
        "engine": version,
        "browser": _json.text(environment.get("userAgent")),
        "window": f"{width} × {height}" if width and height else "",
    }
    return Run(
        date=_json.moment(about.get("timestamp")),
        metadata={key: text for key, text in told.items() if text} or None,
    )


def _result(rule: Rule, name: str, status: Status) -> Result:
    nodes = rule.nodes or []
    facts = {
        "impact": rule.impact or "",
        "elements": str(len(nodes)) if nodes else "",
        "help": rule.helpUrl or "",
    }
    return Result(
        path=(),
        name=name,
        status=status,
        error=_error(rule, name, nodes) if status in TELLING else None,
        description="\n\n".join(filter(None, [rule.help, rule.description])),
        tags=tuple(rule.tags or ()),
        metadata={key: text for key, text in facts.items() if text} or None,
    )


def _error(rule: Rule, name: str, nodes: list[Node]) -> Error:
    told = [_told(node) for node in nodes[:MOST_NODES]]
    if len(nodes) > MOST_NODES:
        told.append(f"… and {len(nodes) - MOST_NODES:,} more")
    return Error(name, rule.help or rule.description or "", "\n\n".join(told))


def _told(node: Node) -> str:
    """The element: where it is, what it looks like, and what is to be mended."""
    return "\n".join(filter(None, [_selector(node.target), node.html, node.failureSummary]))


def _selector(target: object) -> str:
    """CSS selectors, one for each frame on the way; a list of them for each shadow root."""
    if not isinstance(target, list):
        return _json.text(target)
    parts = (
        " >>> ".join(map(_json.text, each)) if isinstance(each, list) else _json.text(each)
        for each in target
    )
    return " | ".join(filter(None, parts))


def _sniff(head: Head) -> bool:
    """By the engine; or by the lists, of which the first may fill the head."""
    if head.kind not in ("object", "array"):
        return False
    return "testEngine" in head.keys or {"violations", "passes"} <= head.keys


FORMAT = Format(
    name="axe",
    title="axe-core JSON",
    sniff=_sniff,
    parse=parse,
    aliases=("axe-json", "axe_json", "axejson", "axe-core", "axe_core"),
    made_by="axe-core, by @axe-core/playwright, /puppeteer, /webdriverjs, /cli, cypress-axe …",
    how="npx axe http://localhost:8080 --save axe.json",
    file="axe.json",
    notes=(
        "A page is a container named by its address, a rule is a result: failed where it is "
        "violated, passed where it is kept, skipped where it does not apply (`inapplicable`). One "
        "that somebody has to decide (`incomplete`) is unknown.",
        "A rule that some elements keep and others violate is violated.",
        "The elements with their HTML, and what is to be mended, are the error's trace; `help` is "
        "its message.",
        "`tags` are tags (`wcag2aa` …); impact, number of elements and the link to the rule are "
        "facts.",
        "In the tree the host is at the root, with a container for each part of the way; with "
        "`smart=false` each page is a container in a flat list. A page that was tested again in "
        "another state gets a number.",
    ),
    smart=tree,
)
