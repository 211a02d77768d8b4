"""GitHub Actions: a workflow that is started by `workflow_dispatch` (its REST API).

GitHub tells which run it has begun since February 2026, if it is asked to; a server of one's own
may be older. There the run is found by its title, if the workflow puts our id into `run-name`, or
else as the only one that began since.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import msgspec

from assay.errors import Invalid
from assay.notify import outbound
from assay.notify.channel import Carrier, secret, text
from assay.runners.runner import EXECUTION, Order, Runner, Seen, Stage, Started, read, require, web

CLOUD = "https://api.github.com"
VERSION = "2022-11-28"
CLOCKS = timedelta(seconds=10)
"""How far their clock may be behind ours."""

HINTS = {
    401: "The token is not valid any more",
    403: "The token needs the permission Actions: read and write",
    404: "There is no such repository or workflow, or the token may not see it",
    422: f"The workflow needs `on: workflow_dispatch` with the input {EXECUTION} and all others "
    "that are sent, on this branch",
}


def check_repository(given: str) -> str:
    owner, slash, name = given.strip().strip("/").partition("/")
    if not (owner and slash and name) or "/" in name:
        raise Invalid("it is written owner/name", "repository")
    return f"{owner}/{name}"


@dataclass(frozen=True, slots=True)
class GitHub:
    url: str = text(
        "API",
        "Of a server of your own: https://HOST/api/v3",
        CLOUD,
        outbound.check_url,
        lambda: CLOUD,
    )
    repository: str = text("Repository", "", "acme/shop", check_repository)
    workflow: str = text("Workflow", "Its file's name.", "tests.yml")
    ref: str = text("Branch or tag", "Whose workflow is run.", "main", make=lambda: "main")
    token: str = secret("Token", "Fine-grained, for this repository.", "github_pat_…")


class Dispatched(msgspec.Struct):
    workflow_run_id: int
    html_url: str = ""


class Run(msgspec.Struct):
    id: int
    status: str = ""
    conclusion: str | None = None
    html_url: str = ""
    run_number: int = 0
    created_at: datetime | None = None
    display_title: str = ""


class Runs(msgspec.Struct):
    workflow_runs: list[Run]


class Workflow(msgspec.Struct):
    name: str
    state: str


def start(order: Order, at: GitHub, carrier: Carrier) -> Started:
    inputs = {**order.parameters, EXECUTION: order.id}
    body: dict[str, Any] = {"ref": at.ref, "inputs": inputs}
    if at.url.rstrip("/") == CLOUD:
        body["return_run_details"] = True
    answer = _ask(at, carrier, "POST", f"{_workflow(at)}/dispatches", body)
    require(answer, HINTS)
    if not answer.body.strip():
        return Started()
    made = read(answer, Dispatched, HINTS)
    return Started({"run": str(made.workflow_run_id)}, web(made.html_url))


def look(order: Order, known: Mapping[str, str], at: GitHub, carrier: Carrier) -> Seen:
    if "run" in known:
        found: Run | None = read(
            _ask(at, carrier, "GET", f"/actions/runs/{known['run']}"), Run, HINTS
        )
    else:
        found = _find(order, at, carrier)
    if found is None:
        return Seen(Stage.UNKNOWN)
    ended = found.status == "completed"
    words = found.conclusion or found.status
    names = {"run": str(found.id), "build": str(found.run_number)}
    stage = Stage.ENDED if ended else Stage.RUNNING
    return Seen(stage, words == "success", words, names, web(found.html_url))


def _find(order: Order, at: GitHub, carrier: Carrier) -> Run | None:
    """The run that was begun for us: the one that says so, or the only one it can be."""
    since = order.at.astimezone(UTC) - CLOCKS
    query = {
        "event": "workflow_dispatch",
        "per_page": 20,
        "created": f">={since:%Y-%m-%dT%H:%M:%SZ}",
    }
    answer = _ask(at, carrier, "GET", f"{_workflow(at)}/runs?{urlencode(query)}")
    found = read(answer, Runs, HINTS).workflow_runs
    named = [each for each in found if order.id in each.display_title]
    later = [each for each in found if each.created_at and each.created_at >= since]
    alone = named or later
    return alone[0] if len(alone) == 1 else None


def check(_order: Order, at: GitHub, carrier: Carrier) -> str:
    found = read(_ask(at, carrier, "GET", _workflow(at)), Workflow, HINTS)
    return f"The token sees the workflow “{found.name}”, which is {found.state}"


def _workflow(at: GitHub) -> str:
    return f"/actions/workflows/{quote(at.workflow, safe='')}"


def _ask(
    at: GitHub, carrier: Carrier, method: str, path: str, body: dict[str, Any] | None = None
) -> outbound.Answer:
    headers = {
        "accept": "application/vnd.github+json",
        "authorization": f"Bearer {at.token}",
        "content-type": "application/json",
        "x-github-api-version": VERSION,
    }
    url = f"{at.url.rstrip('/')}/repos/{quote(at.repository)}{path}"
    return carrier.ask(method, url, headers, msgspec.json.encode(body) if body else b"")


RUNNER = Runner(
    "github",
    "GitHub Actions",
    "Settings → Developer settings → Fine-grained tokens: only this repository, with the "
    "permission Actions: read and write. The workflow begins with on: workflow_dispatch, and "
    f"names {EXECUTION} among its inputs.",
    GitHub,
    start,
    look,
    check,
    lambda at: f"{urlsplit(at.url).hostname}: {at.repository}, {at.workflow} @ {at.ref}",
)
