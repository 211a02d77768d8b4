"""TAP: where Assay counts otherwise than the corpus' own counter, and why it is right."""

from __future__ import annotations

SUBTESTS = (
    "the points of the subtests are the tests, as node-tap's own total has it; "
    "the counter looks at the outermost points alone"
)
BAILED_OUT = (
    "the run was bailed out, which is a broken result of its own, "
    "or what never ran would not be missed"
)
PLAN = (
    "other than the planned number of tests ran, which is a broken result of its own, as prove "
    "fails such a file"
)
BY_TESTEM = "`skip 1 …` is how Testem writes a skipped test, and the plan of the file counts it"

TAP4J = "tap/tupilabs-tap4j/"

COUNTS = {
    "tap/jenkinsci-tap-plugin/plugin__tap-master-files__subtest-sample.tap": SUBTESTS,
    "tap/python-tap-tappy/docs__sample_tap.txt": BAILED_OUT,
    "tap/test-summary-action/resources__tap__03-bail-out.tap": BAILED_OUT,
    f"{TAP4J}consumer__issue3504508__sample.tap": SUBTESTS,
    f"{TAP4J}parser__issueFalseDupPlan__npm-test.tap": SUBTESTS,
    f"{TAP4J}parser__issueGitHub12__issue-12-tap-stream.tap": SUBTESTS,
    f"{TAP4J}parser__issueGitHub14__issue-14-tap-stream.tap": PLAN,
    f"{TAP4J}parser__issueGitHub15__issue-15-tap-stream.tap": SUBTESTS,
    f"{TAP4J}parser__issueYaml__phantomjs.tap": BY_TESTEM,
    f"{TAP4J}tap4j__consumer__invalid_comment_tr_bailout_header.tap": BAILED_OUT,
    f"{TAP4J}tap4j__consumer__tap_with_yaml_comments_bailout_directives.tap": BAILED_OUT,
}

NOT_RECOGNISED = {
    f"{TAP4J}tap4j__consumer__tap_with_diagnostic_and_without_lastparsedtestresult.tap": (
        "YAML without a test point"
    ),
}
