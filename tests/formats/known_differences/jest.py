"""Jest: where Assay counts otherwise than the corpus' own counter, and why it is right."""

from __future__ import annotations

NOT_RUN = (
    "a file that broke before its first test is a broken result of its own, or it would be lost"
)
COUNTS = {
    "jest-json/dkelosky-jest-stare/jest-results.json": NOT_RUN,
}
