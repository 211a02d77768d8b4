"""Which run that was asked for a report is of: told when the report is there, or has failed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import Connection

from assay.store.catalog import executions, reports
from assay.store.catalog.executions import Execution, ExecutionState
from assay.store.catalog.imports import Import
from assay.store.catalog.reports import Report

NAMES = frozenset({"execution", "assay_execution"})
"""Metadata and tags that say which run a report is of, in any case; in a dotted name the last part
counts, which is how the parameters of a Jenkins build come."""

CALLED = ("build", "pipeline", "run")
"""What is known of a run that a report may name as its build."""


def settle(conn: Connection, found: Import, now: datetime, failure: str = "") -> None:
    """End the run that this import's report is of, if it is of any; with `failure`, why it could
    not be read. In the transaction that ends the import. What is read again changes nothing."""
    if found.finished_at is not None:
        return
    report = reports.get(conn, found.report_id)
    run = _find(conn, found, report) if report else None
    if run is None:
        return
    state = ExecutionState.FAILED if failure else ExecutionState.DONE
    message = f"Its report could not be read. {failure}" if failure else ""
    executions.bind(conn, run.id, found.report_id, state, message, now)


def _find(conn: Connection, found: Import, report: Report) -> Execution | None:
    """The run that the report names, else the oldest whose build it is of, else the oldest that
    it may be of."""
    named = list(_named(found, report))
    if named:
        runs = (executions.get(conn, each) for each in named)
        return next((each for each in runs if each and each.profile_id == found.profile_id), None)
    waiting = [
        each
        for each in executions.open_of(conn, found.profile_id)
        if each.created_at <= found.received_at
    ]
    return _of_build(waiting, report) or next(_possible(waiting, report), None)


def _named(found: Import, report: Report) -> Iterator[str]:
    """The ids that it says."""
    given = found.options.get("execution")
    if isinstance(given, str) and given:
        yield given
    for name, value in report.metadata.items():
        if name.rsplit(".", 1)[-1].lower() in NAMES:
            yield str(value)
    for tag in report.tags:
        name, _, value = tag.partition(":")
        if value and name.lower() in NAMES:
            yield value.strip()


def _of_build(waiting: Sequence[Execution], report: Report) -> Execution | None:
    addresses = [str(each) for each in report.metadata.values()]
    for each in waiting:
        if report.build and report.build in _builds(each):
            return each
        if each.known and each.url and any(at.startswith(each.url) for at in addresses):
            return each
    return None


def _possible(waiting: Sequence[Execution], report: Report) -> Iterator[Execution]:
    """Those that have begun, without those whose build is known to be another one."""
    for each in waiting:
        another = report.build and each.known.get("build") and report.build not in _builds(each)
        if each.state is not ExecutionState.WAITING and not another:
            yield each


def _builds(run: Execution) -> list[str]:
    return [run.known[name] for name in CALLED if run.known.get(name)]
