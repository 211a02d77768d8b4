"""E-mail: to those who have asked for it, and to addresses such as a mailing list's."""

from __future__ import annotations

from dataclasses import dataclass
from email.headerregistry import Address

from assay.errors import Invalid
from assay.notify.channel import Carrier, Channel, text
from assay.notify.event import Event
from assay.notify.letter import write_letter


def check_address(given: str) -> str:
    try:
        found = Address(addr_spec=given)
    except ValueError:
        found = Address()
    if not (found.username and found.domain) or any(each.isspace() for each in given):
        raise Invalid("this is no e-mail address", "address")
    return given


@dataclass(frozen=True, slots=True)
class Email:
    address: str = text(
        "Address", "A person's or a mailing list's.", "team@example.org", check_address
    )


def send(event: Event, to: Email, carrier: Carrier) -> str:
    return carrier.mail(write_letter(event, to.address))


CHANNEL = Channel(
    "email",
    "E-mail",
    "To one address more, for a mailing list or for someone without an account. Members choose "
    "for themselves with the bell of the profile.",
    Email,
    send,
    lambda to: to.address,
)
