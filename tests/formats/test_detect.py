"""A document's format is told by its root or its keys."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assay.errors import Ambiguous, UnknownFormat
from assay.formats import FORMATS, Head, by_name, detect, look
from assay.formats.detect import SMALL, Judgement, choose


@pytest.mark.parametrize(
    ("document", "kind"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"<a/>", "xml"),
        (b'\n<?xml version="1.0"?>\n<a', "xml"),
        ("<a/>".encode("utf-16"), "xml"),
        (b" {}", "object"),
        ('{"a": 1}'.encode("utf-16-le"), "object"),
        (b"[1]", "array"),
        (b"ok 1 - adds up", "text"),
        (b"[==========] Running 5 tests", "text"),
        (b"[1/8] building", "text"),
        (b"{not JSON}", "text"),
        (b"\x1b[0;32m[ RUN      ]", "text"),
        (b"PK\x03\x04\x00\x00\x08\x00", "binary"),
        (b"\x00\x00\x00", "binary"),
        (b"\x00\x01\x00\x00Standard Jet DB\x00", "binary"),
    ],
)
def test_a_head_is_of_some_kind(document: bytes, kind: str) -> None:
    assert look(document).kind == kind


def test_a_text_s_head_is_read_without_its_colours() -> None:
    assert (
        look(b"\x1b[0;32m[ RUN      ] \x1b[mCart.adds\r\nok").text == "[ RUN      ] Cart.adds\nok"
    )


def test_a_head_shows_the_root_its_attributes_and_children() -> None:
    head = look(b'<x:a xmlns:x="urn:x" v="1"><x:b><c/></x:b><d></d><e')
    assert (head.root, head.namespace) == ("a", "urn:x")
    assert ("v", "1") in head.attributes
    assert head.children == {"b", "d"}


def test_a_head_shows_the_keys_of_the_first_object_and_one_deeper() -> None:
    head = look(b'{"a": {"b": {"c": 1}}, "d": [{"e": "\\"f\\": {"}], "g": "h", "i')
    assert head.keys == {"a", "d", "g"}
    assert head.nested == {"b", "e"}
    assert look(b'[{"a": 1}, {"b": 2}]').keys == {"a"}


def test_the_root_is_known_even_where_entities_are_declared() -> None:
    head = look(b'<!DOCTYPE testsuite [<!ENTITY a "b">]><testsuite/>')
    assert head.root == "testsuite"


@pytest.mark.parametrize(
    "document", [b"<", b"<!", b"<?xml", b"{", b"[", b'{"', b"]", b"{]", b"<a><b"]
)
def test_no_head_is_too_odd_to_be_looked_at(document: bytes) -> None:
    assert look(document).text


def test_a_name_or_an_alias_names_a_format_in_any_case() -> None:
    for known in FORMATS:
        for name in (known.name, *known.aliases):
            assert by_name(name.upper()) is known


def test_names_and_aliases_are_of_one_format_each() -> None:
    names = [name for known in FORMATS for name in (known.name, *known.aliases)]
    assert len(names) == len(set(names))


def test_a_format_yields_to_one_that_there_is() -> None:
    names = {known.name for known in FORMATS}
    assert {name for known in FORMATS for name in known.yields_to} <= names


def test_every_format_tells_people_how_to_get_its_file() -> None:
    assert [
        known.name for known in FORMATS if not (known.made_by and known.how and known.file)
    ] == []


def test_an_unknown_name_is_answered_with_those_there_are() -> None:
    with pytest.raises(UnknownFormat, match=r"named “nunit9”.*junit"):
        by_name("nunit9")


@pytest.mark.parametrize(
    ("document", "seen"),
    [
        (b"<catalog/>", "an XML document whose root is <catalog>"),
        (b'{"b": 1, "a": 2}', "a JSON object with the keys: a, b"),
        (b"", "the file is empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00", "the file is binary"),
    ],
)
def test_an_unknown_document_is_answered_with_what_was_seen(document: bytes, seen: str) -> None:
    with pytest.raises(UnknownFormat, match=seen):
        detect(document)


def test_a_document_that_two_formats_claim_is_ambiguous() -> None:
    junit = by_name("junit")
    with pytest.raises(Ambiguous) as caught:
        choose([junit, replace(junit, name="other")], look(b"<testsuites/>"))
    assert caught.value.candidates == ("junit", "other")


def test_a_database_is_told_of_as_what_it_is() -> None:
    with pytest.raises(UnknownFormat, match=r"RunReport\.xml instead"):
        detect(b"\x00\x01\x00\x00Standard Jet DB\x00\x01\xff")


def test_documents_of_the_same_keys_are_judged_by_their_text_where_it_counts() -> None:
    asked: list[str] = []

    def by_keys(head: Head) -> bool:
        asked.append(head.kind)
        return head.kind == "object" and "a" in head.keys

    def by_text(head: Head) -> bool:
        return "b" in head.keys and "7" in head.text

    keys, text = (replace(FORMATS[0], sniff=sniff) for sniff in (by_keys, by_text))
    judgement = Judgement((keys, text))
    documents = (b'{"a": 1}', b'{"a": 7}', b'{"b": 1}', b'{"b": 7}', b'{"b": 1}', b"[7]")
    claims = [judgement.claims(look(document)) for document in documents]
    assert claims == [[keys], [keys], [], [text], [], []]
    assert asked == ["object", "object", "array"]


@pytest.mark.parametrize("spaces", [0, SMALL])
def test_a_head_s_keys_are_the_same_of_a_small_document_and_a_large_one(spaces: int) -> None:
    head = look(b'{"a": {"b": {"c": 1}}, "d": [[{"e": "{f: 1}"}], 2], "g": "h"}' + b" " * spaces)
    assert head.keys == {"a", "d", "g"}
    assert head.nested == {"b", "e"}
