"""Real reports by other people's tools, where the machine has them: a folder with a MANIFEST.tsv.

It is looked for at `$ASSAY_CORPUS`, or in `shared/corpus` beside the repository. Nothing of it is
part of the project; tests over it are skipped where it is absent.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(os.environ.get("ASSAY_CORPUS") or Path(__file__).parents[3] / "shared" / "corpus")

ABSENT = f"there is no corpus at {ROOT} (set ASSAY_CORPUS to its folder)"

COUNTS = ("tests", "passed", "failed", "errored", "skipped")


@dataclass(frozen=True, slots=True)
class Row:
    """One file: its path below the root, its format's folder, and how its tests were counted.

    `counts` has only the words that the manifest states; where it does not state `errored`,
    `failed` covers both.
    """

    path: str
    format: str
    counts: dict[str, int]
    note: str

    def read(self) -> bytes:
        return (ROOT / self.path).read_bytes()


@cache
def rows() -> tuple[Row, ...]:
    """All of the manifest; nothing where there is no corpus."""
    manifest = ROOT / "MANIFEST.tsv"
    if not manifest.exists():
        return ()
    head, *lines = manifest.read_text(encoding="utf-8").splitlines()
    columns = head.split("\t")
    return tuple(_row(dict(zip(columns, line.split("\t"), strict=True))) for line in lines if line)


def _row(cells: dict[str, str]) -> Row:
    counts = {word: int(cells[word]) for word in COUNTS if cells[word]}
    return Row(cells["path"], cells["format"], counts, cells["note"])


def of(*folders: str) -> list[Row]:
    """The rows of these formats' folders."""
    return [row for row in rows() if row.format in folders]
