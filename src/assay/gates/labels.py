"""The rules about what a report says of itself."""

from __future__ import annotations

from assay.gates.facts import Facts, Outcome
from assay.gates.globs import any_fits, fits


def judge_tags(facts: Facts, globs: list[str]) -> Outcome:
    """That each of the globs fits a tag."""
    missing = [each for each in globs if not any(fits(each, tag) for tag in facts.tags)]
    if not missing:
        return Outcome(True, f"has {', '.join(globs)}")
    return Outcome(False, f"{', '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing")


def judge_branch(facts: Facts, globs: list[str]) -> Outcome:
    """That one of the globs fits the branch."""
    if not facts.branch:
        return Outcome(None, "the report names no branch")
    if any_fits(globs, facts.branch):
        return Outcome(True, facts.branch)
    return Outcome(False, f"{facts.branch} is not {' or '.join(globs)}")


def judge_metadata(facts: Facts, glob: str, name: str) -> Outcome:
    """That the metadata have this entry, and the glob fits it."""
    if name not in facts.metadata:
        return Outcome(False, "is missing")
    found = facts.metadata[name]
    holds = fits(glob, found)
    return Outcome(holds, found[:200] if holds else f"{found[:200]} is not {glob}")
