"""Changes of what a profile takes in, whichever API or page they came through."""

from __future__ import annotations

from assay import judgement
from assay.auth import Caller
from assay.store.catalog import profiles
from assay.store.catalog.profiles import Intake
from assay.web.request import Services
from assay.workspace import profiles as workspace


def change_intake(ours: Services, who: Caller, profile_id: int, intake: Intake) -> None:
    """Change it, and judge the latest report again if another gate is asked for. Raises `NotFound`,
    `NotAllowed`, `Invalid`."""
    with ours.stores.catalog.write() as conn:
        before = profiles.get(conn, profile_id)
        workspace.change_intake(conn, who, profile_id, intake)
        after = profiles.get(conn, profile_id)
    if before and after and before.qualification != after.qualification:
        judgement.judge_latest(ours.stores, profile_id)
