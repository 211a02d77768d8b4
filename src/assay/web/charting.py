"""A chart, asked for: what the caller may see of it, and what it finds. For pages and the API."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import Request

from assay import auth
from assay.auth import Caller
from assay.charts import CHARTS, find
from assay.charts.chart import Asked, Chart, Scope, Table, ask
from assay.charts.drawing import Drawing, Size
from assay.charts.looking import fits, look
from assay.errors import NotFound
from assay.store.catalog.profiles import Profile
from assay.web.request import Services


@dataclass(frozen=True, slots=True)
class Charted:
    """A chart with what it found in its scope."""

    chart: Chart[Any]
    scope: Scope
    data: Any

    def drawn(self, size: Size) -> Drawing:
        return self.chart.draw(self.data, size)

    def table(self) -> Table:
        return self.chart.table(self.data)

    @property
    def path(self) -> tuple[str, ...]:
        """Where a chart that is walked through has got to."""
        return self.chart.trail(self.data) if self.chart.trail else ()


def asked_of(request: Request) -> Asked:
    """What the address asks. Raises `Invalid`."""
    query = request.query_params
    return ask({name: query.getlist(name) for name in query})


def scope_of(ours: Services, who: Caller, profile_id: int, asked: Asked) -> Scope:
    """What a chart of the profile looks at, as far as the caller may see it. Raises `NotFound`."""

    def sees(member: Profile) -> bool:
        return who.may(auth.Right.VIEW, member.company_id, member.id)

    with ours.stores.catalog.read() as conn:
        profile = auth.see_profile(conn, who, profile_id)
        return look(conn, ours.stores.results, profile, asked, ours.clock(), sees)


def fitting(scope: Scope) -> tuple[Chart[Any], ...]:
    """The charts that have something to say of the scope's profile."""
    kinds = fits(scope)
    return tuple(each for each in CHARTS if each.fits & kinds)


def charted(ours: Services, who: Caller, profile_id: int, name: str, asked: Asked) -> Charted:
    """The chart of that name. Raises `NotFound` without one."""
    scope = scope_of(ours, who, profile_id, asked)
    chart = find(name)
    if chart is None:
        known = ", ".join(each.name for each in CHARTS)
        raise NotFound(f"There is no chart {name[:40]!r}. There are: {known}.")
    return Charted(chart, scope, chart.read(scope))
