"""Patterns of files, as Ant's manual and its users write them."""

from __future__ import annotations

import re
from fnmatch import translate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.patterns import matches


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("**/TEST-*.xml", "TEST-shop.xml"),
        ("**/TEST-*.xml", "build/reports/TEST-shop.Cart.xml"),
        ("**/CVS/*", "org/apache/CVS/Entries"),
        ("org/apache/jakarta/**", "org/apache/jakarta/tools/ant/docs/index.html"),
        ("org/apache/**/CVS/*", "org/apache/CVS/Entries"),
        ("**/test/**", "a/test/b/c"),
        ("reports/", "reports/deep/down.xml"),
        ("/reports/*.xml", "reports/a.xml"),
        ("*.xml", "/a.xml"),
        ("./out/*.xml", "out/a.xml"),
        ("out\\*.xml", "out/a.xml"),
        ("out/*.xml", "out\\a.xml"),
        ("a?.log", "ab.log"),
        ("*.trx, **/*.jtl", "load/one.jtl"),
        ("**", "anything/at/all"),
        ("**/FitNesseRoot/**", "wiki/FitNesseRoot/files/testResults/a.xml"),
        ("**/**/run_*.xml", "run_1.xml"),
        ("a*b*c*d", "a-b-bc-cd-d"),
    ],
)
def test_a_pattern_means_these_files(pattern: str, name: str) -> None:
    assert matches(pattern, name)


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("*.xml", "deep/a.xml"),
        ("**/TEST-*.xml", "TESTS-shop.xml"),
        ("**/TEST-*.xml", "test-shop.xml"),
        ("org/apache/**/CVS/*", "org/apache/CVS/foo/bar/Entries"),
        ("a?.log", "a.log"),
        ("a?.log", "a/.log"),
        ("out/**x", "out/deep/x"),
        ("", "a.xml"),
        (" , ", "a.xml"),
        ("a[b].xml", "ab.xml"),
        ("reports/", "reports.xml"),
    ],
)
def test_and_not_these(pattern: str, name: str) -> None:
    assert not matches(pattern, name)


def test_a_hostile_pattern_takes_no_longer_than_a_kind_one() -> None:
    assert not matches("**/" * 60 + "*a" * 200, "/".join(["a" * 200] * 60) + "/b")


@given(
    st.text("ab*?", min_size=1, max_size=8).filter(lambda text: text != "**"),
    st.text("ab", min_size=1, max_size=8),
)
def test_within_a_segment_it_is_what_a_shell_does(pattern: str, name: str) -> None:
    assert matches(pattern, name) == bool(re.match(translate(pattern), name))
