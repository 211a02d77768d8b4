"""kill -9 while messages are being sent: all arrive, and none but those under way twice."""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from pathlib import Path

import httpx

from support.listener import Heard, listening
from support.mailbox import until
from support.server import Server

ROUNDS = 6
LONGEST_ROUND = 1.5
AT_ONCE = 4
"""Messages that one server has under way."""

REPORT = b"<testsuite name='s'><testcase classname='a' name='b'/></testsuite>"


def test_each_report_is_told_though_the_server_dies(tmp_path: Path) -> None:
    chance = random.Random(20_261_122)
    server = Server(tmp_path / "data", max_tries=100, webhooks="any", knows_itself=True)
    start = server.quickstart()
    profile, sent = start["profile_id"], set[int]()
    with listening((200, b"")) as receiver:
        for number in range(ROUNDS):
            server.start()
            with server.client(start["api_key"]) as client:
                if not number:
                    hook = {
                        "kind": "webhook",
                        "condition": "always",
                        "config": {"url": receiver.url},
                    }
                    client.post(
                        f"/api/v3/profiles/{profile}/channels", json=hook
                    ).raise_for_status()
                sent |= storm(
                    client, profile, time.monotonic() + chance.uniform(0.3, LONGEST_ROUND)
                )
            server.kill(everything=chance.random() < 0.5)
        server.start()
        try:
            told = until(lambda: reports_told(receiver.heard), lambda found: set(found) >= sent)
        finally:
            server.stop()
    assert len(sent) > ROUNDS
    assert set(told) == sent
    twice = sum(count - 1 for count in told.values())
    assert twice <= AT_ONCE * ROUNDS
    names = {(each.headers["webhook-id"], report(each.body)) for each in receiver.heard}
    assert len(names) == len(sent)


def storm(client: httpx.Client, profile: int, until_: float) -> set[int]:
    """Reports, one after another; those that were acknowledged."""
    sent = set()
    while time.monotonic() < until_:
        answer = client.post(f"/api/v2/profile/{profile}/import/junit", content=REPORT)
        assert answer.status_code == 201, answer.text
        sent.add(int(answer.json()["report_id"]))
    return sent


def reports_told(heard: list[Heard]) -> Counter[int]:
    return Counter(report(each.body) for each in list(heard))


def report(body: bytes) -> int:
    return int(json.loads(body)["data"]["report"]["id"])
