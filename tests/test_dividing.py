"""Which files of a zip are which run, where an import through the door says too little."""

from __future__ import annotations

from pathlib import Path

import pytest

from assay.dividing import Divided, Division, divide
from assay.errors import Malformed
from support.testview_wire import zipped

TRX = (Path(__file__).parent / "samples" / "trx" / "mstest.trx").read_bytes()
UNDATED = b'<testsuite name="s"><testcase classname="c" name="n"/></testsuite>'


def divided(
    folder: Path, data: bytes, formatter: str = "junit", pattern: str = "", *known: str
) -> Divided:
    path = folder / "results.zip"
    path.write_bytes(data)
    spool = folder / "spool"
    spool.mkdir(exist_ok=True)
    limits = {"max_unpacked": 10**9, "max_members": 100, "memory": 10**9, "seconds": 60}
    task = Division(path, path.name, formatter, pattern, list(known), "mark", spool, **limits)
    return divide(task, lambda _percent: None)


def test_a_run_of_no_known_time_is_told_by_its_bytes(tmp_path: Path) -> None:
    never = (1980, 1, 1, 0, 0, 0)
    (one,) = divided(tmp_path, zipped({"a.xml": UNDATED}, never)).portions
    (same,) = divided(tmp_path, zipped({"a.xml": UNDATED}, never)).portions
    (other,) = divided(tmp_path, zipped({"b.xml": UNDATED}, never)).portions
    assert one.date is None
    assert one.key == same.key != other.key


def test_a_known_run_is_left_out(tmp_path: Path) -> None:
    data = zipped({"a/one.trx": TRX, "b/two.trx": TRX, "c.txt": b"c"})
    both = divided(tmp_path, data, "trx", "**/*.trx").portions
    assert [[piece.name for piece in each.pieces] for each in both] == [
        ["a/one.trx", "attachments.zip"],
        ["b/two.trx"],
    ]
    (new,) = divided(tmp_path, data, "trx", "**/*.trx", both[0].key).portions
    assert new.key == both[1].key
    assert not divided(tmp_path, data, "trx", "**/*.trx", *(each.key for each in both)).portions


def test_the_bytes_of_a_piece_are_in_the_spool(tmp_path: Path) -> None:
    (run,) = divided(tmp_path, zipped({"one.trx": TRX}), "trx").portions
    (piece,) = run.pieces
    assert (tmp_path / "spool" / piece.file).read_bytes() == TRX
    assert piece.size == len(TRX)


def test_a_file_that_broke_off_keeps_the_others_out(tmp_path: Path) -> None:
    data = zipped({"one.trx": TRX, "two.trx": TRX[: len(TRX) // 2]})
    with pytest.raises(Malformed, match=r"two\.trx"):
        divided(tmp_path, data, "trx")


def test_suites_that_name_each_other_are_both_runs(tmp_path: Path) -> None:
    link = "{0}?pageHistory&amp;resultDate=20260504100000"
    page = (Path(__file__).parent / "samples" / "fitnesse" / "history.xml").read_text()
    text = page.replace("ShopSuite?pageHistory", link.format("Other") + " ShopSuite?pageHistory")
    names = [f"r/{name}/20260504100000_1_0_0_0.xml" for name in ("ShopSuite", "Other")]
    found = divided(tmp_path, zipped(dict.fromkeys(names, text.encode())), "fitnesse").portions
    assert sorted(each.key for each in found) == sorted(names)
