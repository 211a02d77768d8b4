"""The hardened JSON reader."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.errors import Malformed, TooLarge
from assay.formats import _json
from assay.formats._json import Value
from assay.model import Notice


def read(document: bytes, *streamed: str, cut: int = 0) -> list[object]:
    chunks = [document[at : at + cut] for at in range(0, len(document), cut)] if cut else [document]
    return [
        (found.where, _json.decode(found.raw)) if isinstance(found, Value) else found
        for found in _json.values(chunks, streamed or ("",))
    ]


def test_it_yields_the_items_of_an_array_one_by_one() -> None:
    assert read(b' [ {"a": [1, "]"]} , 12, "x\\"]", null ] ') == [
        ("[0]", {"a": [1, "]"]}),
        ("[1]", 12),
        ("[2]", 'x"]'),
        ("[3]", None),
    ]


def test_it_opens_the_objects_on_the_way_to_a_streamed_array() -> None:
    document = b'{"v": 1, "results": {"tool": {"n": "x"}, "tests": [{"a": 1}, {"b": 2}]}, "z": []}'
    assert read(document, "results.tests") == [
        ("v", 1),
        ("results.tool", {"n": "x"}),
        ("results.tests[0]", {"a": 1}),
        ("results.tests[1]", {"b": 2}),
        ("z", []),
    ]


@given(
    st.lists(st.fixed_dictionaries({"a": st.integers(), "in": st.lists(st.just({"a": 1}))})),
    st.sampled_from([(", ", ": "), (",", ":")]),
    st.sampled_from([b"", b'{"a": "a word"},', b'{"a": "\\u001b[1mred"},', b"7, {},"]),
    st.integers(1, 300),
)
def test_items_that_are_decoded_together_are_those_that_come_one_by_one(
    items: list[dict[str, object]], marks: tuple[str, str], odd: bytes, cut: int
) -> None:
    clean = json.dumps({"t": items * 3}, separators=marks).encode()
    document = clean.replace(b'{"a"', odd + b'{"a"', 1)
    chunks = [document[at : at + cut] for at in range(0, len(document), cut)]
    decoder = msgspec.json.Decoder(list[dict[str, int | list[dict[str, int]]]])
    found: list[object] = []
    for value in _json.values(chunks, ("t",), together={"t[]": decoder}):
        if isinstance(value, _json.Several):
            places = range(value.first, value.first + len(value.items))
            found += [
                (f"{value.where}[{at}]", each) for at, each in zip(places, value.items, strict=True)
            ]
        elif isinstance(value, Value):
            found.append((value.where, _json.decode(value.raw)))
    assert found == read(document, "t")


def test_it_opens_the_items_of_an_array_in_which_others_are_streamed() -> None:
    document = b'{"a": [{"t": 1, "b": [2, 3], "a": [{"t": 4, "b": [5]}, 6]}, 7], "b": [8]}'
    found = _json.values([document], ("a[].b",), {"a[].a": "a"})
    assert [(each.key, each.where, each.raw) for each in found if isinstance(each, Value)] == [
        ("a[].t", "a[0].t", b"1"),
        ("a[].b[]", "a[0].b[0]", b"2"),
        ("a[].b[]", "a[0].b[1]", b"3"),
        ("a[].t", "a[0].a[0].t", b"4"),
        ("a[].b[]", "a[0].a[0].b[0]", b"5"),
        ("a[]", "a[0].a[1]", b"6"),
        ("a[]", "a[1]", b"7"),
        ("b", "b", b"[8]"),
    ]


def test_arrays_that_are_streamed_within_each_other_have_an_end() -> None:
    with pytest.raises(TooLarge, match="deeply"):
        list(_json.values([b'{"a": [' * 500], ("a[].b",), {"a[].a": "a"}))


def test_what_was_to_be_an_array_and_is_not_comes_whole() -> None:
    assert read(b'{"results": {"tests": null}}', "results.tests") == [("results.tests", None)]


def test_a_truncated_document_gives_what_is_whole_and_then_the_place() -> None:
    notice = Notice("The document ends in the middle. What comes before was read", "[2]", True)
    assert read(b'[{"a":1}, {"b":2}, {"c":') == [("[0]", {"a": 1}), ("[1]", {"b": 2}), notice]


def test_a_broken_document_gives_what_comes_before_the_break() -> None:
    assert read(b'[{"a":1}, }') == [
        ("[0]", {"a": 1}),
        Notice('A value was expected, not "}". What comes before was read', "[1]", True),
    ]


def test_what_follows_the_document_is_left_out_with_a_notice() -> None:
    assert read(b'["a"] Done in 3 s') == [
        ("[0]", "a"),
        Notice("There is more after the end of the document; it was left out"),
    ]


@pytest.mark.parametrize(
    "document", [b"", b"  \n", b"[", b'[{"a"', b"{", b'{"a"', b'{"a":', b"{1:2}"]
)
def test_a_document_without_anything_whole_is_malformed(document: bytes) -> None:
    with pytest.raises(Malformed) as refused:
        read(document, "", "x")
    assert refused.value.where


def test_a_document_nested_too_deeply_is_refused() -> None:
    with pytest.raises(TooLarge):
        read(b"[" * 1_000_000)
    with pytest.raises(TooLarge):
        read(b'[NaN,{"a":' + b"[" * 1_000_000 + b"]" * 1_000_000)


def test_it_reads_what_json_forbids_and_tools_write() -> None:
    broken = b'[{"a": NaN, "b": "x\ty\x07\xff", "c": "\\ud83d", "d": -Infinity}, {"e": 1}]'
    assert read(broken) == [
        ("[0]", {"a": None, "b": "x\ty\ufffd", "c": "\ufffd", "d": None}),
        ("[1]", {"e": 1}),
    ]


def test_an_item_that_is_not_json_costs_only_itself() -> None:
    values = [
        found for found in _json.values([b'[{"a":1 "b":2}, {"c":3}]']) if isinstance(found, Value)
    ]
    with pytest.raises(Malformed, match="not JSON") as refused:
        _json.decode(values[0].raw, values[0].where)
    assert refused.value.where == "[0]"
    assert _json.decode(values[1].raw) == {"c": 3}


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "utf-32-be"]
)
def test_it_reads_any_unicode_encoding(encoding: str) -> None:
    document = '[{"name": "zażółć 🙂"}]'.encode(encoding)
    assert read(document, cut=1) == read(document) == [("[0]", {"name": "zażółć 🙂"})]


TEXT = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0\x1b"))
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner),
    max_leaves=20,
)


@given(st.lists(JSON), st.booleans(), st.integers(1, 40), st.integers(0, 300))
def test_however_it_is_cut_it_reads_the_same(
    items: list[object], ascii_only: bool, cut: int, length: int
) -> None:
    document = json.dumps(items, ensure_ascii=ascii_only, indent=cut % 3).encode("utf-8", "replace")
    for part in (document, document[:length]):
        assert outcome(part, cut) == outcome(part, 0)


@given(st.binary(max_size=200), st.integers(1, 20))
def test_however_rubbish_is_cut_it_reads_the_same(document: bytes, cut: int) -> None:
    for part in (document, b"[" + document, b'{"a":[{"b":"' + document):
        assert outcome(part, cut) == outcome(part, 0)


def outcome(document: bytes, cut: int) -> Sequence[object]:
    chunks = [document[at : at + cut] for at in range(0, len(document), cut)] if cut else [document]
    found: list[object] = []
    try:
        for value in _json.values(chunks, ("", "a")):
            found.append(
                (value.key, value.where, value.raw.rstrip()) if isinstance(value, Value) else value
            )
    except Malformed as error:
        found.append(str(error))
    return found


@given(st.lists(JSON))
def test_every_item_is_what_the_standard_library_reads(items: list[object]) -> None:
    document = json.dumps(items).encode()
    assert [value for _, value in read(document)] == json.loads(document)  # type: ignore[misc]


def test_a_big_document_is_never_held_as_objects() -> None:
    def chunks() -> Iterator[bytes]:
        yield b"["
        for number in range(40):
            yield b"".join(
                b'{"number":%d,"text":"%s"},' % (number, b"x" * 100) for _ in range(4000)
            )
        yield b"{}]"

    tracemalloc.start()
    count = sum(1 for _ in _json.values(chunks()))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 160_001
    assert peak < 4_000_000


def test_values_of_another_type_are_never_trusted() -> None:
    assert [_json.text(value) for value in ("a", 1, 1.5, True, None, [1], {})] == [
        *("a", "1", "1.5", "true", "", "", "")
    ]
    assert [_json.number(value) for value in (1, "2.5", True, "x", None, [], "nan", 1e101)] == [
        *(1.0, 2.5, None, None, None, None, None, None)
    ]
    assert _json.objects([{"a": 1}, 2, None]) == [{"a": 1}]
    assert _json.objects({"a": 1}) == []
    assert _json.flat({"a": 1, "b": None, "c": {"d": []}, "e": [1]}) == {
        "a": "1",
        "c": '{"d":[]}',
        "e": "[1]",
    }


def test_the_terminals_colours_and_nuls_are_taken_off() -> None:
    written = [
        {"a": "\x1b[31mno\x1b[0m \x1b[1;32myes\x1b[K", "b": "x\0\x1b"},
        "\\u001b[1m \\\x1b[1m",
    ]
    document = json.dumps(written).encode()
    assert read(document) == [
        ("[0]", {"a": "no yes", "b": "x"}),
        ("[1]", "\\u001b[1m \\"),
    ]


def test_times_are_read_from_numbers_and_iso_texts() -> None:
    noon = datetime(2025, 11, 24, 12, tzinfo=UTC)
    for written in ("2025-11-24T12:00:00Z", "2025-11-24T14:00:00+02:00", "2025-11-24T12:00:00"):
        assert _json.moment(written) == noon
    assert _json.moment(1763985600000) == noon
    assert [_json.moment(value) for value in ("soon", None, 1e300, -1, {}, 0)] == [None] * 6
