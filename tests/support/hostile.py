"""Files that are out to hurt, and what is to be said of each."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator

from support.house import REPORT

MEGABYTE = 1_000_000

BOMB = b"""<?xml version="1.0"?><!DOCTYPE testsuite [<!ENTITY a "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">
<!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]>
<testsuite name="s"><testcase name="&d;"/></testsuite>"""
EXTERNAL = b"""<?xml version="1.0"?><!DOCTYPE t [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<testsuite name="s"><testcase name="&x;"/></testsuite>"""


def zipped(**members: bytes) -> bytes:
    return _zip((name, [data]) for name, data in members.items())


def zip_bomb() -> bytes:
    return _zip([("zeros", [b"\0" * MEGABYTE] * 1_200)])


def _zip(members: Iterator[tuple[str, list[bytes]]] | list[tuple[str, list[bytes]]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, pieces in members:
            with archive.open(name, "w") as member:
                for piece in pieces:
                    member.write(piece)
    return out.getvalue()


HOSTILE: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "an entity bomb": (lambda: BOMB, "junit", "entit"),
    "an external entity": (lambda: EXTERNAL, "junit", "entit"),
    "deep nesting": (lambda: b"<testsuites>" + b"<testsuite>" * 500_000, "junit", "deep"),
    "deep JSON": (lambda: b"[" * 5_000_000, "cucumber", "deep"),
    "a tag without end": (lambda: b'<testsuite name="' + b"x" * 45 * MEGABYTE, "junit", "A tag of"),
    "a way out of the archive": (
        lambda: zipped(**{"../../x.xml": REPORT}),
        "",
        "outside itself",
    ),
    "an archive that unpacks to too much": (zip_bomb, "", "unpacks to"),
}
"""How the file is made, the format it is sent as, and a word of the reason."""
