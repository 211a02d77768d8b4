"""However a document is cut into chunks, the same comes out; whatever is in it, nothing bursts."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assay.errors import Malformed
from assay.formats import FORMATS, Format, by_name, detect, look
from assay.model import Item, Notice

SAMPLES = Path(__file__).parents[1] / "samples"

OF_A_SIZE_TO_REPEAT = 60_000

DOCUMENTS = [
    (path.parent.name, path)
    for path in sorted(SAMPLES.glob("*/*"))
    if path.is_file() and path.name != "expected.json" and path.stat().st_size < OF_A_SIZE_TO_REPEAT
]
each_document = pytest.mark.parametrize(
    ("name", "path"), DOCUMENTS, ids=[f"{name}/{path.name}" for name, path in DOCUMENTS]
)
each_format = pytest.mark.parametrize("known", FORMATS, ids=[known.name for known in FORMATS])

ODD = (
    *(
        b"<",
        b">",
        b"&",
        b"]]>",
        b"<![CDATA[",
        b"</testcase>",
        b"&#27;",
        b"&nbsp;",
        b"\x00",
        b"\xff",
    ),
    *(b"{", b"}", b"[", b"]", b'"', b"\\", b",", b":", b"null", b"1e999", b"-", b"\\ud800", b"NaN"),
    *(
        b"<!DOCTYPE a [",
        b"<?xml version='1.0'?>",
        b"\xef\xbb\xbf",
        b"\xfe\xff",
        b" ",
        b"\n",
        b"true",
    ),
)


def cuts(document: bytes, places: list[float]) -> Iterator[bytes]:
    ends = sorted(int(place * len(document)) for place in places)
    for start, end in zip([0, *ends], [*ends, len(document)], strict=True):
        yield document[start:end]


def items(known: Format, chunks: Iterator[bytes] | list[bytes]) -> list[Item]:
    return list(known.parse(chunks))


places = st.lists(st.floats(0, 1), max_size=12)
briefly = settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@each_document
@briefly
@given(places=places)
def test_any_way_of_cutting_a_document_parses_the_same(
    name: str, path: Path, places: list[float]
) -> None:
    known, document = by_name(name), path.read_bytes()
    assert items(known, cuts(document, places)) == items(known, [document])


@each_document
def test_a_document_parses_the_same_byte_by_byte(name: str, path: Path) -> None:
    known, document = by_name(name), path.read_bytes()[:8_000]
    single = [document[place : place + 1] for place in range(len(document))]
    assert outcome(known, iter(single)) == outcome(known, iter([document]))


@each_document
def test_a_document_in_utf_16_parses_the_same(name: str, path: Path) -> None:
    known, document = by_name(name), path.read_bytes()
    if look(document).kind == "binary":
        pytest.skip("it is no text")
    wide = document.decode("utf-8-sig").encode("utf-16")
    assert items(known, [wide]) == items(known, [document])
    assert detect(wide[:65_536]) is known


@each_document
@briefly
@given(share=st.floats(0, 1))
def test_a_document_cut_short_gives_what_was_whole(name: str, path: Path, share: float) -> None:
    known, document = by_name(name), path.read_bytes()
    cut = int(share * len(document))
    try:
        found = items(known, [document[:cut]])
    except Malformed:
        return
    if document[cut:].strip(b" \r\n]}\t") and not may_end(document, document[:cut]):
        assert any(isinstance(item, Notice) for item in found)


def may_end(document: bytes, cut: bytes) -> bool:
    """Whether nobody can tell that lines are missing: of a text, or of objects a line each."""
    if look(document).kind in ("text", "binary"):
        return True
    return cut.rstrip().endswith((b"}", b"]")) and b"}\n{" in document.replace(b"\r", b"")


def outcome(known: Format, chunks: Iterator[bytes]) -> list[Item] | str:
    try:
        return items(known, chunks)
    except Malformed as error:
        return str(error)


def spoiled(document: bytes, seed: int) -> bytes:
    """The document with a few pieces dropped, doubled, moved or replaced."""
    chance = random.Random(seed)
    for _ in range(chance.randint(1, 6)):
        start, end = sorted(chance.randint(0, len(document)) for _ in "ab")
        end = min(end, start + chance.choice([1, 4, 40, 400]))
        put = chance.choice([b"", document[start:end] * 2, chance.choice(ODD), chance.randbytes(3)])
        document = document[:start] + put + document[end:]
    return document


@each_document
@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_a_spoiled_document_is_malformed_or_read(name: str, path: Path, seed: int) -> None:
    document = spoiled(path.read_bytes(), seed)
    outcome(by_name(name), iter([document]))


@each_format
@settings(max_examples=20, deadline=None)
@given(document=st.one_of(st.binary(max_size=300), st.text(max_size=300).map(str.encode)))
def test_bytes_of_any_kind_are_malformed_or_read(known: Format, document: bytes) -> None:
    outcome(known, iter([document]))
    outcome(known, iter([b"<testsuite>" + document]))
    outcome(known, iter([b'[{"a":' + document]))


@each_format
@pytest.mark.parametrize("document", [b"", b" \n", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_an_empty_document_is_malformed(known: Format, document: bytes) -> None:
    with pytest.raises(Malformed):
        items(known, [document])
