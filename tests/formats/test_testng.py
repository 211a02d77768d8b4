"""TestNG's testng-results.xml."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from assay.formats.testng import parse
from assay.model import Container, Error, Item, Result, Run, Status


def items(methods: str, suite: str = "Shop", test: str = "Orders") -> list[Item]:
    document = (
        "<testng-results><reporter-output><line><![CDATA[\n the till opens ]]></line>"
        "</reporter-output>"
        f'<suite name="{suite}" started-at="2026-01-02T03:04:05Z" duration-ms="1500">'
        f'<test name="{test}"><class name="shop.OrderTest">{methods}</class></test></suite>'
        "</testng-results>"
    )
    return list(parse([document.encode()]))


def results(methods: str, suite: str = "Shop", test: str = "Orders") -> list[Result]:
    return [item for item in items(methods, suite, test) if isinstance(item, Result)]


def method(name: str, status: str, within: str = "", more: str = "") -> str:
    return (
        f'<test-method name="{name}" status="{status}" duration-ms="250" '
        f'started-at="2026-01-02T03:04:05Z" {more}>{within}</test-method>'
    )


def exception(kind: str, message: str) -> str:
    return (
        f'<exception class="{kind}"><message>\n <![CDATA[{message}]]>\n</message>'
        f"<full-stacktrace>\n<![CDATA[{kind}: {message}\n\tat a]]>\n</full-stacktrace></exception>"
    )


ASSERTION = exception("java.lang.AssertionError", "1 != 2")
OTHER = exception("java.io.IOException", "no disk")


def test_a_method_is_a_test() -> None:
    assert results(method("adds", "PASS", more='description="Sums."')) == [
        Result(
            ("Shop", "Orders", "shop.OrderTest"),
            "adds",
            Status.PASSED,
            0.25,
            datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
            description="Sums.",
        )
    ]


def test_containers_that_nobody_named_are_left_out() -> None:
    (found,) = results(method("adds", "PASS"), "Surefire suite", "Surefire test")
    assert found.path == ("shop.OrderTest",)


@pytest.mark.parametrize(
    ("within", "status"), [(ASSERTION, Status.FAILED), (OTHER, Status.BROKEN), ("", Status.FAILED)]
)
def test_an_assertion_is_a_failure_and_any_other_exception_breaks(
    within: str, status: Status
) -> None:
    (found,) = results(method("adds", "FAIL", within))
    assert found.status is status


def test_an_exception_has_its_type_message_and_trace() -> None:
    (found,) = results(method("adds", "FAIL", OTHER))
    assert found.error == Error(
        "java.io.IOException", "no disk", "java.io.IOException: no disk\n\tat a"
    )


def test_an_expected_exception_is_none() -> None:
    (found,) = results(method("adds", "PASS", OTHER))
    assert (found.status, found.error) == (Status.PASSED, None)


def parameters(*values: str) -> str:
    inner = "".join(f"<param><value> <![CDATA[{value}]]> </value></param>" for value in values)
    return f"<params>{inner}</params>"


def test_each_set_of_parameters_is_a_test() -> None:
    found = results(
        method("adds", "PASS", parameters("1", "2"))
        + method("adds", "FAIL", ASSERTION + parameters("2", "3"))
        + method("shows", "PASS", parameters("shop.Cart@1f2e3d"))
    )
    assert [result.name for result in found] == ["adds(1, 2)", "adds(2, 3)", "shows(shop.Cart)"]
    assert found[0].parameters == {"0": "1", "1": "2"}


def test_a_retried_method_keeps_its_attempts() -> None:
    found = results(
        method("asks", "SKIP", ASSERTION)
        + method("adds", "PASS")
        + method("asks", "SKIP", OTHER, 'retried="true"')
        + method("asks", "PASS")
    )
    asks, adds = found
    assert (asks.status, asks.flaky) == (Status.PASSED, True)
    assert [attempt.status for attempt in asks.attempts] == [Status.FAILED, Status.BROKEN]
    assert (adds.name, adds.attempts) == ("adds", ())


def test_a_skipped_method_is_skipped_for_a_reason() -> None:
    (found,) = results(method("asks", "SKIP", exception("org.testng.SkipException", "later")))
    assert (found.status, found.error and found.error.message) == (Status.SKIPPED, "later")


def test_methods_that_configure_are_no_tests_and_the_reason_of_skips() -> None:
    (found,) = results(
        method("open", "PASS", more='is-config="true"')
        + method("count", "FAIL", OTHER, 'is-config="true"')
        + method("adds", "SKIP")
    )
    assert found.status is Status.SKIPPED
    assert found.error
    assert found.error.message == "count: no disk"
    assert [(step.name, step.status) for step in found.steps] == [("count", Status.BROKEN)]


def test_the_run_has_its_date_duration_and_output() -> None:
    assert items("") == [
        Container((), stdout="the till opens"),
        Run(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), 1.5),
    ]


def test_a_method_has_its_output_and_attributes() -> None:
    (found,) = results(
        method(
            "adds",
            "PASS",
            "<reporter-output><line><![CDATA[one]]></line><line>two</line></reporter-output>"
            '<attributes><attribute name="owner"><![CDATA[Bo]]></attribute></attributes>',
            'data-provider="sums"',
        )
    )
    assert found.stdout == "one\ntwo"
    assert found.metadata == {"owner": "Bo", "data-provider": "sums"}


def test_the_groups_of_a_method_are_its_tags() -> None:
    document = (
        "<testng-results><suite name='Shop'><groups><group name='smoke'>"
        "<method name='adds' class='shop.OrderTest'/><method name='adds' class='shop.OtherTest'/>"
        "</group><group name='sums'><method name='adds' class='shop.OrderTest'/></group></groups>"
        "<test name='Orders'><class name='shop.OrderTest'>"
        f"{method('adds', 'PASS')}{method('asks', 'PASS')}</class></test></suite>"
        f"<suite name='Other'><test name='T'><class name='shop.OrderTest'>{method('adds', 'PASS')}"
        "</class></test></suite></testng-results>"
    )
    found = [item for item in parse([document.encode()]) if isinstance(item, Result)]
    assert [(result.name, result.tags) for result in found] == [
        ("adds", ("smoke", "sums")),
        ("asks", ()),
        ("adds", ()),
    ]


def test_a_file_named_in_the_output_is_attached() -> None:
    log = "<reporter-output><line>[[ATTACHMENT|/tmp/a.png]]</line></reporter-output>"
    (found,) = results(method("adds", "PASS", log))
    assert [file.path for file in found.attachments] == ["/tmp/a.png"]
