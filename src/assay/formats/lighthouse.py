"""Lighthouse's JSON: the audits of a page, by category."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec

from assay.errors import Malformed
from assay.formats import _json
from assay.formats._addresses import tree
from assay.formats._lighthouse_audit import Audit, measured, picture, rating, result
from assay.formats._shapes import read
from assay.formats.format import Format, Head
from assay.model import Container, Error, Item, Measurement, Notice, Result, Run, Status

SCORE = "score"
"""The name of the result that a category's score is."""

UNLOADED = "(the page)"
"""The name of what stands for a page that could not be audited at all."""

STREAMED = ("audits.*",)
ADDRESSES = ("requestedUrl", "finalDisplayedUrl", "finalUrl", "mainDocumentUrl")
NOT_KEPT = frozenset({"i18n", "entities", "stackPacks", "categoryGroups"})
MILLISECONDS = 1000


@dataclass(slots=True)
class _Report:
    """What is known of the page; audits stay bytes until it is known where they belong."""

    about: dict[str, Any] = field(default_factory=dict)
    audits: dict[str, msgspec.Raw] = field(default_factory=dict)


_AUDIT = msgspec.json.Decoder(Audit)


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield the page's Container, a Result and Measurements an audit and category, and the Run.

    Raises Malformed where it is no JSON object with `audits`.
    """
    report = _Report()
    for value in _json.values(chunks, STREAMED):
        if isinstance(value, Notice):
            yield value
        elif value.key.startswith("audits."):
            report.audits[value.key.removeprefix("audits.")] = msgspec.Raw(value.raw)
        elif value.key not in NOT_KEPT:
            try:
                report.about[value.key] = _json.decode(value.raw, value.where)
            except Malformed as error:
                yield Notice(f"A part was left out. {error.message}", error.where)
    if not report.audits and "lighthouseVersion" not in report.about:
        raise Malformed('Lighthouse\'s JSON is an object with "audits"; this one has none')
    yield from _read(report)


def _read(report: _Report) -> Iterator[Item]:
    about = report.about
    url = next((text for key in ADDRESSES if (text := _json.text(about.get(key)))), "")
    path = (url,) if url else ()
    if path:
        yield _container(about, path)
    yield from _unloaded(_json.mapping(about.get("runtimeError")), path)
    placed: set[str] = set()
    for ident, each in _json.mapping(about.get("categories")).items():
        category = _json.mapping(each)
        inner = (*path, ident)
        yield Container(inner, "Category", description=_json.text(category.get("title")))
        yield from score(_json.number(category.get("score")), inner)
        names = [_json.text(ref.get("id")) for ref in _json.objects(category.get("auditRefs"))]
        for name in dict.fromkeys(names):
            placed.add(name)
            yield from _audit(report, name, inner)
    for name in report.audits.keys() - placed if not placed else ():
        yield from _audit(report, name, path)
    yield _run(about)


def _container(about: dict[str, Any], path: tuple[str, ...]) -> Container:
    shot = _json.mapping(_json.mapping(about.get("fullPageScreenshot")).get("screenshot"))
    file = picture(shot.get("data"), "full page")
    return Container(
        path,
        "Page",
        description=_json.lines(about.get("runWarnings")),
        attachments=(file,) if file else (),
    )


def _unloaded(error: dict[str, Any], path: tuple[str, ...]) -> Iterator[Result]:
    code = _json.text(error.get("code"))
    if code and code != "NO_ERROR":
        told = _json.text(error.get("message"))
        stack = _json.text(error.get("errorStack"))
        yield Result(path, UNLOADED, Status.BROKEN, error=Error(code, told, stack))


def score(found: float | None, path: tuple[str, ...]) -> Iterator[Item]:
    """A category's own; there is none where nothing in it could be scored."""
    if found is None:
        return
    status = rating(found)
    error = None if status is Status.PASSED else Error(message=f"{path[-1]}: {found * 100:.0f}")
    yield Result(path, SCORE, status, error=error)
    yield Measurement(path, SCORE, SCORE, found)


def _audit(report: _Report, name: str, path: tuple[str, ...]) -> Iterator[Item]:
    raw = report.audits.get(name)
    if raw is None:
        return
    try:
        audit = read(raw, _AUDIT, f"audits.{name}")
    except Malformed as error:
        yield Notice(f"An audit was left out. {error.message}", error.where)
        return
    if audit is None:
        yield Notice("An audit was expected here", f"audits.{name}")
        return
    yield result(audit, path, name)
    yield from measured(audit, path, name)


def _run(about: dict[str, Any]) -> Run:
    length = _json.number(_json.mapping(about.get("timing")).get("total"))
    settings = _json.mapping(about.get("configSettings"))
    told = {
        "lighthouse": about.get("lighthouseVersion"),
        "form factor": settings.get("formFactor") or settings.get("emulatedFormFactor"),
        "throttling": settings.get("throttlingMethod"),
        "browser": about.get("userAgent"),
    }
    return Run(
        date=_json.moment(about.get("fetchTime")),
        duration=None if length is None else length / MILLISECONDS,
        metadata=_json.flat(told) or None,
    )


def _sniff(head: Head) -> bool:
    return head.kind == "object" and "lighthouseVersion" in head.keys


FORMAT = Format(
    name="lighthouse",
    title="Lighthouse JSON",
    sniff=_sniff,
    parse=parse,
    aliases=("lighthouse-json", "lighthouse_json", "lighthousejson", "lhr"),
    made_by="Lighthouse, on the command line or in Chrome, and Lighthouse CI",
    how="npx lighthouse https://shop.example --output json --output-path lighthouse.json",
    file="lighthouse.json",
    notes=(
        "The page is a container, with one for each category; an audit is a result in each "
        "category that it counts for.",
        "As Lighthouse colours them: a score of 0.9 or more passed, one below 0.5 failed; what is "
        "between is unknown, for somebody has to decide. An audit that met an error is broken; "
        "those that give no score (`notApplicable`, `manual`, `informative`) are skipped.",
        f"A category's score is a result, “{SCORE}”, judged likewise, and a measurement. What an "
        "audit measured is a measurement `value`, in seconds or bytes.",
        "Elements, addresses and numbers of the audit's table are the error's trace.",
        "The screenshots of the page are attachments, the run's warnings its description.",
        f"A page that could not be loaded has a broken result, “{UNLOADED}”.",
        "In the tree the host is at the root, with a container for each part of the way; with "
        "`smart=false` each page is a container in a flat list.",
    ),
    smart=tree,
)
