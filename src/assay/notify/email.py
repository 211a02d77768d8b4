"""E-mail: to those who have asked for it, and to addresses such as a mailing list's."""

from __future__ import annotations

from dataclasses import dataclass

from assay.notify.channel import Carrier, Channel, text
from assay.notify.event import Event
from assay.notify.letter import write_letter
from assay.notify.mail import read_address


def check_address(given: str) -> str:
    """Raises `Invalid` for what is none."""
    read_address(given)
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
