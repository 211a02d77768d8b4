"""Bazel's build events: tries, shards, what cannot be built, and where output is printed."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from assay.errors import Malformed
from assay.formats import bep
from assay.model import Attachment, Attempt, Error, Item, Result, Run, Status, Step

LABEL = "//shop:cart"


def parse(*events: dict[str, Any]) -> list[Item]:
    return list(bep.parse(["\n".join(map(json.dumps, events)).encode()]))


def one(*events: dict[str, Any]) -> Result:
    (result,) = (item for item in parse(*events) if isinstance(item, Result))
    return result


def tried(status: str, attempt: int = 1, shard: int = 1, **said: Any) -> dict[str, Any]:
    place = {"label": LABEL, "run": 1, "shard": shard, "attempt": attempt}
    told = {"status": status, "testAttemptDurationMillis": "1500", **said}
    return {"id": {"testResult": place}, "testResult": told}


def summed_up(status: str, **said: Any) -> dict[str, Any]:
    return {
        "id": {"testSummary": {"label": LABEL}},
        "testSummary": {"overallStatus": status, **said},
    }


def test_tries_are_attempts_and_the_last_one_counts() -> None:
    result = one(
        tried("TIMEOUT", testAttemptStartMillisEpoch="1772366400000"),
        tried("PASSED", attempt=2),
        summed_up("FLAKY", totalRunDurationMillis="2000"),
    )
    assert (result.path, result.name) == (("//shop",), "cart")
    assert (result.status, result.flaky, result.duration) == (Status.PASSED, True, 2.0)
    assert result.attempts == (
        Attempt(
            Status.BROKEN,
            1.5,
            datetime(2026, 3, 1, 12, tzinfo=UTC),
            Error("TIMEOUT", "It ran out of time"),
        ),
    )


def test_shards_are_steps() -> None:
    result = one(tried("PASSED"), tried("FAILED", shard=2), summed_up("FAILED"))
    assert result.status is Status.FAILED
    assert result.steps == (
        Step("shard 1", Status.PASSED, 1.5),
        Step("shard 2", Status.FAILED, 1.5),
    )


def test_what_was_printed_of_a_failure_is_its_error() -> None:
    line = "=" * 80
    head = 'exec ${PAGER:-/usr/bin/less} "$0"\nExecuting tests from //shop:cart\n' + "-" * 77
    said = f"x\n{line[:20]} Test output for {LABEL}:\n{head}\n1 is not 2\nat all\n{line}\nFAIL\n"
    result = one(
        tried("FAILED"),
        summed_up("FAILED"),
        {"id": {"progress": {}}, "progress": {"stdout": said}},
    )
    assert result.error == Error(message="1 is not 2", trace="1 is not 2\nat all")


def test_what_cannot_be_built_is_broken_once() -> None:
    completed = {"failureDetail": {"message": "no such file"}}
    aborted = {"reason": "ANALYSIS_FAILURE", "description": "not again"}
    ident = {"targetCompleted": {"label": LABEL}}
    result = one({"id": ident, "completed": completed}, {"id": ident, "aborted": aborted})
    assert (result.status, result.error) == (Status.BROKEN, Error(message="no such file"))


@pytest.mark.parametrize(
    ("reason", "status"),
    [("SKIPPED", Status.SKIPPED), ("LOADING_FAILURE", Status.BROKEN), ("NO_BUILD", None)],
)
def test_what_was_aborted_has_its_reason(reason: str, status: Status | None) -> None:
    found = parse(
        {"id": {"targetCompleted": {"label": LABEL}}, "aborted": {"reason": reason}},
    )
    assert [each.status for each in found if isinstance(each, Result)] == [status] * bool(status)


def test_files_lie_below_bazels_folders_or_are_embedded() -> None:
    result = one(
        tried(
            "PASSED",
            cachedLocally=True,
            testActionOutput=[
                {"name": "test.log", "uri": "file:///out/testlogs/a%20b/test.log"},
                {"name": "test.outputs__shot.png", "contents": "aGVsbG8="},
                {"name": "test.xml", "uri": "bytestream://cache/1"},
            ],
        )
    )
    assert result.attachments == (
        Attachment("test.log", "/out/testlogs/a b/test.log"),
        Attachment("shot.png", content=b"hello"),
    )
    assert result.metadata == {"cached": "locally"}


def test_a_run_has_its_commit_branch_and_version() -> None:
    (run,) = parse(
        {
            "id": {"started": {}},
            "started": {"startTime": "2026-03-01T12:00:00Z", "buildToolVersion": "8.0.1"},
        },
        {"id": {"buildMetadata": {}}, "buildMetadata": {"metadata": {"BRANCH_NAME": "main"}}},
        {
            "id": {"workspaceStatus": {}},
            "workspaceStatus": {"item": [{"key": "STABLE_GIT_COMMIT", "value": "3f78685"}]},
        },
        {"id": {"buildFinished": {}}, "finished": {"finishTime": "2026-03-01T12:00:09.5Z"}},
    )
    assert run == Run(
        datetime(2026, 3, 1, 12, tzinfo=UTC),
        9.5,
        branch="main",
        commit="3f78685",
        metadata={"bazel": "8.0.1"},
    )


def test_other_objects_are_refused() -> None:
    with pytest.raises(Malformed, match='"id"'):
        parse({"a": 1})
