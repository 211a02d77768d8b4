"""A mail server in the test's own process, that keeps what comes and refuses what it is told to."""

from __future__ import annotations

import ssl
import subprocess
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any
from urllib.parse import quote

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from support.server import free_port

USER, PASSWORD = "assay@example.org", "p@ss/word"
ARRIVES_WITHIN = 60.0


@dataclass
class Mailbox:
    """What has come. `answers` are given to recipients and to mails in place of 250, one each."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    users: list[str] = field(default_factory=list)
    secret: list[bool] = field(default_factory=list)
    refuse_recipients: list[str] = field(default_factory=list)
    refuse_mails: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def signed_in(self, host: str = "127.0.0.1") -> str:
        """The address for those who have to show a password."""
        return f"smtp://{quote(USER, safe='')}:{quote(PASSWORD, safe='')}@{host}:{self.port}"

    def wait(self, count: int = 1, to: str = "") -> list[EmailMessage]:
        """The mails to someone, once so many have come."""
        return until(lambda: self.of(to), lambda found: len(found) >= count)

    def of(self, to: str) -> list[EmailMessage]:
        return [mail for mail in self.mails if to in str(mail["to"])]

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        if self.refuse_recipients:
            return self.refuse_recipients.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.refuse_mails:
            return self.refuse_mails.pop(0)
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content, policy=default)
        assert isinstance(mail, EmailMessage)
        self.secret.append(session.ssl is not None)
        self.recipients += envelope.rcpt_tos
        self.mails.append(mail)
        return "250 Kept"

    def check(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _way: str, given: Any
    ) -> AuthResult:
        assert isinstance(given, LoginPassword)
        right = (given.login, given.password) == (USER.encode(), PASSWORD.encode())
        self.users.append(given.login.decode())
        return AuthResult(success=right, handled=False)


def until(look: Callable[[], Any], holds: Callable[[Any], bool]) -> Any:
    """What `look` finds once it is as it should be."""
    deadline = time.monotonic() + ARRIVES_WITHIN
    while time.monotonic() < deadline:
        found = look()
        if holds(found):
            return found
        time.sleep(0.05)
    raise AssertionError(f"it did not come to that: {look()}")


@contextmanager
def receiving(certificate: Path | None = None, *, password: bool = False) -> Iterator[Mailbox]:
    """A mail server; with a certificate it offers STARTTLS, with `password` it asks for one."""
    box = Mailbox(free_port())
    options: dict[str, Any] = {}
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        options["tls_context"] = context
    if password:
        options |= {"authenticator": box.check, "auth_required": True}
        options["auth_require_tls"] = certificate is not None
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Requiring AUTH while not requiring TLS")
        controller = Controller(box, hostname="127.0.0.1", port=box.port, **options)
        controller.start()
        try:
            yield box
        finally:
            controller.stop()


def make_certificate(folder: Path) -> Path:
    """A key and a certificate for localhost that signs itself, in one file."""
    path, key = folder / "localhost.pem", folder / "key.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    subprocess.run(
        [*command, *names, "-keyout", key, "-out", path], check=True, capture_output=True
    )
    path.write_text(path.read_text() + key.read_text())
    return path
