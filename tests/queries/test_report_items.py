"""A whole report out of the store: in its order, bounded, and with nothing lost."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.formats import calliope
from assay.model import (
    Attachment,
    Container,
    Error,
    Item,
    Measurement,
    Passes,
    Result,
    Run,
    Status,
    Step,
    expand,
)
from assay.queries import report_items
from assay.queries.report_items import list_containers_files, stream_items, stream_results
from assay.rows import AssetRef
from assay.store.results import Results, open_results
from support.batches import report, result, wide_report
from support.items import CONTAINER, MEASUREMENT, RESULT

SHOP = Container(("shop",), "suite", "all of it", stdout="up")
CART = Container(("shop", "cart"), "class", attachments=(Attachment("cart.log", "cart.log"),))
IDLE = Container(("idle",), description="nothing ran")
ADDS = result("adds", path=("shop", "cart"), duration=0.5)
FAILS = result("fails", "failed", path=("shop", "cart"), error="E: broke", stdout="said")
FLAKY = result("flaky", path=("shop",), flaky=True)
SPEED = Measurement(("shop",), "speed", "p95", 0.25, "s")
ITEMS = (ADDS, SHOP, FAILS, SPEED, FLAKY, CART, IDLE)


def items(store: Results, number: int, total: int) -> list[Item]:
    return list(stream_items(store, 1, number, total))


def test_containers_come_before_their_first_result(store: Results) -> None:
    store.write(1, 1, report(*ITEMS))
    assert items(store, 1, 3) == [SHOP, CART, ADDS, FAILS, FLAKY, IDLE, SPEED]


def test_results_are_chosen_by_how_they_ended(store: Results) -> None:
    store.write(1, 1, report(*ITEMS))

    def names(*statuses: Status, **more: object) -> list[tuple[int, str]]:
        found = stream_results(store, 1, 1, 3, statuses=statuses, **more)  # type: ignore[arg-type]
        return [(each.position, each.result.name) for each in found]

    assert names(*Status) == [(0, "adds"), (1, "fails"), (2, "flaky")]
    assert names(Status.PASSED) == [(0, "adds"), (2, "flaky")]
    assert names(Status.PASSED, flaky=(True,)) == [(2, "flaky")]
    assert names(Status.FAILED, Status.BROKEN) == [(1, "fails")]


def test_without_details_there_are_names_and_figures(store: Results) -> None:
    store.write(1, 1, report(*ITEMS))
    [found] = stream_results(store, 1, 1, 3, statuses=[Status.FAILED], detailed=False)
    assert found.result == Result(FAILS.path, "fails", Status.FAILED)


def test_files_are_attached_as_the_caller_wants(store: Results) -> None:
    file = Attachment("a.png", "shots/a.png")
    step = Step("look", Status.PASSED, attachments=(file,))
    store.write(1, 1, report(result("x", attachments=(file,), steps=(step,)), CART))

    def attach(ref: AssetRef) -> Attachment:
        return Attachment(ref.name, content=b"bytes")

    found = [each for each in stream_items(store, 1, 1, 1, attach) if isinstance(each, Result)]
    assert found[0].attachments == found[0].steps[0].attachments == (attach(AssetRef("a.png")),)


def test_the_files_of_containers_are_known_by_number(store: Results) -> None:
    [batch] = report(SHOP)
    body = b'{"attachments":[{"name":"a","number":7},{"name":"b"}]}'
    row = msgspec.structs.replace(batch.containers[0], body=body)
    store.write(1, 1, [msgspec.structs.replace(batch, containers=[row])])
    assert list_containers_files(store, 1, 1) == {7}


def test_no_window_loses_a_result(store: Results, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report_items, "NAMED_AT_ONCE", 700)
    monkeypatch.setattr(report_items, "DETAILED_AT_ONCE", 90)
    store.write(1, 1, wide_report(5_000))
    found = list(stream_results(store, 1, 1, 5_000))
    assert [each.position for each in found] == list(range(5_000))


def test_what_results_say_alike_is_told_of_each(
    store: Results, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report_items, "DETAILED_AT_ONCE", 3)
    alike = [Passes(("shop",), list("abcde"), [0.5] * 5, {"file": file}) for file in ("x", "y")]
    made = [FLAKY, alike[0], FAILS, alike[1]]
    store.write(1, 1, report(*made))
    assert items(store, 1, 12) == list(expand(made))


def test_it_has_only_what_is_of_the_report(store: Results) -> None:
    store.write(1, 1, report(*ITEMS))
    store.write(1, 2, report(result("other", "failed", error="E: broke")))
    store.write(2, 3, report(*ITEMS))
    [found] = items(store, 2, 1)
    assert isinstance(found, Result)
    assert found.error == Error("E", "broke", "trace of broke")


@pytest.fixture(scope="module")
def kept() -> Iterator[Results]:
    """A store in memory, for many small reports."""
    found = open_results("duckdb://")
    yield found
    found.close()


def exported(store: Results, made: list[Item]) -> bytes:
    """A report of these, as Calliope JSON out of the store."""
    store.write(1, 1, report(*made))
    total = sum(isinstance(each, Result) for each in made)
    return b"".join(calliope.write(stream_items(store, 1, 1, total)))


FIGURES = st.none() | st.integers(0, 999_999).map(lambda count: count / 1000)
"""Seconds: a store keeps seven digits."""


@settings(max_examples=40)
@given(
    st.lists(RESULT, max_size=5),
    st.lists(CONTAINER, max_size=3, unique_by=lambda each: each.path),
    st.lists(MEASUREMENT, max_size=2),
    st.lists(FIGURES, min_size=5, max_size=5),
)
def test_what_is_exported_imported_and_exported_again_is_the_same(
    kept: Results,
    results: list[Result],
    containers: list[Container],
    measurements: list[Measurement],
    seconds: list[float | None],
) -> None:
    timed = [
        msgspec.structs.replace(each, duration=duration)
        for each, duration in zip(results, seconds, strict=False)
    ]
    first = exported(kept, [*containers, *timed, *measurements])
    again = [each for each in calliope.parse([first]) if not isinstance(each, Run)]
    assert exported(kept, again) == first
