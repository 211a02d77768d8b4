"""A real server on a folder of its own, and a client that has a key to it."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from assay.administration import FirstSteps, quickstart

SERVE = "import sys; from pathlib import Path; from assay.server import serve\n"
SERVE += "serve(Path(sys.argv[1]), port=int(sys.argv[2]))"
ENDED = ("success", "failed")
PATIENCE = 300.0


@dataclass(frozen=True, slots=True)
class Site:
    """`pid` is the server's own process, `start` the seconds until it first answered."""

    pid: int
    start: float
    http: httpx.Client
    profile: int

    def send(self, report: Path, name: str = "junit", **options: str) -> dict[str, Any]:
        """Import one file of the format `name`; the answer comes when it is read. Asking for its
        state all the time instead would be measured, too."""
        with report.open("rb") as file:
            answer = self.http.post(
                f"/api/v2/profile/{self.profile}/import/{name}?process_async=false",
                files={"file[]": (report.name, file)},
                data=options,
            )
        told: dict[str, Any] = answer.raise_for_status().json()
        while told["report_import_status"] not in ENDED:
            time.sleep(0.5)
            told = self.http.get(told["report_status_url"]).raise_for_status().json()
        if told["report_import_status"] != "success":
            raise RuntimeError(f"{report.name} was not read: {told['message']}")
        return told


def prepare(data: Path) -> FirstSteps:
    """A first owner, profile and key on an empty folder."""
    return quickstart(data)


@contextmanager
def running(data: Path, first: FirstSteps) -> Iterator[Site]:
    """Serve the folder while the block runs."""
    port, began = free_port(), time.perf_counter()
    server = subprocess.Popen([sys.executable, "-c", SERVE, str(data), str(port)])
    headers = {"x-api-key": first.api_key}
    try:
        with httpx.Client(
            base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=PATIENCE, trust_env=False
        ) as http:
            start = wait_for(http, server, began)
            yield Site(server.pid, start, http, first.profile_id)
    finally:
        server.terminate()
        server.wait(timeout=60)


def wait_for(http: httpx.Client, server: subprocess.Popen[bytes], began: float) -> float:
    while server.poll() is None:
        try:
            if http.get("/health").is_success:
                return time.perf_counter() - began
        except httpx.TransportError:
            time.sleep(0.01)
    raise RuntimeError("the server did not start")


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
