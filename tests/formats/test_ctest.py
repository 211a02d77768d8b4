"""What CTest writes for CDash: tests, builds, coverage, defects of memory."""

from __future__ import annotations

import zlib
from base64 import b64encode
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assay.errors import Malformed, UnknownFormat
from assay.formats import by_name, detect
from assay.formats.ctest import parse
from assay.model import Attachment, Error, Item, Measurement, Notice, Result, Run, Status

SAMPLES = Path(__file__).parents[1] / "samples" / "ctest"


def sample(name: str) -> list[Item]:
    return list(parse([(SAMPLES / name).read_bytes()]))


def results(name: str) -> dict[str, Result]:
    return {each.name: each for each in sample(name) if isinstance(each, Result)}


def outcome(within: str, status: str = "failed") -> Result:
    """The result of one test with these measurements."""
    document = (
        f"<Site Name='(empty)'><Testing><Test Status='{status}'><Name>adds</Name>"
        f"<Path>./src/till</Path><Results>{within}</Results></Test></Testing></Site>"
    )
    return next(each for each in parse([document.encode()]) if isinstance(each, Result))


def named(name: str, value: str, kind: str = "text/string", more: str = "") -> str:
    return (
        f"<NamedMeasurement name='{name}' type='{kind}' {more}><Value>{value}</Value>"
        "</NamedMeasurement>"
    )


def test_a_test_has_its_time_output_labels_and_command() -> None:
    assert results("Test.xml")["weighs_apples"] == Result(
        (),
        "weighs_apples",
        Status.PASSED,
        0.001307,
        datetime(2026, 11, 22, 3, 48, 24, 376999, UTC),
        stdout="paid 6\n",
        tags=("fast", "scales"),
        metadata={"command": '/home/runner/work/shop/shop/build/weighs "2"'},
    )


@pytest.mark.parametrize(
    ("name", "status", "error"),
    [
        ("weighs_too_much", Status.FAILED, Error(message="Exit code 1")),
        ("crashes", Status.BROKEN, Error("SEGFAULT", "The program crashed")),
        ("never_ends", Status.BROKEN, Error("Timeout", "Ran out of time")),
        ("nowhere", Status.BROKEN, Error("", "Unable to find executable: /no/such/binary")),
        ("needs_a_printer", Status.SKIPPED, Error(message="SKIP_RETURN_CODE=77")),
        ("switched_off", Status.SKIPPED, Error(message="Disabled")),
    ],
)
def test_how_a_test_ended(name: str, status: Status, error: Error) -> None:
    found = results("Test.xml")[name]
    assert (found.status, found.error) == (status, error)


def test_words_that_were_not_said_are_the_reason() -> None:
    error = results("Test.xml")["says_hello"].error
    assert error == Error("", "Required regular expression not found. Regex=[hello\n]")


def test_what_a_fixture_kept_from_running_did_not_pass() -> None:
    found = outcome(
        named("Completion Status", "Fixture dependency failed")
        + "<Measurement><Value>Failed test dependencies: opens</Value></Measurement>",
        status="notrun",
    )
    assert (found.status, found.error) == (
        Status.BROKEN,
        Error(message="Failed test dependencies: opens"),
    )


def test_old_versions_do_not_say_why_a_test_did_not_run() -> None:
    assert outcome("", status="notrun").status is Status.SKIPPED


def test_a_folder_and_a_subproject_are_the_containers() -> None:
    assert results("Test.xml")["crashes"].path == ("Till", "till")
    assert outcome("").path == ("src/till",)
    smart = by_name("ctest").smart
    assert smart
    assert smart(("Till", "src/till")) == ("Till", "src", "till")


def test_a_tests_own_measurements_are_numbers_texts_and_files() -> None:
    measures = results("Test.xml")["measures"]
    scales, _, listed, _ = measures.attachments
    assert (scales.name, scales.media_type) == ("scales.png", "image/png")
    assert scales.content
    assert scales.content.startswith(b"\x89PNG")
    assert listed == Attachment("list.txt", content=b"apples 2\n")
    assert (measures.metadata or {})["colour"] == "green"
    assert Measurement((), "measures", "width", 12.5) in sample("Test.xml")


def test_output_may_be_compressed() -> None:
    packed = b64encode(zlib.compress(b"paid 6\n")).decode() + "=="
    coded = f"<Value encoding='base64' compression='gzip'>{packed}</Value>"
    assert outcome(f"<Measurement>{coded}</Measurement>").stdout == "paid 6\n"


@pytest.mark.parametrize("broken", ["e", "AAAA", "!"])
def test_output_that_is_coded_wrongly_is_no_reason_to_fail(broken: str) -> None:
    for compression in ("gzip", "tar/gzip"):
        more = f"encoding='base64' compression='{compression}'"
        assert outcome(named("list", broken, "file", more)).attachments[0].name == "list"


def test_the_run_has_its_date_and_build() -> None:
    assert sample("Test.xml")[-1] == Run(
        datetime(2026, 11, 22, 3, 48, 24, tzinfo=UTC),
        2.0,
        build="20261122-0348-Experimental",
        metadata={
            "build name": "linux-gcc",
            "site": "runner",
            "generator": "ctest-4.4.4",
            "os": "Linux",
            "os release": "6.1.0",
            "platform": "x86_64",
        },
    )


def test_a_build_fails_for_its_errors_and_not_for_its_warnings() -> None:
    for name in ("Build.xml", "Build-3.25.xml"):
        error = results(name)["error: ‘discount’ undeclared (first use in this function)"]
        assert (error.path, error.status) == (("Build", "broken.c"), Status.FAILED)
        assert error.error
        assert "3 |     return discount;" in error.error.trace
        warning = results(name)["warning: unused variable ‘unused’ [-Wunused-variable]"]
        assert (warning.path, warning.status) == (("Build", "price.c"), Status.UNKNOWN)
    build = results("Build.xml")["Build"]
    assert (build.status, build.error) == (Status.FAILED, Error(message="1 error, 1 warning"))
    assert Measurement((), "Build", "warnings", 2) in sample("Build-3.25.xml")


def test_configuring_has_its_log() -> None:
    configure = results("Configure.xml")["Configure"]
    assert configure.status is Status.PASSED
    assert "The C compiler identification is GNU 12.2.0" in configure.stdout


def test_coverage_is_measured() -> None:
    found = [each for each in sample("Coverage.xml") if isinstance(each, Measurement)]
    assert Measurement(("Coverage",), "weighs.c", "lines covered", 6) in found
    assert found[-1] == Measurement((), "Coverage", "coverage", 100, "%")


def test_a_defect_of_memory_fails_a_test_and_none_passes_it() -> None:
    found = results("DynamicAnalysis.xml")
    leak = found["leaves_something_behind"]
    assert (leak.path, leak.error) == (("Valgrind",), Error("defect", "Memory Leak: 1"))
    assert "40 bytes in 1 blocks are definitely lost" in leak.stdout
    assert found["weighs_apples"] == Result(("Valgrind",), "weighs_apples", Status.PASSED)


def test_no_test_is_clean_that_a_cut_file_might_have_told_of() -> None:
    document = (SAMPLES / "DynamicAnalysis.xml").read_bytes().partition(b"<DefectList>")[0]
    found = list(parse([document]))
    assert [each.name for each in found if isinstance(each, Result)] == ["leaves_something_behind"]
    assert any(isinstance(each, Notice) for each in found)


def test_notes_and_files_are_the_runs() -> None:
    listed = Attachment("list.txt", media_type="text/plain", content=b"apples 2\n")
    assert sample("Notes.xml")[0] == Run(attachments=(listed,))
    assert sample("Upload.xml")[0] == Run(
        attachments=(Attachment("list.txt", "", "", b"apples 2\n"),)
    )


def test_an_update_tells_the_commit() -> None:
    found = sample("Update.xml")
    assert found == [
        Run(commit="f00a8ef4110f3d88399c0780472b4012a087f89c"),
        Run(
            datetime(2026, 11, 22, 4, 43, 1, tzinfo=UTC),
            0.0,
            build="20261122-0443-Experimental",
            metadata={"build name": "linux-gcc", "generator": "ctest-4.4.4"},
        ),
    ]


def test_other_sites_are_none_of_ours() -> None:
    with pytest.raises(UnknownFormat):
        detect(b"<Site><Page/></Site>")
    with pytest.raises(Malformed, match="root is <Sites>"):
        list(parse([b"<Sites/>"]))
