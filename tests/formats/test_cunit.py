"""CUnit's XML."""

from __future__ import annotations

from pathlib import Path

from assay.formats import cunit
from assay.model import Error, Item, Result, Run, Status

SAMPLES = Path(__file__).parents[1] / "samples" / "cunit"


def items(file: str) -> list[Item]:
    return list(cunit.parse([(SAMPLES / file).read_bytes()]))


def test_the_failures_of_a_test_are_one_result() -> None:
    found = [each for each in items("shop-Results.xml") if isinstance(each, Result)]
    assert [each.name for each in found].count("takes a coupon") == 1
    assert found[2] == Result(
        ("Cart",),
        "takes a coupon",
        Status.FAILED,
        error=Error(
            "",
            "CU_ASSERT_EQUAL(total(5, 2),9)",
            "cart.c:11\nCU_ASSERT_EQUAL(total(5, 2),9)\n\n"
            "cart.c:12\nCU_ASSERT_TRUE(total(5, 2) < 10)",
        ),
        metadata={"file": "cart.c", "line": "11"},
    )


def test_a_suite_that_cannot_be_set_up_is_a_broken_result() -> None:
    assert items("shop-Results.xml")[-2] == Result(
        ("Warehouse",),
        "(suite)",
        Status.BROKEN,
        error=Error(message="Suite Initialization Failed"),
    )


def test_the_run_has_the_footers_date_and_tells_how_many_were_not_active() -> None:
    *_, run = items("shop-Results.xml")
    assert isinstance(run, Run)
    assert run.date
    assert run.date.year == 2026
    assert run.metadata == {"inactive tests": "1", "tool": "CUnit v2.1-3"}


def test_groups_of_version_1_are_suites() -> None:
    document = b"""<CUNIT_TEST_RUN_REPORT><CUNIT_RESULT_LISTING><CUNIT_RUN_GROUP>
      <CUNIT_RUN_GROUP_SUCCESS><GROUP_NAME> Cart </GROUP_NAME><CUNIT_RUN_TEST_RECORD>
      <CUNIT_RUN_TEST_SUCCESS><TEST_NAME> pays </TEST_NAME></CUNIT_RUN_TEST_SUCCESS>
      </CUNIT_RUN_TEST_RECORD></CUNIT_RUN_GROUP_SUCCESS></CUNIT_RUN_GROUP>
      </CUNIT_RESULT_LISTING></CUNIT_TEST_RUN_REPORT>"""
    assert list(cunit.parse([document])) == [Result(("Cart",), "pays", Status.PASSED), Run()]
