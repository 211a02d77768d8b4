"""Robot Framework: where Assay counts otherwise than the corpus' counter, and why it is right."""

from __future__ import annotations

TEARDOWN = (
    "the failed teardown of a suite is a broken result of its own, "
    "where Robot Framework fails each of the suite's tests for it"
)

COUNTS = {
    "robot-xml/robotframework-robotframework/resources__golden_suite__output.xml": TEARDOWN,
    "robot-xml/robotframework-robotframework/resources__golden_suite__output2.xml": TEARDOWN,
    "robot-xml/robotframework-robotframework/utest__result__suite_teardown_failed.xml": TEARDOWN,
}
