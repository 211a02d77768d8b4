"""Where messages may go, and what is made of the answers."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from assay.errors import Invalid, Undeliverable
from assay.notify.outbound import ALLOWED, check_url, post
from assay.settings import Settings, Webhooks
from support.listener import listening

PUBLIC = ("93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946")
PRIVATE = ("10.0.0.5", "172.16.3.4", "192.168.1.10", "100.64.0.9", "fd12:3456::1")
NEVER = (
    "127.0.0.1", "127.8.8.8", "::1", "0.0.0.0", "::", "169.254.169.254", "169.254.170.2",
    "fe80::1", "fd00:ec2::254", "100.100.100.200", "168.63.129.16", "192.0.0.192", "224.0.0.1",
    "255.255.255.255", "240.0.0.1", "ff02::1",
)  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_open(address: str) -> None:
    assert ALLOWED["public"](ip_address(address))
    assert ALLOWED["private"](ip_address(address))


@pytest.mark.parametrize("address", PRIVATE)
def test_private_networks_are_open_unless_only_public_ones_are(address: str) -> None:
    assert ALLOWED["private"](ip_address(address))
    assert not ALLOWED["public"](ip_address(address))


@pytest.mark.parametrize("address", NEVER)
def test_this_machine_and_a_clouds_own_are_closed(address: str) -> None:
    assert not ALLOWED["private"](ip_address(address))
    assert not ALLOWED["public"](ip_address(address))
    assert ALLOWED["any"](ip_address(address))


def send(url: str, webhooks: Webhooks = "any") -> str:
    return post(url, b"{}", Settings(webhooks=webhooks), {"content-type": "application/json"})


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]",
     "[64:ff9b::7f00:1]", "[2002:7f00:1::1]", "169.254.169.254", "[::ffff:a9fe:a9fe]"],
)  # fmt: skip
def test_no_spelling_of_this_machine_gets_through(host: str) -> None:
    with pytest.raises(Undeliverable, match="where messages may not go") as caught:
        send(f"http://{host}:9/", "private")
    assert caught.value.permanent


def test_the_receiver_hears_its_own_name() -> None:
    with listening((200, b"ok")) as receiver:
        port = receiver.url.rpartition(":")[2]
        assert send(f"http://localhost:{port}/a?b=c") == "200 OK: ok"
    [heard] = receiver.heard
    assert (heard.method, heard.path, heard.headers["host"]) == (
        "POST",
        "/a?b=c",
        f"localhost:{port}",
    )


@pytest.mark.parametrize(
    ("status", "permanent"),
    [(400, True), (401, True), (403, True), (404, True), (410, True), (422, True),
     (408, False), (429, False), (500, False), (502, False), (503, False), (504, False)],
)  # fmt: skip
def test_an_answer_says_whether_to_try_again(status: int, permanent: bool) -> None:
    with (
        listening((status, b"what  is\nwrong")) as receiver,
        pytest.raises(Undeliverable) as caught,
    ):
        send(receiver.url)
    assert str(caught.value).startswith(str(status))
    assert str(caught.value).endswith(": what is wrong")
    assert caught.value.permanent is permanent


def test_a_redirect_is_not_followed() -> None:
    with listening((200, b"caught")) as elsewhere, listening((307, elsewhere.url)) as receiver:
        with pytest.raises(Undeliverable, match="at another address now") as caught:
            send(receiver.url)
        assert caught.value.permanent
        assert elsewhere.heard == []


def test_a_long_answer_is_cut() -> None:
    with listening((200, b"x" * 1_000_000)) as receiver:
        assert len(send(receiver.url)) < 300


def test_nobody_there_may_be_there_later() -> None:
    with pytest.raises(Undeliverable, match="cannot be reached") as caught:
        send("http://127.0.0.1:9/")
    assert not caught.value.permanent
    with pytest.raises(Undeliverable, match="is not known") as caught:
        send("http://no-such-host.invalid/")
    assert not caught.value.permanent


def test_an_administrator_can_turn_all_of_it_off() -> None:
    with listening((200, b"ok")) as receiver, pytest.raises(Undeliverable, match="is off"):
        send(receiver.url, "off")
    assert receiver.heard == []


@pytest.mark.parametrize(
    "url",
    ["", "nowhere", "ftp://x/y", "file:///etc/passwd", "https://", "https://user:pass@host/",
     "http://[::1", "javascript:alert(1)"],
)  # fmt: skip
def test_what_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(Invalid):
        check_url(url)
