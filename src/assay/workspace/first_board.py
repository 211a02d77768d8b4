"""The dashboard that a company finds there: its busiest profiles, at a glance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from assay.charts import find
from assay.charts.chart import Asked, Chart, Fit
from assay.charts.looking import fits, look
from assay.store.catalog import dashboards, profiles
from assay.store.catalog.dashboards import Dashboard
from assay.store.catalog.profiles import Profile
from assay.store.results import Results
from assay.workspace.audit import note
from assay.workspace.dashboards import Draft, put
from assay.workspace.layout import COLUMNS

NAME = "Overview"
RECENT = timedelta(days=30)

Piece = tuple[int, tuple[str, ...], int]

OVER_TIME = ("historical", "trends", "load")

ROWS: tuple[tuple[int, tuple[Piece, ...]], ...] = (
    (4, ((0, OVER_TIME, 6), (0, ("barometer", "durations"), 6))),
    (3, tuple((each, OVER_TIME, 4) for each in (1, 2, 3))),
    (5, ((0, ("flakiness", "durations"), 7), (0, ("overview",), 5))),
)
"""Rows of tiles: how high, and of each tile which profile (the busiest is 0), its chart (the first
that there is and that fits), and its share of the width."""
MOST = 1 + max(which for _, pieces in ROWS for which, _, _ in pieces)


def make_first(
    conn: Connection, results: Results, company_id: int, now: datetime
) -> Dashboard | None:
    """The company's first dashboard, made of what there is; None while there are no reports, and
    where it was made before, even if nobody kept it."""
    busy = dashboards.busiest(conn, company_id, now - RECENT, MOST)
    if not busy or not dashboards.claim_first(conn, company_id, now):
        return None
    found = [each for number in busy if (each := profiles.get(conn, number))]
    kinds = [_kinds(conn, results, each, now) for each in found]
    made = dashboards.make(conn, company=company_id, name=NAME, now=now)
    put(conn, made, _drafts(found, kinds), now)
    note("first dashboard made", None, company=company_id, dashboard=made.id)
    return made


def _kinds(conn: Connection, results: Results, profile: Profile, now: datetime) -> frozenset[Fit]:
    return fits(look(conn, results, profile, Asked(range="1"), now, lambda _: True))


def _drafts(found: Sequence[Profile], kinds: Sequence[frozenset[Fit]]) -> list[Draft]:
    drafts: list[Draft] = []
    y = 0
    for height, pieces in ROWS:
        row = [
            (Draft(found[which].id, chart.name, y=y, h=height, w=width), width)
            for which, names, width in pieces
            if which < len(found) and (chart := _first(names, kinds[which]))
        ]
        drafts += _spread(row)
        y += height if row else 0
    return drafts


def _spread(row: Sequence[tuple[Draft, int]]) -> list[Draft]:
    """The tiles side by side, over the whole width by their shares."""
    whole, so_far, placed = sum(width for _, width in row), 0, []
    for draft, width in row:
        x, end = (round(COLUMNS * each / whole) for each in (so_far, so_far + width))
        placed.append(replace(draft, x=x, w=end - x))
        so_far += width
    return placed


def _first(names: Sequence[str], kinds: frozenset[Fit]) -> Chart[Any] | None:
    known = (find(name) for name in names)
    return next((each for each in known if each and each.fits & kinds), None)
