"""A mail, before it is anything that a server takes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.headerregistry import Address

from assay.errors import Invalid

LOCAL = re.compile(r"""[^\s@,;:<>"()\[\]\\\x00-\x1f\x7f-\U0010ffff]{1,64}""")
"""What may stand before the @: RFC 5321's dot-atom, and not its quoted strings."""


@dataclass(frozen=True, slots=True)
class Mail:
    """`to` is one address. `html` says the same as `text`, for those who like it. `about` is the
    page where the reader can say that they want no such mails, and `list_id` what a mail program
    may sort by; both stay empty for a mail that somebody has asked for."""

    to: str
    subject: str
    text: str
    html: str = ""
    about: str = ""
    list_id: str = ""


def read_address(text: str) -> Address:
    """One address, its host as the wire has it (IDNA). Raises `Invalid` for anything else, so that
    no address turns out to be two, or a header."""
    name, _, host = text.rpartition("@")
    try:
        domain = host.encode("idna").decode() if LOCAL.fullmatch(name) else ""
    except UnicodeError:
        domain = ""
    if not LOCAL.fullmatch(domain[:64]):
        raise Invalid(f"{text[:100]!r} is no e-mail address", "address")
    return Address(username=name, domain=domain)
