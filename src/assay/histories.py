"""How tools that keep a history lay it out: which of the files that are delivered are which run."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from assay.errors import Malformed
from assay.unpack import Document

FITNESSE = re.compile(r"(?:^|/)([^/]+)/(\d{14})_[^/]*\.xml$")
"""A file of FitNesse's history: the page, and when it ran."""

SUITE = re.compile(rb"<suiteResults[\s>]")
PAGE = re.compile(rb"<testResults[\s>]")
LINK = re.compile(rb"\?pageHistory&(?:amp;)?resultDate=(\d{14})")
BREAK = re.compile(rb"[<>?\s]")
"""How a suite's history names that of a page which ran in it: what stands between is its name."""

HEAD = 1_024
LONGEST_NAME = 500


@dataclass(frozen=True, slots=True)
class Member:
    """A file of a delivery: its place in it, its name, and when it was written."""

    index: int
    name: str
    written: datetime | None


@dataclass(slots=True)
class Group:
    """The files of one run that are reports, and those `beside` them that only belong to it. Its
    name is the file's or the folder's."""

    name: str
    files: list[Member] = field(default_factory=list)
    beside: list[Member] = field(default_factory=list)


Open = Callable[[], Iterator[Document]]
Way = Callable[[list[Member], list[Member], Open], list[Group]]
"""From the files that are reports, all files, and what reads them, to runs."""


def by_file(chosen: list[Member], _members: list[Member], _read: Open) -> list[Group]:
    """A run a file."""
    return [Group(each.name, [each]) for each in chosen]


def by_folder(chosen: list[Member], members: list[Member], _read: Open) -> list[Group]:
    """A run a folder, with all that lies in it: Gatling writes its page beside its log."""
    groups: dict[str, Group] = {}
    for each in chosen:
        folder = _folder(each.name)
        groups.setdefault(folder, Group(folder)).files.append(each)
    taken = {each.index for each in chosen}
    for member in members:
        if member.index not in taken and (group := _around(groups, member.name)):
            group.beside.append(member)
    return list(groups.values())


def _folder(name: str) -> str:
    """Of a simulation; its figures lie in one more, called js."""
    folder = name.rpartition("/")[0]
    return folder.removesuffix("/js") if folder != "js" else ""


def _around(groups: dict[str, Group], name: str) -> Group | None:
    """The run in whose folder the file lies, be it further down."""
    while name:
        name = name.rpartition("/")[0]
        if name in groups:
            return groups[name]
    return None


def by_suite(chosen: list[Member], _members: list[Member], read: Open) -> list[Group]:
    """A run a file of a suite, with those of the pages that ran in it, and one a page that ran
    alone. Other files of a wiki are no history. Raises `Malformed` where there is none."""
    wanted = {each.index: each for each in chosen}
    suites: list[Group] = []
    pages: list[Member] = []
    within: dict[tuple[str, str], Group] = {}
    for index, document in enumerate(read()):
        links = _links(document.chunks()) if index in wanted else None
        if links:
            suites.append(Group(wanted[index].name, [wanted[index]]))
            within.update(dict.fromkeys(links, suites[-1]))
        elif links is not None:
            pages.append(wanted[index])
    if not (suites or pages):
        raise Malformed("No file of the zip is FitNesse's: a <suiteResults> or a <testResults>")
    return [*suites, *_alone(pages, within)]


def _alone(pages: Iterable[Member], within: dict[tuple[str, str], Group]) -> Iterator[Group]:
    """The pages that ran in no suite; others are put beside theirs."""
    for page in pages:
        place = FITNESSE.search(page.name)
        suite = within.get((place[1], place[2])) if place else None
        if suite:
            suite.beside.append(page)
        else:
            yield Group(page.name, [page])


def _links(chunks: Iterator[bytes]) -> set[tuple[str, str]] | None:
    """What ran in a suite, and when: its pages and itself; nothing of a page. None for neither."""
    text = b""
    for chunk in chunks:
        text += chunk
        if len(text) >= HEAD:
            break
    if SUITE.search(text[:HEAD]):
        text += b"".join(chunks)
        return {_link(text, each) for each in LINK.finditer(text)} or {("", "")}
    return set() if PAGE.search(text[:HEAD]) else None


def _link(text: bytes, found: re.Match[bytes]) -> tuple[str, str]:
    before = text[max(0, found.start() - LONGEST_NAME) : found.start()]
    return BREAK.split(before)[-1].decode("utf-8", "replace"), found[1].decode()


WAYS: dict[str, Way] = {
    "fitnesse": by_suite,
    "gatling": by_folder,
    "jmeter": by_file,
    "jmetercsv": by_file,
    "trx": by_file,
}
"""The formats whose tools deliver several runs at once, and how those are told apart. All others
deliver one."""
