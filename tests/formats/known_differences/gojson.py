"""Go: where Assay counts otherwise than the corpus' own counter, and why it is right."""

from __future__ import annotations

NOT_BUILT = "a package that is not built is a broken result of its own, or it would be lost"

COUNTS = {
    "go-test-json/mfridman-tparse/testdata__follow-verbose__test_06.jsonl": NOT_BUILT,
    "go-test-json/rwx-research-captain/test__fixtures__go_test_build_failure.jsonl": NOT_BUILT,
}
NOT_RECOGNISED = {
    "go-test-json/mfridman-tparse/testdata__follow-verbose__test_05.jsonl": (
        "words, a line each, and no event"
    ),
}
