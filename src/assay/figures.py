"""How Assay writes numbers, durations and times for people, wherever it does."""

from __future__ import annotations

from datetime import UTC, datetime
from math import inf

UNIT = "\u00a0"  # between a number and its unit: never a line's end

SHORT_TIMES = ((1e3, "ms"), (1e6, "µs"), (1e9, "ns"), (inf, "s"))
UNITS = ("B", "kB", "MB", "GB", "TB")


def number(value: float) -> str:
    """4812 → "4,812"."""
    return f"{value:,.0f}"


def count(value: int, one: str, many: str = "") -> str:
    """2, "failure" → "2 failures"."""
    return f"{number(value)} {one if value == 1 else many or one + 's'}"


def rate(part: int, whole: int) -> str:
    """A share in per cent that says 100 only when it is all, and 0 only when it is none."""
    if not whole:
        return "–"
    share = 100 * part / whole
    if 0 < part < whole:
        share = min(max(share, 0.1), 99.9)
    return f"{share:.0f}{UNIT}%" if share in (0, 100) else f"{share:.1f}{UNIT}%"


def duration(seconds: float | None) -> str:
    """1.2371 → "1.24 s", 484 → "8 min 04 s", as people say it; nothing for None."""
    if seconds is None or seconds != seconds:
        return ""
    if seconds < 0.0995:
        return f"{seconds * 1000:.0f}{UNIT}ms" if seconds >= 0.001 or not seconds else f"<1{UNIT}ms"
    if seconds < 59.95:
        return f"{seconds:.2f}{UNIT}s" if seconds < 9.995 else f"{seconds:.1f}{UNIT}s"
    return _long(round(seconds))


def _long(seconds: int) -> str:
    if seconds < 3600:
        return f"{seconds // 60}{UNIT}min {seconds % 60:02}{UNIT}s"
    if seconds < 86400:
        return f"{seconds // 3600}{UNIT}h {seconds % 3600 // 60:02}{UNIT}min"
    return f"{seconds // 86400}{UNIT}d {seconds % 86400 // 3600}{UNIT}h"


def size(count: int) -> str:
    """1536 → "1.5 kB", in powers of 1000."""
    value, unit = float(count), 0
    while value >= 999.5 and unit < len(UNITS) - 1:
        value, unit = value / 1000, unit + 1
    return (
        f"{value:.0f}{UNIT}{UNITS[unit]}"
        if unit == 0 or value >= 10
        else f"{value:.1f}{UNIT}{UNITS[unit]}"
    )


def measure(metric: str, value: float, unit: str) -> str:
    """A measured number with its unit: 4.2e-7 "s" → "420 ns", an "error rate" of 0.02 → "2 %"."""
    if unit == "s":
        return _time(value)
    if unit == "B" and value >= 0:
        return size(round(value))
    if not unit and metric.endswith("rate") and 0 <= value <= 1:
        return f"{100 * value:.3g}{UNIT}%"
    sign = f"/{unit[2:]}" if unit.startswith("1/") else unit
    return f"{_digits(value)}{UNIT}{sign}" if sign else _digits(value)


def _time(seconds: float) -> str:
    """A time that may be very short."""
    size = abs(seconds)
    if size >= 0.9995 or not size:
        return duration(size) if seconds >= 0 else f"-{duration(size)}"
    factor, unit = next(each for each in SHORT_TIMES if size * each[0] >= 0.9995)
    return f"{seconds * factor:.3g}{UNIT}{unit}"


def _digits(value: float) -> str:
    whole = value == round(value) or abs(value) >= 10_000
    return f"{value:,.0f}" if whole else f"{value:.4g}"


def change(before: float | None, now: float) -> str:
    """How much more or less it is: 2 → 2.5 is "+25 %". Nothing where that says nothing."""
    if not before or before == now:
        return ""
    share = 100 * (now - before) / abs(before)
    return f"{share:+,.0f}{UNIT}%" if abs(share) >= 9.5 else f"{share:+.1f}{UNIT}%"


def exact(at: datetime) -> str:
    """The time in full, in UTC."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def machine(at: datetime) -> str:
    """The time for a `datetime` attribute."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def day(at: datetime) -> str:
    """A label for an axis: "12 Mar"."""
    at = at.astimezone(UTC)
    return f"{at.day} {at:%b}"


def date(at: datetime) -> str:
    """A day that may be far away: "12 Mar 2026"."""
    at = at.astimezone(UTC)
    return f"{at.day} {at:%b %Y}"


def short(commit: str) -> str:
    """A commit's hash as people write it; any other word stays whole."""
    is_hash = len(commit) >= 12 and all(c in "0123456789abcdef" for c in commit.lower())
    return commit[:7] if is_hash else commit
