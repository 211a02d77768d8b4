"""The catalog's tables. `migrations/` builds the same; a test compares the two.

Ids are never given twice (AUTOINCREMENT), because the results store and the blobs know things by
them and are cleaned up after the catalog. Deleting a company, profile or report deletes what hangs
on it.
"""

from __future__ import annotations

from assay.store.catalog.tables.boards import dashboards, executions, tiles
from assay.store.catalog.tables.columns import metadata
from assay.store.catalog.tables.people import (
    companies,
    invitations,
    memberships,
    password_resets,
    sessions,
    users,
)
from assay.store.catalog.tables.profiles import api_keys, gates, groups, profiles, set_members
from assay.store.catalog.tables.reports import (
    WAITING,
    assets,
    import_files,
    import_log,
    imports,
    report_tags,
    reports,
    run_keys,
    runs,
)
from assay.store.catalog.tables.telling import UNSENT, channels, deliveries, shares, subscriptions

__all__ = [
    "UNSENT",
    "WAITING",
    "api_keys",
    "assets",
    "channels",
    "companies",
    "dashboards",
    "deliveries",
    "executions",
    "gates",
    "groups",
    "import_files",
    "import_log",
    "imports",
    "invitations",
    "memberships",
    "metadata",
    "password_resets",
    "profiles",
    "report_tags",
    "reports",
    "run_keys",
    "runs",
    "sessions",
    "set_members",
    "shares",
    "subscriptions",
    "tiles",
    "users",
]
