"""Every engine of the results store, as fixtures: a suite that imports them runs on all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assay.store.results import Results, open_results

ENGINES: dict[str, Callable[[Path], str]] = {
    "duckdb": lambda folder: f"duckdb://{folder}/results.duckdb",
}
"""An engine, and the address of a fresh store of it whose files are in a folder."""


@pytest.fixture(params=ENGINES)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return ENGINES[request.param](tmp_path)


@pytest.fixture
def store(url: str) -> Iterator[Results]:
    opened = open_results(url)
    yield opened
    opened.close()
