"""CTest: where Assay counts otherwise than the corpus' own counter, and why it is right."""

from __future__ import annotations

COUNTS = {
    "ctest-cdash/local-run-cpp/ctest-Test.xml": (
        "a program that could not be found did not run, as the counter has it, yet CTest itself "
        "lists it under “The following tests FAILED” and ends with an error for it"
    ),
}
