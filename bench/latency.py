"""How long pages and API calls take with millions of results in the store."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import cycle, islice
from pathlib import Path
from random import Random
from statistics import quantiles
from uuid import uuid4

import duckdb
import httpx
import msgspec
from sqlalchemy import Connection, insert

from assay.administration import FirstSteps
from assay.store import duckdb as duckdb_store
from assay.store.catalog import open_catalog, tables
from assay.store.catalog.tables import profiles, reports
from bench import generate, site
from bench.budget import Finding, at_most, missing

ROUNDS = 30
LARGE = 100_000
PAGE_MS = 150
OPEN_MS = 300
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)

COUNTS = """
SELECT report, profile, count(*), count_if(status = 1), count_if(status = 2), count_if(status = 3),
    count_if(status = 4), count_if(status = 5), count_if(flaky > 0), any_value(test), min(position)
FROM results GROUP BY report, profile ORDER BY report
"""


@dataclass(frozen=True, slots=True)
class Known:
    """Something to ask for: a report with its profile, a test and a place in it."""

    report: int
    profile: int
    total: int
    test: int
    position: int


QUESTIONS = {
    "page: company": "/companies/1",
    "page: profile": "/profiles/{profile}",
    "page: report": "/reports/{report}",
    "page: result": "/reports/{report}/results/{position}",
    "API: profiles": "/api/v3/profiles",
    "API: reports of a profile": "/api/v3/profiles/{profile}/reports",
    "API: tests of a profile": "/api/v3/profiles/{profile}/tests",
    "API: report": "/api/v3/reports/{report}",
    "API: failures of a report": "/api/v3/reports/{report}/results?status=failed",
    "API: results of a report, searched": "/api/v3/reports/{report}/results?q=orders_case_17",
    "API: a test's history": "/api/v3/tests/{profile}/{test:016x}/history",
}
"""Addresses, to be filled in with what is `Known`."""


def shelf(folder: Path, results: int) -> Path:
    """Where so many results are kept for the next time; another place once tables have changed."""
    made_by = (tables, duckdb_store, generate, sys.modules[__name__])
    sources = b"".join(Path(str(module.__file__)).read_bytes() for module in made_by)
    return folder / f"{results}-{sha256(sources).hexdigest()[:8]}"


def load(data: Path, results: int) -> tuple[FirstSteps, list[Known]]:
    """A folder with so many made-up results in all stores; the one of last time if it is there."""
    kept = data / "bench.json"
    if not kept.exists():
        first = site.prepare(data)
        generate.load(data / "results.duckdb", results)
        kept.write_bytes(msgspec.json.encode((first, enter(data))))
    return msgspec.json.decode(kept.read_bytes(), type=tuple[FirstSteps, list[Known]])


def enter(data: Path) -> list[Known]:
    """Put the generated reports into the catalog, a day each, as imports would have done."""
    with duckdb.connect(str(data / "results.duckdb"), read_only=True) as results:
        rows = results.execute(COUNTS).fetchall()
    catalog = open_catalog(f"sqlite:///{data.resolve()}/catalog.sqlite")
    with catalog.write() as conn:
        conn.execute(insert(profiles), list(profile_rows({row[1] for row in rows})))
        add_reports(conn, rows)
    catalog.close()
    return [Known(row[0], row[1], row[2], row[9], row[10]) for row in rows]


def profile_rows(ids: set[int]) -> Iterator[dict[str, object]]:
    """The first profile and group are there already."""
    for number in sorted(ids - {1}):
        yield {
            "id": number,
            "uuid": str(uuid4()),
            "company_id": 1,
            "group_id": 1,
            "name": f"Profile {number}",
            "created_at": NOW,
        }


def add_reports(conn: Connection, rows: list[tuple[int, ...]]) -> None:
    first = NOW - timedelta(hours=len(rows))
    names = ("total", "passed", "failed", "broken", "skipped", "unknown", "flaky")
    told: dict[str, object] = {"origin": "junit", "state": "done", "tags": [], "metadata": {}}
    told |= {"branch": "main", "build": "", "duration": 60.0}
    told |= dict.fromkeys(("new_failures", "fixed", "still_failing", "new_tests", "gone"), 0)
    made = []
    for number, row in enumerate(rows):
        date = first + timedelta(hours=number)
        when = {"date": date, "created_at": date, "updated_at": date}
        counts = dict(zip(names, row[2:9], strict=True))
        each = {
            "id": row[0],
            "profile_id": row[1],
            "uuid": str(uuid4()),
            "commit": f"{number:040x}",
        }
        made.append(told | when | counts | each)
    conn.execute(insert(reports), made)


def latencies(folder: Path, results: int) -> list[Finding]:
    """Pages and API calls with so many results in the store."""
    data = shelf(folder, results)
    first, known = load(data, results)
    Random(1).shuffle(known)
    large = [one for one in known[ROUNDS:] if one.total > LARGE * 0.9]
    with site.running(data, first) as here:
        found = [ask(here.http, what, path, known) for what, path in QUESTIONS.items()]
        found.append(opened(here.http, large))
    return found


def ask(http: httpx.Client, what: str, path: str, known: list[Known]) -> Finding:
    times, problem = timed(http, path, known)
    if problem:
        return missing(what, problem)
    middle, slow = quantiles(times, n=20, method="inclusive")[9::9]
    return at_most(f"{what}, p95", slow, PAGE_MS, "ms", f"p50 {middle:.0f} ms")


def opened(http: httpx.Client, large: list[Known]) -> Finding:
    """A report of 100,000 results that nobody has looked at yet."""
    what = "page: a report of 100,000 opens"
    if not large:
        return missing(what, "no such report among so few results")
    times, problem = timed(http, QUESTIONS["page: report"], large)
    return (
        missing(what, problem) if problem else at_most(what, max(times), OPEN_MS, "ms", "slowest")
    )


def timed(http: httpx.Client, path: str, known: list[Known]) -> tuple[list[float], str]:
    """Milliseconds a request, each for something else; and what was wrong, if anything."""
    times = []
    for one in islice(cycle(known), ROUNDS):
        address = path.format(**asdict(one))
        began = time.perf_counter()
        answer = http.get(address, headers={"accept": "text/html, application/json"})
        times.append((time.perf_counter() - began) * 1000)
        if answer.status_code != httpx.codes.OK:
            return times, f"{address} answered {answer.status_code}"
    return times, ""
