"""What a guest may read: someone who is not known, and has the address of something public.

Whatever is wrong with an address (no such report, not public, not any more, another's key), the
answer is the same, so that nobody learns what there is.
"""

from __future__ import annotations

from datetime import datetime
from secrets import compare_digest

from sqlalchemy import Connection

from assay.errors import NotFound
from assay.store.catalog import companies, dashboards, profiles, reports, shares
from assay.store.catalog.dashboards import Dashboard
from assay.store.catalog.profiles import Profile
from assay.store.catalog.reports import Report, State
from assay.store.catalog.shares import Share

NOTHING = "There is nothing here, or it is not public any more. Ask whoever sent you the address."


def shared_report(
    conn: Connection, report_id: int, key: str, now: datetime
) -> tuple[Share, Report]:
    """The report that its own key opens. Raises `NotFound`."""
    share = _open(conn, key, now)
    if share.report_id != report_id:
        raise NotFound(NOTHING)
    return share, _done(conn, report_id)


def shared_profile(
    conn: Connection, profile_id: int, key: str, now: datetime
) -> tuple[Share, Profile]:
    """The profile that its key opens. Raises `NotFound`."""
    share = _open(conn, key, now)
    found = profiles.get(conn, profile_id)
    if found is None or share.report_id is not None or share.profile_id != profile_id:
        raise NotFound(NOTHING)
    return share, found


def shared_within(
    conn: Connection, profile_id: int, report_id: int, key: str, now: datetime
) -> tuple[Share, Report]:
    """A report of the profile that the profile's key opens. Raises `NotFound`."""
    share, profile = shared_profile(conn, profile_id, key, now)
    report = _done(conn, report_id)
    if report.profile_id != profile.id:
        raise NotFound(NOTHING)
    return share, report


def shared_dashboard(conn: Connection, dashboard_id: int, key: str) -> Dashboard:
    """The dashboard that its key opens. Raises `NotFound`."""
    found = dashboards.get(conn, dashboard_id)
    if found is None or not found.share_key or companies.get(conn, found.company_id) is None:
        raise NotFound(NOTHING)
    if not compare_digest(found.share_key.encode(), key.encode()):
        raise NotFound(NOTHING)
    return found


def _open(conn: Connection, key: str, now: datetime) -> Share:
    share = shares.by_key(conn, key)
    if share is None or not share.is_open(now):
        raise NotFound(NOTHING)
    return share


def _done(conn: Connection, report_id: int) -> Report:
    report = reports.get(conn, report_id)
    if report is None or report.state is not State.DONE:
        raise NotFound(NOTHING)
    return report
