"""ZAP's security report, in XML and JSON."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assay.errors import Malformed
from assay.formats import zaproxy
from assay.formats.zaproxy import parse
from assay.model import Container, Error, Item, Notice, Result, Run, Status, Step

SAMPLES = Path(__file__).parents[1] / "samples" / "zaproxy"
SITE = "https://shop.example"


def items(document: str) -> list[Item]:
    return list(parse([document.encode()]))


def of_site(alerts: str) -> list[Item]:
    return items(
        "<OWASPZAPReport version='2.16.1' generated='Fri, 2 Jan 2026 03:04:05'>"
        f"<site name='{SITE}' host='shop.example' port='443' ssl='true'>"
        f"<alerts>{alerts}</alerts></site></OWASPZAPReport>"
    )


def results(alerts: str) -> list[Result]:
    return [item for item in of_site(alerts) if isinstance(item, Result)]


def alert(name: str, risk: int = 2, confidence: int = 2, within: str = "", *uris: str) -> str:
    instances = "".join(f"<instance><uri>{u}</uri><method>GET</method></instance>" for u in uris)
    return (
        f"<alertitem><alert>{name}</alert><riskcode>{risk}</riskcode>"
        f"<confidence>{confidence}</confidence>{within}<instances>{instances}</instances>"
        "</alertitem>"
    )


@pytest.mark.parametrize(
    ("risk", "confidence", "status"),
    [
        (3, 2, Status.FAILED),
        (2, 1, Status.FAILED),
        (1, 3, Status.UNKNOWN),
        (0, 2, Status.PASSED),
        (3, 0, Status.SKIPPED),
        (9, 2, Status.UNKNOWN),
    ],
)
def test_the_risk_of_an_alert_is_its_status(risk: int, confidence: int, status: Status) -> None:
    (found,) = results(alert("XSS", risk, confidence))
    assert (found.path, found.name, found.status) == ((SITE,), "XSS", status)


def test_the_risk_may_be_told_in_words_only() -> None:
    (found,) = results("<alertitem><name>XSS</name><riskdesc>High (Low)</riskdesc></alertitem>")
    assert found.status is Status.FAILED


def test_an_alert_says_what_it_is_and_where() -> None:
    (found,) = results(alert("XSS", 3, 2, "", "https://shop.example/b", "https://shop.example/a"))
    assert found.error == Error("High risk", "XSS")
    assert found.steps == (
        Step("GET https://shop.example/a", Status.FAILED),
        Step("GET https://shop.example/b", Status.FAILED),
    )


def test_paragraphs_become_lines_and_what_is_quoted_stays() -> None:
    (found,) = results(
        "<alertitem><alert>XSS</alert><riskcode>3</riskcode>"
        "<desc>&lt;p&gt;It is &amp;lt;b&amp;gt;.&lt;/p&gt;&lt;p&gt;Bad.&lt;/p&gt;</desc>"
        "<solution>Do not.</solution><instances><instance><uri>/</uri>"
        "<evidence>&lt;p&gt;me&lt;/p&gt;</evidence></instance></instances></alertitem>"
    )
    assert found.description == "It is <b>.\nBad.\n\nSolution: Do not."
    assert found.steps[0].output == "Evidence: <p>me</p>"


def test_what_is_told_of_an_alert_is_kept() -> None:
    (found,) = results(
        alert(
            "XSS",
            3,
            2,
            "<pluginid>40012</pluginid><alertRef>40012-1</alertRef><count>4</count>"
            "<cweid>79</cweid><wascid>-1</wascid><systemic>true</systemic>"
            "<tags><tag><tag>OWASP_2021_A03</tag><link>https://owasp.org</link></tag></tags>",
        )
    )
    assert found.tags == ("OWASP_2021_A03",)
    assert found.metadata == {
        "risk": "High",
        "confidence": "Medium",
        "systemic": "true",
        "count": "4",
        "plugin": "40012",
        "alert": "40012-1",
        "CWE": "79",
    }


def test_alerts_of_one_name_are_one_and_the_worst_counts() -> None:
    (found,) = results(
        alert("Comments", 1, 1, "<count>2</count>", "https://shop.example/a")
        + alert("Comments", 2, 3, "<count>1</count>", "https://shop.example/b")
    )
    assert (found.status, found.error) == (Status.FAILED, Error("Medium risk", "Comments"))
    assert [step.status for step in found.steps] == [Status.UNKNOWN, Status.FAILED]
    assert found.metadata == {"risk": "Medium", "confidence": "High, Low", "count": "3"}


def test_a_clean_site_has_one_result_that_passed() -> None:
    assert of_site("") == [
        Container((SITE,), "site", metadata={"host": "shop.example", "port": "443", "ssl": "true"}),
        Result((SITE,), "(no alerts)", Status.PASSED),
        Run(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), metadata={"version": "2.16.1"}),
    ]


def test_of_a_report_cut_short_no_site_is_called_clean() -> None:
    found = items(
        f"<OWASPZAPReport><site name='{SITE}'><alerts>{alert('XSS')}</alerts></site>"
        "<site name='https://cdn.example'><alerts><alertitem><alert>X"
    )
    assert [item.name for item in found if isinstance(item, Result)] == ["XSS"]
    assert sum(isinstance(item, Notice) for item in found) == 1


def test_xml_and_json_say_the_same() -> None:
    def of_shop(file: str) -> list[Result]:
        found = parse([(SAMPLES / file).read_bytes()])
        return [i for i in found if isinstance(i, Result) and i.path == (SITE,)]

    def lines(result: Result) -> list[tuple[str, list[str]]]:
        return [(step.name, step.output.split()) for step in result.steps]

    xml, from_json = of_shop("zap.xml"), of_shop("zap.json")
    assert from_json
    for one, other in zip(xml, from_json, strict=False):
        assert (one.name, one.status, one.error) == (other.name, other.status, other.error)
        assert (one.description, one.tags) == (other.description, other.tags)
        assert one.metadata == other.metadata
        assert lines(one) == lines(other)


def test_json_that_breaks_the_types_is_read_all_the_same() -> None:
    alerts = [{"alert": "XSS", "riskcode": 3, "instances": [None, {"uri": "/"}], "tags": "x"}]
    site = {"@name": SITE, "@port": 443, "alerts": [*alerts, None]}
    found = items(json.dumps({"@generated": "", "site": site}))
    assert [(i.name, i.status) for i in found if isinstance(i, Result)] == [("XSS", Status.FAILED)]


def test_json_without_sites_is_malformed() -> None:
    with pytest.raises(Malformed, match="site"):
        items('{"alerts": []}')


def test_alerts_of_a_huge_site_are_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zaproxy, "MAX_HELD", 2)
    assert [r.name for r in results("".join(map(alert, "abcab")))] == ["a", "b", "c", "a", "b"]
