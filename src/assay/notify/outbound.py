"""HTTP to addresses that people have typed in, which are not to lead where only we can go.

A host is resolved once, every address it has is checked, and the connection goes to one of those,
so that a name cannot mean one thing when it is checked and another when it is used. No redirect is
followed.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
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

REDIRECTS = frozenset({301, 302, 303, 307, 308})

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


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered; of `body` as much as was wanted. Names in `headers` are lower case."""

    status: int
    reason: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300

    @property
    def said(self) -> str:
        """The answer in a line, with its first words."""
        words = " ".join(self.body[:MOST_BYTES].decode("utf-8", "replace").split())[:LONGEST_WORDS]
        return f"{self.status} {self.reason}".strip() + (f": {words}" if words else "")


def post(url: str, body: bytes, settings: Settings, headers: Mapping[str, str]) -> str:
    """Send `body` to `url`; returns what was answered, as a sentence. Raises `Undeliverable`."""
    return judge(ask("POST", url, settings, headers, body))


def ask(
    method: str,
    url: str,
    settings: Settings,
    headers: Mapping[str, str],
    body: bytes = b"",
    most: int = MOST_BYTES,
) -> Answer:
    """Whatever `url` answers, of its body at most so many bytes. Raises `Undeliverable` where it
    may not be asked or does not answer."""
    target = httpx.URL(check_url(url))
    sent = {"user-agent": f"Assay/{__version__}", "host": target.netloc.decode(), **headers}
    proxy = settings.webhook_proxy or None
    if settings.webhooks == "off":
        raise Undeliverable("This server sends no messages: ASSAY_WEBHOOKS is off", permanent=True)
    places = [target] if proxy else _places(target, settings.webhooks)
    extensions = {"sni_hostname": target.raw_host.decode()}
    request = {"content": body, "headers": sent, "extensions": extensions}
    with httpx.Client(timeout=TIMEOUT, trust_env=False, proxy=proxy) as client:
        return _ask(client, method, places, target.host, most, request)


def _ask(
    client: httpx.Client,
    method: str,
    places: list[httpx.URL],
    host: str,
    most: int,
    request: dict[str, Any],
) -> Answer:
    """The first place that can be connected to."""
    trouble = ""
    for place in places:
        try:
            with client.stream(method, place, **request) as answer:
                return _read(answer, most)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            trouble = str(error) or type(error).__name__
        except httpx.TransportError as error:
            said = str(error) or type(error).__name__
            raise Undeliverable(f"{host} did not answer: {said}", perhaps=True) from error
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


def _read(answer: httpx.Response, most: int) -> Answer:
    """As much of an answer as is wanted, or as has come when it took too long."""
    deadline = time.monotonic() + SECONDS
    held = b""
    for chunk in answer.iter_bytes():
        held += chunk
        if len(held) >= most or time.monotonic() > deadline:
            break
    return Answer(answer.status_code, answer.reason_phrase, dict(answer.headers), held[:most])


def judge(answer: Answer) -> str:
    """What was answered, as a sentence. Raises `Undeliverable` for all but a success."""
    if answer.is_success:
        return answer.said
    if answer.status in REDIRECTS and "location" in answer.headers:
        to = answer.headers["location"][:LONGEST_WORDS]
        raise Undeliverable(f"{answer.said}. It is at another address now: {to}", permanent=True)
    later = answer.status in LATER
    raise Undeliverable(answer.said, permanent=not later, after=_after(answer) if later else 0)


def _after(answer: Answer) -> float:
    """Seconds that the receiver asks us to wait; 0 where it does not say, or names a date."""
    try:
        return max(0.0, float(answer.headers.get("retry-after", "0")))
    except ValueError:
        return 0.0
