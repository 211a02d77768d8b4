"""An event in words: the same ones in every channel, so that none says less than another."""

from __future__ import annotations

from dataclasses import dataclass

from assay.notify.event import Event, Kind, Run

SYMBOLS = {
    "passed": "●",
    "failed": "✕",
    "broken": "▲",
    "skipped": "○",
    "unknown": "?",
    "flaky": "◐",
}
"""As on the pages: shape says what colour says."""

SHORT_COMMIT = 12
LONGEST_REASON = 300
FAILED = "fail"


@dataclass(frozen=True, slots=True)
class Line:
    """How many results ended so, and how many more (or fewer) than in the report before."""

    status: str
    symbol: str
    count: str
    difference: str


def status_of(event: Event) -> str:
    """What the event comes to: passed, failed, broken or skipped."""
    if event.kind is Kind.TEST:
        return "passed"
    if event.report is None:
        return "failed"
    counts = event.report.counts
    if counts.failed:
        return "failed"
    if counts.broken:
        return "broken"
    if event.report.gate == FAILED:
        return "failed"
    return "passed" if counts.passed else "skipped"


def verdict(event: Event) -> str:
    """What happened, in a line: "3 new failures in Web UI tests (#123)"."""
    name = event.profile.name
    if event.kind is Kind.TEST:
        return f"A test message for {name}"
    if event.report is None:
        return f"An import into {name} failed"
    return f"{_lead(event, event.report)} in {name} (#{event.report.id})"


def subject(event: Event) -> str:
    """The same with the verdict's symbol before it."""
    return f"{SYMBOLS[status_of(event)]} {verdict(event)}"


def explanation(event: Event) -> str:
    """What there is to say of an event without a report; nothing for one with."""
    if event.kind is Kind.TEST:
        return "If you can read this, messages of Assay arrive here."
    return event.failed.message if event.failed else ""


def lines(event: Event) -> tuple[Line, ...]:
    """The counts of the report, against those of the report before."""
    if event.report is None:
        return ()
    now, before = event.report.counts, event.previous.counts if event.previous else None
    found = []
    for status, symbol in SYMBOLS.items():
        count = getattr(now, status)
        more = count - getattr(before, status) if before else 0
        if count or more:
            found.append(Line(status, symbol, _number(count), _signed(more)))
    return tuple(found)


def counted(event: Event) -> str:
    """The counts in a line: "● 12 passed (+1)  ✕ 3 failed (+3)"."""
    return "  ".join(
        f"{each.symbol} {each.count} {each.status}"
        + (f" ({each.difference})" if each.difference else "")
        for each in lines(event)
    )


def changes(event: Event) -> str:
    """What changed since the report before: "3 new failures · 1 fixed"; nothing where it is the
    first."""
    if event.report is None:
        return ""
    if event.previous is None:
        return "The first report of this profile"
    found = event.changes
    parts = (
        _count(found.new_failures, "new failure"),
        f"{_number(found.fixed)} fixed" if found.fixed else "",
        f"{_number(found.still_failing)} still failing" if found.still_failing else "",
        _count(found.new_tests, "new test"),
        f"{_number(found.gone)} gone" if found.gone else "",
    )
    said = " · ".join(part for part in parts if part)
    return said or ("Some results differ" if event.changed else "No result differs")


def facts(run: Run) -> tuple[tuple[str, str], ...]:
    """When and of what: name and value, those that are known."""
    source = " @ ".join(part for part in (run.branch, run.commit[:SHORT_COMMIT]) if part)
    found = (
        ("Ran", f"{run.date:%Y-%m-%d %H:%M} UTC"),
        ("Source", source),
        ("Build", run.build),
        ("Took", _duration(run.duration)),
        ("Tags", ", ".join(run.tags[:8])),
        ("Gate", _gate(run)),
    )
    return tuple((name, value) for name, value in found if value)


def failures_title(event: Event) -> str:
    """What stands above the failures."""
    return "Failures" if event.previous is None else "New failures"


def more_failures(event: Event) -> int:
    """How many there are beside those the event names."""
    if event.report is None:
        return 0
    counts = event.report.counts
    of = event.changes.new_failures if event.previous else counts.failed + counts.broken
    return max(0, of - len(event.failures))


def titled(path: tuple[str, ...], name: str) -> str:
    """A test's name with the titles above it."""
    return " › ".join((*path, name or "(no name)"))


def cut(text: str, length: int) -> str:
    """At most that many characters of it."""
    return text if len(text) <= length else text[: length - 1] + "…"


def _lead(event: Event, run: Run) -> str:
    counts = run.counts
    bad, new = counts.failed + counts.broken, event.changes.new_failures
    if new:
        return _count(new, "new failure")
    if bad:
        none = "not new," if bad == 1 else "none of them new,"
        return _count(bad, "failure") + (f", {none}" if event.changes.still_failing else "")
    if run.gate == FAILED:
        return "The gate failed without a failure"
    fixed = f", {_number(event.changes.fixed)} fixed," if event.changes.fixed else ""
    if not counts.passed:
        return "No test ran"
    if counts.passed == counts.total:
        return f"All {_count(counts.total, 'test')} passed{fixed}"
    return f"{_count(counts.passed, 'test')} passed{fixed}"


def _gate(run: Run) -> str:
    if run.gate is None:
        return ""
    return "passed" if run.gate != FAILED else f"failed: {cut(run.reason, LONGEST_REASON)}"


def _number(value: int) -> str:
    return f"{value:,}"


def _count(value: int, one: str) -> str:
    return f"{value:,} {one}{'' if value == 1 else 's'}" if value else ""


def _signed(value: int) -> str:
    return f"{'+' if value > 0 else '−'}{abs(value):,}" if value else ""


def _duration(seconds: float | None) -> str:
    if seconds is None:
        return ""
    if seconds < 60:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    hours, minutes = whole // 3600, whole % 3600 // 60
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min {whole % 60:02} s"
