"""Locust's tables and JSON."""

from __future__ import annotations

from pathlib import Path

import pytest

from assay.errors import Malformed
from assay.formats import locust
from assay.model import Item, Measurement, Result, Run, Status

SAMPLES = Path(__file__).parents[1] / "samples" / "locust"


def parse(document: str) -> list[Item]:
    return list(locust.parse([document.encode()]))


def sample(file: str) -> list[Item]:
    return list(locust.parse([(SAMPLES / file).read_bytes()]))


def results(items: list[Item]) -> dict[str, Result]:
    return {i.name: i for i in items if isinstance(i, Result)}


def figures(items: list[Item], name: str) -> dict[str, float]:
    found = (item for item in items if isinstance(item, Measurement))
    return {each.metric: each.value for each in found if each.name == name}


def message(result: Result) -> str:
    return result.error.message if result.error else ""


def test_a_kind_of_request_is_a_result_with_its_figures() -> None:
    items = sample("shop_stats.csv")
    assert results(items).keys() == {"POST /cart", "GET Home", 'GET Old page, "moved"'}
    assert message(results(items)["POST /cart"]) == "12 of 46 requests failed (26.1 %)"
    assert figures(items, "GET Home") == pytest.approx(
        {
            "samples": 120,
            "errors": 0,
            "error rate": 0,
            "mean": 0.0379997,
            "median": 0.043,
            "p75": 0.044,
            "p90": 0.044,
            "p95": 0.047,
            "p99": 0.048,
            "min": 0.000923,
            "max": 0.049949,
            "throughput": 39.9552,
            "received": 4080,
        },
        rel=1e-4,
    )


def test_failures_say_of_what() -> None:
    found = results(sample("shop_failures.csv"))
    assert message(found['GET Old page, "moved"']) == (
        "28 requests failed: CatchResponseError('Expected 200, got 404') ×28"
    )


def test_an_exception_of_the_test_s_own_code_is_broken() -> None:
    (found,) = results(sample("shop_exceptions.csv")).values()
    assert (found.path, found.status) == (("exceptions",), Status.BROKEN)
    assert found.error
    assert found.error.message == "the basket is empty (×28)"
    assert 'raise ValueError("the basket is empty")' in found.error.trace


def test_of_the_history_the_last_totals_count() -> None:
    items = sample("shop_stats_history.csv")
    assert message(results(items)["POST /cart"]) == "12 of 46 requests failed (26.1 %)"
    assert "p90" not in figures(items, "POST /cart")
    *_, run = items
    assert isinstance(run, Run)
    assert run.duration == 3


def test_percentiles_are_counted_from_the_rounded_times_of_json() -> None:
    items = sample("shop.json")
    found = figures(items, 'GET Old page, "moved"')
    assert (found["samples"], found["errors"], found["median"]) == (39, 39, 0.043)
    assert (found["p90"], found["p99"]) == (0.045, 0.051)


def test_a_table_of_the_total_alone_is_one_result() -> None:
    found = results(parse("Type,Name,Request Count,Failure Count\n,Aggregated,4,1\n"))
    assert message(found["Aggregated"]) == "1 of 4 requests failed (25.0 %)"


def test_tables_of_old_versions_are_read() -> None:
    items = parse(
        '"Method","Name","# requests","# failures","Median response time","Requests/s"\n'
        '"GET","/",8,2,100,1.5\n"None","Total",8,2,100,1.5\n'
    )
    assert list(results(items)) == ["GET /"]
    assert figures(items, "GET /")["median"] == 0.1


def test_no_failures_is_an_empty_report() -> None:
    assert parse("Method,Name,Error,Occurrences\n") == [Run()]


def test_a_table_of_another_kind_is_malformed() -> None:
    with pytest.raises(Malformed):
        parse("a,b\n1,2\n")


def test_less_than_no_failures_are_none() -> None:
    table = 'Method,Name,Error,Occurrences\r\nGET,/cart,"HTTPError(""500"")",-3\r\n'
    assert results(parse(table))["GET /cart"].error is None


def test_a_row_that_ends_early_is_read_as_far_as_it_goes() -> None:
    found = results(parse("Name,Error,Occurrences,Method\r\n/cart,HTTPError,3\r\n"))
    assert found["/cart"].error
