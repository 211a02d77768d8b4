"""Open Test Reporting."""

from __future__ import annotations

_FOLDER = "open-test-reporting/sebastianbergmann-phpunit/"

_AFTER = (
    "a method after all tests of the class went wrong, which PHPUnit counts among its errors: told "
    "as a result of its own, as a method before all tests is"
)

COUNTS = {
    f"{_FOLDER}assertion-failure-in-after-class-method.xml": _AFTER,
    f"{_FOLDER}exception-in-after-class-method.xml": _AFTER,
}
