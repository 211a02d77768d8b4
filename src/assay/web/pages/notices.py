"""What a page says of what was just done to a profile's reports, and how to undo it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from assay.store.catalog import trash
from assay.store.catalog.profiles import Profile
from assay.upkeep import AT_ONCE
from assay.web.pages import words
from assay.web.pages.visit import Visit

DEEDS = {
    "restored": "taken back",
    "tagged": "tagged",
    "untagged": "rid of the tags",
    "moved": "moved; each is read again from its upload",
    "removed": "removed for good",
}


@dataclass(frozen=True, slots=True)
class Notice:
    """`undo` is what a form sends to `undo_url`; none where it cannot be undone."""

    words: str
    undo_url: str = ""
    undo: str = ""


def read_notice(conn: Connection, guest: Visit, profile: Profile) -> Notice | None:
    """The notice that the address asks for."""
    asked = guest.request.query_params
    if "deleted" in asked:
        return _deleted(conn, guest, profile, asked["deleted"])
    n, deed = asked.get("n", ""), DEEDS.get(asked.get("did", ""))
    if deed is None or not n.isdecimal() or not 0 < int(n) <= AT_ONCE:
        return None
    return Notice(f"{words.count(int(n), 'report')} {deed}.")


def _deleted(conn: Connection, guest: Visit, profile: Profile, moment: str) -> Notice | None:
    at = read_moment(moment)
    if at is None:
        return None
    found = trash.of_profile(conn, profile.id, kept_since(guest), limit=AT_ONCE, at=at)
    if not found:
        return None
    return Notice(
        f"{words.count(len(found), 'report')} deleted.", f"/profiles/{profile.id}/trash", moment
    )


def read_moment(text: str) -> datetime | None:
    """The moment an address names."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else None


def kept_since(guest: Visit) -> datetime:
    """What was deleted since then can be had back."""
    return guest.now - timedelta(days=guest.ours.settings.trash_days)
