"""Results of the Linux Test Project: kirk's JSON and runltp's log."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from assay.errors import Malformed, UnknownFormat
from assay.formats import detect
from assay.formats.ltp import parse
from assay.model import Error, Item, Result, Run, Status, Step

SAMPLES = Path(__file__).parents[1] / "samples" / "ltp"


def sample(name: str) -> list[Item]:
    return list(parse([(SAMPLES / name).read_bytes()]))


def named(name: str, file: str = "kirk.json") -> Result:
    found = (each for each in sample(file) if isinstance(each, Result))
    return next(each for each in found if each.name == name)


def test_the_checks_of_a_test_are_its_steps() -> None:
    found = named("weighs")
    assert found.steps == (
        Step("weighs apples", Status.PASSED),
        Step("3 kg is <too> light", Status.FAILED),
    )
    assert (found.status, found.error) == (Status.FAILED, Error("TFAIL", "3 kg is <too> light"))
    assert found.metadata == {
        "command": "weighs -w 3 -u kg",
        "exit code": "1",
        "source": "weighs.c:21",
    }


@pytest.mark.parametrize(
    ("name", "status", "error"),
    [
        ("adds", Status.PASSED, None),
        ("opens", Status.BROKEN, Error("TBROK", "open(/dev/till) failed: ENOENT (2)")),
        ("prints", Status.SKIPPED, Error("TCONF", "there is no printer here")),
        ("warns", Status.UNKNOWN, Error("TWARN", "nearly full")),
        ("crashes", Status.BROKEN, Error("", "Exit code 139")),
        ("nowhere", Status.BROKEN, Error("", "Exit code 127")),
    ],
)
def test_how_a_test_ended(name: str, status: Status, error: Error | None) -> None:
    found = named(name)
    assert (found.status, found.error) == (status, error)


def test_checks_of_older_tests_are_read_too() -> None:
    log = "abort01    1  TPASS  :  died of SIGABRT\\nabort01    2  TFAIL  :  no core"
    document = (
        f'{{"results": [{{"test_fqn": "abort01", "status": "fail", "test": {{"log": "{log}"}}}}]}}'
    )
    found = next(each for each in parse([document.encode()]) if isinstance(each, Result))
    assert [each.name for each in found.steps] == ["died of SIGABRT", "no core"]


def test_the_log_tells_outcomes_and_codes() -> None:
    assert named("crashes", "results.log") == Result(
        (),
        "crashes",
        Status.BROKEN,
        error=Error("", "Exit code 139"),
        metadata={"exit code": "139"},
    )
    assert sample("results.log")[-1] == Run(
        datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), metadata={"kernel": "6.1.0", "arch": "x86_64"}
    )


def test_the_run_has_its_system() -> None:
    run = sample("kirk.json")[-1]
    assert isinstance(run, Run)
    assert (run.metadata or {})["kernel"] == "Linux 6.1.0 #1 SMP"
    assert run.duration == pytest.approx(0.03, rel=0.1)


def test_others_are_none_of_ours() -> None:
    with pytest.raises(UnknownFormat):
        detect(b'{"results": [{"name": "a"}], "stats": {}}')
    for other in (b'{"results": []}', b"adds PASS 0\n"):
        with pytest.raises(Malformed):
            list(parse([other]))
