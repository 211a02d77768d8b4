"""k6: where Assay counts otherwise than the corpus' own counter, and why it is right."""

from __future__ import annotations

THRESHOLDS = "thresholds, which decide whether k6 fails, are tests beside the checks"
COUNTS = {
    "k6-summary/benc-uk-k6-reporter/tests__data__grpc.json": THRESHOLDS,
    "k6-summary/benc-uk-k6-reporter/tests__data__simple.json": THRESHOLDS,
}
