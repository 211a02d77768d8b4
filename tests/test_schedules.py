"""When a schedule comes round."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from assay.errors import Invalid
from assay.schedules import next_due, read_schedule

ON = "every week on "
MONDAY = datetime(2026, 3, 2, 9, 30, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "kept", "due", "words"),
    [
        ("", "", None, "only when asked"),
        ("15 minutes", "15 minutes", "2026-03-02T09:45", "every 15 minutes"),
        (" Hourly ", "hourly", "2026-03-02T10:00", "every hour"),
        ("daily 9:31", "daily 09:31", "2026-03-02T09:31", "every day at 09:31 UTC"),
        ("daily 09:30", "daily 09:30", "2026-03-03T09:30", "every day at 09:30 UTC"),
        ("weekly Mon 02:00", "weekly mon 02:00", "2026-03-09T02:00", f"{ON}Monday at 02:00 UTC"),
        ("weekly Monday 9:31", "weekly mon 09:31", "2026-03-02T09:31", f"{ON}Monday at 09:31 UTC"),
        ("weekly sun 00:00", "weekly sun 00:00", "2026-03-08T00:00", f"{ON}Sunday at 00:00 UTC"),
    ],
)  # fmt: skip
def test_it_comes_round_next(text: str, kept: str, due: str | None, words: str) -> None:
    found = read_schedule(text)
    assert str(found) == kept
    assert read_schedule(kept) == found
    assert found.words == words
    expected = datetime.fromisoformat(due).replace(tzinfo=UTC) if due else None
    assert next_due(found, MONDAY) == expected


@pytest.mark.parametrize(
    "text",
    [
        "sometimes",
        "daily",
        "daily 24:00",
        "daily 2",
        "weekly 02:00",
        "weekly xyz 02:00",
        "* * * * *",
    ],
)
def test_what_is_no_schedule_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        read_schedule(text)
