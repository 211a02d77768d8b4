"""JMeter's results as XML: what each label's samples amount to is its result.

A sample may hold samples: a transaction's requests, a page's redirects and pictures. The outermost
is what counts, as in JMeter's own tables; those within it are told of as its steps.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from assay.formats._jtl import (
    IS_A_TRANSACTION,
    TRANSACTION,
    WITHIN,
    at,
    milliseconds,
    reason,
    size,
    thread_group,
)
from assay.formats._samples import Samples, Tally
from assay.formats._xml import Element, elements
from assay.formats.format import Format, Head
from assay.model import Attachment, Item, Notice, Run

SCOPES = frozenset({"testResults"})
TESTS = frozenset({"sample", "httpSample", "sampleResult"})

NAMES = {
    "t": ("t", "time", "elapsedTime"),
    "ts": ("ts", "startTime", "timeStamp"),
    "s": ("s", "success"),
    "lb": ("lb", "label"),
    "rc": ("rc", "responseCode"),
    "rm": ("rm", "responseMessage"),
    "tn": ("tn", "threadName"),
    "by": ("by", "bytes"),
    "sby": ("sby", "sentBytes"),
}
"""Attributes since JMeter 2.1, those of version 1, and the elements in which a plug-in's kind of
sample is written."""

MOST_KEPT = 8_000_000
"""Bytes of answers to keep in all."""

LONGEST_ANSWER = 64_000

SAID_NOTHING = frozenset({"", "200 OK", "OK", "200"})


@dataclass(slots=True)
class _Report:
    samples: Samples = field(default_factory=Samples)
    kept: int = 0  # bytes of answers


@dataclass(frozen=True, slots=True)
class _Sample:
    element: Element
    given: dict[str, str]

    @property
    def label(self) -> str:
        return self.given["lb"] or "(no label)"

    @property
    def failed(self) -> bool:
        if self.given["s"]:
            return self.given["s"].lower() != "true"
        code = self.given["rc"]
        return code.isdecimal() and int(code[:9]) >= 400


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield a result and its measurements for each label of each thread group, then the run.

    A document without samples is a run without results: JMeter's file of errors when there were
    none.
    """
    report = _Report()
    for part in elements(chunks, SCOPES, TESTS):
        if isinstance(part, Notice):
            yield part
            continue
        for record in part.records:
            if record.tag in TESTS or record.find("label") is not None:
                _add(report, record)
    yield from report.samples.items() if report.samples.labels else (Run(),)


def _add(report: _Report, element: Element) -> None:
    sample = _read(element)
    given = sample.given
    inner = element.iter() if len(element) else ()
    within = [_read(each) for each in inner if each.tag in TESTS and each is not element]
    why = _why(sample, within) if sample.failed else None
    seconds, moment = milliseconds(given["t"]), at(given["ts"])
    tally = report.samples.add(thread_group(given["tn"]), sample.label, seconds, why, moment)
    tally.received += size(given["by"])
    tally.sent += size(given["sby"])
    if given["rm"].startswith(TRANSACTION):
        tally.metadata = IS_A_TRANSACTION
    for each in within:
        why = _why(each, ()) if each.failed else None
        tally.add_part(each.label, milliseconds(each.given["t"]), why)
    if sample.failed and not tally.attachments:
        _keep_answer(report, tally, element)


def _read(element: Element) -> _Sample:
    if "t" in element.attrib:
        given = element.attrib.get
        return _Sample(element, {key: given(key, "") for key in NAMES})
    attributes = element.attrib or {each.tag: each.text or "" for each in element}
    return _Sample(element, {key: _first(attributes, names) for key, names in NAMES.items()})


def _first(attributes: dict[str, str], names: tuple[str, ...]) -> str:
    return next((attributes[name] for name in names if attributes.get(name)), "")


def _why(sample: _Sample, within: Iterable[_Sample]) -> str:
    """What its assertions say, or its answer, or that of the first sample within it that failed."""
    said = "; ".join(dict.fromkeys(_assertions(sample.element)))
    found = reason(sample.given["rc"], sample.given["rm"], said)
    if found in SAID_NOTHING or found.startswith(WITHIN):
        inner = (each for each in within if each.failed)
        told = ((each.label, _why(each, ())) for each in inner)
        label, why = next((each for each in told if not each[1].startswith(WITHIN)), ("", ""))
        return f"{label}: {why}" if label else found
    return found


def _assertions(element: Element) -> Iterator[str]:
    for each in element.iterfind("assertionResult"):
        if "true" in (each.findtext("failure"), each.findtext("error")):
            said = (each.findtext("failureMessage") or "").strip()
            yield said or f"{each.findtext('name') or 'an assertion'} failed"


def _keep_answer(report: _Report, tally: Tally, element: Element) -> None:
    """The first answer that failed, if it was written down."""
    text = (element.findtext("responseData") or "")[:LONGEST_ANSWER]
    answer = text.encode("utf-8", "replace")
    if text.strip() and report.kept + len(answer) <= MOST_KEPT:
        report.kept += len(answer)
        tally.attachments = (
            Attachment("first-failed-answer.txt", media_type="text/plain", content=answer),
        )


def _sniff(head: Head) -> bool:
    """FitNesse calls its root the same."""
    is_jmeter = head.root == "testResults" and "FitNesseVersion" not in head.children
    return head.kind == "xml" and is_jmeter


FORMAT = Format(
    name="jmeter",
    title="JMeter XML",
    sniff=_sniff,
    parse=parse,
    aliases=("jmeter-xml", "jmeter_xml", "jtl", "jtl-xml"),
    made_by="Apache JMeter (.jtl, .xml); Taurus (error.jtl)",
    how="jmeter -n -t shop.jmx -l shop.jtl -Jjmeter.save.saveservice.output_format=xml",
    file="shop.jtl",
    notes=(
        "Each label is a result below its thread group: failed when one of its samples was, with "
        "how many of how many and the most frequent reasons as its error; what assertions say "
        "comes before the answer's code.",
        "Its measurements are samples, errors, error rate, mean, median, p90, p95, p99, min, max, "
        "throughput, and the bytes received and sent. Its duration is the mean.",
        "Samples within a sample (the requests of a transaction, redirects, embedded resources) "
        "are steps of its label, each with its own count; they are not counted again.",
        "The first answer that failed is attached, where the file holds it.",
        "A file without samples, such as Taurus' error.jtl after a good run, is an empty report.",
    ),
)
