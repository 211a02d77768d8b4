"""The APIs of other products, spoken as their clients speak them: one file each."""

from __future__ import annotations

from fastapi import APIRouter

from assay.web.compat import (
    calliope,
    testview,
    testview_boards,
    testview_execute,
    testview_internal,
    testview_progress,
    testview_projects,
)

COMPAT: tuple[APIRouter, ...] = (
    calliope.router,
    testview.router,
    testview_boards.router,
    testview_projects.router,
    testview_execute.router,
    testview_progress.router,
    testview_internal.router,
)
"""Of the last two, which name things by paths, the first must not take what is the second's."""
