"""pytest's JSON report: where Assay counts otherwise than the corpus' counter, and why."""

from __future__ import annotations

COUNTS = {
    "pytest-json-report/avataristvan-a-i-d-e/report.json": (
        "a file could not be read for tests, for which pytest gave up and ran none of the 52 it "
        "had found: it counts an error, and so do we"
    )
}
