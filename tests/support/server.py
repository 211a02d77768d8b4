"""A real server in a process of its own, on a fresh folder, for tests that go through the door."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx

from assay.settings import Settings

ASSAY = str(Path(sys.executable).parent / "assay")
STARTS_WITHIN = 60.0
ENDS_WITHIN = 120.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """`assay serve` over `data`; it can be killed and started again on the same folder."""

    def __init__(self, data: Path, *, knows_itself: bool = False, **settings: Any) -> None:
        """`knows_itself`: it is told its own address, as one that sends mails has to be."""
        self.data = data
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        settings |= {"url": self.url} if knows_itself else {}
        self._environment = {f"ASSAY_{name.upper()}": str(v) for name, v in settings.items()}
        self.settings = Settings(data=data, **settings)
        self.process: subprocess.Popen[bytes] | None = None

    def quickstart(self) -> dict[str, Any]:
        """The first owner, profile and key, by the command that people use."""
        command = [ASSAY, "quickstart", "--json", "--data", str(self.data)]
        made = subprocess.run(
            command, env={**os.environ, **self._environment}, check=True, capture_output=True
        )
        found: dict[str, Any] = json.loads(made.stdout)
        return found

    def start(self) -> Server:
        command = [ASSAY, "serve", "--data", str(self.data)]
        self.data.mkdir(parents=True, exist_ok=True)
        with (self.data / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*command, "--port", str(self.port)],
                env={**os.environ, **self._environment},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._await()
        return self

    def _await(self) -> None:
        deadline = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < deadline:
            assert self.process is not None
            assert self.process.poll() is None, self.log()
            try:
                if httpx.get(f"{self.url}/health", timeout=1).status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.05)
        raise AssertionError(f"the server did not answer:\n{self.log()}")

    def log(self) -> str:
        return (self.data / "server.log").read_text(errors="replace")

    def kill(self, *, everything: bool = True) -> None:
        """kill -9: of the server and `everything` it has started, or of the server alone."""
        assert self.process is not None
        (os.killpg if everything else os.kill)(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None

    def stop(self) -> None:
        """The polite end."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.kill()
        self.process = None

    def client(self, key: str = "", **options: Any) -> httpx.Client:
        headers = {"x-api-key": key} if key else {}
        return httpx.Client(base_url=self.url, headers=headers, timeout=60, **options)


def ended(client: httpx.Client, answer: dict[str, Any]) -> dict[str, Any]:
    """The last status of an import that was acknowledged with `answer`."""
    deadline = time.monotonic() + ENDS_WITHIN
    while time.monotonic() < deadline:
        status: dict[str, Any] = client.get(answer["report_status_url"]).json()
        if status["report_import_status"] in ("success", "failed"):
            return status
        time.sleep(0.02)
    raise AssertionError(f"the import did not end: {status}")
