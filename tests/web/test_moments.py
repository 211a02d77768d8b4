"""Dates, as Ruby's `String#to_datetime` reads them (the expectations were asked of Ruby 3.1)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from assay.web.moments import read_moment

DAY = datetime(2001, 2, 3, tzinfo=UTC)
SAME_DAY = (
    "2001-02-03", "20010203", "2001/02/03", "2001.02.03", "2001-034", "2001034", "2001-W05-6",
    "2001W056", "H13.02.03", "3rd Feb 2001", "Feb 3 2001", "3 Feb 01", "03-Feb-2001",
    "2001-Feb-03", "3.2.2001", "01/02/03", "Sat, 3 Feb 2001 00:00:00 +0000",
    "Sat, 03 Feb 2001 00:00:00 GMT", "2001-02-02T24:00:00", " 2001-02-03T00:00:00Z ",
)  # fmt: skip
MOMENTS = {
    "20010203T040506+0700": "2001-02-02T21:05:06",
    "2001-W05-6T04:05:06+09:00": "2001-02-02T19:05:06",
    "2001034T040506Z": "2001-02-03T04:05:06",
    "H13.02.03T04:05:06+09:00": "2001-02-02T19:05:06",
    "3rd Feb 2001 04:05:06 PM": "2001-02-03T16:05:06",
    "3rd Feb 2001 04:05:06 PM EST": "2001-02-03T21:05:06",
    "Sat Aug 28 02:55:00 CEST 2000": "2000-08-28T00:55:00",
    "02/03/2001": "2001-03-02T00:00:00",
    "02-03-2001 10:00": "2001-03-02T10:00:00",
    "Feb 2001": "2001-02-01T00:00:00",
    "2001-W05": "2001-01-29T00:00:00",
    "S40.05.22": "1965-05-22T00:00:00",
    "20240229120000": "2024-02-29T12:00:00",
    "2026-03-01T10:00:00.250+02:00": "2026-03-01T08:00:00.250000",
    "2026-03-01T10:00:00,5Z": "2026-03-01T10:00:00.500000",
    "2026-03-01T10:00": "2026-03-01T10:00:00",
    "Feb 3 2001 10:20:30 GMT+3": "2001-02-03T07:20:30",
}


@pytest.mark.parametrize("text", SAME_DAY)
def test_many_ways_to_write_a_day(text: str) -> None:
    assert read_moment(text) == DAY


@pytest.mark.parametrize("text", MOMENTS)
def test_a_moment_is_kept_in_utc(text: str) -> None:
    assert read_moment(text) == datetime.fromisoformat(MOMENTS[text]).replace(tzinfo=UTC)


def test_a_plus_that_an_address_made_a_space_is_a_plus() -> None:
    assert read_moment("2026-03-01T10:00:00 02:00") == datetime(2026, 3, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["", "soonish", "10:20", "sat", "2001", "10", "3 Feb", "2001-13-01", "2001-366", "2001-02-30",
     "2001-W54-1", "1700000000", "2001-02-03 04:05 XYZ", "9" * 300, "9999-12-31T23:59:59-10:00"],
)  # fmt: skip
def test_what_names_no_day_is_refused(text: str) -> None:
    with pytest.raises((ValueError, OverflowError)):
        read_moment(text)
