"""Whether the server is well, for load balancers and for monitoring."""

from __future__ import annotations

from fastapi import APIRouter
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.responses import Response

from assay import __version__
from assay.store.catalog import users
from assay.web.request import Ours

router = APIRouter(tags=["Health"])


@router.get("/health")
def check_health(ours: Ours) -> dict[str, str]:
    """Answers 200 when the catalog and the results store can be asked, else 503."""
    with ours.stores.catalog.read() as conn:
        users.exist(conn)
    ours.stores.results.ask("SELECT 1", {})
    return {"status": "ok", "version": __version__}


@router.get("/metrics", include_in_schema=False)
def show_metrics() -> Response:
    """Figures about this process for Prometheus; they tell nothing of what is stored."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
