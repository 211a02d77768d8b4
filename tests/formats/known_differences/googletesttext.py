"""GoogleTest's text: where Assay counts otherwise than the corpus' own counter, and why."""

from __future__ import annotations

COUNTS = {
    "gtest-text/local-run-cpp/gtest.txt": (
        "a DISABLED_ test has a line of its own here and is skipped, as it is in the XML and the "
        "JSON of the same program"
    ),
}
