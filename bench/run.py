"""`make bench`: one run on one machine, budgets and ratios beside the peers.

    python -m bench.run [--results 10_000_000] [--only memory,disk] [--json FILE]

It always ends well; what falls short is marked so.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import traceback
from dataclasses import asdict
from pathlib import Path

import msgspec
from rich.console import Console

from bench import latency, measures
from bench.budget import Finding, draw, missing
from bench.peers import PEERS, ROOT

PACKAGES = ("lxml", "junitparser", "test-results-parser", "testo-core")
LARGE = ROOT / ".bench" / "large"

MEASURES: dict[str, measures.Measure] = {
    "parsing": measures.parsing,
    "importing": measures.importing,
    "formats": measures.formats,
    "memory": measures.memory,
    "idle": measures.idle,
    "disk": measures.disk,
    "deletion": measures.deletion,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--results", type=int, default=10_000_000, help="in the store, for latency")
    parser.add_argument("--only", default="", help="measures to make, by name, with commas")
    parser.add_argument("--json", type=Path, help="write the findings there, too")
    wanted = parser.parse_args()
    console = Console(width=None if sys.stdout.isatty() else 130)
    work: dict[str, measures.Measure] = MEASURES | {
        "latency": lambda _folder: latency.latencies(LARGE, wanted.results)
    }
    only = [name for name in wanted.only.split(",") if name] or list(work)
    install_peers(console)
    here = machine()
    found = [one for name in only for one in take(name, work[name], console)]
    console.print(f"\n{here}\n")
    draw(found, console)
    if wanted.json:
        wanted.json.write_bytes(msgspec.json.encode([asdict(one) for one in found]))


def install_peers(console: Console) -> None:
    """The peers live in their own virtual environment; without them their ratios are left out."""
    if all((PEERS / name).exists() for name in ("python", "testo")):
        return
    console.print("installing the peers …")
    steps = (
        [sys.executable, "-m", "venv", str(PEERS.parent)],
        [str(PEERS / "pip"), "install", "--quiet", *PACKAGES],
    )
    for step in steps:
        done = subprocess.run(step, capture_output=True, text=True, check=False)
        if done.returncode:
            console.print(f"that failed: {done.stderr.strip()[-300:]}")
            return


def take(name: str, measure: measures.Measure, console: Console) -> list[Finding]:
    """One measure in a folder of its own; what goes wrong is a finding, too."""
    console.print(f"measuring {name} …")
    try:
        with tempfile.TemporaryDirectory(prefix="assay-bench-") as folder:
            return measure(Path(folder))
    except Exception as error:  # the other measures are still to be made
        console.print(traceback.format_exc(), style="dim")
        return [missing(name, f"{type(error).__name__}: {error}"[:120])]


def machine() -> str:
    system, python = os.uname(), sys.version.split()[0]
    busy = f"load before {os.getloadavg()[0]:.1f}"
    return f"{os.cpu_count()} cores, {busy}, Python {python}, {system.sysname} {system.release}"


if __name__ == "__main__":
    main()
