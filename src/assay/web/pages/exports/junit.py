"""A report as JUnit XML, for whatever reads that: CI servers, dashboards, editors."""

from __future__ import annotations

from collections.abc import Iterator

from assay.formats.junit import write
from assay.model import Run
from assay.web.pages.exports.export import Export
from assay.web.pages.exports.outgoing import Outgoing


def _write(report: Outgoing) -> Iterator[bytes]:
    found = report.report
    run = Run(found.date, found.duration)
    return write(report.items(), name=report.profile, run=run, counts=found.counts)


EXPORT = Export(
    "junit", "JUnit XML", "For CI servers and other tools", "xml", "application/xml", _write
)
