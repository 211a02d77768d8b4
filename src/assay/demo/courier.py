"""Brings deliveries to a server through its import API, as a pipeline would."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

import httpx

from assay.demo.plan import Delivery
from assay.demo.workspace import Workspace

CONNECTIONS = 3
PATIENCE = 60.0
"""Seconds to wait for the server to come up, and for any one answer."""

AHEAD = 20
"""Imports are taken up in the order they came, so that asking for every so many-th is enough."""

PAUSE = 0.25
ENDED = frozenset({"success", "failed"})


def client(url: str, workspace: Workspace) -> httpx.Client:
    headers = {"x-api-key": workspace.api_key}
    return httpx.Client(base_url=url, headers=headers, timeout=PATIENCE, trust_env=False)


def wait_for(http: httpx.Client) -> None:
    """Return once the server answers. Raises `httpx.TransportError` when that takes too long."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            http.get("/health").raise_for_status()
            return
        except httpx.TransportError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def bring(
    http: httpx.Client,
    workspace: Workspace,
    deliveries: Iterable[Delivery],
    told: Callable[[int], None],
) -> None:
    """Send all of them and wait until they are read; `told` is called with how many are."""
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        sent = list(pool.map(lambda each: send(http, workspace, each), deliveries))
    read = 0
    while read < len(sent):
        probe = min(read + AHEAD, len(sent))
        if is_read(http, sent[probe - 1]):
            read = probe
            told(read)
        else:
            time.sleep(PAUSE)
    for report in sent[-AHEAD:]:
        while not is_read(http, report):
            time.sleep(PAUSE)


def send(http: httpx.Client, workspace: Workspace, delivery: Delivery) -> str:
    """Import one delivery; the address that tells its status."""
    profile = workspace.profiles[delivery.profile.name]
    files = [("file[]", (delivery.file_name, delivery.body))]
    files += [("attachment[]", picture) for picture in delivery.attachments]
    answer = http.post(
        f"/api/v2/profile/{profile}/import/{delivery.profile.formatter}",
        files=files,
        data={
            "date": delivery.date.isoformat(),
            "branch": delivery.branch,
            "commit": delivery.commit,
            "build": delivery.build,
            "tag[]": list(delivery.tags),
        },
    )
    answer.raise_for_status()
    return str(answer.json()["report_status_url"])


def is_read(http: httpx.Client, status: str) -> bool:
    return http.get(status).raise_for_status().json()["report_import_status"] in ENDED
