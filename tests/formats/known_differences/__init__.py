"""Where Assay counts otherwise than the corpus' own counter, file by file, and why it is right.

A module a format, which may have any of

- `COUNTS`: files whose counts differ,
- `NOT_RECOGNISED`: files that no format claims, or another one than their folder's,
- `CLAIMED`: files in another format's folder that are rightly taken for this one's,

each a path below the corpus and the reason.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path


def _gathered(table: str) -> dict[str, str]:
    names = sorted(path.stem for path in Path(__file__).parent.glob("[a-z]*.py"))
    modules = [import_module(f"{__name__}.{name}") for name in names]
    return {path: reason for found in modules for path, reason in getattr(found, table, {}).items()}


COUNTS = _gathered("COUNTS")
NOT_RECOGNISED = _gathered("NOT_RECOGNISED")
CLAIMED = _gathered("CLAIMED")
