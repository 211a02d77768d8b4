"""Gatling's simulation.log as it was until version 3.11: a record a line, with tabs in between.

The fields before the times differ between versions (2 has the scenario and the user, 3.0 the user
alone): what stands right before the times is the name, and before that the groups.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from assay.formats._gatling_binary import ERROR, GROUP, LONGEST_KEPT, REQUEST, USER, Begun, Record
from assay.formats._text import lines

BEGINS = re.compile(
    r"(?:ASSERTION\t[^\n]*\n)*(?:RUN\t|[^\t\n]*\t[^\t\n]*\tRUN\t)[^\n]*\b\d{12,13}\b"
)

TIME = re.compile(r"\d{12,13}")

OLDEST = r"(?:[^\t]*\t[^\t]*\t)?"
"""Scenario and user, which stand before all else in 2.0."""

TIMES = r"(?P<start>\d{12,13})\t(?:\d{12,13}\t){0,2}(?P<end>\d{12,13})\t"
REQUESTED = re.compile(
    rf"{OLDEST}REQUEST\t(?:[^\t]*\t){{0,2}}?(?P<groups>[^\t]*)\t(?P<name>[^\t]*)\t{TIMES}"
    r"(?P<status>OK|KO)(?:\t(?P<said>.*))?"
)
GROUPED = re.compile(
    rf"{OLDEST}GROUP\t(?:[^\t]*\t){{0,2}}?(?P<groups>[^\t]*)\t{TIMES}"
    r"(?:-?\d+\t){0,2}(?P<status>OK|KO)\b"
)
ERRED = re.compile(r"(?:ERROR|GROUP)\t([^\t]+)\t\d{12,13}")
"""Version 2 calls an error a GROUP, too."""


def read(chunks: Iterable[bytes]) -> Iterator[Begun | Record]:
    """Yield the run, then its records, without the lines that are none."""
    for line in lines(chunks):
        if found := REQUESTED.match(line):
            yield _request(found)
        elif found := GROUPED.match(line):
            yield _made(GROUP, found, "", "")
        elif found := ERRED.match(line):
            yield Record(ERROR, good=False, message=found[1].strip())
        elif "\tSTART\t" in line:
            yield Record(USER)
        elif "RUN\t" in line:
            yield from _begun(line.split("\t"))


def _begun(fields: list[str]) -> Iterator[Begun]:
    place = next((i for i, each in enumerate(fields) if TIME.fullmatch(each)), 0)
    if place < 2 or "RUN" not in (fields[0], fields[2]):
        return
    simulation = fields[1] if fields[0] == "RUN" else fields[0]
    after = [field.strip() for field in fields[place + 1 :]]
    version = after[-1] if len(after) > 1 else ""
    yield Begun(version, simulation, int(fields[place]) / 1000, after[0] if after else "", ())


def _request(found: re.Match[str]) -> Record:
    said = found["said"] or ""
    message = " ".join(filter(None, map(str.strip, said.split("\t")))) if said else ""
    return _made(REQUEST, found, found["name"], message)


def _made(kind: int, found: re.Match[str], name: str, message: str) -> Record:
    start, end = int(found["start"]), int(found["end"])
    seconds = (end - start) / 1000 if end >= start else None
    good = found["status"] == "OK"
    return Record(kind, _groups(found["groups"]), name, start / 1000, seconds, good, message)


@lru_cache(maxsize=10_000)
def _groups(names: str) -> tuple[str, ...]:
    return tuple(title.strip()[:LONGEST_KEPT] for title in names.split(",") if title.strip())
