"""What is measured, against which budget, as a table."""

from __future__ import annotations

from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

MARKS = {True: "✓", False: "✗", None: ""}


@dataclass(frozen=True, slots=True)
class Finding:
    """One figure. `kept` is None where there is no budget, or nothing could be measured."""

    what: str
    measured: str
    budget: str = ""
    kept: bool | None = None
    note: str = ""


def at_most(what: str, value: float, limit: float, unit: str, note: str = "") -> Finding:
    return Finding(
        what, f"{figure(value)} {unit}", f"≤ {figure(limit)} {unit}", value <= limit, note
    )


def at_least(what: str, value: float, limit: float, unit: str, note: str = "") -> Finding:
    return Finding(
        what, f"{figure(value)} {unit}", f"≥ {figure(limit)} {unit}", value >= limit, note
    )


def told(what: str, value: float, unit: str, note: str = "") -> Finding:
    """A figure without a budget."""
    return Finding(what, f"{figure(value)} {unit}", note=note)


def missing(what: str, why: str) -> Finding:
    return Finding(what, "not measured", note=why)


def figure(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def draw(findings: list[Finding], console: Console) -> None:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for title, justify in (("what", "left"), ("measured", "right"), ("budget", "right")):
        table.add_column(title, justify=justify)  # type: ignore[arg-type]
    table.add_column("")
    table.add_column("note", style="dim")
    for one in findings:
        table.add_row(one.what, one.measured, one.budget, MARKS[one.kept], one.note)
    console.print(table)
    short = sum(one.kept is False for one in findings)
    judged = sum(one.kept is not None for one in findings)
    console.print(f"\n{judged - short} of {judged} budgets kept, {short} fall short")
