"""Mochawesome: where Assay counts otherwise than the corpus' own counter, and why it is right."""

from __future__ import annotations

HOOK = "a hook that failed is a broken result of its own, or what it broke would be lost"

COUNTS = {
    "mochawesome/adamgruber-mochawesome-report-generator/test__sample-data__hooks.json": HOOK,
}

NOT_RECOGNISED = {
    "mochawesome/adamgruber-mochawesome-report-generator/test__sample-data__bad.json": (
        "JSON, in which nothing is Mochawesome's"
    ),
    "mochawesome/adamgruber-mochawesome-report-generator/test__sample-data__suite.json": (
        "a suite without the report around it"
    ),
}
