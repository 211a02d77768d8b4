"""What the receivers behind a profile's channels hear, and what becomes of what does not arrive."""

from __future__ import annotations

import hmac
import json
from base64 import b64decode, b64encode
from contextlib import closing
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from assay.errors import Undeliverable
from assay.notify import CHANNELS, delivering
from assay.notify.delivering import WAITS
from assay.store.catalog import deliveries, open_catalog
from support.house import House, given, upload
from support.listener import Heard, Listener, listening
from support.mailbox import Mailbox, until
from support.people import NOW
from support.server import ended

REPORT = b"""<testsuite name="s" timestamp="2026-03-01T10:00:00">
  <testcase classname="shop.Pay" name="pays *with* &lt;card&gt; @everyone [x](http://evil.example)">
    <failure type="TimeoutError" message="waited `30 s`&#10;for #pay"/></testcase>
  <testcase classname="shop.Pay" name="refunds"/>
</testsuite>"""
CALM = REPORT.replace(b"<failure", b"<skipped").replace(b"TimeoutError", b"")
SECRET = "whsec_" + b64encode(b"k" * 32).decode()


@pytest.fixture
def profile(sender: House) -> int:
    return sender.new_profile(sender.people.alice, "Channels")


def add(house: House, profile: int, kind: str, condition: str = "always", **config: str) -> Any:
    with house.client(house.people.alice) as client:
        body = {"kind": kind, "condition": condition, "config": config}
        answer = client.post(f"/api/v3/profiles/{profile}/channels", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def send(house: House, profile: int, data: bytes = REPORT, **options: str) -> int:
    with house.client(house.people.alice) as client:
        return int(given(client, profile, data, **options)["id"])


def first(listener: Listener) -> Heard:
    return until(lambda: listener.heard, bool)[0]


def rows(house: House, profile: int) -> list[dict[str, Any]]:
    with house.client(house.people.alice) as client:
        found: list[dict[str, Any]] = client.get(f"/api/v3/profiles/{profile}/deliveries").json()[
            "items"
        ]
    return found


def settled(house: House, profile: int, state: str) -> list[dict[str, Any]]:
    return until(lambda: rows(house, profile), lambda found: {e["state"] for e in found} == {state})


def texts(value: Any) -> str:
    """All that a message says, as one text."""
    if isinstance(value, dict):
        return " ".join(texts(each) for each in value.values())
    if isinstance(value, list):
        return " ".join(map(texts, value))
    return str(value)


def test_slack_hears_blocks_in_which_names_mean_themselves(sender: House, profile: int) -> None:
    with listening((200, b"ok")) as slack:
        add(sender, profile, "slack", webhook_url=f"{slack.url}/services/T/B/secret")
        number = send(sender, profile, branch="main")
        message = json.loads(first(slack).body)
    assert message["text"].startswith("✕ 1 failure in Channels")
    assert [each["type"] for each in message["blocks"]] == [
        "header", "section", "section", "context", "actions",
    ]  # fmt: skip
    failures = message["blocks"][2]["text"]["text"]
    url = f"{sender.server.url}/reports/{number}/results/0"
    assert f"<{url}|" in failures
    assert "pays *with* &lt;card&gt; @everyone" in failures
    assert "<card>" not in failures
    assert message["blocks"][-1]["elements"][0]["url"] == f"{sender.server.url}/reports/{number}"
    assert slack.heard[0].path == "/services/T/B/secret"


def test_teams_hears_an_adaptive_card_without_markup(sender: House, profile: int) -> None:
    with listening((202, b"")) as teams:
        add(sender, profile, "teams", webhook_url=teams.url)
        send(sender, profile)
        [card] = json.loads(first(teams).body)["attachments"]
    assert card["contentType"] == "application/vnd.microsoft.card.adaptive"
    kinds = {part["type"] for part in card["content"]["body"]}
    assert kinds == {"RichTextBlock", "FactSet"}
    assert "pays *with* <card> @everyone [x](http://evil.example)" in texts(card)
    assert "TimeoutError: waited `30 s`" in texts(card)


def test_discord_hears_an_embed_that_mentions_nobody(sender: House, profile: int) -> None:
    with listening((204, b"")) as discord:
        add(sender, profile, "discord", webhook_url=discord.url)
        number = send(sender, profile)
        message = json.loads(first(discord).body)
    assert message["allowed_mentions"] == {"parse": []}
    [embed] = message["embeds"]
    assert embed["url"] == f"{sender.server.url}/reports/{number}"
    assert "\\[x\\]\\(http\\:" in embed["description"]
    assert r"\@everyone" in embed["description"]


def test_a_webhook_hears_json_that_only_assay_can_have_sent(sender: House, profile: int) -> None:
    with listening((200, b"")) as receiver:
        add(sender, profile, "webhook", url=f"{receiver.url}/hook", secret=SECRET)
        before = send(sender, profile, CALM)
        number = send(sender, profile, REPORT)
        heard = until(lambda: receiver.heard, lambda found: len(found) == 2)
    messages = {json.loads(each.body)["data"]["report"]["id"]: each for each in heard}
    last = messages[number]
    name, moment = last.headers["webhook-id"], last.headers["webhook-timestamp"]
    signed = f"{name}.{moment}.".encode() + last.body
    known = hmac.digest(b64decode(SECRET.removeprefix("whsec_")), signed, "sha256")
    assert last.headers["webhook-signature"] == f"v1,{b64encode(known).decode()}"
    assert name != messages[before].headers["webhook-id"]
    said = json.loads(last.body)
    assert (said["type"], said["version"]) == ("report.done", 1)
    assert said["data"]["previous"]["id"] == before
    assert said["data"]["differences"]["failed"] == 1
    assert said["data"]["differences"]["skipped"] == -1
    assert said["data"]["changes"]["new_failures"] == 1
    assert said["data"]["changed"] is True
    [failure] = said["data"]["failures"]
    assert failure["error"] == "TimeoutError: waited `30 s`"


def test_a_channel_hears_of_failed_imports_if_it_hears_of_errors(
    sender: House, profile: int
) -> None:
    with listening((200, b"")) as errors, listening((200, b"")) as changes:
        add(sender, profile, "webhook", "errors", url=errors.url)
        add(sender, profile, "webhook", "changes", url=changes.url)
        with sender.client(sender.people.bob) as client:
            answer = upload(client, profile, ("x.xml", b"<html>502</html>"))
            ended(client, answer.json())
        said = json.loads(first(errors).body)
        settled(sender, profile, "sent")
    assert said["type"] == "import.failed"
    assert "No file of this upload is a report" in said["data"]["import"]["message"]
    assert changes.heard == []


def test_a_mailing_list_gets_the_mail_that_people_get(
    sender: House, profile: int, mailbox: Mailbox
) -> None:
    add(sender, profile, "email", address="team-list@example.org")
    send(sender, profile)
    [mail] = mailbox.wait(to="team-list@example.org")
    assert str(mail["subject"]).startswith("✕ 1 failure in Channels")


@pytest.mark.parametrize("kind", [each.name for each in CHANNELS])
def test_a_test_message_comes_back_with_the_answer(sender: House, profile: int, kind: str) -> None:
    with listening((200, b"thank you")) as receiver:
        addresses = {
            "email": {"address": "try@example.org"},
            "webhook": {"url": receiver.url},
        }
        channel = add(sender, profile, kind, **addresses.get(kind, {"webhook_url": receiver.url}))
        with sender.client(sender.people.bob) as client:
            tried = client.post(f"/api/v3/channels/{channel['id']}/test").json()
    assert tried["state"] == "sent"
    assert tried["message"] == ("Taken by 127.0.0.1" if kind == "email" else "200 OK: thank you")
    if kind != "email":
        assert "A test message for Channels" in texts(json.loads(receiver.heard[0].body))


def test_a_test_that_fails_is_not_tried_again(sender: House, profile: int) -> None:
    with listening((500, b"broken")) as receiver:
        channel = add(sender, profile, "webhook", url=receiver.url)
        with sender.client(sender.people.alice) as client:
            tried = client.post(f"/api/v3/channels/{channel['id']}/test").json()
    assert (tried["state"], tried["message"]) == ("failed", "500 Internal Server Error: broken")


def test_what_does_not_arrive_is_tried_again_under_its_own_name(
    sender: House, profile: int
) -> None:
    with listening((503, b"later"), (200, b"")) as receiver:
        add(sender, profile, "webhook", url=receiver.url)
        send(sender, profile)
        [row] = until(lambda: rows(sender, profile), lambda found: bool(found[0]["message"]))
        assert (row["state"], row["tries"]) == ("waiting", 1)
        assert row["message"].startswith("503")
        assert row["due_at"] > row["created_at"]
        with sender.client(sender.people.alice) as client:
            again = client.post(f"/api/v3/deliveries/{row['id']}/retry").json()
    assert (again["state"], again["tries"]) == ("sent", 2)
    names = {each.headers["webhook-id"] for each in receiver.heard}
    assert (len(receiver.heard), len(names)) == (2, 1)


def test_a_receiver_that_is_gone_is_given_up_at_once(sender: House, profile: int) -> None:
    with listening((410, b"gone")) as receiver:
        add(sender, profile, "webhook", url=receiver.url)
        send(sender, profile)
        [row] = settled(sender, profile, "failed")
    assert (row["tries"], row["message"]) == (1, "410 Gone: gone")


def test_it_waits_longer_each_time_and_stops_after_ten(sender: House, profile: int) -> None:
    """A clock of our own goes on to each next try, while the server's stays where it is."""
    settings = sender.server.settings
    with (
        listening((500, b"")) as receiver,
        closing(open_catalog(settings.catalog_url)) as catalog,
    ):
        add(sender, profile, "webhook", url=receiver.url)
        send(sender, profile)
        [row] = until(lambda: rows(sender, profile), lambda found: bool(found[0]["message"]))
        waits = []
        for _ in WAITS:
            with catalog.read() as conn:
                found = deliveries.get(conn, row["id"])
            assert found is not None
            waits.append(found.due_at)
            with catalog.write() as conn:
                lease = timedelta(minutes=5)
                taken = deliveries.take(conn, found.id, "me", found.due_at, lease)
            assert taken is not None
            delivering.attempt(catalog, settings, taken, now=found.due_at)
        with catalog.read() as conn:
            last = deliveries.get(conn, row["id"])
    assert last is not None
    assert (last.state, last.tries) == ("failed", 10)
    steps = [later - earlier for earlier, later in pairwise(waits)]
    assert all(WAITS[n + 1] <= step <= WAITS[n + 1] * 1.25 for n, step in enumerate(steps))
    assert timedelta(days=1.5) < sum(steps, timedelta()) < timedelta(days=2.5)


def test_a_receiver_can_ask_for_time() -> None:
    taken = deliveries.Delivery(
        1, "k", "slack", "", None, None, None, None, None, {}, deliveries.DeliveryState.WAITING,
        1, "me", "", NOW, NOW, None,
    )  # fmt: skip
    patient = delivering.wait_after(taken, Undeliverable("busy", after=1800))
    assert patient == timedelta(minutes=30)
    endless = delivering.wait_after(taken, Undeliverable("busy", after=1e9))
    assert endless is not None
    assert endless < timedelta(days=1)


def test_secrets_are_never_told_again(sender: House, profile: int) -> None:
    made = add(sender, profile, "webhook", url="https://ci.example.org/hook")
    assert made["secrets"]["secret"].startswith("whsec_")
    add(sender, profile, "slack", webhook_url="https://hooks.slack.com/services/hidden-part")
    with sender.client(sender.people.alice) as client:
        listed = client.get(f"/api/v3/profiles/{profile}/channels").text
    assert made["secrets"]["secret"] not in listed
    assert "hidden-part" not in listed
    assert "https://ci.example.org/hook" in listed


def test_a_change_keeps_the_secrets_that_are_left_out(sender: House, profile: int) -> None:
    with listening((200, b"")) as receiver:
        made = add(sender, profile, "webhook", url="https://ci.example.org/", secret=SECRET)
        body = {"name": "Moved", "condition": "errors", "config": {"url": receiver.url}}
        with sender.client(sender.people.alice) as client:
            changed = client.put(f"/api/v3/channels/{made['id']}", json=body).json()
            client.post(f"/api/v3/channels/{made['id']}/test")
    assert (changed["name"], changed["condition"]) == ("Moved", "errors")
    [heard] = receiver.heard
    signed = f"{heard.headers['webhook-id']}.{heard.headers['webhook-timestamp']}.".encode()
    known = hmac.digest(b"k" * 32, signed + heard.body, "sha256")
    assert heard.headers["webhook-signature"].endswith(b64encode(known).decode())


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"kind": "pigeon", "config": {}}, "kind"),
        ({"kind": "slack", "config": {}}, "webhook_url"),
        ({"kind": "slack", "config": {"webhook_url": "hooks.slack.com"}}, "webhook_url"),
        ({"kind": "email", "config": {"address": "a@b, c@d"}}, "address"),
        ({"kind": "webhook", "config": {"url": "https://x.y", "secret": "short"}}, "secret"),
        ({"kind": "slack", "condition": "often", "config": {}}, "condition"),
    ],
)
def test_a_wrong_channel_is_refused_by_the_field(
    sender: House, profile: int, body: dict[str, Any], field: str
) -> None:
    with sender.client(sender.people.alice) as client:
        answer = client.post(f"/api/v3/profiles/{profile}/channels", json=body)
    assert (answer.status_code, answer.json()["field"]) == (422, field)


def test_what_a_removed_channel_was_to_hear_is_dropped(sender: House, profile: int) -> None:
    with listening((500, b"")) as receiver:
        made = add(sender, profile, "webhook", url=receiver.url)
        send(sender, profile)
        until(lambda: rows(sender, profile), bool)
        with sender.client(sender.people.bob) as client:
            assert client.delete(f"/api/v3/channels/{made['id']}").status_code == 204
    assert rows(sender, profile) == []
