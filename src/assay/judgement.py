"""Judging reports by the gates of their profiles, and what a gate would have said of old ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assay import gates
from assay.gates import BUILT_IN, BuiltIn, Facts, Gate, Load, Matched, Trouble, Verdict
from assay.gates.globs import regex
from assay.gates.timing import ALL
from assay.queries.load import MEAN, Figure, has_load, list_figures
from assay.queries.matching_tests import find_tests
from assay.queries.regressions import count_regressions
from assay.store import Stores
from assay.store.catalog import gates as rows
from assay.store.catalog import profiles, reports
from assay.store.catalog.gates import GateRow
from assay.store.catalog.profiles import Profile
from assay.store.catalog.reports import Report, State

LOOKED_AT = 50
"""Reports that a gate is tried on."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The gate of a profile: its `own` text, or one that comes with Assay. `built_in` is None where
    it depends on the report: whether it is a load test's."""

    own: GateRow | None
    built_in: BuiltIn | None

    @property
    def text(self) -> str:
        """Its rules, as they are shown: a profile's default is that of functional tests."""
        return self.own.rules if self.own else (self.built_in or gates.FUNCTIONAL).rules


@dataclass(frozen=True, slots=True)
class Trial:
    """What a gate says of a report."""

    report: Report
    verdict: Verdict


def choose(stores: Stores, profile: Profile) -> Chosen:
    """The gate by which reports of the profile are judged."""
    with stores.catalog.read() as conn:
        own = rows.get(conn, profile.id)
    return Chosen(own, None if own else BUILT_IN.get(profile.qualification))


def judge_report(stores: Stores, report_id: int) -> Report | None:
    """Judge a report that is done, and keep what came of it; the report then. Done again, it comes
    to the same as long as neither the gate nor the reports before it are others."""
    with stores.catalog.read() as conn:
        report = reports.get(conn, report_id)
        profile = profiles.get(conn, report.profile_id) if report else None
    if report is None or profile is None or report.state is not State.DONE:
        return report
    verdict = _decide(stores, choose(stores, profile), report)
    with stores.catalog.write() as conn:
        rows.keep(conn, report.id, verdict.gate, verdict.judged)
        return reports.get(conn, report.id)


def judge_latest(stores: Stores, profile: int) -> Report | None:
    """Judge the newest report again, whose gate has changed."""
    with stores.catalog.read() as conn:
        found = reports.of_profile(conn, profile, limit=1)
    return judge_report(stores, found[0].id) if found else None


def preview(stores: Stores, profile: Profile, gate: Gate, limit: int = LOOKED_AT) -> list[Trial]:
    """What the gate says of the profile's latest reports, newest first: the same as it decides."""
    with stores.catalog.read() as conn:
        found = reports.of_profile(conn, profile.id, limit=limit)
    return [Trial(each, decide(stores, gate, each)) for each in found]


def decide(stores: Stores, gate: Gate, report: Report) -> Verdict:
    """What the gate says of a report."""
    return gates.judge(gate, _facts(stores, report))


def built_in_for(stores: Stores, chosen: Chosen, report: Report) -> BuiltIn:
    """The gate of those that come with Assay by which the report is judged."""
    if chosen.built_in:
        return chosen.built_in
    load = has_load(stores.results, report.profile_id, report.id)
    return gates.PERFORMANCE if load else gates.FUNCTIONAL


def _decide(stores: Stores, chosen: Chosen, report: Report) -> Verdict:
    text = chosen.own.rules if chosen.own else built_in_for(stores, chosen, report).rules
    gate, troubles = gates.read(text)
    return _unreadable(troubles[0]) if troubles else decide(stores, gate, report)


def _unreadable(trouble: Trouble) -> Verdict:
    """Of rules that were good when they were written."""
    return Verdict(None, [{"rule": "the gate", "passed": None, "said": str(trouble)}])


def _facts(stores: Stores, report: Report) -> Facts:
    return Facts(
        counts=report.counts,
        new_failures=report.changes.new_failures,
        gone=report.changes.gone,
        duration=report.duration,
        branch=report.branch,
        tags=report.tags,
        metadata=report.metadata,
        ask=Records(stores, report),
    )


@dataclass(frozen=True, slots=True)
class Records:
    """What the stores know of a report beside what its row in the catalog says."""

    stores: Stores
    report: Report

    def has_earlier(self) -> bool:
        return bool(self._before(1))

    def regressions(self) -> int:
        before = self._before(1)
        if not before:
            return 0
        return count_regressions(
            self.stores.results, self.report.profile_id, before[0].id, self.report.id
        )

    def matching(self, globs: Sequence[str]) -> Matched:
        mine = self.report.profile_id, self.report.id
        found = find_tests(self.stores.results, *mine, regex(globs))
        names = (" › ".join((*each.path, each.name)) for each in found.first)
        return Matched(found.tests, found.failing, tuple(names))

    def durations(self, last: int) -> Sequence[float]:
        found = (each.duration for each in self._before(last))
        return [seconds for seconds in found if seconds is not None]

    def load(self, metric: str, request: str) -> Load:
        found = self._figures([self.report], metric, request)
        return _load(found[0], metric) if found else Load(0)

    def loads(self, metric: str, request: str, last: int) -> Sequence[float]:
        found = self._figures(self._before(last), metric, request)
        values = (_load(each, metric).value for each in found)
        return [value for value in values if value is not None]

    def _before(self, last: int) -> list[Report]:
        place = self.report.date, self.report.id
        with self.stores.catalog.read() as conn:
            return reports.of_profile(conn, self.report.profile_id, before=place, limit=last)

    def _figures(self, of: Sequence[Report], metric: str, request: str) -> list[Figure]:
        pattern = None if request == ALL else regex([request])
        ids = [each.id for each in of]
        return list_figures(self.stores.results, self.report.profile_id, ids, metric, pattern)


def _load(found: Figure, metric: str) -> Load:
    value = found.mean if metric == MEAN else found.most
    return Load(found.requests, found.samples, found.errors, value, found.worst)
