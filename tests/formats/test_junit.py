"""JUnit XML in its dialects, fact by fact."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from assay.errors import Malformed
from assay.formats.junit import parse
from assay.model import Attachment, Container, Error, Item, Notice, Result, Run, Status, Step


def items(document: str | bytes) -> list[Item]:
    return list(parse([document.encode() if isinstance(document, str) else document]))


def results(document: str) -> list[Result]:
    return [item for item in items(document) if isinstance(item, Result)]


def suite(cases: str, attributes: str = 'name="Cart"') -> str:
    return f"<testsuite {attributes}>{cases}</testsuite>"


def case(within: str = "", attributes: str = "") -> Result:
    """The only result of a suite with one case, named t of class c."""
    (result,) = results(suite(f'<testcase classname="c" name="t" {attributes}>{within}</testcase>'))
    return result


def containers(document: str) -> list[Container]:
    return [item for item in items(document) if isinstance(item, Container)]


def run(document: str) -> Run:
    (found,) = [item for item in items(document) if isinstance(item, Run)]
    return found


# Verdicts


@pytest.mark.parametrize(
    ("within", "attributes", "status"),
    [
        ("", "", Status.PASSED),
        ("<failure/>", "", Status.FAILED),
        ("<error/>", "", Status.BROKEN),
        ("<skipped/>", "", Status.SKIPPED),
        ("<skip/>", "", Status.SKIPPED),
        ("<error/><failure/>", "", Status.FAILED),
        ("<skipped/><error/>", "", Status.BROKEN),
        ("", 'status="run" result="completed"', Status.PASSED),
        ("", 'status="notrun"', Status.SKIPPED),
        ("", 'status="run" result="suppressed"', Status.SKIPPED),
        ("", 'status="disabled"', Status.SKIPPED),
        ("", 'status="Failed"', Status.FAILED),
        ("<failure/>", 'status="disabled"', Status.FAILED),
        ("<unheard-of/>", "", Status.PASSED),
    ],
)
def test_a_case_ends_as_its_elements_and_else_its_status_say(
    within: str, attributes: str, status: Status
) -> None:
    assert case(within, attributes).status is status


def test_a_failure_has_its_type_message_and_trace() -> None:
    failure = '<failure type="AssertionError" message="1 != 2">at a.py:1\nat b.py:2\n</failure>'
    assert case(failure).error == Error("AssertionError", "1 != 2", "at a.py:1\nat b.py:2")


def test_a_failure_without_a_message_says_its_first_line() -> None:
    assert case("<failure>\nno paper\nat a.py:1</failure>").error == Error(
        "", "no paper", "no paper\nat a.py:1"
    )
    assert case("<failure>no paper</failure>").error == Error("", "no paper")


def test_several_failures_of_a_case_are_one_error_with_all_traces() -> None:
    found = case('<failure message="first">a</failure><failure message="second">b</failure>')
    assert found.error == Error("", "first", "a\n\nb")


def test_the_reason_of_a_skip_is_kept() -> None:
    assert case('<skipped message="no printer"/>').error == Error("", "no printer")


def test_elements_within_a_failure_count_as_its_text() -> None:
    assert case("<failure>a <b>bold</b> word</failure>").error == Error("", "a bold word")


# Who, where, when


@pytest.mark.parametrize(
    ("around", "classname", "path"),
    [
        (["shop.CartTest"], "shop.CartTest", ("shop.CartTest",)),  # Surefire
        (["CartTest"], "shop.CartTest", ("shop.CartTest",)),  # Ant
        (["shop.CartTest"], "CartTest", ("shop.CartTest",)),
        (["pytest"], "tests.test_cart", ("tests.test_cart",)),
        (["checkout.spec.ts"], "checkout.spec.ts", ("checkout.spec.ts",)),  # Playwright
        (["unit", "Tests\\CartTest"], "Tests.CartTest", ("unit", "Tests\\CartTest")),  # PHPUnit
        (["/ci/7/shop/phpunit.xml", "unit"], "", ("unit",)),
        (["web", "cart"], "adds up", ("web", "cart", "adds up")),
        (["cart"], "t", ("cart",)),  # Jest repeats the test's name
        (["Cart-20260101120000"], "shop.Cart", ("shop.Cart",)),  # unittest-xml-reporting
        ([""], "", ()),
        (["web", "cart", "undefined"], "undefined", ("web", "cart")),
    ],
)
def test_a_path_is_what_a_person_calls_the_containers(
    around: list[str], classname: str, path: tuple[str, ...]
) -> None:
    document = f'<testcase classname="{classname}" name="t"/>'
    for name in reversed(around):
        document = suite(document, f'name="{name}"')
    (found,) = results(f'<testsuites name="All the tests">{document}</testsuites>')
    assert (found.path, found.name) == (path, "t")


def test_a_class_is_the_same_container_for_all_of_its_cases() -> None:
    cases = '<testcase classname="c" name="c"/><testcase classname="c" name="d" time="1"/>'
    again = '<testcase classname="c" name="c"/><testcase classname="c" name="d" time="1"/>'
    paths = [(result.path, result.name) for result in results(suite(cases + again))]
    assert paths == [(("Cart",), "c"), (("Cart", "c"), "d")] * 2


def test_what_changes_from_run_to_run_is_no_part_of_a_test() -> None:
    here = suite("<testcase name='t'/>", "name='Cart' id='1' timestamp='2026-01-01' hostname='a'")
    there = suite("<testcase name='t'/>", "name='Cart' id='7' timestamp='2026-01-02' hostname='b'")
    assert results(here) == results(there)


@pytest.mark.parametrize(
    ("suite", "classname", "path"),
    [
        (
            "Chrome Headless 142.0.7444.59 (Linux 0.0.0)",
            "cart",
            ("Chrome Headless (Linux)", "cart"),
        ),
        ("Firefox 145.0 (Windows 10)", "cart", ("Firefox (Windows)", "cart")),
        ("Chrome 142.0.0.0 (Mac OS 10.15.7)", "cart", ("Chrome (Mac OS)", "cart")),
        ("cart", "chrome.142_0_7444_59.linux.cart", ("chrome.linux.cart",)),
        ("Rules 1.2 (draft 7)", "Rules", ("Rules 1.2 (draft 7)", "Rules")),
    ],
)
def test_a_browser_s_version_is_no_part_of_a_test(
    suite: str, classname: str, path: tuple[str, ...]
) -> None:
    """Karma's and WebdriverIO's."""
    cases = f'<testsuite name="{suite}"><testcase classname="{classname}" name="pays"/></testsuite>'
    [result] = results(cases)
    assert result.path == path


def test_a_case_without_a_name_is_kept() -> None:
    (found,) = results(suite("<testcase/>"))
    assert (found.path, found.name) == (("Cart",), "(unnamed)")


@pytest.mark.parametrize(
    ("time", "seconds"),
    [
        *(
            ("0.5", 0.5),
            ("0,5", 0.5),
            ("1,234.5", 1234.5),
            ("1.234,5", 1234.5),
            ("1 234,5", 1234.5),
        ),
        *(("250ms", 0.25), ("1:02:03.5", 3723.5), ("2 s", 2.0), ("1e-3", 0.001), ("7", 7.0)),
        *(
            ("", None),
            ("-1", None),
            ("NaN", None),
            ("inf", None),
            ("soon", None),
            ("1.2.3", None),
            ("1,234,567", 1234567.0),
        ),
    ],
)
def test_times_are_read_as_tools_write_them(time: str, seconds: float | None) -> None:
    assert case(attributes=f'time="{time}"').duration == seconds


def test_the_earliest_suite_tells_the_date_and_the_root_the_duration() -> None:
    document = (
        '<testsuites time="9,5" name="nightly">'
        '<testsuite name="a" timestamp="2026-01-02T10:00:00+02:00" hostname="ci-3"/>'
        '<testsuite name="b" timestamp="2026-01-02T07:00:00"/></testsuites>'
    )
    assert run(document) == Run(
        datetime(2026, 1, 2, 7, tzinfo=UTC),
        9.5,
        metadata={"name": "nightly", "hostname": "ci-3"},
    )


# Retries


def test_it_keeps_the_attempts_of_a_flaky_test() -> None:
    found = case(
        '<flakyFailure message="first" type="E" time="0.2"><stackTrace>at a</stackTrace>'
        "<system-out>one</system-out></flakyFailure><flakyError message='second'/>",
        'time="0.1"',
    )
    assert (found.status, found.flaky, found.duration) == (Status.PASSED, True, 0.1)
    first, second = found.attempts
    assert (first.status, first.error, first.duration, first.stdout) == (
        Status.FAILED,
        Error("E", "first", "at a"),
        0.2,
        "one",
    )
    assert (second.status, second.error) == (Status.BROKEN, Error("", "second"))


def test_a_test_that_failed_again_and_again_has_its_last_outcome() -> None:
    found = case(
        '<failure message="first"/><rerunFailure message="second"/><rerunError message="third"/>',
        'time="0.1"',
    )
    assert (found.status, found.flaky, found.duration) == (Status.BROKEN, False, 0.1)
    assert found.error == Error("", "third")
    assert [attempt.error for attempt in found.attempts] == [
        Error("", "first"),
        Error("", "second"),
    ]


FAIL, PASS = '<testcase name="t"><failure message="no"/></testcase>', '<testcase name="t"/>'


def outcomes(cases: str) -> list[tuple[str, int, bool]]:
    return [(str(r.status), len(r.attempts), r.flaky) for r in results(suite(cases))]


def test_a_case_that_stands_again_after_it_failed_is_a_retry() -> None:
    assert outcomes(FAIL + FAIL + PASS) == [("passed", 2, True)]
    assert outcomes(FAIL + FAIL) == [("failed", 1, False)]


def test_the_import_is_told_of_such_retries() -> None:
    (notice,) = [item for item in items(suite(FAIL + PASS)) if isinstance(item, Notice)]
    assert "taken for attempts of one: 1, e.g. “t”" in notice.message


def test_data_driven_tests_of_one_name_are_kept_apart() -> None:
    assert len(outcomes(PASS + FAIL + PASS)) == 3
    assert len(outcomes(FAIL + PASS + PASS)) == 3
    assert len(outcomes(FAIL + PASS + FAIL)) == 3


def test_a_retry_may_come_after_other_tests_which_keep_their_order() -> None:
    cases = '<testcase name="a"/>' + FAIL + '<testcase name="b"/>' + PASS + '<testcase name="c"/>'
    assert [result.name for result in results(suite(cases))] == ["a", "t", "b", "c"]


def test_the_same_name_elsewhere_is_another_test() -> None:
    other = '<testcase name="t" classname="other"/>', '<testcase name="t" file="other.py"/>'
    assert len(outcomes(FAIL + other[0] + other[1])) == 3
    assert len(results(f"<testsuites>{suite(FAIL)}{suite(PASS)}</testsuites>")) == 2


# What else a case says


def test_output_is_kept_and_files_named_in_it_are_attachments() -> None:
    found = case(
        "<system-out>hello\n[[ATTACHMENT|C:\\ci\\shot 1.png]]\n[[PROPERTY|browser=firefox]]"
        "</system-out><system-err>warning</system-err><system-out>more</system-out>"
    )
    assert found.stdout.startswith("hello\n[[ATTACHMENT|")
    assert found.stdout.endswith("\nmore")
    assert found.stderr == "warning"
    assert found.attachments == (Attachment("shot 1.png", "C:\\ci\\shot 1.png"),)
    assert found.metadata == {"browser": "firefox"}


def test_properties_are_tags_steps_attachments_and_metadata() -> None:
    found = case(
        '<properties><property name="tags" value="smoke, card"/>'
        '<property name="owner">Bo</property><property name="description" value="d"/>'
        '<property name="attachment[0]" value="a/trace.zip"/>'
        '<property name="step[passed]" value="Pay"/><property name="step[failure]" value="Ship"/>'
        "</properties>",
        'file="cart.py" line="7"',
    )
    assert found.tags == ("smoke", "card")
    assert found.metadata == {"file": "cart.py", "line": "7", "owner": "Bo"}
    assert found.attachments == (Attachment("trace.zip", "a/trace.zip"),)
    assert found.steps == (Step("Pay", Status.PASSED), Step("Ship", Status.FAILED))
    assert found.description == "d"


def test_a_suite_keeps_its_output_and_properties() -> None:
    document = suite(
        '<properties><property name="os" value="Linux"/></properties><testcase name="t"/>'
        "<system-out>[[ATTACHMENT|log.txt]]</system-out><system-err>oh</system-err>"
    )
    assert containers(document) == [
        Container(
            ("Cart",),
            "suite",
            stdout="[[ATTACHMENT|log.txt]]",
            stderr="oh",
            attachments=(Attachment("log.txt", "log.txt"),),
            metadata={"os": "Linux"},
        )
    ]


def test_properties_of_the_whole_run_are_the_runs() -> None:
    document = (
        f"<testsuites><properties><property name='os' value='Linux'/></properties>{suite('')}"
    )
    assert run(document + "</testsuites>").metadata == {"os": "Linux"}


def test_a_suite_that_broke_outside_its_cases_is_broken() -> None:
    (found,) = results(suite('<error type="IOError" message="no disk"/>'))
    assert (found.path, found.name, found.status) == (("Cart",), "(suite)", Status.BROKEN)
    assert found.error == Error("IOError", "no disk")


def test_an_error_of_a_suite_whose_cases_failed_is_not_counted_again() -> None:
    assert len(results(suite(FAIL + '<error message="Dubious, test returned 2"/>'))) == 1


def test_a_suite_that_counts_errors_and_shows_none_is_noticed() -> None:
    notices = [item for item in items(suite("", 'name="Cart" errors="2"')) if type(item) is Notice]
    assert [notice.message for notice in notices] == ["Suite “Cart” has 2 errors, but no test case"]


# Documents


def test_suites_without_a_common_root_are_all_read() -> None:
    document = suite('<testcase name="a"/>') + "\n" + suite('<testcase name="b"/>')
    assert [result.name for result in results(document)] == ["a", "b"]


def test_escaped_html_stays_text() -> None:
    found = case("<failure>&lt;b&gt;no&lt;/b&gt; &amp;amp; <![CDATA[<i>yes</i>]]></failure>")
    assert found.error == Error("", "<b>no</b> &amp; <i>yes</i>")


def test_a_report_of_another_kind_is_malformed() -> None:
    with pytest.raises(Malformed, match="root is <catalog>"):
        items("<catalog/>")


def test_a_report_without_tests_is_empty() -> None:
    assert results("<testsuites/>") == []


def test_more_tries_than_anybody_makes_are_data_driven_tests() -> None:
    assert len(outcomes(FAIL * 20)) == 1
    assert len(outcomes(FAIL * 21)) == 21


def test_marks_without_an_end_are_only_text() -> None:
    output = "[[ATTACHMENT|" * 100_000 + "[[ATTACHMENT|a.png]]"
    assert case(f"<system-out>{output}</system-out>").attachments == (Attachment("a.png", "a.png"),)
