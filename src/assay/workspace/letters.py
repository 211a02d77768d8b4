"""The mails that let people in."""

from __future__ import annotations

from dataclasses import dataclass

from assay.notify.mail import Mail
from assay.settings import Settings

INVITATION = """{inviter} invites you to {company} on Assay, where its test results are,
as {role}.

Accept the invitation:
{link}

The link is good for 14 days. If you do not know what this is about, you need not do anything.
"""
FORGOTTEN = """Somebody, probably you, has asked for a new password for {email} on Assay.

Choose it here:
{link}

The link is good for one hour, and once. If it was not you, you need not do anything: your password
is what it was.
"""


@dataclass(frozen=True, slots=True)
class Sender:
    """How letters leave: by this server's settings, with links to this address of it."""

    settings: Settings
    base: str


def invitation(email: str, inviter: str, company: str, role: str, link: str) -> Mail:
    text = INVITATION.format(inviter=inviter, company=company, role=role, link=link)
    return Mail(email, f"{inviter} invites you to {company}", text)


def forgotten(email: str, link: str) -> Mail:
    return Mail(email, "A new password for Assay", FORGOTTEN.format(email=email, link=link))
