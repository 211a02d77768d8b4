"""Other programs at the same work, each in the peers' own virtual environment."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import documents

ROOT = Path(__file__).parents[1]
PEERS = ROOT / ".bench" / "venv" / "bin"

PROGRAMS = {
    "lxml": "from lxml import etree\n"
    "work = lambda path: etree.parse(path, etree.XMLParser(huge_tree=True))",
    "junitparser": "from junitparser import JUnitXml\n"
    "work = lambda path: [case.result for suite in JUnitXml.fromfile(path) for case in suite]",
    "test-results-parser": "from test_results_parser import parse_junit_xml\n"
    "work = lambda path: parse_junit_xml(open(path, 'rb').read())",
    "json": "import json, zipfile\n"
    "def work(path):\n"
    "    if path.endswith('.zip'):\n"
    "        with zipfile.ZipFile(path) as archive:\n"
    "            return [json.loads(archive.read(name)) for name in archive.namelist()]\n"
    "    with open(path, 'rb') as file:\n"
    "        data = file.read()\n"
    "    try:\n"
    "        return json.loads(data)\n"
    "    except ValueError:\n"
    "        return [json.loads(line) for line in data.splitlines()]",
    "assay": "from assay.formats import by_name\n"
    "def work(path):\n"
    "    with open(path, 'rb') as file:\n"
    "        for item in by_name('junit').parse(iter(lambda: file.read(65536), b'')): pass",
}
TIMED = """
import sys, time
{program}
work(sys.argv[1])
began = time.process_time()
work(sys.argv[1])
print(time.process_time() - began)
"""


class PeerError(Exception):
    """A peer that is not installed, or did not do its work."""


def cpu(name: str, path: Path, python: Path | None = None) -> float:
    """CPU seconds that one program takes to read the file, its modules loaded and its caches
    warm."""
    python = python or PEERS / "python"
    if not python.exists():
        raise PeerError("the peers are not installed: make bench installs them")
    command = [str(python), "-c", TIMED.format(program=PROGRAMS[name]), str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    if done.returncode:
        raise PeerError(done.stderr.strip().splitlines()[-1])
    return float(done.stdout)


def testo(tests: int) -> float:
    """CPU seconds that `testo ingest` takes for a report of so many tests, beyond what it takes
    for one of one test."""
    with TemporaryDirectory() as folder:
        whole = _testo(documents.write(Path(folder) / "report.xml", tests))
        return whole - _testo(documents.write(Path(folder) / "one.xml", 1, 0.0))


def _testo(report: Path) -> float:
    program = PEERS / "testo"
    if not program.exists():
        raise PeerError("the peers are not installed: make bench installs them")
    command = [str(program), "ingest", "--cycle", "bench", "--ci", report.name]
    child = subprocess.Popen(
        command,
        cwd=report.parent,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"HOME": str(report.parent)},
    )
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in (0, 1):  # 1: a test failed
        raise PeerError(f"testo ingest ended with {child.returncode}")
    return usage.ru_utime + usage.ru_stime
