"""A report in Assay's own JSON, a line a result: all there is, for programs and for Assay."""

from __future__ import annotations

from collections.abc import Iterator

from assay.formats.assay import write
from assay.web.pages.exports.calliope import EACH, TOTAL, run_of
from assay.web.pages.exports.embedding import Embedding
from assay.web.pages.exports.export import Export
from assay.web.pages.exports.outgoing import Outgoing


def _write(report: Outgoing) -> Iterator[bytes]:
    attach = Embedding(report, each=EACH, total=TOTAL)
    return write(report.items(attach), run_of(report.report, report.files(attach)))


EXPORT = Export(
    "assay",
    "Assay JSON",
    "Everything, a line a result, for programs",
    "ndjson",
    "application/x-ndjson",
    _write,
)
