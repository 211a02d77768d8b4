"""What is particular to the engine that is one file."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from assay.errors import Unavailable
from assay.model import Passes
from assay.queries.result_detail import show_result
from assay.store.results import open_results
from support.batches import report, result

HOLDER = """
import sys
from assay.store.results import open_results
store = open_results(sys.argv[1])
print("open", flush=True)
sys.stdin.read()
"""


def test_a_file_in_use_by_another_process_is_unavailable_and_says_why(tmp_path: Path) -> None:
    url = f"duckdb://{tmp_path}/results.duckdb"
    command = [sys.executable, "-c", HOLDER, url]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"open\n"
        with pytest.raises(Unavailable, match=r"in use by another process.*stop the other one"):
            open_results(url)
        holder.communicate()
    open_results(url).close()


def test_a_damaged_file_is_unavailable_and_says_what_to_do(tmp_path: Path) -> None:
    file = tmp_path / "results.duckdb"
    store = open_results(f"duckdb://{file}")
    store.write(1, 1, report(result("a")))
    store.close()
    for damaged in (b"not a database at all" * 1000, file.read_bytes()[:6000]):
        file.write_bytes(damaged)
        with pytest.raises(Unavailable, match=r"may be damaged.*reprocess"):
            open_results(f"duckdb://{file}")


def test_a_file_of_before_gets_the_tables_it_has_not(tmp_path: Path) -> None:
    url = f"duckdb://{tmp_path}/results.duckdb"
    store = open_results(url)
    store.write(1, 1, report(result("a")))
    store.ask("DROP TABLE alike", {})
    store.close()
    store = open_results(url)
    store.write(1, 2, report(Passes((), ["b"], [1.0], {"file": "x"})))
    assert show_result(store, 1, 1, 0).detail.metadata == {}
    assert show_result(store, 1, 2, 0).detail.metadata == {"file": "x"}
    store.close()


def test_a_folder_that_is_not_there_is_made_and_odd_names_are_fine(tmp_path: Path) -> None:
    store = open_results(f"duckdb://{tmp_path}/a%20b/é/results.duckdb")
    store.close()
    assert (tmp_path / "a b" / "é" / "results.duckdb").is_file()


def test_a_folder_that_cannot_be_made_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(Unavailable, match="folder"):
        open_results(f"duckdb://{tmp_path}/file/results.duckdb")


def test_stores_in_memory_are_apart() -> None:
    first, second = open_results("duckdb://"), open_results("duckdb://")
    first.write(1, 1, report(result("a")))
    assert second.ask("SELECT count(*) FROM results", {}) == [(0,)]
    first.close()
    second.close()


def test_a_file_is_opened_once_in_a_process_too(tmp_path: Path) -> None:
    url = f"duckdb://{tmp_path}/it's.duckdb"
    store = open_results(url)
    with pytest.raises(Unavailable, match="in use"):
        open_results(url)
    store.close()
    open_results(url).close()


KILLED = f"""
import os, sys
sys.path.insert(0, {str(Path(__file__).parents[2])!r})
from assay.store.results import open_results
from support.batches import report, result
store = open_results(sys.argv[1])
for each in (1, 2, 3):
    store.write(1, each, report(result("a", stdout="x" * 1000)))
os._exit(9)
"""


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    """What a killed process left to be taken up: three reports that are not in the file yet."""
    subprocess.run([sys.executable, "-c", KILLED, f"duckdb://{tmp_path}/r.duckdb"], check=False)
    return tmp_path / "r.duckdb.wal"


def test_a_write_torn_off_by_a_power_cut_is_as_if_never_begun(journal: Path) -> None:
    journal.write_bytes(journal.read_bytes()[:-100])
    store = open_results(f"duckdb://{journal.with_suffix('')}")
    assert store.ask("SELECT report FROM results ORDER BY 1", {}) == [(1,), (2,)]
    store.close()


def test_a_damaged_journal_is_told_and_never_skipped(journal: Path) -> None:
    text = bytearray(journal.read_bytes())
    text[len(text) // 2] ^= 255
    journal.write_bytes(text)
    with pytest.raises(Unavailable, match="damaged"):
        open_results(f"duckdb://{journal.with_suffix('')}")


def test_a_question_too_large_for_its_memory_is_unavailable(tmp_path: Path) -> None:
    store = open_results(f"duckdb://{tmp_path}/r.duckdb", memory="20MB")
    with pytest.raises(Unavailable, match="memory"):
        store.ask("SELECT groupArray(a || repeat('x', 100)) FROM range(1000000) t(a)", {})
    assert store.ask("SELECT 1", {}) == [(1,)]
    store.close()
