"""A chart on its way out: as SVG, PNG, CSV and JSON; and as a tile for dashboards."""

from __future__ import annotations

import csv
import re
from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import sha256
from io import StringIO
from typing import Annotated
from urllib.parse import quote

import msgspec
import resvg_py
from fastapi import APIRouter, Query
from markupsafe import Markup
from starlette.responses import Response

from assay.charts.chart import Value
from assay.charts.drawing import Size, svg
from assay.web.api.charts import shape
from assay.web.charting import Charted, asked_of, charted
from assay.web.pages import chart_tables
from assay.web.pages.chart_tables import Sheet
from assay.web.pages.charts import picture
from assay.web.pages.exports.csv import safe
from assay.web.pages.view import STATIC, show
from assay.web.pages.visit import Guest, Visit

router = APIRouter(include_in_schema=False, prefix="/profiles/{profile_id}/charts")

COLOURS = {
    "paper": ("#fafcfe", "#0f141a"),
    "raised": ("#ffffff", "#161c24"),
    "mist": ("#f0f3f6", "#1a2129"),
    "line": ("#dbdee3", "#2b323b"),
    "edge": ("#b2b8bf", "#48515b"),
    "mute": ("#59616b", "#99a3ad"),
    "ink": ("#1a222b", "#e0e5eb"),
    "accent": ("#0267c7", "#70adfb"),
    "passed": ("#1c7851", "#5aca94"),
    "failed": ("#c3222a", "#fe7871"),
    "broken": ("#a85500", "#f99f5d"),
    "skipped": ("#5e646a", "#9fa5ac"),
    "unknown": ("#7746b9", "#be9df7"),
    "flaky": ("#886602", "#ecbd51"),
}
"""The tokens of assay.css, light and dark, as programs that know no `oklch` take them."""

FONT = STATIC / "vendor/dejavu-2.37/DejaVuSans.ttf"
SHARP = 2  # px of a PNG for one of the drawing
FACE = "sans-serif"
LEAST, MOST = 160, 2000  # px of a drawing's sides


Side = Annotated[int, Query(ge=LEAST, le=MOST)]


@router.get("/{chart}.svg")
def export_svg(
    guest: Guest, profile_id: int, chart: str, w: Side = 960, h: Side = 420, theme: str = ""
) -> Response:
    """The drawing as a document that is light or dark as its reader is, or as `theme` says."""
    found = _found(guest, profile_id, chart)
    style = sheet_of(theme)
    drawn = svg(found.drawn(Size(w, h)), style=style, base=guest.base)
    return _file(found, "svg", drawn.encode(), "image/svg+xml; charset=utf-8", policy_of(style))


@router.get("/{chart}.png")
def export_png(
    guest: Guest, profile_id: int, chart: str, w: Side = 960, h: Side = 420, theme: str = ""
) -> Response:
    """The same as a picture, at twice its size so that it is sharp."""
    found = _found(guest, profile_id, chart)
    style = sheet_of("dark" if theme == "dark" else "light")
    drawn = svg(found.drawn(Size(w, h)), style=style)
    made = resvg_py.svg_to_bytes(
        svg_string=drawn, zoom=SHARP, font_files=[str(FONT)], sans_serif_family="DejaVu Sans"
    )
    return _file(found, "png", bytes(made), "image/png")


@router.get("/{chart}.csv")
def export_csv(guest: Guest, profile_id: int, chart: str) -> Response:
    """The table, values as they are: seconds, shares of 1, times in UTC."""
    found = _found(guest, profile_id, chart)
    table, out = found.table(), StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([safe(each.title) for each in table.heads])
    for row in table.rows:
        writer.writerow([safe(_plain(each.value)) for each in row])
    return _file(found, "csv", out.getvalue().encode(), "text/csv; charset=utf-8")


@router.get("/{chart}.json")
def export_json(guest: Guest, profile_id: int, chart: str) -> Response:
    """What the API answers."""
    found = _found(guest, profile_id, chart)
    return _file(found, "json", msgspec.json.encode(shape(found)), "application/json")


@dataclass(frozen=True, slots=True)
class Tile:
    """A chart for a dashboard: its drawing, or its table."""

    title: str
    url: str
    said: str
    drawing: Markup
    sheet: Sheet | None


@router.get("/{chart}/tile")
def show_tile(guest: Guest, profile_id: int, chart: str, w: Side = 560, h: Side = 320) -> Response:
    """A fragment that fits a box of `w` by `h` px, or of those proportions."""
    return show("_chart_tile", tile(guest, _found(guest, profile_id, chart), Size(w, h)))


def tile(guest: Visit, found: Charted, size: Size) -> Tile:
    """The chart as a dashboard shows it."""
    tabular = found.chart.tabular
    return Tile(
        title=found.chart.title,
        url=found.scope.chart(found.chart.name),
        said=chart_tables.window(found.scope),
        drawing=Markup() if tabular else picture(found, size),
        sheet=chart_tables.sheet(found.table(), guest.now) if tabular else None,
    )


def policy_of(style: str) -> str:
    """What a drawing with this stylesheet may load: that, and nothing else."""
    digest = b64encode(sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'"


@cache
def sheet_of(theme: str) -> str:
    """The stylesheet of a drawing that stands alone."""
    rules = (STATIC / "drawing.css").read_text(encoding="utf-8")
    rules = re.sub(r"/\*.*?\*/|\n", "", rules, flags=re.DOTALL)
    light, dark = (_coloured(rules, at) for at in (0, 1))
    if theme in ("light", "dark"):
        return light if theme == "light" else dark
    return f"{light}@media (prefers-color-scheme: dark){{{dark}}}"


def _coloured(rules: str, at: int) -> str:
    def colour(found: re.Match[str]) -> str:
        name = found[1]
        return FACE if name == "face" else COLOURS[name][at]

    return re.sub(r"var\(--([a-z]+)\)", colour, rules)


def _found(guest: Visit, profile_id: int, chart: str) -> Charted:
    return charted(guest.ours, guest.who, profile_id, chart, asked_of(guest.request))


def _plain(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat()
    return f"{value:.9g}" if isinstance(value, float) else str(value)


def _file(found: Charted, end: str, body: bytes, media_type: str, policy: str = "") -> Response:
    name = f"{found.scope.profile.name} {found.chart.name}.{end}"
    headers = {"content-disposition": f"inline; filename*=UTF-8''{quote(name, safe='')}"}
    if policy:
        headers["content-security-policy"] = policy
    return Response(body, media_type=media_type, headers=headers)
