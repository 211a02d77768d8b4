"""A bounded round of fuzzing; a long one is `make fuzz`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

FUZZER = Path(__file__).parent / "fuzz" / "formats.py"
SECONDS = 25


def test_no_format_bursts_hangs_or_swells(tmp_path: Path) -> None:
    pytest.importorskip("atheris", reason="there is no atheris for this Python")
    found = tmp_path / "found"
    found.mkdir()
    ran = subprocess.run(
        [sys.executable, FUZZER, f"-max_total_time={SECONDS}", "-seed=1", found],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-4_000:]
    assert "Done" in ran.stderr
