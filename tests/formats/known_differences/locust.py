"""Locust: where Assay counts otherwise than the corpus' own counter, and why it is right."""

from __future__ import annotations

OF_THE_LABELS = (
    "its rows have 10 failures in all and its total 10,000 (the file was made up): what is told of "
    "the requests counts, not the total"
)
COUNTS = {
    "locust-csv/jenkinsci-performance-plugin/test__resources__test_results_stats.csv": (
        OF_THE_LABELS
    ),
}
