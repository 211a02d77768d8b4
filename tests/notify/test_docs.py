"""docs/notifications.md is true of what is sent."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from typing import Any

import msgspec
import pytest

from assay.notify import CHANNELS, delivering, webhook
from assay.notify.conditions import CHOICES, Condition
from assay.notify.event import Event, FailedImport, Kind, decode, encode
from assay.notify.webhook import make_secret, message, sign

PAGE = (Path(__file__).parents[2] / "docs/notifications.md").read_text()


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    assert found is not None
    return found[1]


def documented() -> Event:
    """The event that the page's example tells of."""
    data = json.loads(block("json"))["data"]
    subject = data["profile"] | {"company": data["company"]}
    plain = {"kind": "report.done", "at": "2026-03-02T09:30:05Z", "profile": subject}
    told = {name: data[name] for name in ("report", "previous", "changes", "changed", "failures")}
    return decode(plain | told | {"settings_url": ""})


def test_a_webhook_says_what_the_page_shows() -> None:
    said = json.loads(msgspec.json.encode(message(documented())))
    assert said == json.loads(block("json"))


def test_a_failed_import_has_the_fields_that_the_page_names() -> None:
    event = documented()
    failed = FailedImport("1", "https://x/imports/1", "why")
    event = Event(Kind.FAILED, event.at, event.profile, "", failed=failed)
    said = message(event)["data"]
    assert set(said) == {"title", "url", "company", "profile", "import"}
    assert set(said["import"]) == set(re.findall(r'"(\w+)"', PAGE.split('`"import": ')[1])[:3])


def test_an_event_comes_back_from_the_queue_as_it_was() -> None:
    assert decode(json.loads(json.dumps(encode(documented())))) == documented()


@pytest.fixture
def is_from_assay() -> Any:
    names: dict[str, Any] = {}
    exec(block("python"), names)
    return names["is_from_assay"]


def test_the_snippet_knows_our_messages_from_others(is_from_assay: Any) -> None:
    secret, body, moment = make_secret(), b'{"type":"test"}', str(int(time.time()))
    headers = {"webhook-id": "msg_1", "webhook-timestamp": moment}
    headers["webhook-signature"] = f"v1,older {sign(secret, 'msg_1', moment, body)}"
    assert is_from_assay(headers, body, secret)
    assert not is_from_assay(headers, body + b" ", secret)
    assert not is_from_assay(headers, body, make_secret())
    assert not is_from_assay(headers | {"webhook-timestamp": "1700000000"}, body, secret)


def test_the_signature_is_the_standards() -> None:
    """The example of the Standard Webhooks specification's own libraries."""
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    number, moment = "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330"
    signed = sign(secret, number, moment, b'{"test": 2432232314}')
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize("condition", Condition)
def test_each_choice_is_explained(condition: Condition) -> None:
    row = next(line for line in PAGE.splitlines() if f"| `{condition}` |" in line)
    assert CHOICES[condition].title in row
    assert row.rstrip(" |").endswith("yes") is CHOICES[condition].of_failed


@pytest.mark.parametrize("title", [each.title for each in CHANNELS])
def test_each_channel_is_explained(title: str) -> None:
    assert re.search(rf"^\| {title} \|", PAGE, re.MULTILINE)


def test_the_waits_are_those_of_the_page() -> None:
    minutes = [round(each.total_seconds() / 60) for each in delivering.WAITS]
    assert minutes == [1, 3, 9, 27, 81, 243, 720, 720, 720]
    assert "after 1, 3, 9, 27, 81 and 243 minutes and then every 12 hours" in PAGE
    assert json.loads(block("json"))["version"] == webhook.VERSION
