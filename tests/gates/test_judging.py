"""What gates say of reports: each rule, and all of them together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from assay import gates
from assay.gates import BUILT_IN, Facts, Load, Matched
from assay.gates.globs import any_fits
from assay.rows import Counts


@dataclass(frozen=True)
class Known:
    """What can be found out about a report of a story."""

    earlier: bool = True
    regressed: int = 0
    tests: dict[str, bool] = field(default_factory=dict)
    """Names, and whether they fail."""
    took: tuple[float, ...] = ()
    loads_: tuple[Load, ...] = ()
    """This report's, and those of the ones before it."""

    def has_earlier(self) -> bool:
        return self.earlier

    def regressions(self) -> int:
        return self.regressed

    def matching(self, globs: Sequence[str]) -> Matched:
        named = {name: fails for name, fails in self.tests.items() if any_fits(globs, name)}
        failing = tuple(name for name, fails in named.items() if fails)
        return Matched(len(named), len(failing), failing[:3])

    def durations(self, last: int) -> Sequence[float]:
        return self.took[:last]

    def load(self, metric: str, request: str) -> Load:
        return self.loads_[0] if self.loads_ else Load(0)

    def loads(self, metric: str, request: str, last: int) -> Sequence[float]:
        return [each.value for each in self.loads_[1 : last + 1] if each.value is not None]


def facts(known: Known | None = None, **more: Any) -> Facts:
    counts = {name: more.pop(name) for name in Counts.__struct_fields__ if name in more}
    whole = counts.get("total", sum(counts.values()) - counts.get("flaky", 0))
    plain = Facts(Counts(whole, **counts), 0, 0, None, "main", [], {}, known or Known())
    return replace(plain, **more)


def said(text: str, about: Facts) -> list[tuple[bool | None, str]]:
    """What each rule of a gate says."""
    return [(each["passed"], each["said"]) for each in gates.judge(gates.parse(text), about).judged]


MANY = facts(passed=980, failed=15, broken=5, skipped=100, flaky=4)
LOADED = Known(
    loads_=(
        Load(2, 1000, 25, 0.48, "GET /cart"),
        *(Load(2, 1000, 0, value) for value in (0.4, 0.44, 0.48)),
    )
)
SHOP = Known(tests={"shop › cart › adds": False, "shop › pay › pays": True, "login": True})

STORIES: tuple[tuple[str, Facts, bool | None, str], ...] = (
    ("failures: 0", MANY, False, "20 > 0"),
    ("failures: 20", MANY, True, "20 ≤ 20"),
    ("failures: at most 19", MANY, False, "20 > 19"),
    ("failures: 2 %", MANY, True, "20 of 1,000, 2 % ≤ 2 %"),
    ("failures: 1.99 %", MANY, False, "20 of 1,000, 2 % > 1.99 %"),
    ("failures: 1 %", facts(skipped=3), None, "no test ran"),
    ("new failures: 0", replace(MANY, new_failures=3), False, "3 > 0"),
    ("new failures: 0", facts(Known(earlier=False)), None, "there is no report before this one"),
    ("regressions: 0", facts(Known(regressed=1)), False, "1 > 0"),
    ("regressions: 0", facts(Known(earlier=False)), None, "there is no report before this one"),
    ("no failures in: shop*", facts(SHOP), False, "1 of 2 fails: shop › pay › pays"),
    ("no failures in: [shop*, login]", facts(SHOP), False,
     "2 of 3 fail: shop › pay › pays, login"),
    ("no failures in: '*adds'", facts(SHOP), True, "none of 1 fails"),
    ("no failures in: cart", facts(SHOP), None, "no test is called so"),
    ("broken: 4", MANY, False, "5 > 4"),
    ("pass rate: 98 %", MANY, True, "98 % ≥ 98 %"),
    ("pass rate: at least 98.01 %", MANY, False, "98 % < 98.01 %"),
    ("pass rate: 100 %", facts(passed=99_999, failed=1), False, "99.999 % < 100 %"),
    ("pass rate: 1 %", facts(skipped=3), None, "no test ran"),
    ("tests: 1101", MANY, False, "1,100 < 1,101"),
    ("tests: at least 1100", MANY, True, "1,100 ≥ 1,100"),
    ("skipped: 5 %", MANY, False, "100 of 1,100, 9.1 % > 5 %"),
    ("flaky: 3", MANY, False, "4 > 3"),
    ("vanished: 0", replace(MANY, gone=2), False, "2 > 0"),
    ("duration: 10 min", facts(duration=600.0), True, "10 min ≤ 10 min"),
    ("duration: 10 min", facts(duration=724.0), False, "12 min 4 s > 10 min"),
    ("duration: 10 min", facts(duration=600.2), False, "10 min 0.2 s > 10 min"),
    ("duration: 10 min", facts(), None, "the report does not say how long it took"),
    ("duration: 110 % of the last 2", facts(Known(took=(10, 30, 500)), duration=22.1), False,
     "22.1 s > 22 s, 110 % of 20 s, the average of 2 before"),
    ("duration: 110 % of the average", facts(duration=22.1), None,
     "no report before this one has it, so there is no average"),
    ("error rate: 10 %", facts(LOADED), True, "2.5 % ≤ 10 %"),
    ("error rate: 1 %", facts(LOADED), False, "2.5 % > 1 %"),
    ("error rate: 1 %", MANY, None, "no error rate was measured"),
    ("mean: 300 ms", facts(LOADED), False, "480 ms > 300 ms"),
    ("mean: 110 % of the average", facts(LOADED), True,
     "480 ms ≤ 484 ms, 110 % of 440 ms, the average of 3 before"),
    ("mean: 110 % of the last 1", facts(LOADED), False,
     "480 ms > 440 ms, 110 % of 400 ms, the average of 1 before"),
    ("p95: 300 ms", facts(LOADED), False, "480 ms > 300 ms (GET /cart)"),
    ("p95: {GET /pay: 1 s}", MANY, None, "no p95 was measured of GET /pay"),
    ("tags: [nightly, env:*]", replace(MANY, tags=["env:prod"]), False, "nightly is missing"),
    ("tags: [nightly, env:*]", replace(MANY, tags=["nightly", "env:prod"]), True,
     "has nightly, env:*"),
    ("branch: [main, release/*]", replace(MANY, branch="release/2"), True, "release/2"),
    ("branch: [main, release/*]", replace(MANY, branch="fix"), False,
     "fix is not main or release/*"),
    ("branch: main", replace(MANY, branch=""), None, "the report names no branch"),
    ("metadata: {browser: fire*}", replace(MANY, metadata={"browser": "firefox"}), True,
     "firefox"),
    ("metadata: {browser: fire*}", replace(MANY, metadata={"browser": "ie"}), False,
     "ie is not fire*"),
    ("metadata: {browser: fire*}", MANY, False, "is missing"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "about", "passed", "words"), STORIES, ids=[f"{each[0]}: {each[3]}" for each in STORIES]
)
def test_a_rule_says_whether_it_holds_and_why(
    text: str, about: Facts, passed: bool | None, words: str
) -> None:
    assert said(text, about) == [(passed, words)]


def test_every_rule_has_a_story() -> None:
    told = {text.partition(":")[0] for text, *_ in STORIES}
    alike = {"median", "p90", "p99", "max"}  # as p95
    assert told | alike == {rule.name for rule in gates.RULES}


def test_every_rules_example_is_a_gate() -> None:
    for rule in gates.RULES:
        assert {each.rule for each in gates.parse(rule.example).entries} == {rule}


def verdict(text: str, about: Facts) -> str | None:
    return gates.judge(gates.parse(text), about).gate


def test_one_rule_that_does_not_hold_fails_the_report() -> None:
    assert verdict("failures: 0\ntests: 1", MANY) == "fail"


def test_rules_that_cannot_be_judged_do_not_hinder_those_that_hold() -> None:
    assert verdict("tests: 1\nmean: 1 s", MANY) == "pass"


def test_a_gate_of_which_nothing_can_be_judged_is_neither_passed_nor_failed() -> None:
    found = gates.judge(gates.parse("mean: 1 s"), MANY)
    assert found.gate is None
    assert gates.explain(found.judged) == "Not judged: mean: no mean was measured"


@pytest.mark.parametrize(
    ("only", "judged"),
    [
        ("{branches: [main]}", True),
        ("{branches: [release/*, m*]}", True),
        ("{branches: [release/*]}", False),
        ("{tags: nightly}", True),
        ("{tags: [weekly]}", False),
        ("{branches: main, tags: weekly}", False),
    ],
)
def test_a_gate_can_be_for_some_branches_and_tags_alone(only: str, judged: bool) -> None:
    about = replace(MANY, tags=["nightly"])
    found = gates.judge(gates.parse(f"only: {only}\nfailures: 0"), about)
    assert (found.gate == "fail", [each["rule"] for each in found.judged] == ["failures"]) == (
        judged,
        judged,
    )


def test_the_reason_names_each_rule_that_does_not_hold() -> None:
    found = gates.judge(gates.parse("new failures: 0\nflaky: 0\ntests: 1"), MANY)
    assert gates.explain(found.judged) == "flaky: 4 > 0"
    about = replace(MANY, new_failures=3)
    found = gates.judge(gates.parse("new failures: 0\nflaky: 0\ntests: 1"), about)
    assert gates.explain(found.judged) == "new failures: 3 > 0; flaky: 4 > 0"


def test_the_reason_of_the_default_is_told_as_xl_testview_tells_it() -> None:
    gate = gates.parse(BUILT_IN["xlt.DefaultFunctionalTestsQualifier"].rules)
    found = gates.judge(gate, facts(passed=3, failed=1))
    assert (found.gate, gates.explain(found.judged)) == ("fail", "1 test(s) failed")
    found = gates.judge(gate, facts(passed=3))
    assert (found.gate, gates.explain(found.judged)) == ("pass", "The rule holds")


def test_what_was_never_judged_has_no_reason() -> None:
    assert gates.explain(None) == gates.explain([]) == ""


@pytest.mark.parametrize("name", BUILT_IN)
def test_every_gate_that_comes_with_assay_can_be_read(name: str) -> None:
    assert gates.parse(BUILT_IN[name].rules).entries
