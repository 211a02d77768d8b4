"""From what is asked to what a chart looks at: the reports of the window, and what fits them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection

from assay.charts.chart import Asked, Fit, Scope, Source
from assay.queries.changes import LOOKBACK
from assay.queries.load import has_load
from assay.store.catalog import profiles, sets, windows
from assay.store.catalog.profiles import Kind, Profile
from assay.store.catalog.windows import Filter
from assay.store.results import Results

MEMBERS = 200  # of a set that are looked at


def look(
    conn: Connection,
    results: Results,
    profile: Profile,
    asked: Asked,
    now: datetime,
    sees: Callable[[Profile], bool],
) -> Scope:
    """What a chart of `profile` looks at; of a set, those members that the caller `sees`."""
    if profile.kind is not Kind.SET:
        return Scope(
            results, profile, asked, now, (_source(conn, profile, asked, now, asked.count),)
        )
    ids = sets.flat(conn, profile)[:MEMBERS]
    found = [each for number in ids if (each := profiles.get(conn, number)) and sees(each)]
    return Scope(
        results, profile, asked, now, tuple(_source(conn, each, asked, now, 1) for each in found)
    )


def fits(scope: Scope) -> frozenset[Fit]:
    """What there is to be seen: a load test's requests are tests that pass or fail, too."""
    if scope.profile.kind is Kind.SET:
        return frozenset({Fit.SET})
    newest = next(iter(scope.reports), None)
    if newest and has_load(scope.results, scope.profile.id, newest.id):
        return frozenset({Fit.PERFORMANCE, Fit.FUNCTIONAL})
    return frozenset({Fit.FUNCTIONAL})


def _source(conn: Connection, profile: Profile, asked: Asked, now: datetime, limit: int) -> Source:
    like = Filter(asked.branch, asked.tags)
    until = asked.end
    since = (until or now) - asked.span if asked.span else None
    found = windows.within(conn, profile.id, like, since=since, until=until, limit=limit)
    earlier = windows.before(conn, found[0], like, limit=LOOKBACK) if found else []
    return Source(profile, tuple(found), tuple(earlier))
