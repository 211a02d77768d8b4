"""A test's parameters in its name, for tools that do not put them there."""

from __future__ import annotations

from collections.abc import Iterable

LONGEST = 80
"""Characters of a value; what is longer stands in the parameters alone."""


def name_with(name: str, values: Iterable[str]) -> str:
    """The name with the values behind it, ` [a, 1]`, unless it tells them all itself, or has some
    in brackets at its end (`price[2-6]`)."""
    shown = [value if len(value) <= LONGEST else f"{value[:LONGEST]}…" for value in values]
    if not shown or name.endswith(("]", ")")) or all(value in name for value in shown):
        return name
    return f"{name} [{', '.join(shown)}]"
