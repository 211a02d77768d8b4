"""XL TestView's internal API: running a test specification, as XL Release's task does it."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body

from assay import auth, executions
from assay.errors import Invalid
from assay.web.compat import testview_places as places
from assay.web.request import Ours, Who

router = APIRouter(prefix="/api/internal", include_in_schema=False)

NO_COMMANDS = (
    "commandLine is ignored: Assay starts the job that the settings of the test specification name"
)


@router.post("/execute/{specification:path}")
def execute(
    specification: str,
    ours: Ours,
    who: Who,
    body: Annotated[dict[str, Any] | None, Body()] = None,
) -> dict[str, str]:
    """Start its job; `{"id"}`, or of older clients `{"commandLine", "parameters"}`."""
    given = body or {}
    parameters = _parameters(given.get("parameters"))
    with ours.stores.catalog.write() as conn:
        named = places.know_specification(conn, who, specification)
        profile = auth.import_into(conn, who, named.id)
        made = executions.ask_for(
            conn, profile, user=who.user.id, parameters=parameters, now=ours.clock()
        )
    return {"taskId": made.id} | ({"message": NO_COMMANDS} if given.get("commandLine") else {})


def _parameters(given: Any) -> dict[str, str] | None:
    """As texts; None where none are said."""
    if given is None:
        return None
    if not isinstance(given, dict):
        raise Invalid("parameters is an object of names and values", "parameters")
    return {str(name): _text(value) for name, value in given.items()} or None


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    raise Invalid("The values of parameters are texts or numbers", "parameters")
