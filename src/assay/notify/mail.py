"""A mail, before it is anything that a server takes."""

from __future__ import annotations

from dataclasses import dataclass


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
