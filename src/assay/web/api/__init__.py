"""Assay's own API, `/api/v3`: every page's data as JSON. One file per resource."""

from __future__ import annotations

from fastapi import APIRouter

from assay.web.api import (
    assets,
    bulk,
    charts,
    companies,
    dashboards,
    executions,
    exhibits,
    exports,
    gates,
    health,
    imports,
    measurements,
    members,
    notifications,
    profiles,
    reports,
    results,
    runs,
    sets,
    shares,
    sources,
    tests,
)

ROUTERS: tuple[APIRouter, ...] = (
    companies.router,
    members.router,
    profiles.router,
    sets.router,
    charts.router,
    dashboards.router,
    reports.router,
    gates.router,
    bulk.router,
    results.router,
    measurements.router,
    tests.router,
    imports.router,
    runs.router,
    assets.router,
    exhibits.router,
    shares.router,
    exports.router,
    notifications.router,
    executions.router,
    sources.router,
    health.router,
)
