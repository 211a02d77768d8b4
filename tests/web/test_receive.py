"""The many forms in which clients send an upload, as the bytes that really arrive."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.datastructures import Headers

from assay.errors import Invalid, TooLarge
from assay.store.blobs import Blobs
from assay.web.receive import Allowance, Received, receive

ALLOWED = Allowance(size=1_000_000, files=10, options=frozenset({"tag[]", "date", "smart"}))
XML = b'<testsuite name="a"><testcase name="b"/></testsuite>'


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return Blobs(f"file://{tmp_path}/blobs")


def send(
    blobs: Blobs,
    body: bytes,
    content_type: str = "",
    *,
    cut: int = 1 << 16,
    allowance: Allowance = ALLOWED,
    **headers: str,
) -> Received:
    async def stream() -> AsyncIterator[bytes]:
        for start in range(0, len(body), cut):
            yield body[start : start + cut]

    found = Headers({"content-type": content_type, **headers} if content_type else headers)
    with ThreadPoolExecutor(1) as apart:  # from the loop that a browser test may have left running
        return apart.submit(asyncio.run, receive(stream(), found, blobs, allowance)).result()


def part(disposition: str, data: bytes, content_type: str = "") -> bytes:
    kind = f"Content-Type: {content_type}\r\n" if content_type else ""
    return f"--XX\r\nContent-Disposition: {disposition}\r\n{kind}\r\n".encode() + data + b"\r\n"


def form(*parts: bytes) -> bytes:
    return b"".join(parts) + b"--XX--\r\n"


def contents(blobs: Blobs, received: Received) -> list[tuple[str, str, bytes]]:
    return [(f.name, f.kind, blobs.read(f.stored.key)) for f in received.files]


REPORT = part('form-data; name="file[]"; filename="r.xml"', XML, "application/xml")
MULTIPART = "multipart/form-data; boundary=XX"


def test_several_files_and_fields_of_a_form(blobs: Blobs) -> None:
    body = form(
        REPORT,
        part('form-data; name="tag[]"', b"env:test"),
        part('form-data; name="tag[]"', "größe".encode()),
        part('form-data; name="attachment[]"; filename="a.png"', b"\x89PNG", "image/png"),
    )
    received = send(blobs, body, MULTIPART)
    assert contents(blobs, received) == [
        ("r.xml", "file", XML),
        ("a.png", "attachment", b"\x89PNG"),
    ]
    assert received.fields == {"tag[]": ["env:test", "größe"]}


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "multipart/form-data",
        "application/x-www-form-urlencoded; boundary=XX",
        "application/x-www-form-urlencoded",
        "text/xml",
    ],
)
def test_a_form_is_told_by_its_body_whatever_its_type_says(blobs: Blobs, content_type: str) -> None:
    received = send(blobs, form(REPORT), content_type)
    assert contents(blobs, received) == [("r.xml", "file", XML)]


def test_the_documented_urlencoded_form_which_is_multipart_with_an_attachment(
    blobs: Blobs,
) -> None:
    body = form(part('attachment; name="file[]"', b"%3Ctestsuite%2F%3E"))
    received = send(blobs, body, "application/x-www-form-urlencoded; boundary=XX")
    assert contents(blobs, received) == [("upload", "file", b"%3Ctestsuite%2F%3E")]


@pytest.mark.parametrize(
    "content_type", ["", "text/xml", "application/*", "application/x-www-form-urlencoded"]
)
@pytest.mark.parametrize("raw", [XML, b"\xef\xbb\xbf" + XML, b' [{"a": 1}]', b"PK\x03\x04zip"])
def test_a_raw_body_is_a_file_whatever_its_type_says(
    blobs: Blobs, content_type: str, raw: bytes
) -> None:
    assert contents(blobs, send(blobs, raw, content_type)) == [("upload", "file", raw)]


def test_a_real_form_is_decoded(blobs: Blobs) -> None:
    body = b"file%5B%5D=%3Ca%2F%3E&tag[]=x&tag%5B%5D=y"
    received = send(blobs, body, "application/x-www-form-urlencoded")
    assert contents(blobs, received) == [("upload", "file", b"<a/>")]
    assert received.fields == {"tag[]": ["x", "y"]}


def test_options_sent_as_files_are_options(blobs: Blobs) -> None:
    body = form(REPORT, part('form-data; name="smart"; filename="smart"', b"false"))
    received = send(blobs, body, MULTIPART)
    assert received.fields == {"smart": ["false"]}
    assert len(received.files) == 1


@pytest.mark.parametrize("field", ["file", "report", "junit"])
def test_a_file_in_any_other_field_is_a_file_too(blobs: Blobs, field: str) -> None:
    body = form(part(f'form-data; name="{field}"; filename="r.xml"', XML))
    assert contents(blobs, send(blobs, body, MULTIPART)) == [("r.xml", "file", XML)]


@pytest.mark.parametrize("name", ["./out/r.xml", "C:\\temp\\r.xml", "ü 日本.xml"])
def test_a_file_keeps_its_whole_name(blobs: Blobs, name: str) -> None:
    body = form(
        f'--XX\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
        + XML
        + b"\r\n"
    )
    assert send(blobs, body, MULTIPART).files[0].name == name


@pytest.mark.parametrize(
    ("coding", "pack"),
    [("gzip", gzip.compress), ("deflate", zlib.compress), ("zstd", zstandard.compress)],
)
def test_a_coded_body_is_decoded(blobs: Blobs, coding: str, pack: object) -> None:
    body = pack(form(REPORT))  # type: ignore[operator]
    received = send(blobs, body, MULTIPART, **{"content-encoding": coding})
    assert contents(blobs, received) == [("r.xml", "file", XML)]


@pytest.mark.parametrize(
    ("coding", "pack"), [("gzip", gzip.compress), ("zstd", zstandard.compress)]
)
def test_a_coded_bomb_stops_at_the_limit_and_leaves_nothing(
    blobs: Blobs, coding: str, pack: object
) -> None:
    body = pack(b"<a>" + b" " * 50_000_000)  # type: ignore[operator]
    with pytest.raises(TooLarge, match="larger than 1 MB"):
        send(blobs, body, **{"content-encoding": coding})
    assert blobs.folder is not None
    assert not [path for path in blobs.folder.rglob("*") if path.is_file()]


def test_a_coding_that_is_not_what_it_says(blobs: Blobs) -> None:
    with pytest.raises(Invalid, match="not gzip as it says"):
        send(blobs, XML, **{"content-encoding": "gzip"})
    with pytest.raises(Invalid, match="not understood"):
        send(blobs, XML, **{"content-encoding": "br"})


def test_a_form_that_breaks_off_is_refused_and_leaves_nothing(blobs: Blobs) -> None:
    whole = form(REPORT, REPORT)
    with pytest.raises(Invalid, match="broke off"):
        send(blobs, whole[:-30], MULTIPART)
    assert blobs.folder is not None
    assert not [path for path in blobs.folder.rglob("*") if path.is_file()]


def test_too_many_files_are_refused(blobs: Blobs) -> None:
    with pytest.raises(TooLarge, match="More than 2 files"):
        send(blobs, form(REPORT, REPORT, REPORT), MULTIPART, allowance=Allowance(10_000, 2))


def test_an_empty_body_has_no_files(blobs: Blobs) -> None:
    assert send(blobs, b"").files == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(cut=st.integers(1, 400))
def test_any_cutting_of_the_stream_is_received_the_same(blobs: Blobs, cut: int) -> None:
    body = form(REPORT, part('form-data; name="tag[]"', b"a"))
    received = send(blobs, body, MULTIPART, cut=cut)
    assert contents(blobs, received) == [("r.xml", "file", XML)]
    assert received.fields == {"tag[]": ["a"]}
    blobs.delete("uploads")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(body=st.binary(max_size=300), kind=st.sampled_from(["", MULTIPART, "text/xml"]))
def test_no_body_whatever_makes_it_fall_over(blobs: Blobs, body: bytes, kind: str) -> None:
    with suppress(Invalid, TooLarge):
        send(blobs, body, kind)
