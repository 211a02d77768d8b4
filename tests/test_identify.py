from __future__ import annotations

import struct
from datetime import UTC, datetime
from math import isnan

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.identify import BATCH_ROWS, NAN, Identifier, hash_test
from assay.model import (
    Attachment,
    Attempt,
    Container,
    Error,
    Measurement,
    Notice,
    PackedItem,
    Passes,
    Result,
    Run,
    Status,
    Step,
    expand,
)
from assay.rows import CODES, AssetRef, Batch, Detail, Names, Summary


def identify(
    *items: PackedItem,
) -> tuple[list[Batch], Summary, list[tuple[Attachment, int | None]]]:
    kept: list[tuple[Attachment, int | None]] = []

    def keep(attachment: Attachment, position: int | None) -> AssetRef:
        kept.append((attachment, position))
        return AssetRef(attachment.name, len(kept))

    identifier = Identifier(keep, lambda _notice: None)
    batches = list(identifier.batches(items))
    return batches, identifier.summary(), kept


def longs(packed: bytes) -> list[int]:
    return [each[0] for each in struct.iter_unpack("<Q", packed)]


def test_a_test_is_the_same_in_every_report() -> None:
    (one,), _, _ = identify(Result(("cart",), "adds", Status.PASSED))
    (other,), _, _ = identify(
        Result(("cart",), "removes", Status.PASSED), Result(("cart",), "adds", Status.FAILED)
    )
    assert longs(one.test)[0] == longs(other.test)[1] == hash_test(("cart",), "adds")


def test_titles_that_join_alike_are_different_tests() -> None:
    assert hash_test(("a", "b"), "c") != hash_test(("a",), "b c")


def test_a_result_that_merely_passed_has_no_detail() -> None:
    (batch,), _, _ = identify(Result(("cart",), "adds", Status.PASSED, duration=0.5))
    assert batch.details == []
    assert batch.errors == []
    assert longs(batch.error) == [0]


def test_an_error_text_is_kept_once_and_its_cause_is_the_same_for_other_numbers() -> None:
    errors = [Error("Timeout", f"after {n} ms", "trace") for n in (5, 5, 7)]
    (batch,), _, _ = identify(
        *(Result(("cart",), f"t{n}", Status.FAILED, error=e) for n, e in enumerate(errors))
    )
    assert [row.message for row in batch.errors] == ["after 5 ms", "after 7 ms"]
    assert len(set(longs(batch.error))) == 1
    assert len(set(longs(batch.status_hash))) == 1


def test_the_outcome_changes_with_the_error_and_with_a_step() -> None:
    def outcome(result: Result) -> int:
        return longs(identify(result)[0][0].status_hash)[0]

    failed = Result((), "t", Status.FAILED, error=Error("E", "one way"))
    stepped = Result((), "t", Status.FAILED, steps=(Step("given", Status.PASSED),))
    restepped = Result((), "t", Status.FAILED, steps=(Step("given", Status.FAILED),))
    other = msgspec.structs.replace(failed, error=Error("E", "another way"))
    assert len({outcome(each) for each in (failed, other, stepped, restepped)}) == 4


def test_a_start_is_in_its_column_and_needs_no_detail() -> None:
    started = datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)
    (batch,), _, _ = identify(Result(("cart",), "adds", Status.PASSED, started=started))
    assert struct.unpack("<q", batch.started) == (1_000_000,)
    assert batch.details == []


def test_a_detail_can_be_read_back() -> None:
    result = Result(
        ("cart",),
        "adds",
        Status.PASSED,
        stdout="out",
        steps=(Step("given", Status.PASSED, attachments=(Attachment("a.png", "a.png"),)),),
        attempts=(Attempt(Status.FAILED, error=Error("E", "m", "t")),),
        flaky=True,
        parameters={"n": "1"},
    )
    (batch,), summary, kept = identify(result)
    detail = msgspec.json.decode(batch.details[0].body, type=Detail)
    assert detail.stdout == "out"
    assert detail.steps[0].attachments == [AssetRef("a.png", 1)]
    assert detail.attempts[0].error == Error("E", "m", "t")
    assert kept == [(Attachment("a.png", "a.png"), 0)]
    assert list(batch.attempts) == [2]
    assert summary.counts.flaky == 1


def test_a_long_report_comes_in_batches_with_a_name_for_each_entry() -> None:
    items = [Result(("s",), f"t{n}", Status.PASSED) for n in range(BATCH_ROWS + 5)] * 2
    batches, summary, _ = identify(*items)
    assert sum(len(batch.status) for batch in batches) == len(items)
    named = [msgspec.msgpack.decode(batch.names, type=Names) for batch in batches]
    assert [name for each in named for name in each.names] == [item.name for item in items]
    assert {path for each in named for path in each.paths} == {"s"}
    assert summary.counts.total == len(items)
    assert all(len(batch.status) <= BATCH_ROWS for batch in batches)


def test_wide_results_end_a_batch_early() -> None:
    items = [Result((), f"t{n}", Status.PASSED, stdout="x" * 1_000_000) for n in range(10)]
    batches, _, _ = identify(*items)
    assert len(batches) > 1


def test_the_summary_gathers_what_the_documents_say_of_the_run() -> None:
    _, summary, _ = identify(
        Run(branch="main", metadata={"os": "linux"}),
        Run(branch="other", commit="abc", duration=2.0, tags=("x",), metadata={"os": "mac"}),
        Container(("s",), "Feature"),
        Measurement(("s",), "GET /", "p95", 1.5, "s"),
        Notice("odd"),
    )
    assert (summary.branch, summary.commit, summary.duration) == ("main", "abc", 2.0)
    assert summary.metadata == {"os": "linux"}
    assert summary.tags == ["x"]
    assert summary.counts.total == 0


@given(st.lists(st.sampled_from(list(Status)), max_size=50))
def test_the_counts_add_up(statuses: list[Status]) -> None:
    batches, summary, _ = identify(*(Result((), str(n), s) for n, s in enumerate(statuses)))
    counts = summary.counts
    assert counts.total == len(statuses)
    assert [getattr(counts, s.value) for s in CODES] == [statuses.count(s) for s in CODES]
    packed = b"".join(batch.status for batch in batches)
    assert list(packed) == [CODES[s] for s in statuses]


def test_passes_together_are_the_same_as_one_by_one() -> None:
    facts, noon = {"file": "s.py"}, datetime(2026, 11, 22, 12, tzinfo=UTC)
    started = [noon, None, None, noon]
    passes = Passes(("s",), ["a", "b", "a", "c"], [0.5, NAN, 0.25, 0.0], facts, started)
    one_by_one = list(expand([passes]))
    assert one_by_one[1] == Result(("s",), "b", Status.PASSED, metadata=facts)
    extra = Result(("s",), "b", Status.FAILED)
    (together,), summary, _ = identify(extra, passes, extra)
    (apart,), other, _ = identify(extra, *one_by_one, extra)
    assert msgspec.structs.replace(together, details=apart.details, alike=[]) == apart
    assert summary == other
    assert summary.duration == 0.75


def test_what_passes_say_alike_is_kept_once() -> None:
    passes = Passes(("s",), ["a", "b", "c"], [0.5] * 3, {"file": "s.py"})
    (batch,), _, _ = identify(Result(("s",), "x", Status.FAILED), passes, passes)
    assert [(row.first, row.last) for row in batch.alike] == [(1, 3), (4, 6)]
    assert {row.body for row in batch.alike} == {b'{"metadata":{"file":"s.py"}}'}
    assert batch.details == []


def test_a_result_that_is_flaky_without_saying_why_is_counted_so() -> None:
    (batch,), summary, _ = identify(Result((), "t", Status.PASSED, flaky=True))
    assert list(batch.flaky) == [1]
    assert summary.counts.flaky == 1


def named(batch: Batch) -> list[str]:
    return msgspec.msgpack.decode(batch.names, type=Names).names


def test_a_name_that_changes_with_every_run_holds_its_test() -> None:
    before, after = (
        identify(Result((f"shop {when}",), f"ships {order}", Status.PASSED))[0][0]
        for when, order in (
            ("2026-11-21T10:00:00Z", "3f2504e0-4f89-11d3-9a0c-0305e82c3301"),
            ("2026-11-22T10:00:00Z", "9b2504e0-4f89-11d3-9a0c-0305e82c33ff"),
        )
    )
    assert before.test == after.test
    assert named(before) == ["ships <id>"]
    assert b"3f2504e0" in before.details[0].body


def test_names_that_differ_only_in_what_changes_are_numbered() -> None:
    names = ["takes @1b3c5d7f", "takes Order@1b3c5d7f", "takes Order@1b3c5d70", "pays"]
    whole, _, _ = identify(Passes(("shop",), names, [1.0] * 4))
    single, _, _ = identify(*expand([Passes(("shop",), names, [1.0] * 4)]))
    assert whole[0].test == single[0].test
    assert named(whole[0]) == [
        names[0],
        "takes Order@<address>",
        "takes Order@<address> (2)",
        "pays",
    ]


@pytest.mark.parametrize("seconds", [-1.0, float("inf"), float("nan"), 1e11])
def test_a_duration_that_cannot_be_is_unknown(seconds: float) -> None:
    (batch,), summary, _ = identify(
        Passes(("cart",), ["adds", "takes"], [seconds, 2.0]),
        Result(("cart",), "pays", Status.FAILED, duration=seconds),
        Container(("cart",), duration=seconds),
        Measurement(("cart",), "pays", "mean", float("inf")),
        Run(duration=seconds),
    )
    unknown, known, also_unknown = struct.unpack("<3f", batch.duration)
    assert isnan(unknown)
    assert known == 2.0
    assert isnan(also_unknown)
    assert summary.duration == 2.0
    assert batch.measurements == []
