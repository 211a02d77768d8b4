"""Ginkgo: where Assay counts otherwise than the corpus' own counter, and why it is right."""

from __future__ import annotations

COUNTS = {
    "ginkgo-json/rwx-research-captain/test__fixtures__ginkgo_with_other_errors.json": (
        "a suite that fails because it has pending specs is a broken result of its own, or the "
        "failure would be lost; the counter's source states it as an error beside the tests"
    ),
}
