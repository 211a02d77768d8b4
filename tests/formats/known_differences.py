"""Where Assay counts otherwise than the corpus' own counter, file by file, and why it is right."""

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
TEARDOWN = (
    "the failed teardown of a suite is a broken result of its own, "
    "where Robot Framework fails each of the suite's tests for it"
)

NOT_RUN = (
    "a file that broke before its first test is a broken result of its own, or it would be lost"
)
NUNIT_TEARDOWN = (
    "two fixtures whose tear-down threw after their tests had passed: broken results of their own, "
    "which no test tells of"
)

HOOK = "a hook that failed is a broken result of its own, or what it broke would be lost"

BACKGROUND = (
    "a step of the background failed or is undefined: so did the scenario it ran in, "
    "while the counter looks at the scenario's own steps, which were skipped for it"
)
REPEATED = (
    "the converter's version 7.1 writes each try of a scenario as an element of its own: "
    "the tries of one test, which the counter takes for tests of their own"
)

CONVERTER = "cucumber-json/cucumber-cucumber-json-converter/"

WITH_TRIES = """
decaying-background-nn
decaying-background
failing-after-hook-nn
failing-after-hook
failing-after-step-hook-nn
failing-after-step-hook
failing-background-step-nn
failing-background-step
failing-background-with-two-scenarios-nn
failing-background-with-two-scenarios
failing-before-hook-nn
failing-before-hook-with-background-nn
failing-before-hook-with-background
failing-before-hook
failing-passing-pending-scenarios
flaky-scenario-nn
flaky-scenario
one-failing-scenario-nn
one-failing-scenario
scenario-outline-nn
scenario-outline-with-decaying-background-nn
scenario-outline-with-decaying-background
scenario-outline
tagged-feature
three-failing-scenarios-nn
three-failing-scenarios
"""

WITH_A_BACKGROUND = """
4.8.1__json__decaying-background
4.8.1__json__scenario-outline-with-decaying-background
6.11.0__json__failing-background-with-two-scenarios-nn
6.11.0__json__undefined-background-with-two-scenarios
7.2.3__json__decaying-background-nn
7.2.3__json__decaying-background
7.2.3__json__failing-background-step-nn
7.2.3__json__failing-background-step
7.2.3__json__failing-background-with-two-scenarios-nn
7.2.3__json__failing-background-with-two-scenarios
7.2.3__json__scenario-outline-with-decaying-background-nn
7.2.3__json__scenario-outline-with-decaying-background
7.2.3__json__undefined-background-with-two-scenarios-nn
7.2.3__json__undefined-background-with-two-scenarios
testdata__cucumber-ruby__2.0.0__json__failing-background-with-two-scenarios
"""

CUCUMBER = {
    **{f"{CONVERTER}7.1.0__json__{name}.json": REPEATED for name in WITH_TRIES.split()},
    **{f"{CONVERTER}{name}.json": BACKGROUND for name in WITH_A_BACKGROUND.split()},
    "cucumber-json/jenkinsci-cucumber-testresult-plugin/"
    "jsontestsupport__ScenarioResultTest__backgroundFailure.json": BACKGROUND,
    "cucumber-json/jenkinsci-cucumber-testresult-plugin/"
    "jsontestsupport__ScenarioResultTest__undefinedStep.json": BACKGROUND,
}

COUNTS: dict[str, str] = {
    **CUCUMBER,
    "jest-json/dkelosky-jest-stare/jest-results.json": NOT_RUN,
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
    "nunit3/spekt-nunit.testlogger/"
    "test__NUnit.Xml.TestLogger.AcceptanceTests__reference-test-result.xml": NUNIT_TEARDOWN,
    "mochawesome/adamgruber-mochawesome-report-generator/test__sample-data__hooks.json": HOOK,
    "robot-xml/robotframework-robotframework/resources__golden_suite__output.xml": TEARDOWN,
    "robot-xml/robotframework-robotframework/resources__golden_suite__output2.xml": TEARDOWN,
    "robot-xml/robotframework-robotframework/utest__result__suite_teardown_failed.xml": TEARDOWN,
}
"""Files whose counts differ."""

NOT_RECOGNISED: dict[str, str] = {
    "junit-xml/DataDog-datadog-ci/__tests____fixtures__invalid.xml": "XML, whose root is <nothing>",
    "junit-xml/ctrf-io-junit-to-ctrf/reports__not-junit.xml": "XML, whose root is <catalog>",
    "junit-xml/gfoidl-trx2junit/data__junit__no-junit.xml": "XML, whose root is <persons>",
    "junit-xml/jenkinsci-junit-plugin/tasks__junit__testXxe-oob.xml": "a DTD without a document",
    "junit-xml/jenkinsci-junit-plugin/tasks__junit__testXxe-xxe.xml": "XML, whose root is <r>",
    "junit-xml/launchableinc-cli/data__broken_xml__broken.xml": "a sentence",
    "junit-xml/tebeka-go2xunit/out__xunit__gocheck-nofiles.out.xml": "go2xunit's error message",
    "junit-xml/tebeka-go2xunit/out__xunit__gotest-buildfailed.out.xml": "go2xunit's error message",
    "nunit2/jenkinsci-nunit-plugin/plugins__nunit__NUnit-sec1752-file.xml": (
        "a DTD for a root of another name, whose entity reads a file"
    ),
    "nunit2/jenkinsci-nunit-plugin/plugins__nunit__NUnit-sec1752-https.xml": (
        "a DTD for a root of another name, whose entity asks a server"
    ),
    "mochawesome/adamgruber-mochawesome-report-generator/test__sample-data__bad.json": (
        "JSON, in which nothing is Mochawesome's"
    ),
    "mochawesome/adamgruber-mochawesome-report-generator/test__sample-data__suite.json": (
        "a suite without the report around it"
    ),
    "xctest-plist/fastlane-community-trainer/"
    "fixtures__Test.test_result.xcresult__Info.plist": "the bundle's own list, without any test",
}
"""Files that no format claims, or another one than their folder's."""

CLAIMED: dict[str, str] = {
    "behave-json/Xray-App-xray-maven-plugin/server_datacenter__specific_reports__behave.json": (
        "Behave writes Cucumber's JSON, with its own words for a location"
    ),
    "boost-test/jenkinsci-xunit-plugin/boosttest__testcase1__testresult.xml": (
        "JUnit XML, into which the source repository has converted Boost's"
    ),
}
"""Files in another format's folder that are rightly taken for one of ours."""
