"""What the names of one test's variants have in common."""

from __future__ import annotations

import pytest

from assay.variants import variant


@pytest.mark.parametrize(
    ("name", "base", "parameters"),
    [
        ("test_adds[1-2]", "test_adds", "[1-2]"),
        ("adds(int, int)[2]", "adds(int, int)", "[2]"),
        ("adds(int)[1] a, b", "adds(int)", "[1] a, b"),
        ("Adds(a: 1, b: 2)", "Adds", "(a: 1, b: 2)"),
        ("Shop.Tests.Adds<Int32>(1)", "Shop.Tests.Adds<Int32>", "(1)"),
        ("Adds/3", "Adds", "3"),
        ('testAdds with data set "none" (1, 2)', "testAdds", '"none" (1, 2)'),
        ("Pays by card (example 2)", "Pays by card", "(example 2)"),
    ],
)
def test_a_name_with_parameters_has_a_base(name: str, base: str, parameters: str) -> None:
    assert variant(name) == (base, parameters)


@pytest.mark.parametrize(
    "name", ["adds", "renders (with props)", "test_adds()", "GET /cart", "[1] a, b", ""]
)
def test_other_names_have_none(name: str) -> None:
    assert variant(name) is None
