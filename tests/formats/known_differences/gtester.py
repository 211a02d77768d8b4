"""gtester: where Assay counts otherwise than the corpus' own counter, and why it is right."""

from __future__ import annotations

COUNTS = {
    "gtester/jenkinsci-xunit-plugin/gtester__testcase1__input.xml": (
        "a program that failed was started again and skips the four tests it had run: they are "
        "tests with a result, not skipped ones as well"
    ),
}
