"""Playwright: where Assay counts otherwise than the corpus' own counter, and why it is right."""

from __future__ import annotations

OUTSIDE = (
    "Playwright failed for an error outside of the tests, none of which ran: it is a broken result "
    "of its own, or the report would look as if nothing was wrong"
)

COUNTS = {
    f"playwright-json/rwx-research-captain/test__fixtures__{name}.json": OUTSIDE
    for name in ("playwright_global_other_error", "playwright_with_other_errors")
}
