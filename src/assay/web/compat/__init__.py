"""The APIs of other products, spoken as their clients speak them: one file each."""

from __future__ import annotations

from fastapi import APIRouter

from assay.web.compat import calliope

COMPAT: tuple[APIRouter, ...] = (calliope.router,)
