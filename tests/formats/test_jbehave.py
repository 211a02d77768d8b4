"""JBehave's stories as XML."""

from __future__ import annotations

from pathlib import Path

from assay.formats import jbehave
from assay.model import Container, Error, Item, Notice, Result, Status

SAMPLES = Path(__file__).parents[1] / "samples" / "jbehave"


def sample(name: str) -> list[Item]:
    return list(jbehave.parse([(SAMPLES / name).read_bytes()]))


def scenarios(items: list[Item]) -> dict[str, Result]:
    return {item.name: item for item in items if isinstance(item, Result)}


def story(inner: str) -> list[Item]:
    document = f'<story path="cart.story" title="">{inner}</story>'
    return list(jbehave.parse([document.encode()]))


def test_a_scenario_has_its_steps_also_the_composed_ones() -> None:
    found = scenarios(sample("basket.story.xml"))["The total is the sum of the lines"]
    assert (found.path, found.status, found.duration) == (
        ("com/shop/basket.story",),
        Status.PASSED,
        0.25,
    )
    assert [step.name for step in found.steps] == [
        "Given a basket",
        "When I put in an apple for 3",
        "When I put in a pear for 4",
        "Then I pay 7",
    ]
    assert (found.tags, found.metadata) == (("smoke",), {"theme": "totals"})


def test_a_failure_has_its_exception_and_what_was_left_out_behind_it() -> None:
    found = scenarios(sample("basket.story.xml"))["A voucher lowers the price"]
    assert found.error
    assert (found.error.type, found.error.message) == (
        "java.lang.AssertionError",
        "expected 27 but was 30",
    )
    assert [step.status for step in found.steps] == [Status.PASSED, Status.FAILED, Status.SKIPPED]


def test_a_pending_step_shows_the_method_that_is_wanted() -> None:
    found = scenarios(sample("basket.story.xml"))["A parcel is sent by drone"]
    assert found.status is Status.UNKNOWN
    assert found.error
    assert found.error.trace.startswith('@When("it is sent by drone")')


def test_examples_are_steps_with_their_own_steps_within() -> None:
    found = scenarios(sample("stock.template.xml"))["Pears are counted"]
    assert [(step.name, step.status) for step in found.steps] == [
        ("{amount=7}", Status.PASSED),
        ("{amount=8}", Status.FAILED),
    ]
    assert found.steps[1].steps[0].output.endswith("| pears | 7 | <8> | No |")


def test_what_a_filter_excluded_is_skipped() -> None:
    found = scenarios(sample("basket.story.xml"))["Prices are printed"]
    assert found.status is Status.SKIPPED
    assert found.error == Error(message="Excluded by -printer")


def test_a_step_behind_the_story_that_failed_is_a_result() -> None:
    found = scenarios(sample("stock.template.xml"))["After the story"]
    assert found.status is Status.BROKEN
    assert found.error
    assert found.error.message == "no key"


def test_the_narrative_describes_the_story() -> None:
    told = "Basket\nIn order to eat\nAs a customer\nI want to pay for what is in the basket"
    metadata = {"author": "alice", "smoke": "true"}
    container = Container(("com/shop/basket.story",), "Story", told, metadata=metadata)
    assert container in sample("basket.story.xml")


def test_a_story_that_was_cancelled_says_so() -> None:
    cancelled = '<cancelled durationInSecs="2"/>'
    within = f'<scenario title="Pay"><steps>{cancelled}</steps></scenario>'
    (found,) = scenarios(story(within)).values()
    assert found.status is Status.BROKEN
    assert found.error == Error(message="The story was cancelled after 2 s")
    passed = '<scenario title="Pay"><step outcome="successful">I pay</step></scenario>'
    assert [item for item in story(passed + cancelled) if isinstance(item, Notice)]
