"""JMeter's CSV."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from assay.errors import Malformed
from assay.formats import detect, jmetercsv
from assay.model import Error, Item, Measurement, Notice, Result, Run, Status

SAMPLES = Path(__file__).parents[1] / "samples" / "jmetercsv"
HEADER = "timeStamp,elapsed,label,responseCode,responseMessage,threadName,success,bytes"


def parse(*lines: str) -> list[Item]:
    return list(jmetercsv.parse(["\n".join(lines).encode()]))


def results(items: list[Item]) -> dict[str, Result]:
    return {"/".join((*i.path, i.name)): i for i in items if isinstance(i, Result)}


def figures(items: list[Item], name: str) -> dict[str, float]:
    found = (item for item in items if isinstance(item, Measurement))
    return {each.metric: each.value for each in found if each.name == name}


def test_a_label_is_a_result_with_all_its_figures() -> None:
    items = parse(
        HEADER,
        "1393227741000,100,GET /cart,200,OK,Shoppers 1-1,true,1000",
        "1393227741500,300,GET /cart,500,Internal Server Error,Shoppers 1-2,false,50",
        "1393227741600,400,GET /cart,200,OK,Shoppers 1-1,true,1000",
    )
    started = datetime(2014, 2, 24, 7, 42, 21, tzinfo=UTC)
    message = "1 of 3 requests failed (33.3 %): 500 Internal Server Error ×1"
    mean = pytest.approx(0.8 / 3)
    assert items[0] == Result(
        ("Shoppers",), "GET /cart", Status.FAILED, mean, started, Error(message=message)
    )
    assert figures(items, "GET /cart") == pytest.approx(
        {
            "samples": 3,
            "errors": 1,
            "error rate": 1 / 3,
            "mean": 0.8 / 3,
            "median": 0.3,
            "p90": 0.4,
            "p95": 0.4,
            "p99": 0.4,
            "min": 0.1,
            "max": 0.4,
            "throughput": 3,
            "received": 2050,
        }
    )
    assert items[-1] == Run(started, pytest.approx(1.0))


def test_the_same_run_is_read_alike_however_jmeter_was_told_to_write_it() -> None:
    for file in ("shop.csv", "tabs.tsv", "headerless.jtl"):
        found = results(list(jmetercsv.parse([(SAMPLES / file).read_bytes()])))
        assert found.keys() == {
            *("Shoppers/Home", "Shoppers/Books", "Shoppers/Cart", 'Shoppers/Pay, "quickly"'),
            *("Shoppers/Check out", "Visitors/Home", "Visitors/Old page"),
        }
        assert found["Shoppers/Check out"].metadata == {"kind": "transaction"}


def test_an_assertion_says_why_a_good_answer_failed() -> None:
    items = list(jmetercsv.parse([(SAMPLES / "shop.csv").read_bytes()]))
    error = results(items)["Shoppers/Books"].error
    assert error
    assert error.message == (
        "20 of 20 requests failed (100.0 %): Test failed: text expected to contain /Bookshop/ ×20"
    )


def test_lines_within_quotes_are_of_one_sample() -> None:
    items = parse(
        HEADER, '1,5,a,500,"no ""cart""\nat all",T 1-1,false,1', "2,5,a,200,OK,T 1-1,true,1"
    )
    error = results(items)["T/a"].error
    assert error
    assert error.message == '1 of 2 requests failed (50.0 %): 500 no "cart" … ×1'


def test_no_answer_at_all_is_told_without_its_padding() -> None:
    items = parse(
        HEADER,
        "1,5,a,Non HTTP response code: java.net.UnknownHostException,"
        "Non HTTP response message: shop.example: unknown,T 1-1,false,1",
    )
    error = results(items)["T/a"].error
    assert error
    assert "java.net.UnknownHostException: shop.example: unknown ×1" in error.message


@pytest.mark.parametrize(
    ("thread", "path"),
    [
        ("Shoppers 1-12", ("Shoppers",)),
        ("Shop 2-1 a 1-12", ("Shop 2-1 a",)),
        ("Shoppers-ThreadStarter 1-1", ("Shoppers",)),
        ("10.0.0.7:1099-Shoppers 1-3", ("Shoppers",)),
        ("pool-7", ()),
        ("", ()),
    ],
)
def test_a_thread_s_group_is_the_container(thread: str, path: tuple[str, ...]) -> None:
    (result,) = results(parse(HEADER, f"1,5,a,200,OK,{thread},true,1")).values()
    assert result.path == path


@pytest.mark.parametrize(
    "first",
    [
        "timeStamp;elapsed;label;success",
        '"timeStamp","elapsed","label"',
        "label\telapsed\tresponseCode",
        "1393227741256,1425,GET /,200,OK,Thread Group 1-1,text,true,3478,1016",
        "2026/01/02 03:04:05|5|a|200|OK|T 1-1|text|true||10|20|1|1",
    ],
)
def test_it_is_told_by_its_columns(first: str) -> None:
    assert detect(first.encode()).name == "jmetercsv"


def test_rows_that_are_no_samples_are_told_of() -> None:
    items = parse(HEADER, "1,5,a,200,OK,T 1-1,true,1", HEADER, "cut,of", "")
    assert [item for item in items if isinstance(item, Notice)] == [
        Notice("Rows that are no samples were left out: 1")
    ]


def test_a_table_without_samples_is_malformed() -> None:
    for lines in ((HEADER,), ("a,b,c", "1,2,3"), (HEADER, "no,rows")):
        with pytest.raises(Malformed):
            parse(*lines)


def test_a_code_that_is_no_number_is_no_failure() -> None:
    items = parse("timeStamp,elapsed,label,responseCode", "1393227741000,100,GET /cart,²²²")
    assert results(items)["GET /cart"].status is Status.PASSED
