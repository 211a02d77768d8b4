"""Cucumber: where Assay counts otherwise than the corpus' own counter, and why it is right."""

from __future__ import annotations

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

COUNTS = {
    **{f"{CONVERTER}7.1.0__json__{name}.json": REPEATED for name in WITH_TRIES.split()},
    **{f"{CONVERTER}{name}.json": BACKGROUND for name in WITH_A_BACKGROUND.split()},
    "cucumber-json/jenkinsci-cucumber-testresult-plugin/"
    "jsontestsupport__ScenarioResultTest__backgroundFailure.json": BACKGROUND,
    "cucumber-json/jenkinsci-cucumber-testresult-plugin/"
    "jsontestsupport__ScenarioResultTest__undefinedStep.json": BACKGROUND,
}
