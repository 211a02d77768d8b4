"""RWX: where Assay counts otherwise than the corpus' own counter, and why it is right."""

from __future__ import annotations

OTHER_ERRORS = (
    "two errors outside any test, which the summary counts beside the tests and for which the run "
    "fails: broken results of their own, which no test tells of"
)

COUNTS = {
    "rwx-json/rwx-research-captain/fixtures__rwx__v1.json": OTHER_ERRORS,
    "rwx-json/rwx-research-captain/fixtures__rwx__v1_not_derived.json": OTHER_ERRORS,
}
