"""Robot Framework's output.xml, of its versions 3 to 7."""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape

import pytest

from assay.errors import TooLarge
from assay.formats.detect import look
from assay.formats.robotframework import FORMAT, parse
from assay.model import Attachment, Container, Error, Item, Result, Run, Status, Step


def items(document: str) -> list[Item]:
    return list(parse([document.encode()]))


def suite(within: str) -> str:
    return f'<robot generator="Robot 7.0"><suite id="s1" name="Shop">{within}</suite></robot>'


def only(within: str) -> Result:
    """The only test of a suite."""
    (result,) = [item for item in items(suite(within)) if isinstance(item, Result)]
    return result


OK = '<status status="PASS" start="2026-01-02T03:04:05.5" elapsed="1.25"/>'
NO = '<status status="FAIL" start="2026-01-02T03:04:05.5" elapsed="0.5">out of paper</status>'


def test_a_test_has_its_suites_tags_text_and_times() -> None:
    found = only(
        '<suite id="s1-s1" name="Cart" source="/ci/cart.robot"><test name="Adds Up" line="7">'
        f"<doc>Sums.</doc><tag>smoke</tag><tag>sums</tag>{OK}</test></suite>"
    )
    assert found == Result(
        ("Shop", "Cart"),
        "Adds Up",
        Status.PASSED,
        1.25,
        datetime(2026, 1, 2, 3, 4, 5, 500_000, tzinfo=UTC),
        description="Sums.",
        tags=("smoke", "sums"),
        metadata={"source": "/ci/cart.robot:7"},
    )


def test_the_attributes_of_older_versions_are_understood() -> None:
    found = only(
        '<test name="t"><kw name="Log" library="BuiltIn"><arguments><arg>a</arg></arguments>'
        '<assign><var>${x}</var></assign><status status="PASS"/></kw><tags><tag>old</tag></tags>'
        '<status status="FAIL" starttime="20260102 03:04:05.500" endtime="20260102 03:04:06.750">no'
        "</status></test>"
    )
    assert (found.duration, found.tags) == (1.25, ("old",))
    assert found.started == datetime(2026, 1, 2, 3, 4, 5, 500_000, tzinfo=UTC)
    assert found.error == Error(message="no")
    assert found.steps == (Step("${x} =  Log  a", Status.PASSED),)


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("PASS", Status.PASSED),
        ("FAIL", Status.FAILED),
        ("SKIP", Status.SKIPPED),
        ("NOT RUN", Status.SKIPPED),
        ("ODD", Status.UNKNOWN),
    ],
)
def test_a_status_is_one_of_robots_words(word: str, status: Status) -> None:
    assert only(f'<test name="t"><status status="{word}"/></test>').status is status


def test_keywords_and_control_structures_are_nested_steps() -> None:
    found = only(
        f'<test name="t"><kw name="Open" type="SETUP"><arg>till</arg>{OK}</kw>'
        f'<for flavor="IN"><var>${{x}}</var><value>1</value><iter><var name="${{x}}">1</var>'
        f'<if><branch type="IF" condition="$x"><kw name="Print"><msg level="INFO">on paper</msg>'
        f'<msg level="FAIL">out of paper</msg>{NO}</kw>{NO}</branch>{NO}</if>{NO}</iter>{NO}</for>'
        f'<return><value>1</value><status status="NOT RUN"/></return>{NO}</test>'
    )
    error = Error(message="out of paper")
    leaf = Step("Print", Status.FAILED, 0.5, error, "on paper\nFAIL: out of paper")
    branch = Step("IF  $x", Status.FAILED, 0.5, error, steps=(leaf,))
    around = Step("${x} = 1", Status.FAILED, 0.5, error, steps=(branch,))
    assert found.steps == (
        Step("Setup: Open  till", Status.PASSED, 1.25),
        Step("FOR  ${x}  IN  1", Status.FAILED, 0.5, error, steps=(around,)),
        Step("RETURN  1", Status.SKIPPED),
    )


def test_a_screenshot_in_a_message_is_an_attachment_of_its_step() -> None:
    shown = escape(
        'Shot:<br><a href="shots/one.png"><img src="shots/one.png" width="8"></a> &amp; '
        '<a href="https://example.org/">more</a> <img src="data:image/png;base64,aGk=">'
    )
    found = only(
        f'<test name="t"><kw name="Capture"><msg level="INFO" html="true">{shown}</msg>{OK}</kw>'
        f"{OK}</test>"
    )
    (step,) = found.steps
    assert step.output == "Shot:\n & more"
    assert step.attachments == (
        Attachment("one.png", "shots/one.png"),
        Attachment("image.png", "", "image/png", b"hi"),
    )


def test_the_tries_that_rebot_merged_are_attempts() -> None:
    def status(word: str, new: str) -> str:
        told = escape(
            '*HTML* <span class="merge">Test has been re-executed and results merged.</span><hr>'
            f"New status: <span>{word}</span><br>{new}<hr>"
            "Old status: <span>FAIL</span><br>Old message: at first<br>"
        )
        return f'<test name="t"><status status="{word}">{told}</status></test>'

    passed = only(status("PASS", ""))
    assert (passed.status, passed.flaky, passed.error) == (Status.PASSED, True, None)
    assert [(a.status, a.error) for a in passed.attempts] == [
        (Status.FAILED, Error(message="at first"))
    ]
    failed = only(status("FAIL", "New message: at last<br>"))
    assert (failed.flaky, failed.error) == (False, Error(message="at last"))
    assert len(failed.attempts) == 1


def test_a_failed_teardown_of_a_suite_is_a_broken_result() -> None:
    test, teardown = items(
        suite(f'<test name="t">{OK}</test><kw name="Lock Up" type="TEARDOWN">{NO}</kw>')
    )[:2]
    assert isinstance(test, Result)
    assert isinstance(teardown, Result)
    assert (test.status, teardown.status) == (Status.PASSED, Status.BROKEN)
    assert (teardown.path, teardown.name) == (("Shop",), "(suite teardown)")
    assert teardown.error == Error(message="out of paper")


def test_a_suite_has_its_documentation_metadata_and_duration() -> None:
    errors = '<errors><msg level="ERROR">no such library</msg></errors></robot>'
    document = suite(f'<doc>All.</doc><meta name="Browser">none</meta>{OK}')
    found = items(document.replace("</robot>", errors))
    assert found == [
        Container(
            ("Shop",),
            "suite",
            "All.",
            1.25,
            stderr="ERROR: no such library",
            metadata={"Browser": "none"},
        ),
        Run(
            datetime(2026, 1, 2, 3, 4, 5, 500_000, tzinfo=UTC),
            1.25,
            metadata={"generator": "Robot 7.0"},
        ),
    ]


def test_a_suite_on_its_own_is_a_report_too() -> None:
    assert FORMAT.sniff(look(b'<suite id="s1" name="Shop"/>'))
    assert not FORMAT.sniff(look(b'<suite name="of something else"/>'))
    found, *_ = items('<suite id="s1" name="A"><test name="t"/></suite>')
    assert isinstance(found, Result)


def test_keywords_nested_beyond_all_measure_are_refused() -> None:
    with pytest.raises(TooLarge, match="nested more than 200 deep"):
        only('<test name="t">' + '<kw name="again">' * 500 + "</kw>" * 500 + "</test>")
