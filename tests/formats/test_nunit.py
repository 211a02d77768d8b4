"""NUnit's results, of versions 2 and 3."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from assay.errors import Malformed
from assay.formats.nunit import parse
from assay.model import Attachment, Container, Error, Item, Notice, Result, Run, Status


def items(document: str) -> list[Item]:
    return list(parse([document.encode()]))


def of_run(fixture: str, attributes: str = "", given: str = "") -> list[Item]:
    """A run of one fixture; what stands in it, and how it went."""
    return items(
        '<test-run id="0" engine-version="3.16" start-time="2026-01-02 03:04:05Z" duration="1.5">'
        f"{given}<test-suite type='Assembly' name='Shop.dll' fullname='/build/7/Shop.dll'>"
        f"<test-suite type='TestFixture' name='CartTests' {attributes}>{fixture}</test-suite>"
        "</test-suite></test-run>"
    )


def results(fixture: str, attributes: str = "") -> list[Result]:
    return [item for item in of_run(fixture, attributes) if isinstance(item, Result)]


def case(name: str, result: str = "Passed", within: str = "", more: str = "") -> str:
    return f"<test-case name='{name}' result='{result}' {more}>{within}</test-case>"


def failure(message: str, trace: str = "") -> str:
    return (
        f"<failure><message><![CDATA[{message}]]></message>"
        f"<stack-trace><![CDATA[{trace}]]></stack-trace></failure>"
    )


def test_a_case_is_a_test_with_its_suites_as_containers() -> None:
    more = "duration='0.25' start-time='2026-01-02T03:04:05.1234567Z' runstate='Runnable'"
    assert results(case("Adds", more=more)) == [
        Result(
            ("Shop.dll", "CartTests"),
            "Adds",
            Status.PASSED,
            0.25,
            datetime(2026, 1, 2, 3, 4, 5, 123456, tzinfo=UTC),
        )
    ]


@pytest.mark.parametrize(
    ("result", "label", "status"),
    [
        ("Passed", "", Status.PASSED),
        ("Failed", "", Status.FAILED),
        ("Failed", "Error", Status.BROKEN),
        ("Failed", "Invalid", Status.BROKEN),
        ("Failed", "Cancelled", Status.BROKEN),
        ("Failed:Error", "", Status.FAILED),
        ("Skipped", "Ignored", Status.SKIPPED),
        ("Skipped", "Explicit", Status.SKIPPED),
        ("Inconclusive", "", Status.UNKNOWN),
        ("Warning", "", Status.PASSED),
        ("Success", "", Status.PASSED),
        ("Failure", "", Status.FAILED),
        ("Error", "", Status.BROKEN),
        ("NotRunnable", "", Status.SKIPPED),
        ("Exploded", "", Status.UNKNOWN),
    ],
)
def test_every_result_that_nunit_knows_has_a_status(
    result: str, label: str, status: Status
) -> None:
    (found, *_) = results(case("Adds", result, more=f"label='{label}'"))
    assert found.status is status


@pytest.mark.parametrize(
    ("attributes", "status"),
    [
        ("executed='True' success='True'", Status.PASSED),
        ("executed='True' success='False'", Status.FAILED),
        ("executed='False'", Status.SKIPPED),
        ("", Status.UNKNOWN),
    ],
)
def test_the_first_versions_have_no_word_for_a_result(attributes: str, status: Status) -> None:
    (found,) = results(f"<test-case name='Adds' {attributes}/>")
    assert found.status is status


@pytest.mark.parametrize(
    ("message", "error"),
    [
        ("  Expected: 3\n  But was:  2\n", Error("", "Expected: 3\n  But was:  2", "at A")),
        ("System.IO.IOException : No disk", Error("System.IO.IOException", "No disk", "at A")),
        (
            "OneTimeSetUp: System.IO.IOException : No disk",
            Error("System.IO.IOException", "OneTimeSetUp: No disk", "at A"),
        ),
        ("Sum : 3 is not 2", Error("", "Sum : 3 is not 2", "at A")),
    ],
)
def test_an_exception_has_its_type_message_and_trace(message: str, error: Error) -> None:
    (found,) = results(case("Adds", "Failed", failure(message, "at A\n")))
    assert found.error == error


def test_each_of_several_assertions_is_a_step() -> None:
    within = (
        "<assertions><assertion result='Failed'><message>the sum\nis 11</message></assertion>"
        "<assertion result='Warning'><message>the tax</message></assertion></assertions>"
    )
    (found,) = results(case("Checks", "Failed", failure("Multiple failures") + within))
    assert [(step.name, step.status) for step in found.steps] == [
        ("the sum", Status.FAILED),
        ("Warning: the tax", Status.PASSED),
    ]


def test_an_assertion_alone_says_what_the_failure_says() -> None:
    within = "<assertions><assertion result='Failed'><message>3</message></assertion></assertions>"
    (found,) = results(case("Checks", "Failed", failure("3") + within))
    assert found.steps == ()


def test_arguments_are_parameters() -> None:
    found = results(
        case("Sums(1,2)") + case("Joins(&quot;a, b&quot;,&quot;(&quot;)") + case("Holds([1, 2],3)")
    )
    assert [result.parameters for result in found] == [
        {"0": "1", "1": "2"},
        {"0": '"a, b"', "1": '"("'},
        {"0": "[1, 2]", "1": "3"},
    ]


def test_a_case_has_its_categories_and_those_of_the_suites_around_it() -> None:
    def properties(*pairs: tuple[str, str]) -> str:
        inner = "".join(f"<property name='{name}' value='{value}'/>" for name, value in pairs)
        return f"<properties>{inner}</properties>"

    own = properties(
        ("Category", "Fast"),
        ("Description", "Sums."),
        ("Owner", "Bo"),
        ("Owner", "Al"),
        ("_X", "1"),
    )
    (found,) = results(properties(("Category", "Cart")) + case("Adds", within=own))
    assert found.tags == ("Cart", "Fast")
    assert found.description == "Sums."
    assert found.metadata == {"Owner": "Bo, Al"}


def test_a_case_has_its_output_and_its_files() -> None:
    within = (
        "<output>one\n[[ATTACHMENT|/tmp/b.log]]</output><attachments><attachment>"
        "<filePath>C:\\shots\\a.png</filePath></attachment></attachments>"
    )
    (found,) = results(case("Adds", within=within))
    assert found.stdout.startswith("one")
    assert found.attachments == (
        Attachment("a.png", "C:\\shots\\a.png"),
        Attachment("b.log", "/tmp/b.log"),
    )


def test_a_case_is_left_out_for_the_reason_of_its_fixture() -> None:
    (found,) = results(
        "<reason><message>Moved away</message></reason>" + case("Adds", "Skipped"),
        "result='Skipped'",
    )
    assert found.error == Error(message="Moved away")


def test_a_passed_case_keeps_what_it_says() -> None:
    (found,) = results(case("Adds", within="<reason><message>All is well</message></reason>"))
    assert (found.error, found.metadata) == (None, {"reason": "All is well"})


def test_a_tear_down_that_threw_is_a_result() -> None:
    own = failure("TearDown : System.Exception : It does not close", "at Close")
    first, last = results(own + case("Opens"), "result='Failed' site='TearDown'")
    assert (first.name, first.status) == ("Opens", Status.PASSED)
    assert last.name == "(one-time tear-down)"
    assert last.error == Error("System.Exception", "TearDown : It does not close", "at Close")


def test_a_set_up_that_threw_is_told_by_the_tests_and_in_the_output_of_the_suite() -> None:
    found = of_run(
        failure("System.Exception : It is closed", "at Open")
        + case("Opens", "Failed", failure("OneTimeSetUp: System.Exception : It is closed")),
        "result='Failed' label='Error' site='SetUp'",
    )
    assert [item.status for item in found if isinstance(item, Result)] == [Status.FAILED]
    (fixture,) = [item for item in found if isinstance(item, Container) and len(item.path) == 2]
    assert fixture.stderr == "System.Exception\nIt is closed\nat Open"


def test_an_assembly_that_could_not_be_loaded_is_broken() -> None:
    (found, *_) = items(
        "<test-run><test-suite type='Assembly' name='Shop.dll' runstate='NotRunnable' "
        "result='Skipped' label='Invalid'><reason><message>No such file</message></reason>"
        "</test-suite></test-run>"
    )
    assert found == Result(
        ("Shop.dll",), "(suite)", Status.BROKEN, error=Error(message="No such file")
    )


def test_failures_of_children_are_told_once() -> None:
    own = failure("One or more child tests had errors")
    assert len(results(own + case("Adds", "Failed"), "result='Failed' site='Child'")) == 1


def test_a_suite_that_failed_and_does_not_say_why_is_noticed() -> None:
    notices = [i for i in of_run(case("Adds"), "result='Failure'") if isinstance(i, Notice)]
    assert notices == [Notice("Suite “CartTests” failed, and none of its tests did")]


def test_a_suite_has_its_settings_properties_and_kind() -> None:
    found = items(
        "<test-run><test-suite type='Assembly' name='Shop.dll' fullname='/b/Shop.dll' "
        "duration='2'><settings><setting name='Workers' value='4'/>"
        "<setting name='Parameters'><item key='Browser' value='firefox'/></setting></settings>"
        "<output>hello</output></test-suite></test-run>"
    )
    assert found[0] == Container(
        ("Shop.dll",),
        "Assembly",
        duration=2.0,
        stdout="hello",
        metadata={"fullname": "/b/Shop.dll", "Workers": "4", "Browser": "firefox"},
    )


def test_the_run_has_its_date_duration_machine_and_filter() -> None:
    given = (
        "<command-line><![CDATA[nunit3-console Shop.dll]]></command-line>"
        "<filter><and><cat>Fast</cat><not><or><method>A</method><prop name='Owner'>Bo</prop></or>"
        "</not></and></filter><environment os-version='Debian' user='alice'/>"
    )
    assert of_run("", given=given)[-1] == Run(
        datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        1.5,
        metadata={
            "engine-version": "3.16",
            "command-line": "nunit3-console Shop.dll",
            "filter": "cat == Fast and not (method == A or Owner == Bo)",
            "os-version": "Debian",
        },
    )


@pytest.mark.parametrize(
    "attributes",
    [
        "start-time='2026-01-02T 03:04:05Z'",  # NunitXml.TestLogger
        "run-date='2026-01-02' start-time='03:04:05'",  # the first versions of NUnit 3
    ],
)
def test_the_date_is_written_in_several_ways(attributes: str) -> None:
    (run,) = items(f"<test-run {attributes}/>")
    assert isinstance(run, Run)
    assert run.date == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def of_nunit2(suites: str) -> list[Result]:
    document = f"<test-results date='2026-01-02' time='03:04:05'>{suites}</test-results>"
    return [item for item in items(document) if isinstance(item, Result)]


def test_the_full_names_of_nunit_2_are_cut() -> None:
    (found,) = of_nunit2(
        "<test-suite type='Assembly' name='C:\\b\\Shop.dll'><results>"
        "<test-suite type='Namespace' name='Shop'><results>"
        "<test-suite type='GenericFixture' name='Cart&lt;T&gt;'><results>"
        "<test-suite type='TestFixture' name='Cart&lt;Int32&gt;(5)'><results>"
        "<test-case name='Shop.Cart&lt;Int32&gt;(5).Adds' result='Success'/>"
        "</results></test-suite></results></test-suite></results></test-suite></results>"
        "</test-suite>"
    )
    assert found.path == ("Shop.dll", "Shop", "Cart<T>", "Cart<Int32>(5)")
    assert found.name == "Adds"


def test_the_full_names_of_suites_of_nunit_2_2_are_cut() -> None:
    (found,) = of_nunit2(
        "<test-suite name='C:\\b\\Shop.dll'><results><test-suite name='C:\\b\\Shop.dll'><results>"
        "<test-suite name='Shop'><results><test-suite name='Shop.CartTests'><results>"
        "<test-case name='Shop.CartTests.Adds' executed='True' success='True'/>"
        "</results></test-suite></results></test-suite></results></test-suite></results>"
        "</test-suite>"
    )
    assert (found.path, found.name) == (("Shop.dll", "Shop", "CartTests"), "Adds")


def test_only_of_a_file_the_folder_is_cut() -> None:
    def path(kind: str, name: str) -> tuple[str, ...]:
        (found,) = of_nunit2(
            f"<test-suite type='{kind}' name='{name}'><results>"
            "<test-case name='Adds' result='Success'/></results></test-suite>"
        )
        return found.path

    assert path("Assembly", "/build/7/Shop") == ("Shop",)
    assert path("", "C:\\b\\Shop.dll") == ("Shop.dll",)
    assert path("TestFixture", "Reads(&quot;/a/b/c&quot;)") == ('Reads("/a/b/c")',)
    assert path("TestFixture", "/api/cart") == ("/api/cart",)


def test_a_name_that_a_person_gave_is_kept() -> None:
    (found,) = of_nunit2(
        "<test-suite type='TestFixture' name='CartTests'><results>"
        "<test-case name='It adds. Always.' result='Success'/></results></test-suite>"
    )
    assert found.name == "It adds. Always."


def test_entities_are_refused() -> None:
    with pytest.raises(Malformed, match="entity"):
        items("<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><test-results>&x;")
