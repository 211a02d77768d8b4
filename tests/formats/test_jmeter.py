"""JMeter's XML."""

from __future__ import annotations

from pathlib import Path

from assay.formats import jmeter
from assay.model import Error, Item, Measurement, Notice, Result, Run, Status

SAMPLES = Path(__file__).parents[1] / "samples" / "jmeter"


def parse(*samples: str) -> list[Item]:
    document = f'<testResults version="1.2">{"".join(samples)}</testResults>'
    return list(jmeter.parse([document.encode()]))


def results(items: list[Item]) -> dict[str, Result]:
    return {"/".join((*i.path, i.name)): i for i in items if isinstance(i, Result)}


def one(*samples: str) -> Result:
    (result,) = results(parse(*samples)).values()
    return result


def message(result: Result) -> str:
    return result.error.message if result.error else ""


def of_the_sample(file: str) -> dict[str, Result]:
    return results(list(jmeter.parse([(SAMPLES / file).read_bytes()])))


def test_a_transaction_counts_once_and_its_requests_are_its_steps() -> None:
    found = of_the_sample("transactions.xml")["Shoppers/Check out"]
    assert found.metadata == {"kind": "transaction"}
    assert message(found) == (
        "5 of 20 requests failed (25.0 %): Cart: 500 Internal Server Error ×5"
    )
    assert [(step.name, step.status, step.error) for step in found.steps] == [
        (
            "Cart",
            Status.FAILED,
            Error(message="5 of 20 requests failed (25.0 %): 500 Internal Server Error ×5"),
        ),
        ('Pay, "quickly"', Status.PASSED, None),
    ]


def test_the_first_answer_that_failed_is_attached() -> None:
    (answer,) = of_the_sample("transactions.xml")["Visitors/Old page"].attachments
    assert answer.content == b"<html><body>Shop 404</body></html>"
    assert not of_the_sample("shop.xml")["Visitors/Old page"].attachments


def test_an_assertion_says_why_a_good_answer_failed() -> None:
    found = of_the_sample("shop.xml")["Shoppers/Books"]
    assert "Test failed: text expected to contain /Bookshop/ ×20" in message(found)
    nameless = one(
        '<sample t="1" s="false" lb="a" rc="200" rm="OK"><assertionResult><name>size</name>'
        "<error>true</error></assertionResult></sample>"
    )
    assert message(nameless) == "1 of 1 requests failed (100.0 %): size failed ×1"


def test_a_page_s_missing_picture_is_why_it_failed() -> None:
    found = one(
        '<httpSample t="5" s="false" lb="Home" rc="200" rm="OK">'
        '<httpSample t="2" s="true" lb="/" rc="200" rm="OK"/>'
        '<httpSample t="2" s="false" lb="/logo.png" rc="404" rm="Not Found"/></httpSample>'
    )
    assert message(found).endswith(": /logo.png: 404 Not Found ×1")
    assert [step.name for step in found.steps] == ["/", "/logo.png"]


def test_samples_of_plug_ins_and_of_version_1_are_samples() -> None:
    items = parse(
        "<com.example.WebDriver><saveConfig/><responseCode>500</responseCode><label>Home</label>"
        "<elapsedTime>7</elapsedTime><success>false</success></com.example.WebDriver>",
        '<sampleResult timeStamp="1104800362000" label="Home" time="9" success="true"/>',
        "<somethingElse/>",
    )
    assert Measurement((), "Home", "samples", 2) in items
    assert Measurement((), "Home", "max", 0.009, "s") in items
    assert Measurement((), "Home", "errors", 1) in items


def test_a_file_without_samples_is_an_empty_report() -> None:
    assert parse() == [Run()]


def test_a_file_that_was_cut_gives_what_is_whole() -> None:
    document = (SAMPLES / "shop.xml").read_bytes()
    items = list(jmeter.parse([document[: len(document) // 2]]))
    assert len(results(items)) == 7
    assert any(isinstance(item, Notice) for item in items)


def test_a_code_that_is_no_number_is_no_failure() -> None:
    assert one('<httpSample t="1" lb="a" rc="²²²"/>').status is Status.PASSED
