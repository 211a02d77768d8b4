"""Files named on the command line: themselves, patterns of them, and folders of them."""

from __future__ import annotations

import glob
from collections.abc import Iterable, Iterator
from pathlib import Path

from assay.errors import Invalid

HIDDEN = "."


def files_of(names: Iterable[str]) -> list[Path]:
    """The files, each once, in the order given; a folder's and a pattern's by name.

    A folder is walked but for what is hidden in it. Raises Invalid for a name of nothing.
    """
    return list(dict.fromkeys(path for name in names for path in _named(name)))


def _named(name: str) -> Iterator[Path]:
    path = Path(name).expanduser()
    if path.is_dir():
        yield from _within(path)
    elif path.exists():
        yield path
    else:
        matches = sorted(glob.glob(str(path), recursive=True))
        if not matches:
            raise Invalid(f"There is no file {name}", "files")
        for match in matches:
            yield from _named(match)


def _within(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.name.startswith(HIDDEN) or path.is_symlink():
            continue
        if path.is_dir():
            yield from _within(path)
        elif path.is_file():
            yield path
