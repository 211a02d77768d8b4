"""Whether what a profile tests is good, by its latest report; of a set, by those of its members."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from assay.gates import PASS, explain
from assay.store.catalog import sets
from assay.store.catalog.latest import latest_judged, latest_of
from assay.store.catalog.profiles import Kind, Profile
from assay.store.catalog.reports import Report

SOME_FAILED = "Some tests failed during execution."
"""What XL TestView says of a set."""


@dataclass(frozen=True, slots=True)
class Qualified:
    """`passed` is None where there is nothing to judge by; `reason` is a sentence."""

    passed: bool | None
    reason: str


def qualify(conn: Connection, profile: Profile) -> Qualified:
    """The verdict on a profile or set."""
    return qualify_each(conn, [profile])[profile.id]


def qualify_each(conn: Connection, found: Iterable[Profile]) -> dict[int, Qualified]:
    """The verdicts on many, by their ids."""
    asked = list(found)
    members = {
        number: inside
        for company in {each.company_id for each in asked if each.kind is Kind.SET}
        for number, inside in sets.of_company(conn, company).items()
    }
    tested = {each.id: sets.tested(members, each.id) for each in asked}
    latest = latest_of(conn, {number for inside in tested.values() for number in inside}, 1)
    verdicts = {number: _of_profile(conn, number, some) for number, some in latest.items()}
    return {
        each.id: roll_up(tested[each.id], verdicts) if each.kind is Kind.SET else verdicts[each.id]
        for each in asked
    }


def roll_up(tested: Iterable[int], verdicts: Mapping[int, Qualified]) -> Qualified:
    """The verdict on a set, from those on all that is in it: failed if one is, else passed if one
    is."""
    inside = [verdicts[each] for each in tested]
    known = [each.passed for each in inside if each.passed is not None]
    if False in known:
        return Qualified(False, SOME_FAILED)
    if known:
        silent = len(inside) - len(known)
        return Qualified(True, f"Nothing failed; {silent} not judged." if silent else "All passed.")
    nothing = "No report of its members has been judged yet." if inside else "The set is empty."
    return Qualified(None, nothing)


def qualify_report(report: Report) -> Qualified:
    """The verdict of the gate; of a report from before there were gates, by its failures."""
    if report.gate is not None or report.judged is not None:
        passed = None if report.gate is None else report.gate == PASS
        return Qualified(passed, explain(report.judged))
    failures = report.counts.failed + report.counts.broken
    return Qualified(not failures, f"{failures} test(s) failed" if failures else "No test failed")


def _of_profile(conn: Connection, number: int, latest: list[Report]) -> Qualified:
    """By the latest report; if its gate is not for reports like that, by the last that was judged.
    A branch of somebody's own says nothing of what is released."""
    if not latest:
        return Qualified(None, "No report has come yet.")
    found = qualify_report(latest[0])
    if found.passed is not None:
        return found
    judged = latest_judged(conn, number)
    return qualify_report(judged) if judged else found
