"""The XML reader streams what is whole, forgives what can be, and refuses what is hostile."""

from __future__ import annotations

import itertools
import subprocess
import sys
import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from assay.errors import Malformed, TooLarge
from assay.formats._xml import PIECE, Part, elements
from assay.model import Notice

SUITES = frozenset({"suites", "suite"})
CASES = frozenset({"case"})


def parts(*chunks: bytes) -> list[Part | Notice]:
    return list(elements(chunks, SUITES, CASES))


def names(*chunks: bytes) -> list[tuple[str, str]]:
    """(name of the suite, name of the case) of what comes out."""
    return [
        (part.scope.attributes.get("name", ""), record.get("name", ""))
        for part in parts(*chunks)
        if isinstance(part, Part)
        for record in part.records
    ]


def notices(*chunks: bytes) -> list[Notice]:
    return [part for part in parts(*chunks) if isinstance(part, Notice)]


def texts(*chunks: bytes) -> list[str]:
    return [
        record.text or ""
        for part in parts(*chunks)
        if isinstance(part, Part)
        for record in part.records
    ]


def test_records_come_with_the_scopes_around_them() -> None:
    document = (
        b'<suites name="all"><suite name="a"><case name="1"/>'
        b'<suite name="b"><case name="2"/></suite><case name="3"/></suite></suites>'
    )
    assert names(document) == [("a", "1"), ("b", "2"), ("a", "3")]


def test_each_scope_ends_once_after_its_last_record() -> None:
    document = b'<suites><suite name="a"><case/><suite name="b"/><case/></suite></suites>'
    ends = [
        part.scope.attributes.get("name", "all")
        for part in parts(document)
        if isinstance(part, Part) and part.ended
    ]
    assert ends == ["b", "a", "all"]


def test_a_scope_is_the_same_one_from_piece_to_piece() -> None:
    cases = (b'<case name="%d">%s</case>' % (n, b"x" * 1000) for n in range(200))
    document = b'<suite name="a">' + b"".join(cases) + b"</suite>"
    scopes = {id(part.scope) for part in parts(document) if isinstance(part, Part)}
    assert len(document) > 3 * PIECE
    assert len(scopes) == 1


def test_a_document_of_any_length_is_read_in_little_memory() -> None:
    def document() -> Iterator[bytes]:
        yield b"<suites>"
        for number in range(200):
            yield b"<suite>" + b'<case name="%d">some output</case>' % number * 200 + b"</suite>"
        yield b"</suites>"

    tracemalloc.start()
    found = sum(len(p.records) for p in elements(document(), SUITES, CASES) if isinstance(p, Part))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found == 40_000
    assert peak < 4 << 20


def test_prefixes_of_names_are_dropped() -> None:
    document = b'<j:suite xmlns:j="urn:j" name="a"><j:case name="1"/></j:suite>'
    assert names(document) == [("a", "1")]


def test_the_root_must_be_a_scope() -> None:
    with pytest.raises(Malformed, match=r"root is <catalog>, expected was <suite> or <suites>"):
        parts(b"<catalog><case/></catalog>")


# What is forgiven


def test_a_document_cut_short_gives_what_was_whole_and_says_where_it_ends() -> None:
    document = b'<suite name="a">\n<case name="1"/>\n<case name="2"><fail'
    assert names(document) == [("a", "1")]
    (notice,) = notices(document)
    assert "cut short" in notice.message
    assert notice.where == "line 3, column 16, in suite/case"


def test_the_last_record_of_a_document_cut_short_is_not_lost() -> None:
    assert names(b'<suite name="a"><case name="1"/><case name="2">x</case>\n') == [
        ("a", "1"),
        ("a", "2"),
    ]


def test_a_document_that_breaks_before_the_first_record_is_malformed() -> None:
    with pytest.raises(Malformed, match="line 2, column 3") as caught:
        parts(b"<suite><case>\n</suite>")
    assert caught.value.where.endswith("in suite/case")


@pytest.mark.parametrize("between", [b"", b"\n\n", b"<!-- and -->", b"done in 3 s\n"])
def test_further_documents_in_the_file_are_read_too(between: bytes) -> None:
    one = b'<?xml version="1.0"?>\n<suite name="a"><case name="1"/></suite>'
    two = b'<?xml version="1.0" encoding="UTF-8"?><suite name="b"><case name="2"/></suite>'
    assert names(one + between + two + between) == [("a", "1"), ("b", "2")]
    assert [notice.message[:31] for notice in notices(one + between + two)] == [
        "The document has ended here; fu"
    ]


def test_lines_are_counted_over_all_documents_of_a_file() -> None:
    (_, cut) = notices(b"<suite>\n<case/>\n</suite>\n\n<suite>\n<case/>\n<case")
    assert cut.where.startswith("line 7, ")


def test_what_follows_a_document_and_is_none_is_left_out() -> None:
    assert names(b'<suite><case name="1"/></suite>\nTests run: 1, no failures') == [("", "1")]


def test_space_before_a_document_does_not_matter() -> None:
    assert names(b'\n\n  <?xml version="1.0"?><suite><case name="1"/></suite>') == [("", "1")]


def test_a_document_type_is_neither_fetched_nor_missed() -> None:
    document = (
        b'<!DOCTYPE suite SYSTEM "http://192.0.2.1/suite.dtd"><suite><case name="1"/></suite>'
    )
    assert names(document) == [("", "1")]


def test_entities_of_html_are_understood_and_unknown_ones_left_out() -> None:
    assert texts(b"<suite><case>a&nbsp;b&copy;&lt;&unheard;</case></suite>") == ["a\xa0b©<"]


def test_colour_escapes_do_not_end_a_document() -> None:
    assert texts(b"<suite><case>\x1b[31m&#27;[1mred</case></suite>") == ["[31m[1mred"]


# What is refused

BOMB = b"""<?xml version="1.0"?><!DOCTYPE suite [<!ENTITY a "ha">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><suite><case>&c;</case></suite>"""
EXTERNAL = (
    b'<!DOCTYPE suite [<!ENTITY x SYSTEM "file:///etc/passwd">]><suite><case>&x;</case></suite>'
)
PARAMETER = b'<!DOCTYPE suite [<!ENTITY % x SYSTEM "http://192.0.2.1/">%x;]><suite><case/></suite>'
UNPARSED = b'<!DOCTYPE suite [<!NOTATION n SYSTEM ""><!ENTITY x SYSTEM "a" NDATA n>]><suite/>'


@pytest.mark.parametrize("document", [BOMB, EXTERNAL, PARAMETER, UNPARSED])
def test_entities_are_refused(document: bytes) -> None:
    with pytest.raises(Malformed, match="declares an entity"):
        parts(document)


def test_entities_of_a_further_document_are_refused() -> None:
    with pytest.raises(Malformed, match="declares an entity"):
        parts(b"<suite><case/></suite>" + BOMB)


def test_defaults_of_attributes_are_refused() -> None:
    with pytest.raises(Malformed, match="declares a default for x of <case>"):
        parts(b'<!DOCTYPE suite [<!ATTLIST case x CDATA "much">]><suite><case/></suite>')


def flood(start: bytes, more: bytes, times: int) -> Iterator[bytes]:
    """A document that goes on; whoever reads it all has not refused it."""
    yield start
    yield from itertools.repeat(more, times)
    raise AssertionError("all of it was read")


MEGABYTE = 1 << 20
HOSTILE: dict[str, Callable[[], Iterable[bytes]]] = {
    "deep nesting": lambda: flood(b"<suite><case>", b"<a>" * 10_000, 100),
    "deep suites": lambda: flood(b"", b"<suite>" * 10_000, 100),
    "deep and closed": lambda: iter([b"<suites>", b"<suite>" * 5000 + b"</suite>" * 5000]),
    "a huge attribute": lambda: flood(b'<suite><case name="', b"a" * MEGABYTE, 100),
    "a huge tag of angles": lambda: flood(b"<suite><case name='", b">" * MEGABYTE, 100),
    "a huge comment": lambda: flood(b"<suite><case/><!-- ", b"a" * MEGABYTE, 100),
    "many elements": lambda: flood(b"<suite><case>", b"<a/>" * 100_000, 100),
    "many names": lambda: itertools.chain(
        [b"<suite>"], (b"<a%d/>" % number for number in range(200_000)), flood(b"", b"", 0)
    ),
    "many documents": lambda: flood(b"", b"<suite><case/></suite>" * 500, 100),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_beyond_all_measure_is_refused_before_it_is_read(name: str) -> None:
    with pytest.raises(TooLarge):
        for _ in elements(HOSTILE[name](), SUITES, CASES):
            pass


def test_refusing_takes_little_memory() -> None:
    script = """
import resource
from formats.test_xml import HOSTILE, test_what_is_beyond_all_measure_is_refused_before_it_is_read
resource.setrlimit(resource.RLIMIT_AS, (400 << 20, 400 << 20))
for name in HOSTILE:
    test_what_is_beyond_all_measure_is_refused_before_it_is_read(name)
"""
    tests = str(Path(__file__).parents[1])
    done = subprocess.run([sys.executable, "-c", script], cwd=tests, capture_output=True, text=True)
    assert done.stderr == ""


def test_a_text_beyond_all_measure_is_cut_and_what_follows_is_kept() -> None:
    def document() -> Iterator[bytes]:
        yield b"<suite><case>"
        yield from itertools.repeat(b"many words " * 100_000, 100)
        yield b'</case><case name="next">short</case></suite>'

    found = list(elements(document(), SUITES, CASES))
    long, short = [r for p in found if isinstance(p, Part) for r in p.records]
    assert 16 * MEGABYTE < len(long.text or "") < 18 * MEGABYTE
    assert short.text == "short"
    assert ["has more than 16 MB" in n.message for n in found if isinstance(n, Notice)] == [True]


def test_a_text_between_records_beyond_all_measure_is_cut_too() -> None:
    def document() -> Iterator[bytes]:
        yield b"<suite><case>first</case>"
        yield from itertools.repeat(b"many words " * 100_000, 30)
        yield b"<case>second</case><case>third</case></suite>"

    found = list(elements(document(), SUITES, CASES))
    read = [r.text for p in found if isinstance(p, Part) for r in p.records]
    assert read == ["first", "second", "third"]
