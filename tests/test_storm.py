"""kill -9 at random moments of an import storm: nothing acknowledged is lost or doubled."""

from __future__ import annotations

import os
import random
import threading
import time
from pathlib import Path

import httpx

from support.server import Server, ended

ROUNDS = int(os.environ.get("STORM_ROUNDS", "8"))
SENDERS = 3
LONGEST_ROUND = 1.2
"""Seconds that a server lives once it answers."""


def report_of(cases: int, failures: int) -> bytes:
    lines = [
        f'<testcase classname="storm.S{n % 7}" name="case {n}" time="0.01">'
        + (f'<failure message="expected {n}">at line {n}</failure>' if n < failures else "")
        + "</testcase>"
        for n in range(cases)
    ]
    return ("<testsuite name='storm'>" + "".join(lines) + "</testsuite>").encode()


class Storm:
    """Clients that upload until the server dies, and remember what was acknowledged."""

    def __init__(self, server: Server, key: str, profile: int, seed: int) -> None:
        self.acknowledged: dict[int, tuple[int, int]] = {}
        self._server = server
        self._key = key
        self._profile = profile
        self._random = random.Random(seed)
        self._lock = threading.Lock()

    def blow(self) -> None:
        """One round: senders send, and the server is killed under them."""
        stop = threading.Event()
        senders = [
            threading.Thread(target=self._send, args=(stop, self._random.randrange(2**32)))
            for _ in range(SENDERS)
        ]
        for sender in senders:
            sender.start()
        time.sleep(self._random.uniform(0.05, LONGEST_ROUND))
        self._server.kill(everything=self._random.random() < 0.5)
        stop.set()
        for sender in senders:
            sender.join()

    def _send(self, stop: threading.Event, seed: int) -> None:
        chance = random.Random(seed)
        with self._server.client(self._key) as client:
            while not stop.is_set():
                cases = chance.choice([1, 20, 500, 3000])
                failures = chance.randint(0, cases)
                try:
                    answer = client.post(
                        f"/api/v2/profile/{self._profile}/import/junit",
                        content=report_of(cases, failures),
                    )
                except httpx.TransportError:
                    return
                assert answer.status_code == 201, answer.text
                with self._lock:
                    self.acknowledged[answer.json()["report_id"]] = cases, failures


def test_each_acknowledged_import_ends_done_once_with_its_counts_right(tmp_path: Path) -> None:
    server = Server(tmp_path / "data", max_tries=100)
    start = server.quickstart()
    storm = Storm(server, start["api_key"], start["profile_id"], seed=20_240_229)
    for _ in range(ROUNDS):
        server.start()
        storm.blow()
    server.start()
    try:
        with server.client(start["api_key"]) as client:
            check(client, storm.acknowledged, start["profile_id"])
    finally:
        server.stop()


def check(client: httpx.Client, acknowledged: dict[int, tuple[int, int]], profile: int) -> None:
    assert len(acknowledged) >= ROUNDS
    for report, (cases, failures) in acknowledged.items():
        status = ended(client, {"report_status_url": f"/api/v2/report/{report}/status"})
        assert status["report_import_status"] == "success", status
        counts = client.get(f"/api/v3/reports/{report}").json()["counts"]
        assert (counts["total"], counts["failed"]) == (cases, failures)
    for report in list(acknowledged)[-3:]:
        cases = acknowledged[report][0]
        assert len(every(client, f"/api/v3/reports/{report}/results")) == cases
    listed = [each["id"] for each in every(client, f"/api/v3/profiles/{profile}/reports")]
    assert len(listed) == len(set(listed))
    assert set(acknowledged) <= set(listed)


def every(client: httpx.Client, path: str) -> list[dict[str, object]]:
    """All items of a list, page by page."""
    items: list[dict[str, object]] = []
    cursor = None
    while True:
        page = client.get(path, params={"limit": 500, **({"cursor": cursor} if cursor else {})})
        items += page.json()["items"]
        cursor = page.json()["next"]
        if not cursor:
            return items
