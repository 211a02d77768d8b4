"""JMeter's CSV: a row a request, some forty to each test of the run, which here is a kind of
request."""

from __future__ import annotations

import csv
from datetime import timedelta
from io import StringIO
from random import Random

from assay.demo.run import Case, Run

COLUMNS = (
    *("timeStamp", "elapsed", "label", "responseCode", "responseMessage", "threadName"),
    *("success", "bytes", "sentBytes", "grpThreads", "allThreads", "Latency", "Connect"),
)
REQUESTS = 40
APART = timedelta(milliseconds=120)
BUSY = 7
"""Of a kind of request that fails every so many."""


def write(run: Run) -> bytes:
    out = StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(COLUMNS)
    for number in range(REQUESTS):
        for place, case in enumerate(run.cases):
            rows.writerow(row(run, case, number, number * len(run.cases) + place))
    return out.getvalue().encode()


def row(run: Run, case: Case, number: int, place: int) -> tuple[object, ...]:
    dice = Random(f"{run.build}/{case.name}/{number}")  # noqa: S311
    took = max(1, round(case.seconds * 1000 * dice.lognormvariate(0, 0.35)))
    failed = case.failure is not None and number % BUSY == 0
    code, message = (503, case.failure.message) if failed and case.failure else (200, "OK")
    start = round((run.date + place * APART).timestamp() * 1000)
    thread = f"{case.suite} 1-{number % 10 + 1}"
    size = dice.randint(800, 6000)
    good = str(not failed).lower()
    return (start, took, case.name, code, message, thread, good, size, 310, 10, 10, took // 2, 2)
