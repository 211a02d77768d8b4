"""The label of a result, by the rules and with the words that Calliope's users know."""

from __future__ import annotations

import pytest

from assay.identify import hash_test
from assay.model import Status
from assay.queries.labels import Kind, Label, Outcome, judge, label_results
from assay.store.results import Results
from support.batches import report, result

P, F, B, S, U = (
    Outcome(status, number)
    for number, status in enumerate(
        (Status.PASSED, Status.FAILED, Status.BROKEN, Status.SKIPPED, Status.UNKNOWN)
    )
)
OTHER_F = Outcome(Status.FAILED, 99)
OTHER_P = Outcome(Status.PASSED, 99)


@pytest.mark.parametrize(
    ("now", "before", "text"),
    [
        (P, [], "New result"),
        (F, [], "New result"),
        (F, [P], "New failure"),
        (B, [P, B], "New failure"),
        (P, [F], "Fixed"),
        (P, [B], "Fixed"),
        (F, [S], "Was skipped"),
        (F, [B], "Was broken"),
        (P, [S], "Was skipped"),
        (S, [P], "Was passed"),
        (S, [F], "Was failed"),
        (P, [U], "Was unknown"),
        (P, [P], None),
        (P, [OTHER_P], "Changed"),
        (F, [OTHER_F], "Changed"),
        (F, [OTHER_F, F], "Changed"),
        (F, [F], "2nd time"),
        (F, [F, F, OTHER_F, F], "3rd time"),
        (S, [S, S, S], "4th time"),
        (F, [F] * 10, "11th time"),
        (F, [F] * 20, "21st time"),
        (F, [F] * 110, "111th time"),
    ],
)
def test_a_label_says_what_a_result_is_to_those_before_it(
    now: Outcome, before: list[Outcome], text: str | None
) -> None:
    label = judge(now, before)
    assert (label and label.text) == text


def test_labels_are_told_for_the_tests_asked_for(store: Results) -> None:
    def of(name: str) -> int:
        return hash_test(("shop", "checkout"), name)

    store.write(1, 1, report(result("a", "failed", error="E: after 3 s"), result("b")))
    store.write(1, 3, report(result("a", "failed", error="E: after 4 s")))
    store.write(
        1,
        2,
        report(
            result("a", "failed", error="E: after 5 s"),
            result("b", "failed", error="E: x"),
            result("c"),
            result("d"),
            result("d"),
        ),
    )
    asked = [of(name) for name in ("a", "b", "c", "d", "nowhere")]
    assert label_results(store, 1, 2, [3, 1], asked) == {
        of("a"): Label(Kind.TIMES, "3rd time", Status.FAILED, 3),
        of("b"): Label(Kind.NEW_FAILURE, "New failure", Status.PASSED),
        of("c"): Label(Kind.NEW_RESULT, "New result"),
    }
    assert label_results(store, 1, 2, [], [of("b")]) == {
        of("b"): Label(Kind.NEW_RESULT, "New result")
    }
    assert label_results(store, 1, 2, [3, 1], []) == {}


def test_a_report_in_which_the_test_stands_twice_is_no_history(store: Results) -> None:
    store.write(1, 1, report(result("a")))
    store.write(1, 2, report(result("a"), result("a", "failed")))
    store.write(1, 3, report(result("a", "failed")))
    [label] = label_results(store, 1, 3, [2, 1], [hash_test(("shop", "checkout"), "a")]).values()
    assert label.text == "New failure"
