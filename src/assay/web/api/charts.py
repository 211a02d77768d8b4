"""What the charts of a profile find."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Query, Request

from assay.charts.chart import RANGE, Asked, Chart, Value, ask
from assay.web.charting import Charted, charted, fitting, scope_of
from assay.web.request import Ours, Who, base_url
from assay.web.shapes import Listing

router = APIRouter(prefix="/api/v3", tags=["Charts"])


def window(
    until: Annotated[
        str, Query(description="The last day or moment that counts; now without it")
    ] = "",
    range_: Annotated[
        str,
        Query(alias="range", description="How far back: days (14d), weeks (3w) or reports (20)"),
    ] = RANGE,
    tag: Annotated[
        list[str] | None, Query(description="Only reports with every one of these tags")
    ] = None,
    branch: Annotated[str, Query(description="Only reports of this branch")] = "",
    path: Annotated[
        list[str] | None, Query(description="The titles of the containers to look into")
    ] = None,
    metric: Annotated[
        str, Query(description="Of what load tests measured: mean, p95, throughput, error rate …")
    ] = "",
    column: Annotated[
        list[str] | None, Query(description="Metadata to have as columns of the run overview")
    ] = None,
    offset: Annotated[int, Query(ge=0, le=999_999, description="Rows to leave out")] = 0,
    cursor: Annotated[str, Query(description="What `more_url` of the data names")] = "",
) -> Asked:
    given = {"until": [until], "range": [range_], "tag": tag or [], "branch": [branch]}
    given |= {"path": path or [], "metric": [metric], "column": column or []}
    return ask(given | {"offset": [str(offset)], "cursor": [cursor]})


Window = Annotated[Asked, Depends(window)]


@dataclass(frozen=True, slots=True)
class ChartShape:
    """A chart that has something to say of a profile. `xlt` are XL TestView's names of it."""

    name: str
    title: str
    about: str
    fits: list[str]
    xlt: list[str]
    url: str
    data_url: str


@dataclass(frozen=True, slots=True)
class ColumnShape:
    """A column of a table. `kind` is text, number, seconds, moment, share (of 1) or status."""

    title: str
    kind: str


@dataclass(frozen=True, slots=True)
class EntryShape:
    """A value; `url` is where the rows behind it are."""

    value: Value
    url: str
    status: str


@dataclass(frozen=True, slots=True)
class ChartedShape:
    """What a chart found: `data` as the chart has it, and the same as a table."""

    chart: str
    title: str
    profile_id: int
    until: datetime | None
    range: str
    tags: list[str]
    branch: str
    path: list[str]
    metric: str
    data: Any
    columns: list[ColumnShape]
    rows: list[list[EntryShape]]


@router.get("/profiles/{profile_id}/charts")
def list_charts(profile_id: int, request: Request, ours: Ours, who: Who) -> Listing[ChartShape]:
    """The charts that fit a profile: tests, load tests and sets have their own."""
    scope = scope_of(ours, who, profile_id, Asked(range="1"))
    base = base_url(request)
    return Listing([_shape(each, profile_id, base) for each in fitting(scope)], None)


@router.get("/profiles/{profile_id}/charts/{chart}")
def show_chart(profile_id: int, chart: str, asked: Window, ours: Ours, who: Who) -> ChartedShape:
    """What a chart finds in the reports of a stretch of time."""
    return shape(charted(ours, who, profile_id, chart, asked))


def shape(found: Charted) -> ChartedShape:
    asked, table = found.scope.asked, found.table()
    return ChartedShape(
        chart=found.chart.name,
        title=found.chart.title,
        profile_id=found.scope.profile.id,
        until=asked.end,
        range=asked.range,
        tags=list(asked.tags),
        branch=asked.branch,
        path=list(found.path),
        metric=asked.metric,
        data=msgspec.to_builtins(found.data),
        columns=[ColumnShape(each.title, each.kind) for each in table.heads],
        rows=[[EntryShape(e.value, e.url, e.status) for e in row] for row in table.rows],
    )


def _shape(chart: Chart[Any], profile: int, base: str) -> ChartShape:
    at = f"/profiles/{profile}/charts/{chart.name}"
    return ChartShape(
        name=chart.name,
        title=chart.title,
        about=chart.about,
        fits=sorted(chart.fits),
        xlt=list(chart.xlt),
        url=f"{base}{at}",
        data_url=f"{base}/api/v3{at}",
    )
