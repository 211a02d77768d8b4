"""What an administrator does beside serving: set up a first company, have uploads read again."""

from __future__ import annotations

import secrets
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from assay import auth
from assay.errors import Invalid
from assay.notify import smtp
from assay.notify.mail import Mail
from assay.settings import Settings
from assay.store.catalog import Catalog, imports, keys, open_catalog, users
from assay.store.catalog.keys import Scope
from assay.tasks import utc_now
from assay.workspace.accounts import Beginning, set_up


@dataclass(frozen=True, slots=True)
class FirstSteps:
    """What `quickstart` made: all that a person needs to import a first report. The password and
    the key are shown this once."""

    url: str
    email: str
    password: str
    api_key: str
    profile_id: int


def settings_for(data: Path | None = None) -> Settings:
    """The settings of the environment, with the folder given on the command line."""
    return Settings() if data is None else Settings(data=data)


def _catalog(settings: Settings) -> closing[Catalog]:
    """The catalog alone, which a running server shares (unlike a DuckDB file)."""
    settings.data.mkdir(parents=True, exist_ok=True)
    catalog = open_catalog(settings.catalog_url)
    catalog.migrate()
    return closing(catalog)


def quickstart(data: Path | None = None, url: str = "") -> FirstSteps:
    """The first owner, company, group, profile and key, on a folder that has none.

    Raises `Invalid` where there is a user already.
    """
    settings = settings_for(data)
    with _catalog(settings) as catalog, catalog.write() as conn:
        now = utc_now()
        password = secrets.token_urlsafe(12)
        email = "owner@assay.local"
        first = Beginning(email, "Owner", auth.hash_password(password))
        owner, profile = set_up(conn, first, now)
        _, secret = keys.make(conn, user=owner.id, name="First key", scopes=list(Scope), now=now)
    address = url or settings.url or "http://127.0.0.1:8000"
    return FirstSteps(address, email, password, secret, profile.id)


def reprocess(
    data: Path | None = None, report: int | None = None, profile: int | None = None
) -> int:
    """Read the raw uploads again: of one report, of a profile, or (with neither) of all. Returns
    how many were queued; the running or next server does the work."""
    settings = settings_for(data)
    with _catalog(settings) as catalog, catalog.write() as conn:
        queued = 0
        for found in imports.ended(conn, report=report, profile=profile):
            queued += imports.again(conn, found)
        return queued


def mail_test(to: str) -> str:
    """Send a mail to the address now; returns what the mail server answered. Raises `Invalid` and
    `Undeliverable`, saying what is wrong."""
    settings = Settings()
    if not settings.smtp:
        raise Invalid("No mail server is set: ASSAY_SMTP is empty", "smtp")
    text = (
        "If you can read this, Assay can send mails.\n\n"
        f"Links in them lead to {settings.home}. Set ASSAY_URL if that is not its address.\n"
    )
    mail = Mail(to, "A test mail from Assay", text)
    return smtp.hand_over(mail, settings, key=f"test:{secrets.token_hex()}", now=utc_now())


def new_password(data: Path | None, email: str) -> str:
    """A new password for a user, who is signed out everywhere. Raises `Invalid` for a stranger."""
    settings = settings_for(data)
    with _catalog(settings) as catalog, catalog.write() as conn:
        user = users.by_email(conn, email)
        if user is None:
            raise Invalid(f"Nobody here has the e-mail {email}", "email")
        password = secrets.token_urlsafe(12)
        auth.set_password(conn, user.id, password)
        return password
