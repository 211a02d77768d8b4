"""RWX's test-results schema, version 1, as Captain writes it: any framework's tests, tried again
by Captain, with what it has put into quarantine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from assay.errors import Malformed
from assay.formats import _json
from assay.formats._workspaces import within_project
from assay.formats.format import Format, Head
from assay.model import FAILURES, Attempt, Error, Item, Notice, Result, Run, Status

STATUSES = {
    "successful": Status.PASSED,
    "failed": Status.FAILED,
    "timedOut": Status.BROKEN,
    "canceled": Status.BROKEN,
    "skipped": Status.SKIPPED,
    "pended": Status.SKIPPED,
    "todo": Status.SKIPPED,
    "quarantined": Status.SKIPPED,  # failed, and is not to fail the build
}

NANOSECONDS = 1e9
OTHER_ERROR = "(other error)"
"""The result for an error outside any test."""


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield tests as results, errors outside of them as broken ones, then the run.

    A path is the file and the lineage above the test. Raises Malformed where there are no tests.
    """
    about: dict[str, Any] = {}
    found = False
    for value in _json.values(chunks, ("tests", "otherErrors", "derivedFrom")):
        if isinstance(value, Notice):
            yield value
            continue
        found = found or value.key in ("tests[]", "summary")
        if value.key == "derivedFrom[]":
            continue  # the reports that this was made from, once more
        try:
            read = _json.mapping(_json.decode(value.raw, value.where))
        except Malformed as error:
            yield Notice(f"A part was left out. {error.message}", error.where)
            continue
        if value.key == "tests[]":
            yield _test(read)
        elif value.key == "otherErrors[]":
            yield _other(read)
        else:
            about[value.key] = read
    if not found:
        raise Malformed('RWX\'s test results have "tests" and a "summary"; these have neither')
    yield _run(about)


def _run(about: dict[str, Any]) -> Run:
    framework = about.get("framework", {})
    known = (_json.text(framework.get(key)) for key in ("language", "kind", "providedKind"))
    said = " ".join(each for each in known if each and each != "other")
    return Run(metadata={"framework": said} if said else None)


def _test(test: dict[str, Any]) -> Result:
    attempt = _json.mapping(test.get("attempt"))
    status = _status(attempt)
    started, duration = _times(attempt)
    attempts = tuple(map(_attempt, _json.objects(test.get("pastAttempts"))))
    path, name = _place(test)
    return Result(
        path=path,
        name=name,
        status=status,
        duration=duration,
        started=started,
        error=_error(_json.mapping(attempt.get("status"))),
        stdout=_json.text(attempt.get("stdout")),
        stderr=_json.text(attempt.get("stderr")),
        attempts=attempts,
        flaky=status is Status.PASSED and any(each.status in FAILURES for each in attempts),
        metadata=_metadata(test, attempt) or None,
    )


def _place(test: dict[str, Any]) -> tuple[tuple[str, ...], str]:
    """The file and the names around the test, and its own; the last of the lineage is that."""
    lineage = test.get("lineage")
    names = [text for text in map(_json.text, lineage if isinstance(lineage, list) else ()) if text]
    file = within_project(_json.text(_json.mapping(test.get("location")).get("file")))
    path = (file,) if file else ()
    if not names:
        return path, _json.text(test.get("name")) or "(unnamed)"
    return (*path, *names[:-1]), names[-1]


def _metadata(test: dict[str, Any], attempt: dict[str, Any]) -> dict[str, str]:
    location = _json.mapping(test.get("location"))
    told = _json.mapping(attempt.get("status"))
    found = {"id": _json.text(test.get("id")), "scope": _json.text(test.get("scope"))}
    found["line"] = _json.text(location.get("line"))
    kind = _json.text(told.get("kind"))
    found["status"] = kind if kind in ("quarantined", "canceled", "todo", "timedOut") else ""
    found |= _json.flat(attempt.get("meta"))
    return {key: value for key, value in found.items() if value}


# Attempts


def _attempt(attempt: dict[str, Any]) -> Attempt:
    started, duration = _times(attempt)
    return Attempt(
        _status(attempt),
        duration,
        started,
        _error(_json.mapping(attempt.get("status"))),
        _json.text(attempt.get("stdout")),
        _json.text(attempt.get("stderr")),
    )


def _status(attempt: dict[str, Any]) -> Status:
    kind = _json.text(_json.mapping(attempt.get("status")).get("kind"))
    return STATUSES.get(kind, Status.UNKNOWN)


def _times(attempt: dict[str, Any]) -> tuple[datetime | None, float | None]:
    """When it began, also if only its end is told, and how long it took."""
    count = _json.number(attempt.get("durationInNanoseconds"))
    duration = count / NANOSECONDS if count is not None and count >= 0 else None
    started = _json.moment(attempt.get("startedAt"))
    ended = _json.moment(attempt.get("finishedAt"))
    if started is None and ended and duration is not None:
        try:
            started = ended - timedelta(seconds=duration)
        except OverflowError:
            return None, duration
    return started, duration


def _error(told: dict[str, Any]) -> Error | None:
    """Of a test in quarantine that of its original status."""
    original = _json.mapping(told.get("originalStatus"))
    told = original or told
    error = Error(
        _json.text(told.get("exception")),
        _json.text(told.get("message")),
        _json.lines(told.get("backtrace")),
    )
    return error if error != Error() else None


def _other(told: dict[str, Any]) -> Result:
    location = _json.mapping(told.get("location"))
    file = within_project(_json.text(location.get("file")))
    line = _json.text(location.get("line"))
    return Result(
        path=(file,) if file else (),
        name=OTHER_ERROR,
        status=Status.BROKEN,
        error=_error(told),
        metadata={**_json.flat(told.get("meta")), **({"line": line} if line else {})} or None,
    )


def _sniff(head: Head) -> bool:
    if head.kind != "object":
        return False
    return "test-results-schema" in head.text[:1000] or (
        head.keys >= {"framework", "summary", "tests"} and "otherErrors" in head.text
    )


FORMAT = Format(
    name="rwx",
    title="RWX test results",
    sniff=_sniff,
    parse=parse,
    aliases=("captain", "rwx-json", "rwx-v1"),
    made_by="RWX's Captain, from the results of whatever framework it runs",
    how="captain run shop --print-summary --reporter rwx-v1-json=rwx.json",
    file="rwx.json",
    notes=(
        "A test is a test; its file and its lineage are the containers above it.",
        "failed is failed; timedOut and canceled are broken; skipped, pended and todo are skipped, "
        "and so is what Captain holds in quarantine, with its failure as the reason.",
        "Past attempts are attempts; a test that passed after one that failed is flaky.",
        "An error outside any test is a broken result of its own.",
        "The reports that the results were derived from are left out.",
    ),
)
