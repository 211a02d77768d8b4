"""ZAP's security report, in XML or JSON.

ZAP runs no tests; it raises alerts. A kind of alert raised for a site is a result here, so that a
new kind is a new failure, and one that is mended is gone; the addresses that it was raised for are
its steps. A site without any alert has one result, which passed: the scan was not in vain.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from assay.errors import Malformed
from assay.formats import _json
from assay.formats._shapes import Shape, read
from assay.formats._time import moment
from assay.formats._xml import Element, Part, Scope, elements
from assay.formats._zap_alert import Alert, Instance, Tag, name_of, read_alerts
from assay.formats.detect import peek
from assay.formats.format import Format, Head
from assay.model import Container, Item, Notice, Result, Run, Status

ROOT = "OWASPZAPReport"
SCOPES = frozenset({ROOT, "site", "alerts"})
ALERTS = frozenset({"alertitem"})

NO_ALERTS = "(no alerts)"
"""The name of the result of a site for which no alert was raised."""

MAX_HELD = 20_000
"""Alerts of one site to hold for others of their name; then they are let go."""

OF_THE_REPORT = {"programName": "program", "version": "version"}


class Site(Shape, frozen=True):
    name: str | None = msgspec.field(default=None, name="@name")
    host: str | None = msgspec.field(default=None, name="@host")
    port: str | None = msgspec.field(default=None, name="@port")
    ssl: str | None = msgspec.field(default=None, name="@ssl")
    alerts: list[Alert] | None = None


_SITE = msgspec.json.Decoder(Site)


@dataclass(slots=True)
class _Site:
    """A site whose alerts are being read."""

    path: tuple[str, ...]
    facts: dict[str, str]
    alerts: dict[str, list[Alert]] = field(default_factory=dict)  # by name
    held: int = 0
    any: bool = False


@dataclass(slots=True)
class _Report:
    date: datetime | None = None
    metadata: dict[str, str] = field(default_factory=dict)
    clean: list[tuple[str, ...]] = field(default_factory=list)  # sites without alerts
    whole: bool = True


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield a result for each kind of alert of each site, in the report's order, then the run.

    A path is the site's address. Alerts of one name are one, in whatever risk or confidence they
    differ.
    """
    head, whole = peek(chunks)
    report = _Report()
    reading = _read_json if head.kind in ("object", "array") else _read_xml
    for item in reading(whole, report):
        report.whole = report.whole and not isinstance(item, Notice)
        yield item
    if report.whole:  # of a report that is cut short nobody can tell
        yield from (Result(path, NO_ALERTS, Status.PASSED) for path in report.clean)
    yield Run(report.date, metadata=report.metadata or None)


def _add(site: _Site, alert: Alert) -> Iterator[Result]:
    site.alerts.setdefault(name_of(alert), []).append(alert)
    site.held += 1
    site.any = True
    if site.held >= MAX_HELD:
        yield from _release(site)


def _release(site: _Site) -> Iterator[Result]:
    for name, alerts in site.alerts.items():
        yield read_alerts(site.path, name, alerts)
    site.alerts.clear()
    site.held = 0


def _close(site: _Site, report: _Report) -> Iterator[Item]:
    yield from _release(site)
    if not site.any:
        report.clean.append(site.path)
    yield Container(site.path, "site", metadata=site.facts or None)


def _read_facts(given: dict[str, str], report: _Report) -> None:
    report.date = report.date or moment(given.get("created")) or moment(given.get("generated"))
    for key, name in OF_THE_REPORT.items():
        if value := given.get(key):
            report.metadata.setdefault(name, value)


# XML


def _read_xml(chunks: Iterable[bytes], report: _Report) -> Iterator[Item]:
    for part in elements(chunks, SCOPES, ALERTS):
        if isinstance(part, Notice):
            yield part
        elif part.scope.tag == ROOT:
            _read_facts(part.scope.attributes, report)
        else:
            yield from _part(part, report)


def _part(part: Part, report: _Report) -> Iterator[Item]:
    site: _Site = part.scope.state or _open(part.scope)
    for record in part.records:
        if record.tag == "alertitem":
            yield from _add(site, _alert(record))
    if part.ended and part.scope.tag == "site":
        yield from _close(site, report)


def _open(scope: Scope) -> _Site:
    if scope.tag == "alerts" and scope.outer:
        outer = scope.state = scope.outer.state or _open(scope.outer)
        return outer
    facts = {key: scope.attributes.get(key) for key in ("host", "port", "ssl")}
    site = scope.state = _site(scope.attributes.get("name"), facts)
    return site


def _site(name: str | None, facts: dict[str, str | None]) -> _Site:
    known = {key: value for key, value in facts.items() if value}
    return _Site((name,) if name else (), known)


def _alert(record: Element) -> Alert:
    texts: dict[str, Any] = {
        child.tag: child.text for child in record if child.tag in Alert.__struct_fields__
    }
    texts["instances"] = [_instance(each) for each in record.iterfind("instances/instance")]
    texts["tags"] = [Tag(each.findtext("tag")) for each in record.iterfind("tags/tag")]
    return Alert(**texts)


def _instance(element: Element) -> Instance:
    known = Instance.__struct_fields__
    return Instance(**{child.tag: child.text for child in element if child.tag in known})


# JSON


def _read_json(chunks: Iterable[bytes], report: _Report) -> Iterator[Item]:
    found: dict[str, str] = {}
    sites = False
    for value in _json.values(chunks, ("site",)):
        if isinstance(value, Notice):
            yield value
        elif value.key in ("site", "site[]"):  # one alone, in older versions
            sites = True
            yield from _json_site(value, report)
        elif value.raw[:1] == b'"':
            found[value.key.removeprefix("@")] = _json.text(_json.decode(value.raw, value.where))
    if not sites and "programName" not in found:
        raise Malformed('ZAP\'s report is an object with "site"; this one has none')
    _read_facts(found, report)


def _json_site(value: _json.Value, report: _Report) -> Iterator[Item]:
    shape = read(value.raw, _SITE, value.where)
    if shape is None:
        return
    site = _site(shape.name, {"host": shape.host, "port": shape.port, "ssl": shape.ssl})
    for alert in shape.alerts or ():
        yield from _add(site, alert)
    yield from _close(site, report)


def sniff(head: Head) -> bool:
    """By the root; by keys that only XML turned into JSON has."""
    if head.kind == "object":
        return "site" in head.keys and bool({"@programName", "@generated"} & head.keys)
    return head.root == ROOT


FORMAT = Format(
    name="zaproxy",
    title="ZAP report",
    sniff=sniff,
    parse=parse,
    aliases=(
        *("zap", "owasp-zap", "zaproxy-xml", "zaproxy_xml", "zap-xml", "zap_xml"),
        *("zaproxy-json", "zaproxy_json", "zap-json", "zap_json"),
    ),
    made_by="ZAP (the Zed Attack Proxy), its baseline, full and API scans",
    how="zap-baseline.py -t https://shop.example -x report.xml",
    file="report.xml",
    notes=(
        "A kind of alert that was raised for a site is a result, named as the alert; the site is "
        "the container above it. So a new kind of alert is a new failure, and one that is mended "
        "is gone.",
        "Alerts of High and Medium risk failed. One of Low risk is unknown: somebody has to "
        "decide whether it matters. An Informational one passed. One marked as a false positive "
        "is skipped.",
        "Each address that it was raised for is a step, with parameter, attack, evidence, request "
        "and response as its output.",
        "Description, solution and references are the description; risk, confidence, count, CWE "
        "and WASC are metadata; tags are tags.",
        "A site without any alert has one result that passed, “(no alerts)”.",
        "The traditional reports are read, also those with requests and responses, in XML and "
        "in JSON (`-x`, `-J`).",
    ),
)
