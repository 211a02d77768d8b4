"""Gatling's simulation.log as it was until version 3.11: a record a line, with tabs in between.

The fields before the times differ between versions (2 has the scenario and the user, 3.0 the user
alone), so that they are found by the status and the times that stand before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from assay.formats._gatling_binary import ERROR, GROUP, LONGEST_KEPT, REQUEST, USER, Begun, Record
from assay.formats._text import lines

BEGINS = re.compile(
    r"(?:ASSERTION\t[^\n]*\n)*(?:RUN\t|[^\t\n]*\t[^\t\n]*\tRUN\t)[^\n]*\b\d{12,13}\b"
)

KINDS = {"REQUEST": REQUEST, "USER": USER, "GROUP": GROUP, "ERROR": ERROR}
STATUSES = ("OK", "KO")
TIME = re.compile(r"\d{12,13}")


def read(chunks: Iterable[bytes]) -> Iterator[Begun | Record]:
    """Yield the run, then its records, without the lines that are none."""
    for line in lines(chunks):
        fields = line.split("\t")
        if "RUN" in (fields[0], *fields[2:3]):
            yield _begun(fields)
        kind = KINDS.get(fields[0]) or KINDS.get(fields[2] if len(fields) > 2 else "")
        record = _record(kind, fields) if kind else None
        if record:
            yield record


def _begun(fields: list[str]) -> Begun:
    simulation = fields[1] if fields[0] == "RUN" else fields[0]
    place = next((i for i, each in enumerate(fields) if TIME.fullmatch(each)), 0)
    after = [field.strip() for field in fields[place + 1 :]]
    version = after[-1] if len(after) > 1 else ""
    start = int(fields[place]) / 1000 if place else 0.0
    return Begun(version, simulation, start, after[0] if after else "", ())


def _record(kind: int, fields: list[str]) -> Record | None:
    if kind == USER:
        return Record(USER, good="START" in fields)
    end = next((place for place, each in enumerate(fields) if each in STATUSES), 0)
    if not end:  # version 2 calls an error a GROUP, too
        told = kind != REQUEST and len(fields) > 1
        return Record(ERROR, good=False, message=fields[1].strip()) if told else None
    times = [int(each) for each in fields[:end] if TIME.fullmatch(each)]
    first = next((place for place, each in enumerate(fields) if TIME.fullmatch(each)), end)
    if kind == GROUP:
        return _made(GROUP, fields[first - 1], "", times, fields, end)
    return _made(REQUEST, fields[first - 2], fields[first - 1], times, fields, end)


def _made(
    kind: int, groups: str, name: str, times: list[int], fields: list[str], end: int
) -> Record | None:
    if not times:
        return None
    path = tuple(title.strip()[:LONGEST_KEPT] for title in groups.split(",") if title.strip())
    seconds = (times[-1] - times[0]) / 1000 if times[-1] >= times[0] else None
    message = " ".join(filter(None, map(str.strip, fields[end + 1 :])))
    return Record(kind, path, name, times[0] / 1000, seconds, fields[end] == "OK", message)
