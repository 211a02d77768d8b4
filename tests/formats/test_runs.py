"""Runs of plain records come out as the same records by expat's way would."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.errors import Malformed
from assay.formats._xml import RUN, Part, Plain, columns_of, elements
from assay.model import Notice
from support import corpus

SUITES = frozenset({"testsuites", "testsuite"})
CASES = frozenset({"testcase"})
PLAIN = Plain("testcase", ("classname", "name", "time"))

Record = tuple[str, str, dict[str, str], str, int]


def flat(document: bytes, plain: Plain | None) -> list[Record | str]:
    """Suite, tag, attributes, text and number of children of every record, and what was noticed."""
    found: list[Record | str] = []
    try:
        for part in elements([document], SUITES, CASES, plain):
            found += [part.message + part.where] if isinstance(part, Notice) else records(part)
    except Malformed as error:
        found.append(str(error))
    return found


def records(part: Part) -> list[Record | str]:
    suite = part.scope.attributes.get("name", "")
    found: list[Record | str] = []
    for record in part.records:
        if record.tag == RUN:
            for row in zip(*columns_of(record), strict=True):
                given = dict(zip(PLAIN.names, row, strict=True))
                found.append((suite, "testcase", given, "", 0))
        else:
            text = "" if record.tag == "testcase" and not len(record) else record.text or ""
            found.append((suite, record.tag, dict(record.attrib), text, len(record)))
    return found


PIECES = [
    b'<testcase classname="a.B" name="c" time="0.1"/>\n',
    '<testcase classname="é" name="&gt;" time="1"/>'.encode(),
    '<testcase classname="ü&#x20;" name="größer > kleiner" time=""/>'.encode(),
    b"<testcase name='q' classname='a' time='2'/>",
    b'<testcase name="d" time="3" classname="a"></testcase>',
    b'<testcase name="d" time="3" classname="a" file="f"/>',
    b'<testcase\n  name="e"\n  classname="a\tb"\n  time="4"\n/>',
    b'<testcase name="f" classname="a" time="5">\n</testcase>\n',
    b'<testcase name="g" classname="a" time="6"><failure>no</failure></testcase>',
    b'<testcase name="h" classname="a" time="7"><![CDATA[<testcase name="x"/>]]></testcase>',
    b'<!-- <testcase classname="x" name="x" time="0"/> -->',
    b'<![CDATA[ <testcase classname="x" name="x" time="0"/> ]]>',
    b'<?php <testcase classname="x" name="x" time="0"/> ?>',
    b'<testsuite name="inner"><testcase classname="a" name="i" time="8"/></testsuite>',
    b'<testcase classname="a" name="j" time="9"><testsuite name="k"/></testcase>',
    b"<system-out>a &lt;testcase</system-out>",
    b"words ",
    b"]",
    b"&amp;",
]
BROKEN = [b"<", b"&", b"<testcase", b"</testsuite>", b'<a b="', b"<!--", b"<![CDATA[", b"]]>"]

fragments = st.lists(st.sampled_from(PIECES), max_size=12)


@settings(max_examples=300, deadline=None)
@given(pieces=fragments, filling=st.sampled_from([0, 65_400, 65_500, 65_536]))
def test_runs_are_the_records_that_expat_would_have_given(
    pieces: list[bytes], filling: int
) -> None:
    inner = b" " * filling + b"".join(pieces)
    document = b'<testsuites><testsuite name="outer">' + inner + b"</testsuite></testsuites>"
    assert flat(document, PLAIN) == flat(document, None)


@settings(max_examples=300, deadline=None)
@given(before=fragments, fault=st.sampled_from(BROKEN), after=fragments)
def test_a_broken_document_breaks_at_the_same_place(
    before: list[bytes], fault: bytes, after: list[bytes]
) -> None:
    document = b"<testsuite>" + b"".join(before) + fault + b"".join(after) + b"</testsuite>"
    expected, found = flat(document, None), flat(document, PLAIN)
    length = len(expected) - 1
    assert found[:length] == expected[:length]


@pytest.mark.skipif(not corpus.rows(), reason=corpus.ABSENT)
def test_runs_change_nothing_in_any_report_of_the_corpus() -> None:
    for row in corpus.of("junit-xml"):
        document = row.read()
        assert flat(document, PLAIN) == flat(document, None), row.path


def test_runs_are_really_read_as_runs() -> None:
    document = b"<testsuite>" + PIECES[0] * 3000 + b"</testsuite>"
    parts = [part for part in elements([document], SUITES, CASES, PLAIN) if isinstance(part, Part)]
    found = [record for part in parts for record in part.records]
    assert {record.tag for record in found[:1]} == {RUN}
    assert len(found) < 20


def test_where_runs_are_rare_they_are_not_looked_for_any_longer() -> None:
    busy = b'<testcase name="g" classname="a" time="6"><failure>no</failure></testcase>\n'
    document = b"<testsuite>" + busy * 3000 + PIECES[0] * 3000 + b"</testsuite>"
    assert flat(document, PLAIN) == flat(document, None)
    parts = [part for part in elements([document], SUITES, CASES, PLAIN) if isinstance(part, Part)]
    assert not [record for part in parts for record in part.records if record.tag == RUN]
