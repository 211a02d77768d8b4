"""A report as Calliope JSON: whole, and importable again here or elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

from assay.errors import UnknownFormat
from assay.formats import by_name
from assay.formats.calliope import counted, write
from assay.model import Attachment, Run
from assay.store.catalog.reports import Report
from assay.web.pages.exports.embedding import Embedding
from assay.web.pages.exports.export import Export
from assay.web.pages.exports.outgoing import Outgoing

EACH, TOTAL = 5_000_000, 16_000_000
"""Bytes of files that go along. In Base64 they are a third more, and the whole should be taken by
an import that finds out its format (30 MB)."""


def _write(report: Outgoing) -> Iterator[bytes]:
    attach = Embedding(report, each=EACH, total=TOTAL)
    run = run_of(report.report, report.files(attach))
    return write(report.items(attach), run, _facts(report.report))


def run_of(report: Report, files: tuple[Attachment, ...]) -> Run:
    """What is known of the run, with the files of the report itself."""
    return Run(
        report.date,
        report.duration,
        report.branch,
        report.commit,
        report.build,
        tuple(report.tags),
        report.metadata or None,
        files,
    )


def _facts(report: Report) -> dict[str, object]:
    return {
        "id": report.uuid,
        "profile_id": report.profile_id,
        "import_id": report.import_id,
        "origin": _origin(report.origin),
        "created_at": report.created_at,
        "updated_at": report.updated_at,
        **counted(report.counts),
    }


def _origin(origin: str) -> str:
    """What Calliope calls the format it came in: `cucumber_json`, `junit_xml`."""
    try:
        found = by_name(origin)
    except UnknownFormat:  # of several files, or of none
        return origin
    spelt = (f"{found.name}_{kind}" for kind in ("xml", "json"))
    return next((name for name in spelt if name in found.aliases), found.name)


EXPORT = Export(
    "calliope",
    "Calliope JSON",
    "Everything, to import again here or elsewhere",
    "json",
    "application/json",
    _write,
)
