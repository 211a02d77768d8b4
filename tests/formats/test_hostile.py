"""Numbers that no tool writes: what is read of them is finite, and can be written down."""

from __future__ import annotations

import json

import msgspec
import pytest

from assay.formats import by_name
from assay.model import Item, Notice

HUGE = "9" * 400
LONG = "9" * 5_000

DOCUMENTS = {
    "ab": f"Document Path: /\nComplete requests: 4\nTime per request: {HUGE} [ms] (mean)\n",
    "ctesttext": f"1/1 Test #1: a .... Passed 1 sec\nTotal Test time (real) = {HUGE} sec\n",
    "ctest": "<Site><Testing><Test Status='passed'><Name>a</Name><Results><NamedMeasurement "
    "name='Execution Time'><Value>1e999</Value></NamedMeasurement></Results></Test></Testing>"
    "</Site>",
    "gojson": '{"Action":"output","Package":"a","Output":"coverage: '
    f"{HUGE}"
    '% of statements\\n"}\n{"Action":"pass","Package":"a"}',
    "gotext": f"=== RUN   TestA\n--- PASS: TestA ({HUGE}s)\nok  \ta\t1.0s\n",
    "libtesttext": f"running 1 test\ntest a ... bench: {HUGE} ns/iter (+/- 1)\n",
    "xcodebuild": f"Test Case '-[A b]' started (Iteration {LONG} of 3).\n"
    "Test Case '-[A b]' passed (0.1 seconds).\n",
    "wrk": f"Running 1m test @ http://a\n  {LONG} requests in 1.00m, 1.5MB read\n",
    "zaproxy": f"<OWASPZAPReport><site name='a'><alerts><alertitem><alert>b</alert>"
    f"<count>{LONG}</count></alertitem></alerts></site></OWASPZAPReport>",
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_numbers_beyond_all_measure_are_none(name: str) -> None:
    items = list(by_name(name).parse([DOCUMENTS[name].encode()]))
    assert any(not isinstance(item, Notice) for item in items)
    for item in items:
        check(item)


def check(item: Item) -> None:
    json.dumps(msgspec.to_builtins(item), allow_nan=False)
    msgspec.json.encode(item)
