"""Gates: the rules of a profile, what they would have said, and what they say of a report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request
from sqlalchemy import Connection

from assay import auth, gates, judgement
from assay.gates import Entry
from assay.judgement import Chosen, Trial
from assay.store.catalog import imports, reports
from assay.store.catalog.profiles import Profile
from assay.store.catalog.reports import Report, State
from assay.web.request import Ours, Services, Who, base_url
from assay.workspace.gates import write_gate

router = APIRouter(prefix="/api/v3", tags=["Gates"])

Id = Annotated[int, Path(ge=1, lt=2**31)]

UNDER_WAY = frozenset({State.RECEIVED, State.PROCESSING, State.RUNNING})
MISSING = "missing"
SEARCHED = 200
"""Latest reports that are looked through for a commit or a build."""


@dataclass(frozen=True, slots=True)
class RuleShape:
    """A rule with its value as it was written. `about` is the request or the entry of the metadata
    that it is for."""

    rule: str
    about: str | None
    value: str
    line: int


@dataclass(frozen=True, slots=True)
class TroubleShape:
    """What is wrong with a line, which count from 1."""

    line: int
    message: str


@dataclass(frozen=True, slots=True)
class OutcomeShape:
    """What a rule says of a report; `passed` is null where it could not be judged."""

    rule: str
    passed: bool | None
    said: str


@dataclass(frozen=True, slots=True)
class VerdictShape:
    """`gate` is pass or fail; null where it is `waiting` to be judged, or could not be. `reason` is
    a sentence. Where a report was asked for that has not come yet, `report_id` is null and `state`
    is missing."""

    report_id: int | None
    profile_id: int
    state: str
    waiting: bool
    gate: str | None
    reason: str
    rules: list[OutcomeShape]
    url: str


@dataclass(frozen=True, slots=True)
class GateShape:
    """The gate of a profile. `built_in` names the one that comes with Assay, where the profile has
    none of its own; `default` is for whatever the report is of. The gate is only for reports of
    one of the `branches` and with one of the `tags`, where there are any. `judged` is the newest
    report by the new rules, after a change."""

    profile_id: int
    rules: str
    built_in: str | None
    parsed: list[RuleShape]
    branches: list[str]
    tags: list[str]
    errors: list[TroubleShape]
    updated_at: datetime | None
    judged: VerdictShape | None = None


@dataclass(frozen=True, slots=True)
class RulesShape:
    """The text of a gate."""

    rules: str


@dataclass(frozen=True, slots=True)
class TriedShape:
    """What a gate says of a report."""

    id: int
    date: datetime
    branch: str
    build: str
    gate: str | None
    reason: str
    url: str


@dataclass(frozen=True, slots=True)
class PreviewShape:
    """What rules say of the latest reports, newest first: `would_fail` of those `judged`."""

    would_fail: int
    judged: int
    reports: list[TriedShape]


def seen(profile_id: Id, ours: Ours, who: Who) -> Profile:
    """The profile, for those who may see it: asked before a body is looked at."""
    with ours.stores.catalog.read() as conn:
        return auth.see_profile(conn, who, profile_id)


def edited(profile_id: Id, ours: Ours, who: Who) -> Profile:
    """The same, for those who may change it."""
    with ours.stores.catalog.read() as conn:
        return auth.edit_profile(conn, who, profile_id)


Seen = Annotated[Profile, Depends(seen)]
Edited = Annotated[Profile, Depends(edited)]


@router.get("/profiles/{profile_id}/gate")
def show_gate(found: Seen, ours: Ours) -> GateShape:
    """The rules by which the reports of a profile are judged."""
    return _gate(found, judgement.choose(ours.stores, found), None)


@router.put("/profiles/{profile_id}/gate")
def put_gate(found: Edited, given: RulesShape, request: Request, ours: Ours, who: Who) -> GateShape:
    """Give a profile these rules. The newest report is judged by them at once; older ones keep
    their verdict until they are read again."""
    return _write(found, given.rules, request, ours, who)


@router.delete("/profiles/{profile_id}/gate")
def delete_gate(found: Edited, request: Request, ours: Ours, who: Who) -> GateShape:
    """Go back to the gate that comes with Assay, which is answered; the newest report is judged by
    it at once."""
    return _write(found, None, request, ours, who)


@router.post("/profiles/{profile_id}/gate/preview")
def preview_gate(found: Seen, given: RulesShape, request: Request, ours: Ours) -> PreviewShape:
    """What these rules say of the profile's last 50 reports, as they would have decided. Nothing is
    kept."""
    tried = judgement.preview(ours.stores, found, gates.parse(given.rules))
    verdicts = [each.verdict.gate for each in tried]
    base = base_url(request)
    return PreviewShape(
        verdicts.count(gates.FAIL),
        len(verdicts) - verdicts.count(None),
        [_tried(each, base) for each in tried],
    )


@router.get("/reports/{report_id}/gate")
def show_verdict(report_id: Id, request: Request, ours: Ours, who: Who) -> VerdictShape:
    """Whether a report passes its gate, and why. Whoever may import into the profile may ask."""
    with ours.stores.catalog.read() as conn:
        return _verdict(conn, auth.know_report(conn, who, report_id), base_url(request))


@router.get("/profiles/{profile_id}/gate/verdict")
def find_verdict(
    profile_id: Id,
    request: Request,
    ours: Ours,
    who: Who,
    branch: Annotated[str, Query(max_length=500)] = "",
    commit: Annotated[str, Query(max_length=500, description="Or how it begins")] = "",
    build: Annotated[str, Query(max_length=500)] = "",
) -> VerdictShape:
    """The same of the newest report, or of the newest of a branch, commit or build."""
    with ours.stores.catalog.read() as conn:
        found = auth.know_profile(conn, who, profile_id)
        latest = reports.of_profile(conn, found.id, limit=SEARCHED, branch=branch or None)
        fitting = (
            each
            for each in latest
            if each.commit.startswith(commit) and (not build or each.build == build)
        )
        report = next(fitting, None)
        if report is not None:
            return _verdict(conn, report, base_url(request))
    asked = {"branch": branch, "commit": commit, "build": build}
    said = " and ".join(f"{name} {value}" for name, value in asked.items() if value)
    reason = f"Profile {found.id} has no report" + (f" of {said}" if said else " yet")
    url = f"{base_url(request)}/profiles/{found.id}"
    return VerdictShape(None, found.id, MISSING, True, None, reason, [], url)


def _write(
    found: Profile, text: str | None, request: Request, ours: Services, who: Who
) -> GateShape:
    report = write_gate(ours.stores, who, found.id, text, ours.clock())
    with ours.stores.catalog.read() as conn:
        verdict = _verdict(conn, report, base_url(request)) if report else None
    return _gate(found, judgement.choose(ours.stores, found), verdict)


def _gate(found: Profile, chosen: Chosen, judged: VerdictShape | None) -> GateShape:
    gate, troubles = gates.read(chosen.text)
    built_in = None if chosen.own else chosen.built_in.name if chosen.built_in else "default"
    return GateShape(
        profile_id=found.id,
        rules=chosen.text,
        built_in=built_in,
        parsed=[_rule(each) for each in gate.entries],
        branches=list(gate.branches),
        tags=list(gate.tags),
        errors=[TroubleShape(each.line, each.message) for each in troubles],
        updated_at=chosen.own.updated_at if chosen.own else None,
        judged=judged,
    )


def _rule(entry: Entry) -> RuleShape:
    return RuleShape(entry.rule.name, entry.about, entry.text, entry.line)


def _verdict(conn: Connection, report: Report, base: str) -> VerdictShape:
    judged = report.judged or []
    return VerdictShape(
        report_id=report.id,
        profile_id=report.profile_id,
        state=report.state.value,
        waiting=_is_waiting(conn, report),
        gate=report.gate,
        reason=gates.explain(judged),
        rules=[OutcomeShape(each["rule"], each["passed"], each["said"]) for each in judged],
        url=f"{base}/reports/{report.id}",
    )


def _is_waiting(conn: Connection, report: Report) -> bool:
    """Whether the report is still to be judged: it shows a little earlier than that."""
    if report.state in UNDER_WAY:
        return True
    found = imports.get(conn, report.import_id) if report.import_id else None
    return found is not None and found.state in UNDER_WAY


def _tried(each: Trial, base: str) -> TriedShape:
    report = each.report
    return TriedShape(
        report.id,
        report.date,
        report.branch,
        report.build,
        each.verdict.gate,
        gates.explain(each.verdict.judged),
        f"{base}/reports/{report.id}",
    )
