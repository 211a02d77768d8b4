"""Allure 1's XML."""

from __future__ import annotations

from pathlib import Path

from assay.formats import allure1
from assay.model import Attachment, Container, Error, Item, Result, Status, Step

SAMPLE = Path(__file__).parents[1] / "samples" / "allure1" / "cart-testsuite.xml"

SUITE = """<ns2:test-suite xmlns:ns2="urn:model.allure.qatools.yandex.ru">
<name>com.shop.CartTest</name>%s<test-cases>%s</test-cases><labels>%s</labels></ns2:test-suite>"""


def suite(*cases: str, head: str = "", labels: str = "") -> list[Item]:
    return list(allure1.parse([(SUITE % (head, "".join(cases), labels)).encode()]))


def results(*cases: str, head: str = "", labels: str = "") -> list[Result]:
    found = suite(*cases, head=head, labels=labels)
    return [item for item in found if isinstance(item, Result)]


def label(name: str, value: str) -> str:
    return f'<label name="{name}" value="{value}"/>'


def case(status: str = "passed", inner: str = "", name: str = "adds up") -> str:
    return f'<test-case status="{status}"><name>{name}</name>{inner}</test-case>'


def test_a_case_has_its_steps_files_parameters_and_labels() -> None:
    found = next(item for item in allure1.parse([SAMPLE.read_bytes()]) if isinstance(item, Result))
    receipt = "f6d84c66-df53-436b-bfd1-7aed10ea3d7f-attachment.txt"
    assert (found.path, found.name, found.status) == (("Cart",), "adds up [EUR]", Status.PASSED)
    assert found.parameters == {"currency": "EUR"}
    assert found.description == "The total is the sum of the lines."
    assert found.steps == (
        Step(
            "put in an apple",
            Status.PASSED,
            0.002,
            attachments=(Attachment("receipt", receipt, "text/plain"),),
        ),
    )
    assert found.metadata == {
        "severity": "critical",
        "feature": "Basket",
        "story": "Totals",
        "browser": "none",
    }


def test_the_labels_behind_the_cases_hold_for_each_of_them() -> None:
    told = label("feature", "Basket") + label("tag", "smoke")
    found = results(case(), case(name="is empty"), labels=told)
    assert [(each.tags, each.metadata) for each in found] == [
        (("smoke",), {"feature": "Basket"}),
        (("smoke",), {"feature": "Basket"}),
    ]


def test_a_suite_is_called_by_its_title_and_describes_itself() -> None:
    head = "<title>Cart</title><description type='html'>&lt;b>All&lt;/b> of it</description>"
    found = suite(case(), head=head)
    assert Container(("Cart",), "Suite", "All of it") in found
    assert isinstance(found[0], Result)
    assert found[0].path == ("Cart",)


def test_what_broke_has_the_exception_from_its_trace() -> None:
    failure = "<failure><message>gone</message><stack-trace>%s</stack-trace></failure>"
    trace = "java.io.IOException: gone\n\tat com.shop.Cart.pay(Cart.java:7)"
    (found,) = results(case("broken", failure % trace))
    assert found.status is Status.BROKEN
    assert found.error == Error("java.io.IOException", "gone", trace)


def test_a_case_that_comes_again_after_a_failure_is_a_further_try() -> None:
    (found,) = results(case("failed"), case("passed"))
    assert (found.status, found.flaky) == (Status.PASSED, True)
    assert [each.status for each in found.attempts] == [Status.FAILED]


def test_a_label_marks_a_test_as_flaky_or_known() -> None:
    marks = label("status_details", "FLAKY") + label("status_details", "known")
    (found,) = results(case("passed", f"<labels>{marks}</labels>"))
    assert found.flaky
    assert found.metadata == {"flaky": "true", "known": "true"}
