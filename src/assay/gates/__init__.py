"""Gates: rules that turn a report into pass or fail, with a reason.

A gate is a text (`reading`), a line for each rule (`rules`); judging it (`judging`) takes what is
known of a report (`facts`), and says of each rule whether it holds. All of it is pure.
"""

from assay.gates.builtin import BUILT_IN, FUNCTIONAL, PERFORMANCE, REGRESSION, BuiltIn
from assay.gates.facts import Facts, Load, Lookup, Matched, Outcome, Verdict
from assay.gates.judging import FAIL, PASS, explain, judge, shorten
from assay.gates.reading import Entry, Gate, Trouble, parse, read
from assay.gates.rules import RULES, Rule

__all__ = [
    "BUILT_IN",
    "FAIL",
    "FUNCTIONAL",
    "PASS",
    "PERFORMANCE",
    "REGRESSION",
    "RULES",
    "BuiltIn",
    "Entry",
    "Facts",
    "Gate",
    "Load",
    "Lookup",
    "Matched",
    "Outcome",
    "Rule",
    "Trouble",
    "Verdict",
    "explain",
    "judge",
    "parse",
    "read",
    "shorten",
]
