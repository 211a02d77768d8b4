"""What the parts have in common that CTest writes for CDash: the build they are of, coded values.

A value may be written in Base64, and be compressed before that: `gzip` is what zlib writes, with
or without gzip's header, `tar/gzip` a tar of one file in such a stream.
"""

from __future__ import annotations

import io
import tarfile
import zlib
from binascii import a2b_base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from assay.formats._time import moment
from assay.formats._xml import Element, Scope
from assay.model import Run

LARGEST = 16 << 20
"""Bytes of one value, uncompressed; the rest is left out."""

EITHER_HEADER = 47
"""zlib's `wbits` for "gzip's header or zlib's, whichever there is"."""

OF_THE_RUN = {
    "BuildName": "build name",
    "Name": "site",
    "Generator": "generator",
    "CompilerName": "compiler",
    "CompilerVersion": "compiler version",
    "OSName": "os",
    "OSRelease": "os release",
    "OSPlatform": "platform",
}
"""Attributes of `<Site>`, and what they are called here."""

UNNAMED = "(empty)"
"""What CTest writes for a site or build without a name."""


@dataclass(slots=True)
class Section:
    """One part of a submission: `Testing`, `Build` … and the site it is of."""

    site: dict[str, str]
    subprojects: dict[str, str]  # by label
    about: dict[str, str]  # the section's attributes
    facts: dict[str, str] = field(default_factory=dict)  # its children that are plain text
    listed: list[str] = field(default_factory=list)  # tests that were to be run
    seen: set[str] = field(default_factory=set)
    counts: dict[str, int] = field(default_factory=dict)


def section_of(scope: Scope) -> Section:
    """What is known of the section that this scope is, or is to be."""
    found: Section | None = scope.state
    if found is None:
        outer = section_of(scope.outer) if scope.outer else Section(scope.attributes, {}, {})
        found = scope.state = Section(outer.site, outer.subprojects, scope.attributes)
    return found


def add_subproject(section: Section, element: Element) -> None:
    """Remember which labels are a subproject's."""
    name = element.get("name", "")
    for label in element.iterfind("Label"):
        section.subprojects[label.text or ""] = name


def labels_of(element: Element) -> tuple[str, ...]:
    """The labels of a test or a file, in their order."""
    return tuple(label.text for label in element.iterfind("Labels/Label") if label.text)


def times_of(section: Section) -> tuple[datetime | None, float | None]:
    """When a section began, and how many seconds it took: `StartTestTime`, `EndTime` …"""
    began = next((text for tag, text in section.facts.items() if _is_time(tag, "Start")), "")
    ended = next((text for tag, text in section.facts.items() if _is_time(tag, "End")), "")
    start, end = moment(began), moment(ended)
    lasted = (end - start).total_seconds() if start and end and end >= start else None
    return start, lasted


def _is_time(tag: str, edge: str) -> bool:
    return tag.startswith(edge) and tag.endswith("Time") and not tag.endswith("DateTime")


def run_of(section: Section) -> Run:
    """What a section says of the run."""
    date, duration = times_of(section)
    facts = {name: section.site.get(key, "") for key, name in OF_THE_RUN.items()}
    known = {name: said for name, said in facts.items() if said not in ("", UNNAMED)}
    return Run(date, duration, build=section.site.get("BuildStamp", ""), metadata=known or None)


def bytes_of(value: Element | None, coded: Mapping[str, str]) -> bytes:
    """A value as it was, by the encoding that is told beside it; as it stands, if that is wrong.

    The attributes are `encoding` and `compression`, in whatever case.
    """
    text = (value.text if value is not None else "") or ""
    how = {key.lower(): said.lower() for key, said in coded.items()}
    if how.get("encoding") != "base64":
        return text.encode()
    try:
        data = a2b_base64(text)
    except ValueError:
        return text.encode()
    return _inflated(data, how.get("compression", "none"))


def text_of(value: Element | None, coded: Mapping[str, str]) -> str:
    """The same as text."""
    return bytes_of(value, coded).decode("utf-8", "replace")


def _inflated(data: bytes, compression: str) -> bytes:
    if compression not in ("gzip", "tar/gzip", "bin/gzip"):
        return data
    try:
        found = zlib.decompressobj(EITHER_HEADER).decompress(data, LARGEST)
    except zlib.error:
        return data
    return _unpacked(found) if compression == "tar/gzip" else found


def _unpacked(archive: bytes) -> bytes:
    """The one file in a tar."""
    try:
        with tarfile.open(fileobj=io.BytesIO(archive), mode="r:") as tar:
            first = next((each for each in tar if each.isfile()), None)
            inside = tar.extractfile(first) if first else None
            return inside.read(LARGEST) if inside else archive
    except (tarfile.TarError, OSError, ValueError, EOFError):
        return archive
