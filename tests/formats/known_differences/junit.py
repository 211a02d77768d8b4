"""JUnit XML: where Assay counts otherwise than the corpus' own counter, and why it is right."""

from __future__ import annotations

TRIES = (
    "the same test stands there again after it failed: the tries of one test, "
    "which the counter takes for tests of their own"
)
LAST_TRY = (
    "its first run failed and its last one broke with an error; "
    "a result's status is that of its last try, the counter takes the first"
)
SUITE_ERROR = "an error outside any test case is a broken result of its own, or it would be lost"
COUNTS = {
    "junit-xml/ctrf-io-junit-to-ctrf/reports__test-surefire-retry.xml": LAST_TRY,
    "junit-xml/jenkinsci-junit-plugin/tasks__junit__junit-report-nested-testsuites.xml": (
        SUITE_ERROR
    ),
    "junit-xml/mikepenz-action-junit-report/"
    "test_results__flaky_retries__flaky_all_failures.xml": TRIES,
    "junit-xml/mikepenz-action-junit-report/"
    "test_results__flaky_retries__flaky_with_classname_file.xml": TRIES,
    "junit-xml/mikepenz-action-junit-report/test_results__junit-server-test__report.xml": TRIES,
    "junit-xml/test-summary-action/resources__junit__02-example.xml": TRIES,
}

NOT_RECOGNISED = {
    "junit-xml/DataDog-datadog-ci/__tests____fixtures__invalid.xml": "XML, whose root is <nothing>",
    "junit-xml/ctrf-io-junit-to-ctrf/reports__not-junit.xml": "XML, whose root is <catalog>",
    "junit-xml/gfoidl-trx2junit/data__junit__no-junit.xml": "XML, whose root is <persons>",
    "junit-xml/jenkinsci-junit-plugin/tasks__junit__testXxe-oob.xml": "a DTD without a document",
    "junit-xml/jenkinsci-junit-plugin/tasks__junit__testXxe-xxe.xml": "XML, whose root is <r>",
    "junit-xml/launchableinc-cli/data__broken_xml__broken.xml": "a sentence",
    "junit-xml/tebeka-go2xunit/out__xunit__gocheck-nofiles.out.xml": "go2xunit's error message",
    "junit-xml/tebeka-go2xunit/out__xunit__gotest-buildfailed.out.xml": "go2xunit's error message",
}

CLAIMED = {
    "boost-test/jenkinsci-xunit-plugin/boosttest__testcase1__testresult.xml": (
        "JUnit XML, into which the source repository has converted Boost's"
    ),
}
