"""Open Test Reporting: events and hierarchies."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from assay.formats import otr
from assay.model import Attachment, Error, Item, Notice, Result, Run, Status

SAMPLES = Path(__file__).parents[1] / "samples" / "otr"

EVENTS = """<e:events xmlns="https://schemas.opentest4j.org/reporting/core/0.2.0"
 xmlns:e="https://schemas.opentest4j.org/reporting/events/0.2.0" xmlns:p="urn:p">%s</e:events>"""
START = '<e:started id="{id}" parentId="{outer}" name="{name}" time="2026-05-04T10:00:00Z">{inner}'
END = '<e:finished id="{id}" time="2026-05-04T10:00:01.5Z">{inner}</e:finished>'
METHOD = '<sources><p:methodSource className="A" methodName="b"/></sources>'


def sample(name: str) -> list[Item]:
    return list(otr.parse([(SAMPLES / f"{name}.xml").read_bytes()]))


def named(items: list[Item]) -> dict[str, Result]:
    return {item.name: item for item in items if isinstance(item, Result)}


def events(*told: str) -> list[Item]:
    return list(otr.parse([(EVENTS % "".join(told)).encode()]))


def start(ident: str, name: str, outer: str = "", inner: str = "") -> str:
    return START.format(id=ident, outer=outer, name=name, inner=inner) + "</e:started>"


def end(ident: str, status: str, inner: str = "") -> str:
    return END.format(id=ident, inner=f'<result status="{status}">{inner}</result>')


def test_classes_are_called_in_full_and_nested_ones_by_their_titles() -> None:
    found = named(sample("junit-events"))
    assert found["addsUp(TestReporter)"].path == ("com.shop.CartTest",)
    assert found["costsNothing()"].path == ("com.shop.CartTest", "WhenEmpty")
    assert found["[2] 2, 6"].path == ("com.shop.CartTest", "price(int, int)")


def test_what_a_test_published_and_printed_is_kept() -> None:
    found = named(sample("junit-events"))["addsUp(TestReporter)"]
    assert found.stdout == "3 + 4 = 7\n"
    assert found.tags == ("fast", "smoke")
    assert found.metadata == {"class": "com.shop.CartTest", "method": "addsUp", "currency": "EUR"}


def test_an_assertion_fails_and_any_other_exception_breaks_a_test() -> None:
    found = named(sample("junit-events"))
    failed, broken = found["A voucher lowers the price"], found["asksTheWarehouse()"]
    assert (failed.status, broken.status) == (Status.FAILED, Status.BROKEN)
    assert failed.error
    assert failed.error.message == "the voucher is worth two ==> expected: <8> but was: <9>"
    assert broken.error
    assert broken.error.type == "java.lang.IllegalStateException"


def test_an_assumption_that_does_not_hold_skips_a_test() -> None:
    found = named(sample("junit-events"))["onHolidays()"]
    assert found.status is Status.SKIPPED
    assert found.error
    assert found.error.message == "Assumption failed: it is no holiday"


def test_a_class_that_broke_before_its_tests_is_a_result() -> None:
    found = named(sample("junit-events"))["When the shop is closed"]
    assert (found.path, found.status) == (("com.shop.CartTest",), Status.BROKEN)


def test_a_hierarchy_is_read_with_its_files_and_durations() -> None:
    items = sample("hierarchy")
    found = named(items)["addsUp()"]
    assert (found.path, found.duration) == (("com.shop.CartTest",), 0.25)
    assert found.attachments == (Attachment("receipt.txt", "addsUp/receipt.txt"),)
    assert Run(datetime(2026, 5, 4, 10, tzinfo=UTC), 62.5) in items


def test_a_class_that_broke_after_its_tests_is_a_result_beside_them() -> None:
    items = sample("hierarchy")
    found = named(items)["com.shop.CartTest"]
    assert (found.path, found.status) == (("com.shop.CartTest",), Status.BROKEN)
    assert found.error
    assert found.error.message == "the till does not close"


def test_git_and_the_machine_are_known() -> None:
    (told,) = (item for item in sample("hierarchy") if isinstance(item, Run) and item.branch)
    assert (told.branch, told.commit) == ("main", "99684bcacf01d95875834d87903dcb072306c9ad")
    assert told.metadata == {
        "host": "runner",
        "user": "runner",
        "os": "Linux",
        "cpu_cores": "2",
        "java": "17.0.15",
        "repository": "https://git.example.com/shop/shop.git",
        "uncommitted": "M src/Cart.java",
    }


def test_phpunits_configuration_is_no_container() -> None:
    thrown = '<reason>no key</reason><p:throwable type="LogicException">no key\n\nA.php:7'
    items = events(
        start("1", "/home/runner/work/shop/shop/phpunit.xml"),
        start("2", "default", "1"),
        start("3", "testOpens", "2", METHOD),
        '<e:reported id="3"><attachments><p:issue type="risky" message="odd"/></attachments>'
        "</e:reported>",
        end("3", "ERRORED", f"{thrown}</p:throwable>"),
        end("2", "SUCCESSFUL"),
        end("1", "SUCCESSFUL"),
    )
    (found,) = (item for item in items if isinstance(item, Result))
    assert (found.path, found.status, found.duration) == (("default",), Status.BROKEN, 1.5)
    assert found.error == Error("LogicException", "no key", "no key\n\nA.php:7")
    assert found.stdout == "risky: odd\n"


def test_a_test_that_never_finished_is_broken() -> None:
    told = EVENTS.split("%s")[0] + start("1", "A") + start("2", "b", "1", METHOD)
    items = list(otr.parse([told.encode()]))
    (found,) = (item for item in items if isinstance(item, Result))
    assert (found.name, found.status) == ("b", Status.BROKEN)
    assert found.error == Error(message="The test did not finish")
    assert any(isinstance(item, Notice) for item in items)
