"""Go's text: where Assay counts otherwise than the corpus' own counter, and why it is right."""

from __future__ import annotations

COUNTS = {
    "go-test-text/tebeka-go2xunit/_data__in__gotest-datarace.out": (
        "the package failed though its test passed: a broken result of its own, or the failure "
        "would be lost"
    ),
}
