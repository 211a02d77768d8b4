"""The places that the administrator lets results be fetched from (ASSAY_SOURCES)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assay.errors import Invalid
from assay.settings import Settings

ENTRY = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]{0,63})(?:@(\d{1,18}))?=(\S+)")
SCHEMES = ("file:///", "s3://", "gs://", "az://")


@dataclass(frozen=True, slots=True)
class Source:
    """`company` is the only one that may use it; None: every company of this server."""

    name: str
    url: str
    company: int | None


def read_sources(settings: Settings) -> tuple[Source, ...]:
    """All of them. Raises `Invalid`, saying which entry cannot be read: names must be unique, and
    where anyone may make an account, each has to say whose it is."""
    found = [_read(entry) for entry in re.split(r"[\s,]+", settings.sources.strip()) if entry]
    names = [each.name for each in found]
    for each in found:
        if names.count(each.name) > 1:
            raise Invalid(f"ASSAY_SOURCES names {each.name} twice", "sources")
        if each.company is None and settings.sign_up == "open":
            raise Invalid(
                f"ASSAY_SOURCES lets every company read {each.name}, and ASSAY_SIGN_UP lets anyone "
                f"make a company. Say whose it is: {each.name}@COMPANY=…",
                "sources",
            )
    return tuple(found)


def sources_for(settings: Settings, company: int) -> tuple[Source, ...]:
    """Those that a company may use."""
    return tuple(each for each in read_sources(settings) if each.company in (None, company))


def source_of(settings: Settings, company: int, name: str) -> Source:
    """The one with this name. Raises `Invalid` where a company has none such."""
    for each in sources_for(settings, company):
        if each.name == name:
            return each
    raise Invalid(
        f"There is no source {name[:80]!r}. The administrator of this server allows some with "
        "ASSAY_SOURCES",
        "source",
    )


def _read(entry: str) -> Source:
    found = ENTRY.fullmatch(entry)
    if found is None or not found[3].startswith(SCHEMES):
        raise Invalid(
            f"ASSAY_SOURCES: {entry!r} is not understood. Write name=file:///folder or "
            "name=s3://bucket/prefix, for one company alone name@COMPANY=…, with spaces between",
            "sources",
        )
    return Source(found[1], found[3], int(found[2]) if found[2] else None)
