"""Subunit: packets and lines, files, tags, and tests that run between one another."""

from __future__ import annotations

import zlib
from datetime import UTC, datetime

import pytest

from assay.errors import Malformed
from assay.formats import detect, look, subunit
from assay.model import Attachment, Error, Notice, Result, Run, Status

INPROGRESS, SUCCESS, SKIP, FAIL = 2, 3, 5, 6
NOON = 1_772_366_400


def packet(test: str, status: int, *, second: int = 0, tag: str = "", file: str = "") -> bytes:
    """A packet of version 2 as its specification describes them; `file` is `name=content`."""
    name, _, content = file.partition("=")
    flags = 0x2000 | 0x0800 | 0x0200 | status | (0x80 if tag else 0) | (0x40 if file else 0)
    body = (NOON + second).to_bytes(4) + b"\0" + text(test)
    body += b"\1" + text(tag) if tag else b""
    body += text(name) + text(content) if file else b""
    head = b"\xb3" + flags.to_bytes(2) + (0x4000 | len(body) + 9).to_bytes(2)
    return head + body + zlib.crc32(head + body).to_bytes(4)


def text(said: str) -> bytes:
    data = said.encode()
    return (0x4000 | len(data)).to_bytes(2) + data


def results(*packets: bytes) -> list[Result]:
    return [item for item in subunit.parse([b"".join(packets)]) if isinstance(item, Result)]


def test_tests_that_run_at_the_same_time_are_told_apart() -> None:
    found = list(
        subunit.parse(
            [
                packet("shop.Cart.a", INPROGRESS, tag="worker-0"),
                packet("shop.Cart.b[x.y]", INPROGRESS, second=1, tag="slow"),
                b"printed between them\n",
                packet("shop.Cart.b[x.y]", 0, file="stdout=hello"),
                packet("shop.Cart.a", SUCCESS, second=2),
                packet("shop.Cart.b[x.y]", SUCCESS, second=4),
            ]
        )
    )
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert found == [
        Result(("shop.Cart",), "a", Status.PASSED, 2.0, noon, metadata={"worker": "worker-0"}),
        Result(
            ("shop.Cart",),
            "b[x.y]",
            Status.PASSED,
            3.0,
            noon.replace(second=1),
            stdout="hello",
            tags=("slow",),
        ),
        Run(date=noon, duration=4.0),
    ]


@pytest.mark.parametrize(
    ("raised", "status", "error"),
    [
        ("AssertionError: 1 != 2", Status.FAILED, ("AssertionError", "1 != 2")),
        ("KeyError", Status.BROKEN, ("KeyError", "")),
        ("a.b.HttpError: 500:\nno\n\nway", Status.BROKEN, ("a.b.HttpError", "500:\nno\n\nway")),
    ],
)
def test_a_traceback_tells_what_was_raised(
    raised: str, status: Status, error: tuple[str, str]
) -> None:
    trace = f'Traceback (most recent call last):\n  File "a.py", line 1, in a\n    a()\n{raised}'
    (result,) = results(packet("a", 0, file=f"traceback={trace}"), packet("a", FAIL))
    assert (result.status, result.error) == (status, Error(*error, trace))


def test_files_are_attached_and_reasons_told() -> None:
    (result,) = results(
        packet("a", 0, file="basket.json={"),
        packet("a", 0, file="basket.json=}"),
        packet("a", 0, file="reason=no reader"),
        packet("a", SKIP),
    )
    assert result.status is Status.SKIPPED
    assert result.error == Error(message="no reader")
    assert result.attachments == (Attachment("basket.json", content=b"{}"),)


def test_a_test_that_is_run_again_is_one_test() -> None:
    tries = [
        packet("a", INPROGRESS),
        packet("a", FAIL, second=1),
        packet("a", INPROGRESS, second=2),
        packet("a", SUCCESS, second=3),
    ]
    (result,) = results(*tries)
    assert result.flaky
    assert [each.status for each in result.attempts] == [Status.FAILED]


def test_a_stream_that_breaks_off_leaves_a_test_unfinished() -> None:
    whole = packet("a", INPROGRESS)
    result, notice, _ = sorted(
        subunit.parse([whole + whole[:9]]), key=lambda each: type(each).__name__ != "Result"
    )
    assert result == Result(
        (),
        "a",
        Status.BROKEN,
        started=datetime(2026, 3, 1, 12, tzinfo=UTC),
        error=Error(message="It was started and never finished"),
    )
    assert isinstance(notice, Notice)


def test_a_wrong_checksum_is_no_subunit() -> None:
    broken = packet("a", SUCCESS)[:-1] + b"\0"
    assert not subunit.FORMAT.sniff(look(broken))
    with pytest.raises(Malformed, match="checksum"):
        list(subunit.parse([broken]))


def test_version_1_keeps_its_files_to_the_byte() -> None:
    lines = (
        b"time: 2026-03-01 12:00:00.0Z\ntags: nightly worker-1\ntest: shop.Cart.a\ntags: slow\n"
        b"success: another test's output\ntime: 2026-03-01 12:00:02.0Z\n"
        b"error: shop.Cart.a [ multipart\nContent-Type: image/png\nshot\n6\r\n\x89PNG\n]0\r\n"
        b"Content-Type: text/plain\nreason\n4\r\nno\r\n2\r\n!\n0\r\n]\n"
        b"test: shop.Cart.b\nskip: shop.Cart.b [\nno reader\n]\n"
    )
    assert detect(lines).name == "subunit"
    broken, skipped, _ = subunit.parse([lines])
    assert broken == Result(
        ("shop.Cart",),
        "a",
        Status.BROKEN,
        2.0,
        datetime(2026, 3, 1, 12, tzinfo=UTC),
        Error(message="no\n!"),
        attachments=(Attachment("shot.png", media_type="image/png", content=b"\x89PNG\n]"),),
        tags=("nightly", "slow"),
        metadata={"worker": "worker-1"},
    )
    assert isinstance(skipped, Result)
    assert skipped.error == Error(message="no reader")
