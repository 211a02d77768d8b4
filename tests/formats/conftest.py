"""The corpus' table at the end of a run: per format, how many files were read and how."""

from __future__ import annotations

from collections import Counter

import pytest

COLUMNS = ("recognised", "exact", "known difference", "refused")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    counts: dict[str, Counter[str]] = {}
    for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed"):
        if "test_corpus" in report.nodeid:
            for folder, word in report.user_properties:
                counts.setdefault(folder, Counter())[str(word)] += 1
    if not counts:
        return
    terminalreporter.section("corpus")
    terminalreporter.write_line(f"{'format':16}" + "".join(f"{word:>18}" for word in COLUMNS))
    for folder, words in counts.items():
        cells = "".join(f"{words[word]:18}" for word in COLUMNS)
        terminalreporter.write_line(f"{folder:16}{cells}")
