"""LoadRunner's run report."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from assay.formats import loadrunner
from assay.model import Error, Item, Measurement, Result, Run, Status

SAMPLES = Path(__file__).parents[1] / "samples" / "loadrunner"


def sample(file: str) -> list[Item]:
    return list(loadrunner.parse([(SAMPLES / file).read_bytes()]))


def results(items: list[Item]) -> dict[str, Result]:
    return {"|".join((*i.path, i.name)): i for i in items if isinstance(i, Result)}


def test_transactions_and_users_failed_when_one_of_them_did() -> None:
    items = sample("RunReport.xml")
    found = results(items)
    assert found["transactions|Check out"].error == Error(
        message="6 of 60 transactions failed (10.0 %)"
    )
    assert found["transactions|Check out"].metadata == {"stopped": "3"}
    assert found["transactions|Home"].status is Status.PASSED
    assert found["virtual users"].error == Error(message="2 of 20 virtual users failed (10.0 %)")
    assert Measurement(("transactions",), "Check out", "samples", 60) in items
    assert items[-1] == Run(datetime(2026, 3, 1, 9, tzinfo=UTC), 600)


def test_goals_are_tests() -> None:
    found = results(sample("RunReport.xml"))
    assert found["SLA|Total Hits"].status is Status.PASSED
    time = "Transaction Response Time (Percentile) 90"
    assert found[f"SLA|Check out: {time}"].error == Error(message="It was 1.286, the goal is 0.5")
    assert found[f"SLA|vuser_end_Transaction: {time}"].status is Status.SKIPPED
    assert found["SLA|Errors Per Second"].error == Error(
        message="It did not hold in 1 ranges of time",
        trace="5 to 10: 1.6, the goal is 1, the load 20",
    )
