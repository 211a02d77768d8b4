"""The report formats Assay reads, and which of them a document is in.

To add one: write `formats/<name>.py` with its `FORMAT`, and put it in `FORMATS`.
"""

from __future__ import annotations

from assay.formats import (
    allure,
    allure1,
    artillery,
    aunit,
    automake,
    boost,
    calliope,
    catch2,
    ctest,
    ctesttext,
    ctrf,
    cts,
    cucumber,
    cucumbermessages,
    doctest,
    fink,
    fpcunit,
    gallio,
    gatling,
    gojson,
    googletest,
    googletesttext,
    gotext,
    instrumentation,
    intellij,
    jenkins,
    jest,
    jmeter,
    jmetercsv,
    junit,
    k6,
    k6stream,
    karma,
    locust,
    mocha,
    mochawesome,
    newmanjson,
    nunit,
    otr,
    playwright,
    pytestjson,
    pytestlog,
    qtest,
    robotframework,
    rspec,
    rwx,
    serenity,
    sonar,
    spoon,
    subunit,
    tap,
    teamcity,
    testcafe,
    testng,
    trx,
    tusar,
    valgrind,
    xctest,
    xray,
    xunit,
    zaproxy,
)
from assay.formats.detect import choose, look, named
from assay.formats.format import HEAD_BYTES, Format, Head

__all__ = ["FORMATS", "HEAD_BYTES", "Format", "Head", "by_name", "detect", "look"]

FORMATS: tuple[Format, ...] = (
    allure.FORMAT,
    allure1.FORMAT,
    artillery.FORMAT,
    aunit.FORMAT,
    automake.FORMAT,
    boost.FORMAT,
    calliope.FORMAT,
    catch2.FORMAT,
    doctest.FORMAT,
    ctest.FORMAT,
    ctesttext.FORMAT,
    ctrf.FORMAT,
    cts.FORMAT,
    cucumber.FORMAT,
    cucumbermessages.FORMAT,
    fink.FORMAT,
    gallio.FORMAT,
    gatling.FORMAT,
    gojson.FORMAT,
    fpcunit.FORMAT,
    googletest.FORMAT,
    googletesttext.FORMAT,
    gotext.FORMAT,
    instrumentation.FORMAT,
    intellij.FORMAT,
    jenkins.FORMAT,
    jest.FORMAT,
    jmeter.FORMAT,
    jmetercsv.FORMAT,
    junit.FORMAT,
    k6.FORMAT,
    k6stream.FORMAT,
    karma.FORMAT,
    locust.FORMAT,
    mocha.FORMAT,
    mochawesome.FORMAT,
    newmanjson.FORMAT,
    nunit.FORMAT,
    otr.FORMAT,
    playwright.FORMAT,
    pytestjson.FORMAT,
    pytestlog.FORMAT,
    qtest.FORMAT,
    robotframework.FORMAT,
    rspec.FORMAT,
    rwx.FORMAT,
    serenity.FORMAT,
    sonar.FORMAT,
    spoon.FORMAT,
    subunit.FORMAT,
    tap.FORMAT,
    teamcity.FORMAT,
    testcafe.FORMAT,
    testng.FORMAT,
    trx.FORMAT,
    tusar.FORMAT,
    valgrind.FORMAT,
    xctest.FORMAT,
    xray.FORMAT,
    xunit.FORMAT,
    zaproxy.FORMAT,
)
"""Every format. Their order means nothing: no two claim the same document."""


def detect(head: bytes) -> Format:
    """The format of the document that begins with these bytes (`HEAD_BYTES` of them are enough).

    Raises `UnknownFormat`, saying what was seen instead, or `Ambiguous`.
    """
    return choose(FORMATS, look(head))


def by_name(name: str) -> Format:
    """The format called so, by its name or an alias, in any case. Raises `UnknownFormat`."""
    return named(FORMATS, name)
