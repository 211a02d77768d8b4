"""xUnit.net's results, of versions 1 to 3, and JUnit XML that is sent under its name."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from assay.errors import Malformed, UnknownFormat
from assay.formats import by_name, detect
from assay.formats.xunit import parse
from assay.model import Attachment, Container, Error, Item, Notice, Result, Run, Status, Step

SAMPLES = Path(__file__).parents[1] / "samples"


def items(document: str) -> list[Item]:
    return list(parse([document.encode()]))


def of_assembly(within: str, more: str = "", collection: str = "") -> list[Item]:
    """A run of one assembly with one collection; what stands in it."""
    name = collection or "Test collection for Shop.CartTests (id: 3a5e9c36)"
    return items(
        "<assemblies><assembly name='C:\\b\\7\\Shop.dll' test-framework='xUnit.net 2.9' "
        f"run-date='2026-01-02' run-time='03:04:05' time='1.5' {more}><errors/>"
        f"<collection name='{name}'>{within}</collection></assembly></assemblies>"
    )


def results(within: str, more: str = "", collection: str = "") -> list[Result]:
    return [i for i in of_assembly(within, more, collection) if isinstance(i, Result)]


def case(name: str, result: str = "Pass", within: str = "", more: str = "") -> str:
    return (
        f"<test name='{name}' type='Shop.CartTests' result='{result}' time='0.25' {more}>"
        f"{within}</test>"
    )


def test_a_test_has_its_assembly_and_class_as_containers() -> None:
    assert results(case("Shop.CartTests.Adds", more="method='Adds'")) == [
        Result(("Shop.dll", "Shop.CartTests"), "Adds", Status.PASSED, 0.25)
    ]


@pytest.mark.parametrize(
    ("result", "status"),
    [
        ("Pass", Status.PASSED),
        ("Fail", Status.FAILED),
        ("Skip", Status.SKIPPED),
        ("NotRun", Status.SKIPPED),
        ("Maybe", Status.UNKNOWN),
        ("", Status.UNKNOWN),
    ],
)
def test_every_result_has_a_status(result: str, status: Status) -> None:
    (found,) = results(case("Adds", result))
    assert found.status is status


def test_a_failure_has_its_type_message_and_trace() -> None:
    (found,) = results(
        case(
            "Adds",
            "Fail",
            "<failure exception-type='System.IO.IOException'>"
            "<message><![CDATA[System.IO.IOException : No disk]]></message>"
            "<stack-trace><![CDATA[   at A]]></stack-trace></failure>",
        )
    )
    assert found.error == Error("System.IO.IOException", "No disk", "   at A")


def test_a_failure_may_say_nothing_of_its_type() -> None:
    failure = "<failure><message>Assert.True() Failure\nExpected: True</message></failure>"
    (found,) = results(case("Adds", "Fail", failure))
    assert found.error == Error("", "Assert.True() Failure\nExpected: True")


def test_a_test_is_skipped_for_a_reason() -> None:
    (found,) = results(case("Adds", "Skip", "<reason>Not before spring</reason>"))
    assert found.error == Error(message="Not before spring")


def test_the_data_of_a_theory_are_parameters() -> None:
    (found,) = results(case("Shop.CartTests.Sums(left: 1, right: &quot;a, (b&quot;, list: [1, 2])"))
    assert found.name == 'Sums(left: 1, right: "a, (b", list: [1, 2])'
    assert found.parameters == {"left": "1", "right": '"a, (b"', "list": "[1, 2]"}


def test_a_name_that_a_person_gave_is_kept_beside_the_methods() -> None:
    (found,) = results(case("It adds. Always.", more="method='Adds'"))
    assert (found.name, found.metadata) == ("It adds. Always.", {"method": "Adds"})


def test_traits_are_tags() -> None:
    traits = "<trait name='Category' value='Fast'/><trait name='owner' value='Bo'/>"
    (found,) = results(case("Adds", within=f"<traits>{traits}{traits}</traits>"))
    assert found.tags == ("Fast", "owner:Bo")


def test_a_collection_that_somebody_named_is_told_and_moves_no_test() -> None:
    (found,) = results(case("Adds"), collection="The till")
    assert found.path == ("Shop.dll", "Shop.CartTests")
    assert found.metadata == {"collection": "The till"}


def test_a_test_has_its_output_place_warnings_and_files() -> None:
    within = (
        "<output>adding\n[[ATTACHMENT|/tmp/b.log]]</output>"
        "<warnings><warning>Nearly full</warning></warnings>"
        "<attachments><attachment name='a.txt'>QUJD</attachment>"
        "<attachment name='shot' media-type='image/png'>QUJD</attachment></attachments>"
    )
    more = "source-file='Cart.cs' source-line='7' start-rtf='2026-01-02T03:04:05+01:00'"
    (found,) = results(case("Adds", within=within, more=more))
    assert found.stdout.startswith("adding")
    assert found.steps == (Step("Warning: Nearly full", Status.PASSED),)
    assert found.attachments == (
        Attachment("a.txt", media_type="text/plain", content=b"QUJD"),
        Attachment("shot.png", media_type="image/png", content=b"ABC"),
        Attachment("b.log", "/tmp/b.log"),
    )
    assert found.metadata == {"source": "Cart.cs:7"}
    assert found.started == datetime(2026, 1, 2, 2, 4, 5, tzinfo=UTC)


def test_an_error_outside_any_test_is_a_broken_result() -> None:
    found = [
        item
        for item in items(
            "<assemblies><assembly name='Shop.dll'><errors>"
            "<error type='test-class-cleanup' name='Shop.TillTests'>"
            "<failure exception-type='System.Exception'><message>Shut</message></failure></error>"
            "<error type='fatal'/></errors></assembly></assemblies>"
        )
        if isinstance(item, Result)
    ]
    assert [(result.path, result.name, result.status) for result in found] == [
        (("Shop.dll",), "Shop.TillTests (test-class-cleanup)", Status.BROKEN),
        (("Shop.dll",), "(fatal)", Status.BROKEN),
    ]
    assert found[0].error == Error("System.Exception", "Shut")


def test_version_1_has_one_assembly_and_classes() -> None:
    found = items(
        "<assembly name='Shop.dll' configFile='none' time='0.5' environment='.NET 4'>"
        "<class name='Shop.CartTests'><test name='Shop.CartTests.Adds' type='test' result='Pass'/>"
        "</class></assembly>"
    )
    assert found == [
        Result(("Shop.dll", "Shop.CartTests"), "Adds", Status.PASSED),
        Container(("Shop.dll",), "assembly", duration=0.5, metadata={"environment": ".NET 4"}),
        Run(None, 0.5, metadata={"environment": ".NET 4"}),
    ]


def test_the_run_has_its_date_duration_and_framework() -> None:
    assert of_assembly("")[-2:] == [
        Container(
            ("Shop.dll",),
            "assembly",
            duration=1.5,
            metadata={"test-framework": "xUnit.net 2.9", "fullname": "C:\\b\\7\\Shop.dll"},
        ),
        Run(
            datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
            1.5,
            metadata={"test-framework": "xUnit.net 2.9"},
        ),
    ]


def test_assemblies_of_version_3_run_side_by_side() -> None:
    times = "start-rtf='2026-01-02T03:04:05Z' finish-rtf='2026-01-02T03:04:07Z'"
    *_, run = items(
        f"<assemblies {times}><assembly name='A.dll' time='2'/><assembly name='B.dll' time='2'/>"
        "</assemblies>"
    )
    assert run == Run(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), 2.0)


def test_junit_xml_is_read_under_this_name() -> None:
    document = (SAMPLES / "junit" / "robot-xunit.xml").read_bytes()
    assert detect(document).name == "junit"
    found = list(by_name("xunit").parse([document]))
    assert found == list(by_name("junit").parse([document]))
    assert sum(isinstance(item, Result) for item in found) == 10


@pytest.mark.parametrize(
    "document",
    [
        "<assembly xmlns='urn:schemas-microsoft-com:asm.v1' manifestVersion='1.0'><trustInfo/>",
        "<assembly><id>bin</id><formats/></assembly>",  # Maven's
    ],
)
def test_other_assemblies_are_none_of_ours(document: str) -> None:
    with pytest.raises(UnknownFormat):
        detect(document.encode())


def test_a_document_of_another_kind_is_malformed() -> None:
    with pytest.raises(Malformed, match="root is <catalog>"):
        items("<catalog/>")


def test_a_document_cut_short_gives_what_was_whole() -> None:
    found = items("<assemblies><assembly name='A'><collection><test result='Pass'/><test na")
    assert [type(item) for item in found] == [Result, Container, Notice, Run]
