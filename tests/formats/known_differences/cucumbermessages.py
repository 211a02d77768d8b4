"""Cucumber's messages."""

from __future__ import annotations

_KIT = "cucumber-messages/cucumber-compatibility-kit/samples__"
_FORMATTER = "cucumber-messages/cucumber-junit-xml-formatter/testdata__src__"

_HOOK = (
    "a hook around the whole run failed, and with it the run (`success` is false): told as a "
    "broken result of its own, or a report without one failure would stand for a run that failed"
)
_RUN = "the run itself threw an exception (`success` is false): told as a broken result of its own"

COUNTS = {
    f"{_KIT}global-hooks-afterall-error__global-hooks-afterall-error.ndjson": _HOOK,
    f"{_KIT}global-hooks-beforeall-error__global-hooks-beforeall-error.ndjson": _HOOK,
    f"{_KIT}test-run-exception__test-run-exception.ndjson": _RUN,
    f"{_FORMATTER}global-hooks-afterall-error.ndjson": _HOOK,
    f"{_FORMATTER}global-hooks-beforeall-error.ndjson": _HOOK,
    f"{_FORMATTER}test-run-exception.ndjson": _RUN,
}
