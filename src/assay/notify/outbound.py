"""HTTP to addresses that people have typed in, which are not to lead where only we can go.

A host is resolved once, every address it has is checked, and the connection goes to one of those,
so that a name cannot mean one thing when it is checked and another when it is used. No redirect is
followed.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any

import httpx

from assay import __version__
from assay.errors import Invalid, Undeliverable
from assay.settings import Settings

Address = IPv4Address | IPv6Address

SECONDS = 15.0
TIMEOUT = httpx.Timeout(10, connect=5)
MOST_BYTES = 2_000
"""How much of an answer is read; a sentence fits."""

LONGEST_WORDS = 200

LATER = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Answers that mean: not now. Any other refusal is taken at its word."""

METADATA = tuple(
    map(
        ip_network,
        ("169.254.0.0/16", "fe80::/10", "fd00:ec2::/32", "100.100.100.200/32", "168.63.129.16/32",
         "192.0.0.0/24"),
    )
)  # fmt: skip
"""Where clouds tell a machine its secrets: link-local, and what AWS, Alibaba, Azure and Oracle use
beside that."""

EMBEDDED = ip_network("64:ff9b::/96")
"""IPv4 inside IPv6, for NAT64 (RFC 6052)."""


def _private(address: Address) -> bool:
    return not (
        address.is_loopback
        or address.is_unspecified
        or address.is_multicast
        or address.is_link_local
        or (address.is_reserved and not address.is_global)
        or any(address in each for each in METADATA)
    )


ALLOWED: dict[str, Callable[[Address], bool]] = {
    "off": lambda _address: False,
    "public": lambda address: _private(address) and address.is_global,
    "private": _private,
    "any": lambda _address: True,
}
"""For each value of ASSAY_WEBHOOKS, whether a message may go to an address."""


def check_url(text: str) -> str:
    """The address as it is kept. Raises `Invalid` for one that is none."""
    try:
        url = httpx.URL(text.strip())
    except httpx.InvalidURL:
        url = httpx.URL("")
    if url.scheme not in ("http", "https") or not url.host:
        raise Invalid("The address begins with https:// and a host", "url")
    if url.userinfo:
        raise Invalid("The address may not hold a user or a password", "url")
    return str(url)


def post(url: str, body: bytes, settings: Settings, headers: Mapping[str, str]) -> str:
    """Send `body` to `url`; returns what was answered, as a sentence. Raises `Undeliverable`."""
    target = httpx.URL(check_url(url))
    sent = {"user-agent": f"Assay/{__version__}", "host": target.netloc.decode(), **headers}
    proxy = settings.webhook_proxy or None
    if settings.webhooks == "off":
        raise Undeliverable("This server sends no messages: ASSAY_WEBHOOKS is off", permanent=True)
    places = [target] if proxy else _places(target, settings.webhooks)
    extensions = {"sni_hostname": target.raw_host.decode()}
    with httpx.Client(timeout=TIMEOUT, trust_env=False, proxy=proxy) as client:
        return _post(client, places, target.host, content=body, headers=sent, extensions=extensions)


def _post(client: httpx.Client, places: list[httpx.URL], host: str, **request: Any) -> str:
    """To the first place that can be connected to."""
    trouble = ""
    for place in places:
        try:
            with client.stream("POST", place, **request) as answer:
                return _judge(answer, _read(answer))
        except httpx.ConnectError as error:
            trouble = str(error)
        except httpx.TransportError as error:
            said = str(error) or type(error).__name__
            raise Undeliverable(f"{host} did not answer: {said}") from error
    raise Undeliverable(f"{host} cannot be reached: {trouble}")


def _places(target: httpx.URL, policy: str) -> list[httpx.URL]:
    """The URL with each address of its host in the host's place, the more usual IPv4 first."""
    port = target.port or {"http": 80, "https": 443}[target.scheme]
    try:
        found = socket.getaddrinfo(target.raw_host.decode(), port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise Undeliverable(f"The host {target.host} is not known: {error.strerror}") from error
    addresses = sorted({str(each[4][0]) for each in found}, key=lambda at: (":" in at, at))
    for each in addresses:
        if not ALLOWED[policy](_bare(ip_address(each))):
            raise Undeliverable(
                f"{target.host} is {each}, where messages may not go. The administrator can allow "
                "more with ASSAY_WEBHOOKS",
                permanent=True,
            )
    return [target.copy_with(host=each) for each in addresses]


def _bare(address: Address) -> Address:
    """The IPv4 address that an IPv6 one stands for, where it does."""
    if isinstance(address, IPv4Address):
        return address
    if address in EMBEDDED:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


def _read(answer: httpx.Response) -> str:
    """The first words of an answer, however slowly it comes."""
    deadline = time.monotonic() + SECONDS
    held = b""
    for chunk in answer.iter_bytes(MOST_BYTES):
        held += chunk
        if len(held) >= MOST_BYTES or time.monotonic() > deadline:
            break
    words = " ".join(held.decode("utf-8", "replace").split())
    return words[:LONGEST_WORDS]


def _judge(answer: httpx.Response, words: str) -> str:
    said = f"{answer.status_code} {answer.reason_phrase}".strip() + (f": {words}" if words else "")
    if answer.is_success:
        return said
    if answer.has_redirect_location:
        to = answer.headers["location"][:LONGEST_WORDS]
        raise Undeliverable(f"{said}. It is at another address now: {to}", permanent=True)
    later = answer.status_code in LATER
    raise Undeliverable(said, permanent=not later, after=_after(answer) if later else 0)


def _after(answer: httpx.Response) -> float:
    """Seconds that the receiver asks us to wait; 0 where it does not say, or names a date."""
    try:
        return max(0.0, float(answer.headers.get("retry-after", "0")))
    except ValueError:
        return 0.0
