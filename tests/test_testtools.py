"""The tools that profiles may name: XL TestView's, our formats, and whatever comes."""

from __future__ import annotations

import pytest

from assay.errors import Invalid
from assay.formats import FORMATS
from assay.testtools import ANY, MEASURING, NAMED_OTHERWISE, TOOLS, Category, read_tool, tool_of

KNOWN = {each.name for each in FORMATS}


def test_a_tool_is_found_whatever_the_case_of_its_name() -> None:
    """XL TestView's own documents write both xlt.Trx and xlt.TRX."""
    assert read_tool("xlt.TRX") is read_tool(" xlt.trx ") is tool_of("XLT.Trx")
    assert read_tool("xlt.TRX").type == "xlt.Trx"


def test_a_tool_that_is_none_is_refused_with_those_called_alike() -> None:
    with pytest.raises(Invalid, match=r"'xlt.Junitt'.*xlt\.JUnit"):
        read_tool("xlt.Junitt")
    with pytest.raises(Invalid, match=r"xlt\.JUnit, assay\.any"):
        read_tool("§§§")


def test_every_format_is_a_tool_and_every_tool_reads_a_format() -> None:
    assert {each.format for each in TOOLS} == KNOWN | {""}
    assert {f"assay.{name}" for name in KNOWN} < {each.type for each in TOOLS}
    assert len({each.type.lower() for each in TOOLS}) == len(TOOLS)
    assert set(NAMED_OTHERWISE) | MEASURING <= KNOWN


def test_tools_that_make_load_are_told_from_those_that_test() -> None:
    assert tool_of("xlt.Gatling").category is Category.PERFORMANCE
    assert tool_of("assay.jmh").category is Category.PERFORMANCE
    assert tool_of("xlt.SurefireJUnit").category is Category.FUNCTIONAL


def test_a_profile_without_a_tool_takes_whatever_comes() -> None:
    assert tool_of("") is ANY
    assert tool_of("xlt.GoneSince") is ANY
    assert (ANY.pattern, ANY.format) == ("**/*", "")
