"""Takes a report away for good: its rows, its files, its raw upload."""

from __future__ import annotations

from assay.store import Stores
from assay.store.catalog import imports, reports
from assay.store.catalog.reports import Report


def remove_report(stores: Stores, report: Report) -> None:
    """The catalog forgets it first, so that nobody sees half of it; if we die after that, what is
    left in the other stores belongs to nothing and shows nowhere."""
    with stores.catalog.write() as conn:
        found = imports.of_report(conn, report.id)
        files = imports.files(conn, found.id) if found else []
        reports.remove(conn, report.id)
    stores.results.delete(report.profile_id, [report.id])
    stores.blobs.delete(f"assets/{report.id}")
    for prefix in {each.blob.rpartition("/")[0] for each in files}:
        stores.blobs.delete(prefix)
