"""NUnit: where Assay counts otherwise than the corpus' own counter, and why it is right."""

from __future__ import annotations

NUNIT_TEARDOWN = (
    "two fixtures whose tear-down threw after their tests had passed: broken results of their own, "
    "which no test tells of"
)

COUNTS = {
    "nunit3/spekt-nunit.testlogger/"
    "test__NUnit.Xml.TestLogger.AcceptanceTests__reference-test-result.xml": NUNIT_TEARDOWN,
}

NOT_RECOGNISED = {
    "nunit2/jenkinsci-nunit-plugin/plugins__nunit__NUnit-sec1752-file.xml": (
        "a DTD for a root of another name, whose entity reads a file"
    ),
    "nunit2/jenkinsci-nunit-plugin/plugins__nunit__NUnit-sec1752-https.xml": (
        "a DTD for a root of another name, whose entity asks a server"
    ),
}
