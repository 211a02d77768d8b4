"""Who did what, as lines of the log: numbers, never names or addresses."""

from __future__ import annotations

import structlog

from assay.auth import Caller

log = structlog.get_logger()


def note(deed: str, who: Caller | None, **things: int | str) -> None:
    """Write down that `who` (None for somebody without an account yet) did it, to which things."""
    by: dict[str, int | str] = {"user": who.user.id} if who else {}
    if who and who.key:
        by["key"] = who.key.id
    log.info(deed, **by, **things)
