"""The letter box: mails that are put in here are sent, later and for certain."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection

from assay.notify.mail import Mail
from assay.settings import Settings
from assay.store.catalog import deliveries


def can_mail(settings: Settings) -> bool:
    """Whether this server has a way to send mails. Without one a page shows what it would have
    mailed, to be handed over by hand."""
    return bool(settings.smtp)


def post_mail(
    conn: Connection,
    mail: Mail,
    *,
    key: str,
    now: datetime,
    company: int | None = None,
    user: int | None = None,
    profile: int | None = None,
    report: int | None = None,
) -> None:
    """Have the mail sent once this transaction is committed. `key` says what is told to whom; with
    a key that was used before, nothing happens. Whoever looks after `company` or `profile` sees
    that it was sent, and never what it says."""
    deliveries.queue(
        conn,
        key=key,
        kind="email",
        address=mail.to,
        payload={"title": mail.subject, "mail": asdict(mail)},
        now=now,
        company=company,
        user=user,
        profile=profile,
        report=report,
    )
