"""The gates that come with Assay, by the names XL TestView has for them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """A gate that is ready to be chosen; `name` is XL TestView's type name."""

    name: str
    title: str
    description: str
    rules: str


FUNCTIONAL = BuiltIn(
    "xlt.DefaultFunctionalTestsQualifier",
    "No failures",
    "Fails when any test fails.",
    "failures: 0\n",
)
"""XL TestView: "fails if any test in the run fails"."""

PERFORMANCE = BuiltIn(
    "xlt.DefaultPerformanceTestsQualifier",
    "No slower, few errors",
    "Fails when more than 10 % of the requests fail, or the mean response time is above 110 % of "
    "the average of the reports before.",
    "error rate: 10 %\nmean: 110 % of the average\n",
)
"""XL TestView: "fails if more than 10 % of requests are errors, or mean response time is more than
110 % of the long-term average". How long that term is, its documentation does not say; here it is
`assay.gates.values.LONG_TERM` reports."""

REGRESSION = BuiltIn(
    "xlt.DefaultRegressionTestsQualifier",
    "No regressions",
    "Fails when a test fails that passed in the report before.",
    "regressions: 0\n",
)
"""XL TestView: "fails if some test went from passed to failed between the previous run and the
latest". Its name for it is not documented; this one is formed as the others are."""

BUILT_IN: dict[str, BuiltIn] = {each.name: each for each in (FUNCTIONAL, PERFORMANCE, REGRESSION)}
