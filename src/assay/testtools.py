"""The tools that make reports, as XL TestView names them: what a profile says its reports are of.

A tool is called by its type name, in any case. XL TestView's own come first, with the labels that
its users chose from; beyond them each of our formats is a tool, too, and so is whatever comes.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

from assay.errors import Invalid
from assay.formats import FORMATS, Format


class Category(StrEnum):
    """What a tool tells of: whether it works, or how fast it is. It decides what is judged."""

    FUNCTIONAL = "functional"
    PERFORMANCE = "performance"


@dataclass(frozen=True, slots=True)
class Tool:
    """`type` is its name at XL TestView's API; `pattern` an Ant pattern of the files that it makes,
    below the folder that is delivered; `format` the name of the format they are in, empty for what
    is told by the content of each."""

    type: str
    label: str
    category: Category
    pattern: str
    format: str


ANY = Tool("assay.any", "Any format", Category.FUNCTIONAL, "**/*", "")
"""Whatever comes. A profile that names no tool takes this."""

_TEST, _LOAD = Category.FUNCTIONAL, Category.PERFORMANCE

XL_TESTVIEW: tuple[Tool, ...] = (
    Tool("xlt.Cucumber", "Cucumber", _TEST, "**/cucumber-report.json", "cucumber"),
    Tool("xlt.FitNesse", "FitNesse", _TEST, "**/FitNesseRoot/**/*.xml", "fitnesse"),
    Tool("xlt.Gatling", "Gatling", _LOAD, "**/simulation.log", "gatling"),
    Tool("xlt.JMeterCSV", "JMeter (csv)", _LOAD, "**/*.jtl, **/*.csv", "jmetercsv"),
    Tool("xlt.JMeterXML", "JMeter (xml)", _LOAD, "**/*.jtl, **/*.xml", "jmeter"),
    Tool("xlt.JUnit", "JUnit (Ant, Gradle)", _TEST, "**/TEST-*.xml", "junit"),
    Tool("xlt.SurefireJUnit", "JUnit (Maven Surefire)", _TEST, "**/TEST-*.xml", "junit"),
    Tool("xlt.KarmaXunit", "Karma", _TEST, "**/TESTS-*.xml", "junit"),
    Tool(
        "xlt.TestNGJUnitReportReporter",
        "TestNG with JUnitReportReporter",
        _TEST,
        "**/TEST-*.xml",
        "junit",
    ),
    Tool("xlt.Trx", "TRX (mstest, vstest.console, TFS)", _TEST, "**/*.trx", "trx"),
    Tool("xlt.NUnit2", "NUnit 2.x", _TEST, "**/TestResult*.xml", "nunit"),  # planned, never shipped
    Tool("xlt.uftxml", "HP UFT", _TEST, "**/run_*.xml", "uft"),  # a plugin of its community
)
"""Those it shipped, by the names its API took. Patterns are its own as far as they are known, else
what the tool writes by itself."""

MEASURING = frozenset(
    (
        *("ab", "artillery", "benchmarkdotnet", "gatling", "googlebenchmark", "iago", "jmeter"),
        *("jmetercsv", "jmeterlog", "jmh", "k6", "k6stream", "loadrunner", "locust", "molotov"),
        *("pytestbenchmark", "siege", "taurus", "taurusldjson", "wrk"),
    )
)
"""The formats of tools that make load, or measure code."""

NAMED_OTHERWISE = {
    "allure": "**/allure-results/**",
    "allure1": "**/allure-results/**",
    "benchmarkdotnet": "**/*-report-full*.json, **/*-report-brief*.json",
    "ctest": "**/Testing/*/*.xml",
    "intellij": "**/Test_Results-*.xml",
    "jbehave": "**/jbehave/*.xml",
    "jgiven": "**/jgiven-reports/json/*.json",
    "jmeter": "**/*.jtl",
    "jmetercsv": "**/*.jtl",
    "junit": "**/TEST-*.xml, **/*junit*.xml",
    "lhci": "**/.lighthouseci/*.json",
    "locust": "**/*_stats.csv, **/*_failures.csv, **/*_exceptions.csv, **/*_stats_history.csv",
    "playwrightblob": "**/blob-report/*.zip",
    "serenity": "**/serenity/*.json",
    "subunit": "**/*.subunit",
    "tap": "**/*.tap",
    "trx": "**/*.trx",
    "wdio": "**/wdio-*-reporter.json",
    "xcresult": "**/*.xcresult/**, **/*.xcresult.zip",
}
"""Where the usual name of a format's file is one of many, and not the same in every project."""


def _of_format(each: Format) -> Tool:
    usual = f"**/{each.file}" if each.file else "**/*"
    category = Category.PERFORMANCE if each.name in MEASURING else Category.FUNCTIONAL
    pattern = NAMED_OTHERWISE.get(each.name, usual)
    return Tool(f"assay.{each.name}", each.title, category, pattern, each.name)


TOOLS: tuple[Tool, ...] = (*XL_TESTVIEW, *map(_of_format, FORMATS), ANY)

_BY_TYPE = {each.type.lower(): each for each in TOOLS}


def tool_of(name: str) -> Tool:
    """The tool whose type is called so. No name means `ANY`, as does one that is known no more.
    For what a profile has been given; see `read_tool` for what somebody sends."""
    return _BY_TYPE.get(name.lower(), ANY)


def read_tool(name: str) -> Tool:
    """The tool that somebody names, in any case. Raises `Invalid`, with those called alike."""
    sought = name.strip().lower()
    if sought in _BY_TYPE:
        return _BY_TYPE[sought]
    alike = get_close_matches(sought, _BY_TYPE, 3, 0.5) or ["xlt.junit", ANY.type]
    names = ", ".join(_BY_TYPE[each].type for each in alike)
    raise Invalid(f"There is no test tool {name.strip()[:80]!r}. Did you mean one of {names}?")
