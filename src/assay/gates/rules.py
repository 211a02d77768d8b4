"""The rules a gate can have, as one table.

To add one is to add a row. What `judge` is given is the report's facts and the value as the kind
has read it; of a request or a pair, the name too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from assay.gates import counting, kinds, labels, timing
from assay.gates.facts import Outcome
from assay.gates.kinds import Kind


@dataclass(frozen=True, slots=True)
class Rule:
    """`about` says what it asks for, `example` is a line or more of a gate."""

    name: str
    kind: Kind
    about: str
    example: str
    judge: Callable[..., Outcome]


RULES: tuple[Rule, ...] = (
    Rule(
        "failures",
        kinds.MOST,
        "At most so many tests fail (an assertion or an error), or so large a share of those that "
        "ran.",
        "failures: 0",
        counting.judge_failures,
    ),
    Rule(
        "new failures",
        kinds.MOST,
        "At most so many tests fail that did not fail when they were last seen, new tests among "
        "them.",
        "new failures: 0",
        counting.judge_new_failures,
    ),
    Rule(
        "regressions",
        kinds.NUMBER,
        "At most so many tests fail that passed in the report before, by date.",
        "regressions: 0",
        counting.judge_regressions,
    ),
    Rule(
        "no failures in",
        kinds.NAMES,
        "None of these tests fails. A test is called by its name, with as many of its containers "
        "as one likes to say: `adds`, `cart › adds`, `shop/cart/adds`.",
        'no failures in: [shop/checkout/*, "*login*"]',
        counting.judge_matching,
    ),
    Rule(
        "broken",
        kinds.MOST,
        "At most so many tests end with an error rather than by an assertion.",
        "broken: 2",
        counting.at_most(lambda counts: counts.broken),
    ),
    Rule(
        "pass rate",
        kinds.LEAST_SHARE,
        "At least this share of the tests that ran passed; skipped ones did not run.",
        "pass rate: 99 %",
        counting.judge_pass_rate,
    ),
    Rule(
        "tests",
        kinds.LEAST,
        "The report has at least so many tests: a suite that is not found passes otherwise.",
        "tests: 500",
        counting.judge_tests,
    ),
    Rule(
        "skipped",
        kinds.MOST,
        "At most so many tests are skipped, or so large a share of all.",
        "skipped: 5 %",
        counting.at_most(lambda counts: counts.skipped, counting.total),
    ),
    Rule(
        "flaky",
        kinds.MOST,
        "At most so many tests passed only when they were tried again.",
        "flaky: 3",
        counting.at_most(lambda counts: counts.flaky),
    ),
    Rule(
        "vanished",
        kinds.NUMBER,
        "At most so many tests are missing that the report before had.",
        "vanished: 0",
        counting.judge_gone,
    ),
    Rule(
        "duration",
        kinds.TIME,
        "The run took no longer than this, or than this share of what earlier ones took on "
        "average.",
        "duration: [10 min, 120 % of the last 20]",
        timing.judge_duration,
    ),
    Rule(
        "error rate",
        kinds.REQUEST_SHARE,
        "Of a load test's requests, at most this share failed.",
        "error rate: 1 %",
        timing.judge_error_rate,
    ),
    Rule(
        "mean",
        kinds.REQUEST_TIME,
        "The mean response time over all requests is no longer than this.",
        "mean: 110 % of the average",
        timing.at_most("mean"),
    ),
    *(
        Rule(
            metric,
            kinds.REQUEST_TIME,
            f"No request's {words} response time is longer than this.",
            example,
            timing.at_most(metric),
        )
        for metric, words, example in (
            ("median", "median", "median: 200 ms"),
            ("p90", "90th percentile", "p90: 500 ms"),
            ("p95", "95th percentile", "p95: {GET /cart*: 800 ms, POST /pay: 2 s}"),
            ("p99", "99th percentile", "p99: 3 s"),
            ("max", "longest", "max: 10 s"),
        )
    ),
    Rule(
        "tags",
        kinds.NAMES,
        "The report has all of these tags, each a name or `name:value`.",
        "tags: [env:staging]",
        labels.judge_tags,
    ),
    Rule(
        "branch",
        kinds.NAMES,
        "The report is of one of these branches.",
        "branch: [main, release/*]",
        labels.judge_branch,
    ),
    Rule(
        "metadata",
        kinds.PAIRS,
        "The report's metadata have these entries.",
        "metadata: {browser: firefox*}",
        labels.judge_metadata,
    ),
)

BY_NAME = {rule.name: rule for rule in RULES}
