"""To the mail server, over a connection for each mail."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from hashlib import sha256
from ipaddress import ip_address
from urllib.parse import parse_qs, unquote, urlsplit

from assay.errors import Invalid, Undeliverable
from assay.notify.mail import Mail, read_address
from assay.settings import Settings

TIMEOUT = 30.0
PORTS = {"smtp": 587, "smtps": 465}
TLS = ("required", "offered", "never")
EXAMPLE = "Write it as smtp://user:password@mail.example.org:587 or smtps://…"


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mails go. `tls` says whether a plain connection must be, may be or is not to be made a
    secret one (STARTTLS); `implicit` is a connection that is secret from its first byte."""

    host: str
    port: int
    implicit: bool
    tls: str
    user: str
    password: str = field(repr=False)


def read_server(url: str) -> MailServer:
    """The server of an address such as smtp://user:password@host:587?tls=required. Without `tls`,
    a password goes only over a secret connection, or to this machine. Raises `Invalid`."""
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS[parts.scheme]
    except (ValueError, KeyError):
        raise Invalid(f"ASSAY_SMTP is no address of a mail server. {EXAMPLE}", "smtp") from None
    host, password = parts.hostname or "", unquote(parts.password or "")
    usual = "required" if password and not _is_here(host) else "offered"
    tls = parse_qs(parts.query).get("tls", [usual])[-1]
    if not host or tls not in TLS:
        raise Invalid(f"ASSAY_SMTP is no address of a mail server. {EXAMPLE}", "smtp")
    user = unquote(parts.username or "")
    return MailServer(host, port, parts.scheme == "smtps", tls, user, password)


def hand_over(mail: Mail, settings: Settings, *, key: str, now: datetime) -> str:
    """Give the mail to the server; returns what it answered. The same `key` is always the same
    Message-ID, so that a mail that was sent twice can be told from two mails.

    Raises `Undeliverable`, for good where the server refuses the recipient or the mail itself.
    """
    if not settings.smtp:
        raise Undeliverable("This server has no mail server: ASSAY_SMTP is not set")
    message = compose(mail, settings, key=key, now=now)
    server = read_server(settings.smtp)
    try:
        return _send(server, message)
    except smtplib.SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()))
        raise _refused("The mail server does not take mails to this address", code, said) from error
    except smtplib.SMTPDataError as error:
        raise _refused("The mail server does not take this mail", *error.args) from error
    except smtplib.SMTPResponseException as error:
        words = f"{error.smtp_code} {_words(error.smtp_error)}"
        raise Undeliverable(f"The mail server refuses: {words}") from error
    except (smtplib.SMTPException, OSError) as error:
        where = f"{server.host}:{server.port}"
        raise Undeliverable(f"The mail server {where} cannot be used: {error}") from error


def compose(mail: Mail, settings: Settings, *, key: str, now: datetime) -> EmailMessage:
    """The message as it goes over the wire. Raises `Undeliverable` for an impossible address."""
    sender = sender_of(settings)
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = _address(mail.to)
    message["Subject"] = " ".join(mail.subject.split())
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{sha256(key.encode()).hexdigest()[:32]}@{sender.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    if mail.about:
        message["List-Unsubscribe"] = f"<{mail.about}>"
    if mail.list_id:
        message["List-Id"] = f"<{mail.list_id}.{sender.domain}>"
    message.set_content(mail.text)
    if mail.html:
        message.add_alternative(mail.html, subtype="html")
    return message


def sender_of(settings: Settings) -> Address:
    """Who mails come from: the setting, or assay@ the host of the server's address."""
    name, given = parseaddr(settings.mail_from)
    host = urlsplit(settings.home).hostname or "localhost"
    try:
        found = read_address(given if settings.mail_from else f"assay@{_named(host)}")
    except Invalid as error:
        message = f"ASSAY_MAIL_FROM: {error}. Write it as Assay <assay@example.org>"
        raise Invalid(message, "mail_from") from error
    return Address(name or "Assay", found.username, found.domain)


def _send(server: MailServer, message: EmailMessage) -> str:
    context = ssl.create_default_context()
    with _connect(server, context) as smtp:
        smtp.ehlo()
        offered = smtp.has_extn("starttls") and not server.implicit
        if offered and server.tls != "never":
            smtp.starttls(context=context)
            smtp.ehlo()
        elif server.tls == "required" and not server.implicit:
            raise Undeliverable(
                f"The mail server {server.host} offers no STARTTLS, and the password is not sent "
                "in the clear. Use smtps://, or add ?tls=never to ASSAY_SMTP if that is all right"
            )
        if server.user:
            smtp.login(server.user, server.password)
        smtp.send_message(message)
    return f"Taken by {server.host}"


def _connect(server: MailServer, context: ssl.SSLContext) -> smtplib.SMTP:
    if server.implicit:
        return smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT, context=context)
    return smtplib.SMTP(server.host, server.port, timeout=TIMEOUT)


def _address(to: str) -> Address:
    try:
        return read_address(to)
    except Invalid as error:
        raise Undeliverable(str(error), permanent=True) from error


def _refused(what: str, code: int, said: bytes | str) -> Undeliverable:
    return Undeliverable(f"{what}: {code} {_words(said)}", permanent=500 <= code < 600)


def _words(said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return " ".join(text.split())


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _named(host: str) -> str:
    """A host as the right side of an address; a number is none."""
    try:
        ip_address(host)
    except ValueError:
        return host
    return "localhost"
