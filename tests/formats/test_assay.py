"""Assay's own JSON: whatever Assay knows, written and read again, is the same."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.errors import Malformed
from assay.formats import look
from assay.formats.assay import FORMAT, parse, schema, write
from assay.model import FAILURES, Item, Notice, Result, Run, Status
from support.items import CONTAINER, MEASUREMENT, RESULT, RUN

SAMPLES = Path(__file__).parents[1] / "samples" / "assay"
SCHEMA = Path(__file__).parents[2] / "docs" / "assay.schema.json"
HEAD = b'{"assay":1,"type":"run"}\n'


def items(*lines: bytes) -> list[Item]:
    return list(parse([b"\n".join(lines)]))


def flaky_as_told(result: Result) -> bool:
    """What passed after a failure is flaky in any case."""
    tried = any(each.status in FAILURES for each in result.attempts)
    return result.flaky or not (tried and result.status is Status.PASSED)


@given(
    st.lists(RESULT.filter(flaky_as_told) | CONTAINER | MEASUREMENT, max_size=4),
    RUN.filter(lambda run: run != Run()),
)
def test_what_is_written_is_read_again_as_it_was(told: list[Item], run: Run) -> None:
    written = list(write(told, run))
    assert list(parse(written)) == [run, *told]
    for line in written:
        VALID.validate(json.loads(line))


VALID = jsonschema.Draft202012Validator(schema())


def test_the_schema_is_published() -> None:
    assert json.loads(SCHEMA.read_text()) == json.loads(json.dumps(schema())), "run `make docs`"
    jsonschema.Draft202012Validator.check_schema(schema())


def test_the_samples_keep_to_the_schema() -> None:
    VALID.validate(json.loads((SAMPLES / "whole.json").read_text()))
    for line in (SAMPLES / "deploy.ndjson").read_text().splitlines():
        VALID.validate(json.loads(line))


def test_ten_lines_tell_all_that_a_person_would_say() -> None:
    found = list(parse([(SAMPLES / "deploy.ndjson").read_bytes()]))
    run, *_, end = found
    assert run == Run(
        datetime(2026, 11, 21, 18, tzinfo=UTC),
        branch="main",
        commit="9c1f2ab",
        build="812",
        tags=("deploy",),
    )
    assert end == Run(duration=21.4)
    results = {each.name: each for each in found if isinstance(each, Result)}
    assert results["answers"].flaky
    cart = results["renders the cart"]
    assert cart.steps[1].steps[0].name == "poll"
    assert cart.attachments[0].content == b"empty\n"


def test_a_line_that_does_not_keep_to_the_schema_is_left_out_and_said() -> None:
    _run, *found = items(
        HEAD[:-2] + b',"branch":"main"}',
        b'{"type":"result","path":["a"],"name":1,"status":"passed"}',
        b'{"type":"result","path":["a"],"name":"b","status":"green"}',
        b'{"type":"test","name":"b"}',
        b'{"type":"result","path":["a"],"name":"b","status":"passed"}',
    )
    name, status, kind, result = found
    assert isinstance(name, Notice)
    assert name.message.endswith("Expected `str`, got `int` - at `$.name`")
    assert isinstance(status, Notice)
    assert "Invalid enum value 'green'" in status.message
    assert isinstance(kind, Notice)
    assert "“test” is none of run, result, container, measurement" in kind.message
    assert result == Result(("a",), "b", Status.PASSED)


def test_a_line_without_a_type_is_a_result() -> None:
    assert items(HEAD, b'{"path":[],"name":"a","status":"skipped"}') == [
        Result((), "a", Status.SKIPPED)
    ]


def test_a_time_without_a_zone_is_utc() -> None:
    [found] = items(
        HEAD, b'{"path":[],"name":"a","status":"passed","started":"2026-11-21T18:00:00"}'
    )
    assert isinstance(found, Result)
    assert found.started == datetime(2026, 11, 21, 18, tzinfo=UTC)


def test_a_newer_version_says_so() -> None:
    with pytest.raises(Malformed, match="version 2"):
        items(b'{"assay":2,"type":"run"}')


def test_other_json_with_such_a_key_is_none() -> None:
    assert not FORMAT.sniff(look(b'{"assay": "gold", "carat": 18}'))


@pytest.mark.parametrize("time", ["0001-01-01T00:00:00+23:00", "9999-12-31T23:59:59-23:00"])
def test_a_time_that_is_none_in_utc_is_left_out(time: str) -> None:
    run, found = items(
        HEAD.replace(b"}", b',"date":"%s"}' % time.encode()),
        b'{"path":[],"name":"a","status":"passed","started":"%s"}' % time.encode(),
    )
    assert isinstance(run, Run)
    assert run.date is None
    assert found == Result((), "a", Status.PASSED)
