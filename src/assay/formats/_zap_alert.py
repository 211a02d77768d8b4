"""One kind of alert that ZAP raised for a site, as a result.

Its XML and its JSON have the same fields; the shapes are the JSON's.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import field

from assay.formats._html import plain
from assay.formats._shapes import Shape
from assay.model import Error, Result, Status, Step

RISKS = {
    "3": ("High", Status.FAILED),
    "2": ("Medium", Status.FAILED),
    "1": ("Low", Status.UNKNOWN),
    "0": ("Informational", Status.PASSED),
}
"""ZAP's risk codes. It does not say what passes: High and Medium are what its users stop a release
for; whether a Low one matters somebody has to decide; an Informational one is an observation."""

CONFIDENCES = {"0": "False Positive", "1": "Low", "2": "Medium", "3": "High", "4": "Confirmed"}

FALSE_POSITIVE = "0"
"""The confidence of what a person has marked as none: left out, as if it was skipped."""

WORST = (Status.FAILED, Status.UNKNOWN, Status.PASSED, Status.SKIPPED)

Text = str | None


class Instance(Shape, frozen=True):
    """Where an alert was raised."""

    uri: Text = None
    method: Text = None
    param: Text = None
    attack: Text = None
    evidence: Text = None
    otherinfo: Text = None
    requestheader: Text = field(default=None, name="request-header")
    requestbody: Text = field(default=None, name="request-body")
    responseheader: Text = field(default=None, name="response-header")
    responsebody: Text = field(default=None, name="response-body")


class Tag(Shape, frozen=True):
    tag: Text = None
    link: Text = None


class Alert(Shape, frozen=True):
    pluginid: Text = None
    alertRef: Text = None  # noqa: N815
    alert: Text = None
    name: Text = None
    riskcode: Text = None
    confidence: Text = None
    riskdesc: Text = None
    desc: Text = None
    instances: list[Instance] | None = None
    count: Text = None
    systemic: bool | str | None = None
    solution: Text = None
    otherinfo: Text = None
    reference: Text = None
    cweid: Text = None
    wascid: Text = None
    sourceid: Text = None
    tags: list[Tag] | None = None


DETAILS = {
    "param": "Parameter",
    "attack": "Attack",
    "evidence": "Evidence",
    "otherinfo": "Other information",
    "requestheader": "Request",
    "requestbody": "Request body",
    "responseheader": "Response",
    "responsebody": "Response body",
}
"""What a step has as its output, and what it is called there."""

NUMBERS = {"pluginid": "plugin", "alertRef": "alert", "cweid": "CWE", "wascid": "WASC"}
"""What tells an alert's kind, and what it is called in a result's metadata."""


def name_of(alert: Alert) -> str:
    """What the alert is called: what tells it apart within a site."""
    return (alert.alert or alert.name or "").strip() or "(unnamed)"


def read_alerts(path: tuple[str, ...], name: str, alerts: list[Alert]) -> Result:
    """The alerts of one name as a result; there are several if they differ in risk or confidence.

    The worst gives the status and is told first; each address is a step, in an order that does not
    depend on the scan's.
    """
    ranked = sorted(alerts, key=lambda alert: WORST.index(_status(alert)))
    steps = [_step(each, _status(alert)) for alert in ranked for each in alert.instances or ()]
    status = _status(ranked[0])
    return Result(
        path,
        name,
        status,
        error=None if status is Status.PASSED else _error(ranked[0], name),
        description=_description(ranked[0]),
        steps=tuple(sorted(steps, key=lambda step: (step.name, step.output))),
        tags=tuple(dict.fromkeys(_tags(ranked))),
        metadata=_metadata(ranked) or None,
    )


def _risk(alert: Alert) -> tuple[str, Status]:
    """By its code; by the word before the confidence, where there is none."""
    word = (alert.riskdesc or "").partition(" ")[0]
    by_word = next((risk for risk in RISKS.values() if risk[0] == word), ("", Status.UNKNOWN))
    return RISKS.get((alert.riskcode or "").strip(), by_word)


def _status(alert: Alert) -> Status:
    return Status.SKIPPED if alert.confidence == FALSE_POSITIVE else _risk(alert)[1]


def _error(alert: Alert, name: str) -> Error:
    if _status(alert) is Status.SKIPPED:
        return Error(message="Marked as a false positive")
    risk = _risk(alert)[0]
    return Error(f"{risk} risk" if risk else "", name)


def _description(alert: Alert) -> str:
    parts = [_text(alert.desc)]
    for title, text in (("Solution", alert.solution), ("Reference", alert.reference)):
        if said := _text(text):
            parts.append(f"{title}: {said}")
    return "\n\n".join(filter(None, parts))


def _text(text: Text) -> str:
    """Many fields are paragraphs of HTML; others may quote some, which is to be seen."""
    said = (text or "").strip()
    return plain(said) if said.startswith("<p>") else said


def _step(instance: Instance, status: Status) -> Step:
    details = ((title, getattr(instance, key)) for key, title in DETAILS.items())
    output = "\n".join(f"{title}: {said.strip()}" for title, said in details if said)
    name = f"{instance.method or ''} {instance.uri or ''}".strip() or "(no address)"
    return Step(name, status, output=output)


def _tags(alerts: Iterable[Alert]) -> Iterable[str]:
    for alert in alerts:
        yield from (each.tag for each in alert.tags or () if each.tag)


def _metadata(alerts: list[Alert]) -> dict[str, str]:
    first = alerts[0]
    of_each = [CONFIDENCES.get(alert.confidence or "", "") for alert in alerts]
    found = {
        "risk": _risk(first)[0],
        "confidence": ", ".join(dict.fromkeys(filter(None, of_each))),
        "systemic": "true" if str(first.systemic).lower() == "true" else "",
        "other information": _text(first.otherinfo),
    }
    told = [alert.count or "" for alert in alerts]
    counts = [int(count) for count in told if count.isdecimal() and len(count) < 16]
    if counts:
        found["count"] = str(sum(counts))
    for key, title in NUMBERS.items():
        found[title] = getattr(first, key) or ""
    return {key: value for key, value in found.items() if value not in ("", "-1")}
