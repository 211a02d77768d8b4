"""What a channel is: a dataclass of what it must know, and a function that sends an event there.

The form, the API and the docs are made from the dataclass: each field says what it is called, what
to put there, and whether it is a secret, which is never shown again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, Protocol

from assay.errors import Invalid
from assay.notify import outbound, smtp
from assay.notify.event import Event
from assay.notify.mail import Mail
from assay.settings import Settings

Check = Callable[[str], str]
LONGEST = 2_000
LONGEST_ANSWER = 2_000_000
"""Bytes of an answer that is looked into."""


@dataclass(frozen=True, slots=True)
class Carrier:
    """Takes one message out of the house. `key` names the message: tries of the same one have the
    same key."""

    settings: Settings
    key: str
    now: datetime

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> str:
        """What the receiver answered. Raises `Undeliverable`."""
        return outbound.post(url, body, self.settings, headers)

    def ask(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes = b""
    ) -> outbound.Answer:
        """Whatever is answered. Raises `Undeliverable` where nothing is."""
        return outbound.ask(method, url, self.settings, headers, body, LONGEST_ANSWER)

    def mail(self, mail: Mail) -> str:
        """What the mail server answered. Raises `Undeliverable`."""
        return smtp.hand_over(mail, self.settings, key=self.key, now=self.now)


@dataclass(frozen=True, slots=True)
class Channel:
    """`send` gives an event to whom `config` (an instance of it) describes, and returns what was
    answered. `where` is the place in words that are no secret. `how` says where to get what the
    fields ask for."""

    name: str
    title: str
    how: str
    config: type[Any]
    send: Callable[[Event, Any, Carrier], str]
    where: Callable[[Any], str]


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a channel's form. `make` gives a value where none was given."""

    name: str
    label: str
    hint: str
    example: str
    secret: bool
    check: Check
    make: Callable[[], str] | None


def text(
    label: str,
    hint: str = "",
    example: str = "",
    check: Check = str.strip,
    make: Callable[[], str] | None = None,
) -> Any:
    """A field of a channel's dataclass that all who may see the channel see."""
    about = {"label": label, "hint": hint, "example": example, "secret": False, "check": check}
    return field(metadata=about | {"make": make})


def secret(
    label: str,
    hint: str = "",
    example: str = "",
    check: Check = str.strip,
    make: Callable[[], str] | None = None,
) -> Any:
    """A field that nobody sees again once it is saved."""
    about = {"label": label, "hint": hint, "example": example, "secret": True, "check": check}
    return field(metadata=about | {"make": make}, repr=False)


class Configured(Protocol):
    """A kind of thing that has to know something: a channel, or a runner of jobs."""

    @property
    def config(self) -> type[Any]: ...


def fields_of(kind: Configured) -> tuple[Field, ...]:
    return tuple(Field(each.name, **each.metadata) for each in fields(kind.config))


def read_config(
    kind: Configured, given: Mapping[str, str], known: Mapping[str, str] | None = None
) -> dict[str, str]:
    """The configuration as it is kept, from what a form or the API gives; a secret that is left
    empty stays as it is `known`, or is made. Raises `Invalid`, naming the field."""
    return {each.name: _value(each, given, known or {}) for each in fields_of(kind)}


def _value(of: Field, given: Mapping[str, str], known: Mapping[str, str]) -> str:
    value = given.get(of.name, "").strip()
    if not value and of.secret and known.get(of.name):
        return known[of.name]
    if not value and of.make is not None:
        return of.make()
    if not value:
        raise Invalid(f"{of.label} is missing", of.name)
    if len(value) > LONGEST:
        raise Invalid(f"{of.label} is too long: at most {LONGEST:,} characters fit", of.name)
    try:
        return of.check(value)
    except Invalid as error:
        raise Invalid(f"{of.label}: {error}", of.name) from error
