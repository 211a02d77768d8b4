"""How a gate is written, and what is said to who writes it otherwise."""

from __future__ import annotations

import re
from fnmatch import translate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay import gates
from assay.errors import Invalid
from assay.gates import RULES
from assay.gates.globs import fits, regex


def troubles(text: str) -> list[str]:
    return [str(each) for each in gates.read(text)[1]]


def test_a_line_is_a_rule_and_comments_are_left_out() -> None:
    gate = gates.parse("# ours\nfailures: 0\n\npass rate: 99 %  # of those that ran\n")
    assert [(each.title, each.text, each.line) for each in gate.entries] == [
        ("failures", "0", 2),
        ("pass rate", "99 %", 4),
    ]


def test_a_list_is_several_limits_and_a_map_is_a_limit_for_each_request() -> None:
    gate = gates.parse("duration: [10 min, 120 % of the last 5]\np95:\n  GET /a: 1 s\n  '*': 2 s")
    assert [(each.title, str(each.value)) for each in gate.entries] == [
        ("duration", "10 min"),
        ("duration", "120 % of the average of the last 5"),
        ("p95 of GET /a", "1 s"),
        ("p95 of *", "2 s"),
    ]


def test_names_of_rules_may_be_written_as_other_tools_write_names() -> None:
    gate = gates.parse("new_failures: 0\nPass-Rate: 99%")
    assert [each.rule.name for each in gate.entries] == ["new failures", "pass rate"]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("1 h 30 min", 5400), ("90s", 90), ("300 ms", 0.3), ("at most 1.5 minutes", 90)],
)  # fmt: skip
def test_durations_are_written_as_people_say_them(text: str, seconds: float) -> None:
    [entry] = gates.parse(f"duration: {text}").entries
    assert entry.value.seconds == pytest.approx(seconds)


MOST = "“failures” says how many at most, or which share of the tests, such as 3, or 2 %"
RATE = "“pass rate” says which share at least, such as 99 %"
TIME = "says how long at most, with a unit, or in comparison with earlier reports, such as"
AGO = "or 110 % of the average of the last 20"
NAMES = "A name is expected here, or a list of names: [main, release/*]"
ONLY = "branches and tags are expected here: only: {branches: [main], tags: [nightly]}"
TWICE = "already; several limits are a list: duration: [10 min, 120 % of the last 20]"
BROKEN = (
    "This is no YAML: while scanning a quoted scalar found unexpected end of stream. A line is a "
    "rule, a colon, a space and a value"
)
NONE = "There is no rule here yet, such as failures: 0"
LINE = "A line is a rule, a colon, a space and a value: failures: 0"

WRONG = (
    ("", 1, "There is no rule yet, such as failures: 0"),
    ("# nothing", 1, "There is no rule yet, such as failures: 0"),
    ("only: {branches: main}", 1, NONE),
    ("failures", 1, LINE),
    ("tests: 1\nnew failure: 0", 2, "There is no rule “new failure”; did you mean “new failures”?"),
    ("failures: many", 1, f"{MOST}, not “many”"),
    ("failures:", 1, MOST),
    ("failures: at least 3", 1, f"{MOST}, not “at least 3”"),
    ("failures: {a: 1}", 1, MOST),
    ("pass rate: 99", 1, f"{RATE}, not “99”"),
    ("pass rate: 101 %", 1, f"{RATE}, not “101 %”"),
    ("\n\nduration: 10", 3, f"“duration” {TIME} 10 min, {AGO}, not “10”"),
    ("mean: 9 % of the last 101", 1, f"“mean” {TIME} 300 ms, {AGO}, not “9 % of the last 101”"),
    ("failures: 0\ntests: 3\nfailures: 2", 3, f"“failures” stands on line 1 {TWICE}"),
    ("no failures in: *login*", 1, 'A name that begins with * stands in quotes: "*login*"'),
    ("p95:\n\tGET /: 1 s", 2, "YAML is indented with spaces, not with tabs"),
    ("tags: @nightly", 1, "A name that begins with @ stands in quotes"),
    ("no failures in: []", 1, NAMES),
    ("metadata: firefox", 1,
     "“metadata” says names with what each has to be, such as {browser: firefox*}"),
    ("only: main\ntests: 1", 1, ONLY),
    ("only: {branch: main}\ntests: 1", 1, f"“branch” is not known; {ONLY}"),
    ("tests: 1\nskipped: \x07", 2, "Character U+0007 cannot stand in YAML"),
    ('tests: "', 1, BROKEN),
    ('"\n', 2, BROKEN),
    ("{" * 30, 1, "This is nested too deeply for a gate"),
    ("a" * 20_001, 1, "A gate has 20,000 characters at most, not 20,001"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "line", "words"), WRONG, ids=[f"{line}: {words[:40]}" for _, line, words in WRONG]
)
def test_what_is_wrong_is_said_with_its_line(text: str, line: int, words: str) -> None:
    assert troubles(text) == [f"Line {line}: {words}"]
    with pytest.raises(Invalid, match=re.escape(words)):
        gates.parse(text)


def test_all_that_is_wrong_is_said_at_once_and_the_rest_is_read() -> None:
    gate, found = gates.read("failures: x\ntests: 3\nnonsense: 1")
    assert [each.line for each in found] == [1, 3]
    assert [each.title for each in gate.entries] == ["tests"]


NOISE = (
    *(rule.name for rule in RULES),
    *("only", "branches", "0", "3 %", "10 min", "*", "&a", "*a", "!!python/name:os", "<<", "? "),
    *("[", "]", "{", "}", ":", ": ", "- ", "\n", "\n  ", "\t", "#", "'", '"', "|", ">"),
    *("---", "%YAML 1.2", "%YAML 99999.1", "\x00", "\ud800", "\u2028"),
)


@given(st.one_of(st.text(max_size=200), st.lists(st.sampled_from(NOISE)).map("".join)))
def test_any_text_is_a_gate_or_said_to_be_none(text: str) -> None:
    gate, found = gates.read(text)
    assert all(each.line >= 1 and each.message for each in found)
    assert found or gate.entries


GLOBS = st.text("ab*?/.", max_size=8)


@given(GLOBS, st.text("ab/.\n", max_size=10))
def test_a_glob_is_of_a_whole_name(glob: str, name: str) -> None:
    assert fits(glob, name) == bool(re.match(translate(glob), name))


@given(GLOBS, st.lists(st.text("ab.\n", max_size=3), min_size=1, max_size=4))
def test_a_test_may_be_called_with_any_of_its_containers(glob: str, parts: list[str]) -> None:
    pattern = regex([glob]).replace("$", r"\Z")
    for between in (" › ", "/"):
        tails = (between.join(parts[first:]) for first in range(len(parts)))
        called = any(fits(glob, tail) for tail in tails)
        assert called == bool(re.search(pattern, between.join(parts)))
