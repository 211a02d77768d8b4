"""Each measure: a function from a scratch folder to findings. `MEASURES` lists them all."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median

from bench import documents, machine, peers, reports, site
from bench.budget import Finding, at_least, at_most, missing, told

TESTS = 100_000
TESTO_TESTS = 5_000
"""testo-core takes too long for more; its time grows with the number of tests."""

TESTS_OF = {
    "cucumber": 12_000,
    "robotframework": 25_000,
    "trx": 30_000,
    "gojson": 40_000,
    "ctrf": 100_000,
    "allure": 20_000,
}
"""Tests that make some 20 MB; of Allure as many files."""

TIMES = 3
LARGE = 50_000_000
OURS = Path(sys.executable)

Measure = Callable[[Path], list[Finding]]


def middle(work: Callable[[], float]) -> float:
    return median(work() for _ in range(TIMES))


def parsing(folder: Path) -> list[Finding]:
    """Read a report of 100,000 tests: CPU seconds, ours beside the peers'."""
    report = documents.write(folder / "report.xml", TESTS)
    ours = middle(lambda: peers.cpu("assay", report, OURS))
    size = f"{TESTS:,} tests, {report.stat().st_size / 1e6:.0f} MB"
    found = [told("parse: Assay", ours, "s CPU", size)]
    for name in ("lxml", "junitparser", "test-results-parser"):
        try:
            theirs = middle(lambda name=name: peers.cpu(name, report))  # type: ignore[misc]
            found.append(
                told(f"parse: {name}", theirs, "s CPU", f"Assay takes {ours / theirs:.2f} x")
            )
        except peers.PeerError as error:
            found.append(missing(f"parse: {name}", str(error)))
    return found


def importing(folder: Path) -> list[Finding]:
    """From POST to done through the real server: CPU seconds of the server and its children."""
    report = documents.write(folder / "report.xml", TESTS)
    spent, server, waited = import_cpu(folder, report)
    note = f"{server:.2f} of them in the server's own process; {waited:.2f} s by the clock"
    found = [told("import, HTTP to visible", spent, "s CPU", note)]
    try:
        tree = middle(lambda: peers.cpu("lxml", report))
        found.append(at_most("import / lxml's tree alone", spent / tree, 2.5, "x"))
        theirs = peers.testo(TESTO_TESTS) / TESTO_TESTS * TESTS
        note = f"{theirs:.1f} s CPU, from {TESTO_TESTS:,} tests"
        found.append(at_least("testo-core's ingest / import", theirs / spent, 50, "x", note))
    except peers.PeerError as error:
        found.append(missing("import beside the peers", str(error)))
    return found


def import_cpu(folder: Path, report: Path) -> tuple[float, float, float]:
    """CPU seconds in all, those of the server's own process, and wall seconds of one import, the
    median of some; the profile knows the tests."""
    first = site.prepare(folder / "data")
    with site.running(folder / "data", first) as here:
        here.send(report)
        spent, server, waited = [], [], []
        for _ in range(TIMES):
            before, own, began = (
                machine.cpu(here.pid),
                machine.own_cpu(here.pid),
                time.perf_counter(),
            )
            here.send(report)
            waited.append(time.perf_counter() - began)
            time.sleep(0.2)  # what is tidied up afterwards counts too
            spent.append(machine.cpu(here.pid) - before)
            server.append(machine.own_cpu(here.pid) - own)
    return median(spent), median(server), median(waited)


def formats(folder: Path) -> list[Finding]:
    """The imports of the formats that are used most, beside reading the same file into a tree:
    lxml's for XML, the standard library's for JSON."""
    first = site.prepare(folder / "data")
    found = []
    with site.running(folder / "data", first) as here:
        for name, tests in TESTS_OF.items():
            report = reports.write(folder, name, tests)
            here.send(report, name)
            spent = middle(partial(_cpu_of, here, report, name))
            tree = "lxml" if report.suffix in (".xml", ".trx") else "json"
            size = f"{tests:,} tests, {report.stat().st_size / 1e6:.0f} MB, {spent:.2f} s CPU"
            try:
                theirs = middle(lambda tree=tree, report=report: peers.cpu(tree, report))  # type: ignore[misc]
                found.append(
                    at_most(f"import {name} / {tree}'s tree", spent / theirs, 2.5, "x", size)
                )
            except peers.PeerError as error:
                found.append(missing(f"import {name}", str(error)))
            with machine.Watch(here.pid) as watch:
                here.send(report, name)
            found.append(at_most(f"memory: parser child, {name}", watch.child, 300, "MB"))
    return found


def _cpu_of(here: site.Site, report: Path, name: str) -> float:
    before = machine.cpu(here.pid)
    here.send(report, name)
    time.sleep(0.2)  # what is tidied up afterwards counts too
    return machine.cpu(here.pid) - before


def memory(folder: Path) -> list[Finding]:
    """What a report of 50 MB takes."""
    report = documents.write_of_size(folder / "large.xml", LARGE)
    first = site.prepare(folder / "data")
    with site.running(folder / "data", first) as here:
        here.send(documents.write(folder / "small.xml", 1_000))
        time.sleep(0.5)
        before = machine.memory(here.pid)
        with machine.Watch(here.pid) as watch:
            here.send(report)
    note = f"{report.stat().st_size / 1e6:.1f} MB"
    return [
        at_most("memory: parser child, 50 MB report", watch.child, 300, "MB", note),
        at_most("memory: server's growth meanwhile", watch.own - before, 100, "MB"),
    ]


def idle(folder: Path) -> list[Finding]:
    """A server that has nothing to do."""
    first = site.prepare(folder / "data")
    with site.running(folder / "data", first) as here:
        here.send(documents.write(folder / "small.xml", 100))
    starts, work = [], []
    for _ in range(TIMES):
        with site.running(folder / "data", first) as here:
            starts.append(here.start)
            work.append(machine.cpu(here.pid))
            time.sleep(1)
            whole = sum(map(machine.memory, machine.family(here.pid)))
            own = machine.memory(here.pid)
    note = f"{whole:.0f} MB with its helper processes, pages shared between them counted twice"
    return [
        at_most("idle server", own, 200, "MB", note),
        at_most("start, to the first answer", median(starts), 3, "s", f"{median(work):.2f} s CPU"),
    ]


def disk(folder: Path) -> list[Finding]:
    """Bytes in the results store for each passing result beyond a profile's first report."""
    data = folder / "data"
    first = site.prepare(data)
    sizes = []
    for rounds in (1, 5):
        with site.running(data, first) as here:
            for number in range(rounds):
                path = folder / f"{rounds}-{number}.xml"
                here.send(documents.write(path, TESTS, 0.0, seed=rounds * 10 + number))
                path.unlink()
        sizes.append((data / "results.duckdb").stat().st_size)
    each = (sizes[1] - sizes[0]) / (5 * TESTS)
    return [at_most("disk: a passing result", each, 16, "bytes", "5 reports of 100,000 tests")]


def deletion(folder: Path) -> list[Finding]:
    """Delete a report of 100,000 results, from the request to the answer."""
    report = documents.write(folder / "report.xml", TESTS)
    first = site.prepare(folder / "data")
    with site.running(folder / "data", first) as here:
        here.send(report)
        number = here.send(report)["report_id"]
        began = time.perf_counter()
        here.http.delete(f"/api/v3/reports/{number}").raise_for_status()
        took = time.perf_counter() - began
    return [at_most("delete a report of 100,000", took, 1, "s")]
