"""RSpec: where Assay counts otherwise than the corpus' own counter, and why it is right."""

from __future__ import annotations

COUNTS = {
    "rspec-json/rwx-research-captain/"
    "fixtures__integration-tests__rspec-quarantined-with-other-errors.json": (
        "RSpec says that an error occurred outside of the examples, and fails for it: it is a "
        "broken result of its own, or it would be lost"
    )
}
