"""A profile's gate: written, and taken back."""

from __future__ import annotations

from datetime import datetime

from assay import auth, gates, judgement
from assay.auth import Caller
from assay.store import Stores
from assay.store.catalog import gates as rows
from assay.store.catalog.reports import Report
from assay.workspace.audit import note


def write_gate(
    stores: Stores, who: Caller, profile_id: int, text: str | None, now: datetime
) -> Report | None:
    """Give a profile these rules, or (None) the ones that come with Assay, and have its newest
    report judged by them; the report then. Older ones keep the verdict they had. Raises `Invalid`
    with the line that is wrong."""
    with stores.catalog.write() as conn:
        found = auth.edit_profile(conn, who, profile_id)
        if text is None:
            rows.drop(conn, found.id)
        else:
            gates.parse(text)
            rows.put(conn, found.id, text, editor=who.user.id, now=now)
        note("gate changed", who, profile=found.id)
    return judgement.judge_latest(stores, found.id)
