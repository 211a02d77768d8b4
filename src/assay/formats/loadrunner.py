"""LoadRunner's RunReport.xml, which Jenkins' plug-in makes of a run: transactions and goals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from assay.formats import _json
from assay.formats._figures import Figures, failure, items_of
from assay.formats._xml import Element, elements
from assay.formats.format import Format, Head
from assay.model import Error, Item, Notice, Result, Run, Status

SCOPES = frozenset({"Runs", "General", "SLA"})
TESTS = frozenset({"Transactions", "SLA_GOAL", "VUsers", "Time"})

STATUSES = {"Passed": Status.PASSED, "Failed": Status.FAILED, "NoData": Status.SKIPPED}
GOALS = ("SLA",)
TRANSACTIONS = ("transactions",)
DATE = "%d/%m/%Y %H:%M:%S"


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield the virtual users, the transactions, the goals, then the run."""
    run = Run()
    for part in elements(chunks, SCOPES, TESTS):
        if isinstance(part, Notice):
            yield part
            continue
        for record in part.records:
            if record.tag == "Time":
                run = _run(record)
            elif record.tag == "VUsers":
                yield from _users(record)
            elif record.tag == "Transactions":
                yield from _transactions(record)
            elif record.tag == "SLA_GOAL":
                yield _goal(record)
    yield run


def _run(time: Element) -> Run:
    start, end = _moment(time.get("Start")), _moment(time.get("End"))
    took = _json.number(time.get("Duration"))
    if start and end and end >= start:
        took = (end - start).total_seconds()
    return Run(start, took)


def _moment(text: str | None) -> datetime | None:
    try:
        return datetime.strptime(text or "", DATE).replace(tzinfo=UTC)
    except ValueError:
        return None


def _count(element: Element, name: str) -> int:
    return max(0, int(_json.number(element.get(name)) or 0))


def _users(users: Element) -> Iterator[Result]:
    count, bad = _count(users, "Count"), _count(users, "Failed") + _count(users, "Error")
    if not count:
        return
    status = Status.FAILED if bad else Status.PASSED
    error = failure(bad, count, {}, "virtual users") if bad else None
    facts = {name.lower(): said for name, said in users.attrib.items()}
    yield Result((), "virtual users", status, error=error, metadata=facts)


def _transactions(transactions: Element) -> Iterator[Item]:
    """Those that were stopped are neither passed nor failed."""
    for each in transactions.iterfind("Transaction"):
        stopped = _count(each, "Stop")
        failed = _count(each, "Fail")
        metrics = {"samples": _count(each, "Pass") + failed + stopped, "errors": failed}
        facts = {"stopped": str(stopped)} if stopped else None
        name = each.get("Name") or "(unnamed)"
        yield from items_of(
            Figures(TRANSACTIONS, name, metrics, metadata=facts, noun="transactions")
        )


def _goal(goal: Element) -> Result:
    """A goal of a service level agreement; its verdict stands after its time ranges, if any."""
    status = STATUSES.get(_text(goal), Status.UNKNOWN)
    name = goal.get("FullName") or goal.get("Measurement") or "(unnamed)"
    of, percent = goal.get("TransactionName", ""), goal.get("Percentile", "")
    name = f"{name} {percent}".strip() if percent else name
    error = _error(goal) if status is Status.FAILED else None
    if status is Status.SKIPPED:
        error = Error(message="There is no data")
    return Result(GOALS, f"{of}: {name}" if of else name, status, error=error)


def _text(goal: Element) -> str:
    return " ".join([goal.text or "", *(each.tail or "" for each in goal)]).strip()


def _error(goal: Element) -> Error:
    broken = [each for each in goal.iter("TimeRangeInfo") if (each.text or "").strip() == "Failed"]
    if not broken:
        actual, wanted = goal.get("ActualValue", "?"), goal.get("GoalValue", "?")
        return Error(message=f"It was {actual}, the goal is {wanted}")
    trace = "\n".join(
        f"{each.get('StartTime')} to {each.get('EndTime')}: {each.get('ActualValue')}, "
        f"the goal is {each.get('GoalValue')}, the load {each.get('LoadValue')}"
        for each in broken
    )
    return Error(message=f"It did not hold in {len(broken)} ranges of time", trace=trace)


def _sniff(head: Head) -> bool:
    if head.kind != "xml" or head.root != "Runs":
        return False
    return not head.children.isdisjoint({"General", "SLA"})


FORMAT = Format(
    name="loadrunner",
    title="LoadRunner run report",
    sniff=_sniff,
    parse=parse,
    aliases=("loadrunner-runreport", "runreport"),
    made_by="LoadRunner and Performance Center, through OpenText's plug-in for Jenkins",
    how="HpToolsLauncher.exe -paramfile props.txt",
    file="RunReport.xml",
    notes=(
        "Each transaction is a result below `transactions`: failed when one of them did, with how "
        "many of how many as its error. Those that were stopped are neither; they are metadata.",
        "Its measurements are samples, errors and error rate; times are not in the file.",
        "Each goal of the service level agreement is a test below `SLA`: what was measured, or the "
        "ranges of time in which it did not hold, is its error. Without data it is skipped.",
        "The virtual users are a result: failed when one of them was.",
        "Dates are day/month/year, in an unknown zone, which is taken for UTC. LoadRunner's "
        "databases of sessions (.mdb) are not read: make this report of them.",
    ),
)
