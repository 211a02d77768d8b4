"""A profile as guests see it: its verdict, its trend, and its reports, new ones too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from assay.charts import spark, trend
from assay.charts.spark import Spark
from assay.charts.trend import Trend
from assay.queries.report_errors import list_causes
from assay.store.catalog import reports
from assay.store.catalog.reports import Report
from assay.web.pages import runs, verdicts, words
from assay.web.pages.frame import Card, Frame
from assay.web.pages.guests import Shared, SharedProfile
from assay.web.pages.parts import Public, Run, Verdict
from assay.web.pages.place import Place
from assay.web.pages.profile import CAUSES, CHARTED, LATEST, SPARK
from assay.web.pages.profile_views import PAGE, Reports
from assay.web.pages.view import show
from assay.web.shapes import read_report_cursor, report_cursor

router = APIRouter(include_in_schema=False)

ADDRESS = "/profiles/{profile_id}/public/{key}"


@dataclass(frozen=True, slots=True)
class SharedProfilePage:
    """`newest` is None, and nothing is drawn, while the profile has no report."""

    frame: Frame
    public: Public
    verdict: Verdict
    newest: Run | None
    rate: str
    spark: Spark
    trend: Trend
    trend_url: str
    runs: Reports


@router.get(ADDRESS)
def show_shared_profile(shared: SharedProfile, cursor: str | None = None) -> Response:
    stores, profile = shared.ours.stores, shared.profile.id
    before = read_report_cursor(cursor)
    with stores.catalog.read() as conn:
        latest = reports.of_profile(conn, profile, limit=LATEST)
        listed = reports.of_profile(conn, profile, limit=PAGE, before=before)
    return show("shared_profile", build(shared, latest, listed))


@router.get(f"{ADDRESS}/trend")
def show_shared_trend(shared: SharedProfile) -> Response:
    """The trend chart's figures, oldest report first, a list for each."""
    with shared.ours.stores.catalog.read() as conn:
        found = reports.of_profile(conn, shared.profile.id, limit=CHARTED)
    place = Place(shared.share.path)
    return JSONResponse(trend.data([runs.point(each, place) for each in reversed(found)]))


def build(shared: Shared, latest: Sequence[Report], listed: Sequence[Report]) -> SharedProfilePage:
    """The page, with the latest reports drawn and some reports listed."""
    path, place = shared.share.path, Place(shared.share.path)
    newest = latest[0] if latest else None
    verdict = _verdict(shared, latest)
    following = report_cursor(list(listed), PAGE)
    return SharedProfilePage(
        frame=_frame(shared, newest),
        public=shared.public(f"/profiles/{shared.profile.id}"),
        verdict=verdict,
        newest=runs.run(newest, place) if newest else None,
        rate=runs.pass_rate(newest.counts) if newest else "",
        spark=spark.draw([each.counts for each in reversed(latest)], SPARK),
        trend=trend.draw([runs.point(each, place) for each in reversed(latest)]),
        trend_url=f"{path}/trend",
        runs=Reports(
            tuple(runs.run(each, place) for each in listed),
            f"{path}?cursor={following}" if following else "",
        ),
    )


def _verdict(shared: Shared, latest: Sequence[Report]) -> Verdict:
    if not latest:
        return Verdict("none", "No report yet.", "The first one appears here by itself.")
    results, profile = shared.ours.stores.results, shared.profile.id
    causes = list_causes(results, profile, latest[0].id, CAUSES)
    return verdicts.of_profile(latest, len(causes), shared.now)


def _frame(shared: Shared, newest: Report | None) -> Frame:
    name = shared.profile.name
    counts = runs.sentence(newest.counts) if newest else "no report yet"
    told = (runs.source(newest), words.exact(newest.date)) if newest else ()
    card = Card(
        title=f"{counts} · {name}",
        description=" · ".join(part for part in told if part) or "Test results",
        url=f"{shared.base}{shared.share.path}",
    )
    return shared.frame(name, (), card)
