"""Bytes of any encoding come out as clean UTF-8."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.formats._references import without_forbidden_references
from assay.formats._text import LONGEST, as_utf8, lines, whole_as_utf8

DECLARATION = '<?xml version="1.0" encoding="{}"?><a>{}</a>'


def read(*chunks: bytes) -> str:
    return b"".join(as_utf8(chunks)).decode()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_tells_the_encoding_and_is_dropped(encoding: str) -> None:
    assert read("<a>größer 🛒</a>".encode(encoding)) == "<a>größer 🛒</a>"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_wide_characters_are_known_without_a_mark(encoding: str) -> None:
    for text in ("<a>größer</a>", '{"a": "größer"}', "[1]"):
        assert read(text.encode(encoding)) == text


@pytest.mark.parametrize("encoding", ["iso-8859-2", "windows-1250", "gbk", "shift_jis", "koi8-r"])
def test_a_declared_encoding_is_decoded(encoding: str) -> None:
    letters = {"gbk": "测试", "shift_jis": "テスト", "koi8-r": "тест"}.get(encoding, "čšž")
    text = DECLARATION.format(encoding, letters)
    assert read(text.encode(encoding)) == text


def test_latin_1_is_read_as_what_windows_writes_under_that_name() -> None:
    text = DECLARATION.format("ISO-8859-1", "5 € – “naïve”")
    assert read(text.encode("windows-1252")) == text


@pytest.mark.parametrize("declared", ["x-unheard-of", "utf-16", "zlib", "idna", "unicode_escape"])
def test_an_encoding_that_cannot_be_is_taken_for_utf_8(declared: str) -> None:
    text = DECLARATION.format(declared, "größer \\x41")
    assert read(text.encode()) == text


def test_bytes_that_are_no_text_are_replaced() -> None:
    assert read(b"<a>caf\xe9 and \xf0\x9f\x9b</a>") == "<a>caf\ufffd and \ufffd</a>"


def test_characters_that_xml_forbids_are_dropped() -> None:
    assert read(b"<a>\x1b[31mred\x1b[0m\x00\x08\x0b\x1f\t\r\n</a>") == "<a>[31mred[0m\t\r\n</a>"
    assert read("<a>\ufffe\uffffü</a>".encode()) == "<a>ü</a>"


def test_characters_forbidden_as_references_are_dropped_too() -> None:
    document = b"<a>&#27;[31m&#x1B;&#x0;&#0008;&#xFFFF;&#10;&#x41;&amp;#27;</a>"
    assert b"".join(without_forbidden_references([document])) == b"<a>[31m&#10;&#x41;&amp;#27;</a>"


def test_an_emoji_in_two_halves_is_put_together() -> None:
    halves = [b"<a>&#55357;&#56832;&#xD83D;&#xde00;|&#xD83D;|&#56832;</a>"]
    assert b"".join(without_forbidden_references(halves)).decode() == "<a>😀😀||</a>"


texts = st.sampled_from(
    ["utf-8", "utf-16", "utf-32-le", "gbk", "shift_jis", "iso-2022-jp"]
).flatmap(
    lambda name: st.text(st.sampled_from("aé€🛒测\x1b\uffff&;#x1B27D83DE00<"), max_size=60).map(
        lambda text: DECLARATION.format(name, text).encode(name, "replace")
    )
)


@given(document=st.one_of(texts, st.binary(max_size=80)), data=st.data())
def test_any_way_of_cutting_gives_the_same_text(document: bytes, data: st.DataObject) -> None:
    place = st.integers(0, len(document))
    start, end = sorted([data.draw(place), data.draw(place)])
    chunks = [document[:start], document[start:end], document[end:]]
    assert read(*chunks) == read(document)
    mended = b"".join(without_forbidden_references([document]))
    assert b"".join(without_forbidden_references(chunks)) == mended


objects = st.text(st.sampled_from('{}["a1\0\x1b€\n'), max_size=9).flatmap(
    lambda text: st.sampled_from(["utf-8", "utf-16", "utf-16-le", "utf-32-be"]).map(
        lambda encoding: ("{" + text).encode(encoding)
    )
)


@given(document=st.one_of(texts, objects, st.binary(max_size=80)))
def test_a_document_that_is_there_as_a_whole_gives_the_same_text(document: bytes) -> None:
    assert whole_as_utf8(document).decode() == read(document)


@given(document=st.binary(max_size=200))
def test_what_comes_out_is_always_utf_8(document: bytes) -> None:
    assert "\x00" not in read(document)


@given(
    document=st.text(alphabet="a\n\r\x1b[31m\x00\x85\u2028é ").map(str.encode),
    data=st.data(),
)
def test_any_way_of_cutting_gives_the_same_lines(document: bytes, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(document)))
    assert list(lines([document[:place], document[place:]])) == list(lines([document]))


def test_lines_are_what_is_to_be_read_of_them() -> None:
    printed = b"\x1b[1;32mok\x1b[0m 1\r\n\r\n\x1b]8;;http://a\x1b\\link\x1b]8;;\x1b\\\x00\ttab\n"
    assert list(lines([printed])) == ["ok 1", "", "link\ttab"]
    assert list(lines(["Größe\n".encode("utf-16")])) == ["Größe"]


def test_a_line_without_an_end_is_cut() -> None:
    found = list(lines([b"x" * LONGEST, b"y" * 3, b"\nz"]))
    assert [len(line) for line in found] == [LONGEST, 3, 1]
