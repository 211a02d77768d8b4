"""Files of the corpus that Assay counts otherwise than the independent counter, and why."""

from __future__ import annotations

BACKGROUND = (
    "the counter leaves the background out: it calls a scenario skipped whose background failed "
    "or is undefined, though nobody chose to skip it"
)
RETRIES = "every try of `--retry` is counted as a test; Assay folds them into attempts"
BOTH = f"{BACKGROUND}; {RETRIES}"

CONVERTER = "cucumber-json/cucumber-cucumber-json-converter"
JENKINS = "cucumber-json/jenkinsci-cucumber-testresult-plugin/jsontestsupport__ScenarioResultTest"
RUBY = f"{CONVERTER}/testdata__cucumber-ruby__2.0.0__json"

CUCUMBER = {
    f"{CONVERTER}/4.8.1__json__decaying-background.json": BACKGROUND,
    f"{CONVERTER}/4.8.1__json__scenario-outline-with-decaying-background.json": BACKGROUND,
    f"{CONVERTER}/6.11.0__json__failing-background-with-two-scenarios-nn.json": BACKGROUND,
    f"{CONVERTER}/6.11.0__json__undefined-background-with-two-scenarios.json": BACKGROUND,
    f"{CONVERTER}/7.1.0__json__decaying-background-nn.json": BOTH,
    f"{CONVERTER}/7.1.0__json__decaying-background.json": BOTH,
    f"{CONVERTER}/7.1.0__json__failing-after-hook-nn.json": RETRIES,
    f"{CONVERTER}/7.1.0__json__failing-after-hook.json": RETRIES,
    f"{CONVERTER}/7.1.0__json__failing-after-step-hook-nn.json": RETRIES,
    f"{CONVERTER}/7.1.0__json__failing-after-step-hook.json": RETRIES,
    f"{CONVERTER}/7.1.0__json__failing-background-step-nn.json": BOTH,
    f"{CONVERTER}/7.1.0__json__failing-background-step.json": BOTH,
    f"{CONVERTER}/7.1.0__json__failing-background-with-two-scenarios-nn.json": BOTH,
    f"{CONVERTER}/7.1.0__json__failing-background-with-two-scenarios.json": BOTH,
    f"{CONVERTER}/7.1.0__json__failing-before-hook-nn.json": RETRIES,
    f"{CONVERTER}/7.1.0__json__failing-before-hook-with-background-nn.json": BOTH,
    f"{CONVERTER}/7.1.0__json__failing-before-hook-with-background.json": BOTH,
    f"{CONVERTER}/7.1.0__json__failing-before-hook.json": RETRIES,
    f"{CONVERTER}/7.1.0__json__failing-passing-pending-scenarios.json": RETRIES,
    f"{CONVERTER}/7.1.0__json__flaky-scenario-nn.json": RETRIES,
    f"{CONVERTER}/7.1.0__json__flaky-scenario.json": RETRIES,
    f"{CONVERTER}/7.1.0__json__one-failing-scenario-nn.json": RETRIES,
    f"{CONVERTER}/7.1.0__json__one-failing-scenario.json": RETRIES,
    f"{CONVERTER}/7.1.0__json__scenario-outline-nn.json": RETRIES,
    f"{CONVERTER}/7.1.0__json__scenario-outline-with-decaying-background-nn.json": BOTH,
    f"{CONVERTER}/7.1.0__json__scenario-outline-with-decaying-background.json": BOTH,
    f"{CONVERTER}/7.1.0__json__scenario-outline.json": RETRIES,
    f"{CONVERTER}/7.1.0__json__tagged-feature.json": RETRIES,
    f"{CONVERTER}/7.1.0__json__three-failing-scenarios-nn.json": RETRIES,
    f"{CONVERTER}/7.1.0__json__three-failing-scenarios.json": RETRIES,
    f"{CONVERTER}/7.2.3__json__decaying-background-nn.json": BACKGROUND,
    f"{CONVERTER}/7.2.3__json__decaying-background.json": BACKGROUND,
    f"{CONVERTER}/7.2.3__json__failing-background-step-nn.json": BACKGROUND,
    f"{CONVERTER}/7.2.3__json__failing-background-step.json": BACKGROUND,
    f"{CONVERTER}/7.2.3__json__failing-background-with-two-scenarios-nn.json": BACKGROUND,
    f"{CONVERTER}/7.2.3__json__failing-background-with-two-scenarios.json": BACKGROUND,
    f"{CONVERTER}/7.2.3__json__scenario-outline-with-decaying-background-nn.json": BACKGROUND,
    f"{CONVERTER}/7.2.3__json__scenario-outline-with-decaying-background.json": BACKGROUND,
    f"{CONVERTER}/7.2.3__json__undefined-background-with-two-scenarios-nn.json": BACKGROUND,
    f"{CONVERTER}/7.2.3__json__undefined-background-with-two-scenarios.json": BACKGROUND,
    f"{RUBY}__failing-background-with-two-scenarios.json": BACKGROUND,
    f"{JENKINS}__backgroundFailure.json": BACKGROUND,
    f"{JENKINS}__undefinedStep.json": BACKGROUND,
}

DIFFERENCES: dict[str, str] = {**CUCUMBER}
"""Path of the file in the corpus, and the reason. All others agree with the manifest."""
