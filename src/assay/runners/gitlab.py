"""GitLab: a pipeline of a project (its REST API v4).

A pipeline trigger token can start pipelines and do nothing else, so what becomes of them is not
seen; a project access token can ask.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

import msgspec

from assay.errors import Undeliverable
from assay.notify import outbound
from assay.notify.channel import Carrier, secret, text
from assay.runners.runner import Order, Runner, Seen, Stage, Started, read, web

CLOUD = "https://gitlab.com"
TRIGGER = "glptt-"
"""How GitLab begins a pipeline trigger token."""

STAGES = {
    "success": Stage.ENDED,
    "failed": Stage.ENDED,
    "canceled": Stage.ENDED,
    "skipped": Stage.ENDED,
}
"""Of its words for a pipeline, those after which nothing more comes."""

HINTS = {
    400: "Look at the branch, at its .gitlab-ci.yml, and at who may set pipeline variables",
    401: "The token is not valid any more",
    403: "The token needs the role Developer and the scope api",
    404: "There is no such project, or the token may not see it",
}


@dataclass(frozen=True, slots=True)
class GitLab:
    url: str = text("Address", "Of GitLab.", CLOUD, outbound.check_url, lambda: CLOUD)
    project: str = text(
        "Project", "Its path or its number.", "team/shop", lambda it: it.strip("/ ")
    )
    ref: str = text("Branch or tag", "Whose pipeline is run.", "main", make=lambda: "main")
    token: str = secret(
        "Token", "A project access token, or a pipeline trigger token.", "glpat-…  or  glptt-…"
    )


class Pipeline(msgspec.Struct):
    id: int
    status: str
    iid: int = 0
    web_url: str = ""


class Project(msgspec.Struct):
    path_with_namespace: str


def start(order: Order, at: GitLab, carrier: Carrier) -> Started:
    variables = order.variables
    if at.token.startswith(TRIGGER):
        body: dict[str, Any] = {"token": at.token, "ref": at.ref, "variables": variables}
        answer = _ask(at, carrier, "POST", "/trigger/pipeline", body)
    else:
        pairs = [{"key": name, "value": value} for name, value in variables.items()]
        answer = _ask(at, carrier, "POST", "/pipeline", {"ref": at.ref, "variables": pairs})
    made = read(answer, Pipeline, HINTS)
    return Started({"pipeline": str(made.id), "build": str(made.iid)}, web(made.web_url))


def look(_order: Order, known: Mapping[str, str], at: GitLab, carrier: Carrier) -> Seen:
    if at.token.startswith(TRIGGER) or "pipeline" not in known:
        return Seen(Stage.UNKNOWN)
    answer = _ask(at, carrier, "GET", f"/pipelines/{known['pipeline']}")
    found = read(answer, Pipeline, HINTS)
    stage = STAGES.get(found.status, Stage.RUNNING)
    return Seen(stage, found.status == "success", found.status, url=web(found.web_url))


def check(_order: Order, at: GitLab, carrier: Carrier) -> str:
    if at.token.startswith(TRIGGER):
        raise Undeliverable("A pipeline trigger token cannot ask, only start: press Run to try it")
    found = read(_ask(at, carrier, "GET", ""), Project, HINTS)
    return f"The token sees the project {found.path_with_namespace}"


def _ask(
    at: GitLab, carrier: Carrier, method: str, path: str, body: dict[str, Any] | None = None
) -> outbound.Answer:
    headers = {"content-type": "application/json", "accept": "application/json"}
    if not at.token.startswith(TRIGGER):
        headers["private-token"] = at.token
    url = f"{at.url.rstrip('/')}/api/v4/projects/{quote(at.project, safe='')}{path}"
    return carrier.ask(method, url, headers, msgspec.json.encode(body) if body else b"")


RUNNER = Runner(
    "gitlab",
    "GitLab",
    "In the project: Settings → Access tokens, with the role Developer and the scope api. Or "
    "Settings → CI/CD → Pipeline trigger tokens, which can start pipelines but not watch them.",
    GitLab,
    start,
    look,
    check,
    lambda at: f"{urlsplit(at.url).hostname}: {at.project} @ {at.ref}",
)
