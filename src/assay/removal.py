"""Takes reports away for good: their rows, their files, their raw uploads.

The catalog forgets first, so that nobody sees half of a report. If we die after that, what is left
in the other stores belongs to nothing and shows nowhere, until `sweep` finds it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlalchemy import Connection

from assay.settings import Settings
from assay.store import Stores
from assay.store.catalog import companies, imports, profiles, reports, trash
from assay.store.catalog.reports import Report

log = structlog.get_logger()

AT_ONCE = 50
"""Reports that are removed together, so that nobody waits long for the stores."""

UPLOADS, ASSETS = "uploads", "assets"

UNOWNED = timedelta(days=30)
"""How long an upload is kept that no import names. It may be on its way still; and where a catalog
was set up again from an older copy, the uploads since then are all there is of them."""


def remove_reports(stores: Stores, found: Sequence[Report]) -> None:
    """Remove these reports for good."""
    with stores.catalog.write() as conn:
        prefixes = {prefix for each in found for prefix in _uploads(conn, each)}
        for each in found:
            reports.remove(conn, each.id)
    rows = defaultdict(list)
    for each in found:
        rows[each.profile_id].append(each.id)
    for profile, ids in rows.items():
        stores.results.delete(profile, ids)
    for prefix in {*prefixes, *(f"{ASSETS}/{each.id}" for each in found)}:
        stores.blobs.delete(prefix)


def purge(stores: Stores, settings: Settings, now: datetime) -> None:
    """Remove what has been in the trash for as long as the settings keep it."""
    before = now - timedelta(days=settings.trash_days)
    while True:
        with stores.catalog.read() as conn:
            due = trash.due(conn, before, limit=AT_ONCE)
        if not due:
            return
        remove_reports(stores, due)
        log.info("removed for good", reports=len(due))


def remove_deleted(stores: Stores, _settings: Settings, now: datetime) -> None:
    """Remove profiles and companies that were deleted. After a crash it goes on from there."""
    with stores.catalog.read() as conn:
        gone, empty = profiles.hidden(conn), companies.hidden(conn)
    for profile in gone:
        _remove_profile(stores, profile, now)
    if not gone and not empty:
        return
    with stores.catalog.write() as conn:
        for company in companies.hidden(conn):
            companies.remove(conn, company)


def _remove_profile(stores: Stores, profile: int, now: datetime) -> None:
    """One that is being imported into just now waits for the next time."""
    with stores.catalog.write() as conn:
        if imports.cancel(conn, profile, now):
            return
    while True:
        with stores.catalog.read() as conn:
            some = reports.some(conn, profile, limit=AT_ONCE)
        if not some:
            break
        remove_reports(stores, some)
    stores.results.forget([profile])
    with stores.catalog.write() as conn:
        profiles.remove(conn, profile)
    log.info("profile removed for good", profile=profile)


def sweep(stores: Stores, _settings: Settings, now: datetime) -> None:
    """Remove rows and blobs that nothing in the catalog owns: what a crash in mid-removal or
    mid-move leaves, and what a removed profile or company has left.

    With a catalog that knows nothing of what there is, nothing is removed: it is another one.
    """
    for sweep_some in (_sweep_rows, _sweep_assets, partial(_sweep_uploads, before=now - UNOWNED)):
        sweep_some(stores)


def _are_strangers(what: str, held: int, left: int) -> bool:
    """Whether none of what is held belongs to this catalog."""
    if not held or left < held:
        return False
    log.error("nothing of this is known to the catalog: is it another one?", what=what, n=held)
    return True


_ROWS = """
SELECT DISTINCT profile, report FROM results
UNION SELECT DISTINCT profile, report FROM containers
UNION SELECT DISTINCT profile, report FROM measurements
"""

_NAMED = "SELECT DISTINCT profile FROM tests UNION SELECT DISTINCT profile FROM errors"


def _sweep_rows(stores: Stores) -> None:
    """The store is asked first: a report has its row in the catalog before it has results."""
    held = stores.results.ask(_ROWS, {})
    named = {profile for (profile,) in stores.results.ask(_NAMED, {})}
    with stores.catalog.read() as conn:
        owners, known = reports.owners(conn), profiles.ids(conn)
    left = defaultdict(list)
    for profile, report in held:
        if owners.get(report) != profile:
            left[profile].append(report)
    if _are_strangers("results", len(held), sum(map(len, left.values()))):
        return
    for profile, ids in left.items():
        stores.results.delete(profile, ids)
        log.warning("removed rows of reports that are gone", profile=profile, reports=len(ids))
    stores.results.forget(sorted(named - known))


def _sweep_assets(stores: Stores) -> None:
    held = {name: name.rpartition("/")[2] for name in stores.blobs.folders(ASSETS)}
    with stores.catalog.read() as conn:
        owners = reports.owners(conn)
    left = [
        prefix
        for prefix, report in held.items()
        if report.isdecimal() and int(report) not in owners
    ]
    if not _are_strangers("assets", len(held), len(left)):
        for prefix in left:
            stores.blobs.delete(prefix)


def _sweep_uploads(stores: Stores, before: datetime) -> None:
    held = stores.blobs.folders(UPLOADS)
    with stores.catalog.read() as conn:
        known = imports.uploads(conn)
    left = [prefix for prefix in held if prefix not in known]
    if _are_strangers("uploads", len(held), len(left)):
        return
    for prefix in left:
        if stores.blobs.idle(prefix, before):
            stores.blobs.delete(prefix)
            log.warning("removed an upload that no import names", upload=prefix)


def _uploads(conn: Connection, report: Report) -> set[str]:
    """Where the bytes of its deliveries are."""
    found = imports.of_report(conn, report.id)
    files = imports.files(conn, found.id) if found else []
    return {each.blob.rpartition("/")[0] for each in files}
