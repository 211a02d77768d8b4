"""A small report in each format, written by a tool that makes such files.

NUnit's, xUnit.net's, Xcode's and ZAP's are written by hand after the tool's own description.
"""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent


def example(name: str) -> bytes:
    """The example of the format of that name: the only file here that is called so, whatever its
    ending. Raises `FileNotFoundError` where a format was added without one."""
    found = next(FOLDER.glob(f"{name}.*"), None)
    if found is None:
        raise FileNotFoundError(f"There is no example of the format {name} in {FOLDER.name}")
    return found.read_bytes()
