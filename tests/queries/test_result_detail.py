"""All that is known of one result."""

from __future__ import annotations

import pytest

from assay.errors import NotFound
from assay.model import Attachment, Attempt, Container, Error, Passes, Status, Step
from assay.queries.result_detail import show_result
from assay.rows import AssetRef
from assay.store.results import Results
from support.batches import report, result


def test_it_tells_everything_a_result_said(store: Results) -> None:
    step = Step("opens the page", Status.FAILED, 0.5, Error("E", "no page"), "log")
    pays = result(
        "pays",
        "failed",
        error="TimeoutError: after 30 s " + "x" * 1000,
        duration=1.5,
        stdout="out\x00\x1b[31mred",
        steps=(step,),
        attempts=(Attempt(Status.BROKEN, 0.1),),
        attachments=(Attachment("shot", "a/shot.png", "image/png"),),
        tags=("smoke",),
        parameters={"card": "visa"},
        metadata={"owner": "alice"},
    )
    store.write(1, 1, report(result("before"), pays))
    found = show_result(store, 1, 1, 1)
    assert (found.path, found.name, found.status) == (pays.path, "pays", Status.FAILED)
    assert (found.type, found.message) == ("TimeoutError", pays.error.message)  # type: ignore[union-attr]
    assert found.fingerprint.startswith("after <n> s")
    assert (found.duration, found.attempts) == (1.5, 2)
    detail = found.detail
    assert detail.trace == pays.error.trace  # type: ignore[union-attr]
    assert (detail.stdout, detail.tags) == (pays.stdout, ["smoke"])
    assert [(each.name, each.error) for each in detail.steps] == [(step.name, step.error)]
    assert detail.attempts == list(pays.attempts)
    assert detail.attachments == [AssetRef("shot", None, "a/shot.png", "image/png")]
    assert (detail.parameters, detail.metadata) == ({"card": "visa"}, {"owner": "alice"})


def test_a_result_that_merely_passed_has_an_empty_detail(store: Results) -> None:
    store.write(1, 1, report(result("a")))
    found = show_result(store, 1, 1, 0)
    assert (found.detail.trace, found.detail.steps, found.containers) == ("", [], ())
    assert (found.error, found.type, found.message) == (0, "", "")


def test_what_results_say_alike_is_told_of_each(store: Results) -> None:
    alike = [Passes(("shop",), ["a", "b"], [0.5] * 2, {"file": file}) for file in ("x", "y")]
    own = result("failed", "failed", error="E: broke", metadata={"file": "z"})
    store.write(1, 1, report(result("quiet"), alike[0], own, alike[1]))
    store.write(1, 2, report(Passes(("shop",), ["a"] * 9, [0.5] * 9, {"file": "other"})))
    found = [show_result(store, 1, 1, position) for position in range(6)]
    assert [each.detail.metadata.get("file", "") for each in found] == ["", "x", "x", "z", "y", "y"]
    assert [each.message for each in found] == ["", "", "", "broke", "", ""]


def test_it_tells_of_the_containers_above_from_the_outermost_in(store: Results) -> None:
    store.write(
        1,
        1,
        report(
            Container(("shop", "checkout"), "class", stdout="setting up"),
            Container(("shop",), "suite", description="Selling"),
            Container(("shop", "shipping"), "class"),
            Container(("shop", "checkout", "deeper"), "class"),
            result("a"),
        ),
    )
    above = show_result(store, 1, 1, 0).containers
    assert [(each.path, each.classification) for each in above] == [
        (("shop",), "suite"),
        (("shop", "checkout"), "class"),
    ]
    assert [each.detail.stdout for each in above] == ["", "setting up"]


def test_a_result_at_the_root_has_no_containers_above(store: Results) -> None:
    store.write(1, 1, report(Container(("shop",), "suite"), result("a", path=())))
    assert show_result(store, 1, 1, 0).containers == ()


@pytest.mark.parametrize("asked", [(1, 1, 1), (1, 2, 0), (2, 1, 0), (1, 1, -1), (1, 1, 2**40)])
def test_a_result_that_is_not_there_is_not_found(
    store: Results, asked: tuple[int, int, int]
) -> None:
    store.write(1, 1, report(result("a")))
    with pytest.raises(NotFound, match="position"):
        show_result(store, *asked)


def test_large_and_small_details_are_read_alike(store: Results) -> None:
    lengths = [0, 1, 4_000, 4_097, 3_000_000]
    outputs = ["é" * length for length in lengths]
    store.write(
        1,
        1,
        report(
            *(result(str(len(output)), stdout=output) for output in outputs),
            Container(("shop",), "suite", stdout=outputs[-1]),
        ),
    )
    found = [show_result(store, 1, 1, position) for position in range(len(lengths))]
    assert [each.detail.stdout for each in found] == outputs
    assert found[0].containers[0].detail.stdout == outputs[-1]
