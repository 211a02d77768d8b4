"""Which of the files in one zip are which runs of tests, and which of those a profile has already.

XL TestView's rules (its documentation of test tools, "How results are imported"): most tools make
one run of all their files. Those that keep a history deliver it whole each time: FitNesse has a
file a suite's run, Gatling a folder a simulation, JMeter and TRX a file a run; only what is new of
it becomes reports. What tells runs apart is their key: it is the same whenever the same is sent.

This touches hostile bytes, and runs in a child process with limits (`sandbox`).
"""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct

from assay.belongings import base
from assay.errors import Malformed
from assay.formats import FORMATS, by_name
from assay.formats.detect import Judgement, peek
from assay.histories import WAYS, Group, Member
from assay.model import Notice, Run
from assay.patterns import matches
from assay.reading import Given, Reading, Task
from assay.unpack import READ_ERRORS, Document, Limits, documents

ATTACHED = "attachments.zip"
"""What a run's files that are no reports are kept as: there may be thousands."""

DATED = re.compile(r"\d{12,17}")
"""In the name of a file or folder: the time at which a tool wrote it, so it is there only once."""

LONGEST_KEY = 250
FIRST_YEAR = 1980  # all that a zip can say of a time that is not known
SHOWN = 5


class Division(Struct, frozen=True):
    """The zip at `path`, delivered as `name`: files that the Ant `pattern` means are reports of the
    format `formatter` (empty: each is told by its content). `known` are the keys of the runs that
    the profile has; `mark` tells two builds of the same second apart."""

    path: Path
    name: str
    formatter: str
    pattern: str
    known: list[str]
    mark: str
    spool: Path
    max_unpacked: int
    max_members: int
    memory: int
    seconds: int


class Piece(Struct, frozen=True):
    """A file of a run: its name as delivered, and the file in the spool that holds its bytes."""

    name: str
    file: str
    size: int
    sha256: str
    kind: str = "file"


class Portion(Struct, frozen=True):
    """A run that is new: its key, when it ran if that is known, and its files; none where it is
    the whole delivery."""

    key: str
    date: datetime | None
    pieces: list[Piece] = []


class Divided(Struct, frozen=True):
    """What a delivery brings, the oldest run first. Where it is one run as a whole, `pattern` says
    which of its files are reports (empty: all), and `aside` that those of other formats are not."""

    portions: list[Portion]
    pattern: str = ""
    aside: bool = False


@dataclass(frozen=True, slots=True)
class _Choice:
    """The files that are reports, and how they were found."""

    files: list[Member]
    pattern: str
    aside: bool


def divide(task: Division, report: Callable[[int], None]) -> Divided:
    """The new runs of a delivery, each read once from end to end.

    Raises `Malformed` for a zip that cannot be read, and where no file is a report, or one is
    broken: then nothing of it is to be imported.
    """
    members = _members(task)
    choice = _choose(task, members)
    way = WAYS.get(task.formatter)
    if way is None:
        return _whole(task, choice, report)
    groups = way(choice.files, members, lambda: _documents(task))
    return Divided(_several(task, groups, members))


def _limits(task: Division) -> Limits:
    return Limits(task.max_unpacked, task.max_members)


def _documents(task: Division) -> Iterator[Document]:
    return documents(task.path, task.name, _limits(task))


def _members(task: Division) -> list[Member]:
    """All files of the zip, none of which leads out of it."""
    try:
        with zipfile.ZipFile(task.path) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
    except READ_ERRORS as error:
        raise Malformed(f"This is no zip that can be read: {error}") from error
    if not infos:
        raise Malformed(
            "The zip holds no file. Are you sure that the tests ran, and that the pattern of files "
            "to send finds their reports?"
        )
    names = [document.name for document in _documents(task)]
    if len(names) != len(infos):  # a zip that is one file to people
        return [Member(0, names[0], None)]
    return [
        Member(index, name, _written(info))
        for index, (name, info) in enumerate(zip(names, infos, strict=True))
    ]


def _written(info: zipfile.ZipInfo) -> datetime | None:
    """The time of a DOS file system (APPNOTE 4.4.6), which has no zone: it is read as UTC."""
    try:
        found = datetime(*info.date_time, tzinfo=UTC)
    except ValueError:
        return None
    return found if found.year > FIRST_YEAR else None


def _choose(task: Division, members: list[Member]) -> _Choice:
    """The files that the pattern means; where it means none, those that are what it is about."""
    meant = [each for each in members if not task.pattern or matches(task.pattern, each.name)]
    if meant:
        return _Choice(meant, task.pattern, aside=False)
    formats = [by_name(task.formatter)] if task.formatter else FORMATS
    judgement = Judgement(formats)
    found = []
    for member, document in zip(members, _documents(task), strict=True):
        head, _ = peek(document.chunks())
        bundled = any(known.bundle and known.bundle.search(member.name) for known in formats)
        if bundled or judgement.claims(head):
            found.append(member)
    if found:
        return _Choice(found, "", aside=True)
    names = ", ".join(each.name for each in members[:SHOWN])
    more = f" and {len(members) - SHOWN:,} more" if len(members) > SHOWN else ""
    title = by_name(task.formatter).title if task.formatter else "a report that Assay knows"
    raise Malformed(
        f"No file of the zip matches the pattern {task.pattern}, and none is {title}. It holds "
        f"{names}{more}"
    )


# One run of all files


def _whole(task: Division, choice: _Choice, report: Callable[[int], None]) -> Divided:
    given = Given(task.path, task.name)
    seen = _look(task, [given], task.spool, choice, report)
    date = seen or max(filter(None, (each.written for each in choice.files)), default=None)
    key = f"{_milliseconds(date)}-{task.mark}"
    if date is None:
        key += f"-{_digest(task.path)[:16]}"
    portions = [] if key in task.known else [Portion(key, date)]
    return Divided(portions, choice.pattern, choice.aside)


def _milliseconds(date: datetime | None) -> int:
    return round(date.timestamp() * 1000) if date else 0


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class _Survey(Reading):
    """A reading that keeps nothing."""

    def dates(self) -> Iterator[datetime]:
        """When each document says that its tests ran."""
        with closing(self._pieces):
            for items in self._reports():
                dates = []
                for item in items:
                    if isinstance(item, Notice):
                        self._notice(item)
                    elif isinstance(item, Run) and item.date:
                        dates.append(item.date)
                yield from [min(dates)] if dates else []

    def check(self) -> None:
        """Raises `Malformed` unless there was a report, and none that is broken."""
        broken = next((line for line in self._log if line.level == "error"), None)
        if broken is not None:
            raise Malformed(f"{broken.file}: {broken.message}" if broken.file else broken.message)
        if not self._ends:
            raise Malformed("No file that was sent is a report that Assay knows")
        if not self._results:
            raise Malformed("The files that were sent hold no results")

    def _put_aside(self, name: str, chunks: Iterable[bytes]) -> None:
        if base(name) in BESIDE:
            super()._put_aside(name, chunks)


BESIDE = frozenset[str]().union(*(each.beside for each in FORMATS))
"""Files that are part of a report that lies beside them."""


def _look(
    task: Division,
    given: list[Given],
    spool: Path,
    choice: _Choice,
    report: Callable[[int], None],
) -> datetime | None:
    """Read these files as an import will, and say when the last of them says that it ran."""
    reading = Task(
        files=given,
        formatter=task.formatter,
        spool=spool,
        max_unpacked=task.max_unpacked,
        max_members=task.max_members,
        memory=task.memory,
        seconds=task.seconds,
        quiet=True,
        pattern=choice.pattern,
        strict=True,
        aside=choice.aside,
    )
    survey = _Survey(reading, report)
    latest = max(survey.dates(), default=None)
    survey.check()
    return latest


# A history of runs


def _several(task: Division, groups: list[Group], members: list[Member]) -> list[Portion]:
    known = frozenset(task.known)
    new = [each for each in groups if _name_key(each) not in known]
    if not new:
        return []
    taken = {each.index for group in groups for each in (*group.files, *group.beside)}
    wanted = {each.index for group in new for each in (*group.files, *group.beside)}
    rest = [each for each in members if each.index not in taken]
    pieces = _extract(task, wanted | {each.index for each in rest})
    dated = [(group, _date_of(task, group, pieces)) for group in new]
    keyed = {_key(group, date, pieces): (date, group) for group, date in dated}
    fresh = [(key, *each) for key, each in keyed.items() if key not in known]
    fresh.sort(key=lambda each: _milliseconds(each[1]))
    if fresh:
        fresh[0][2].beside.extend(rest)
    return [
        Portion(key, date, _pieces(task, number, group, pieces))
        for number, (key, date, group) in enumerate(fresh)
    ]


def _name_key(group: Group) -> str:
    """The key of a run whose name says when it ran; else nothing."""
    return _short(group.name) if DATED.search(group.name) else ""


def _key(group: Group, date: datetime | None, pieces: dict[int, Piece]) -> str:
    if named := _name_key(group):
        return named
    same = "" if date else " " + "".join(pieces[each.index].sha256[:16] for each in group.files)
    return _short(f"{_milliseconds(date)} {group.name}{same}")


def _short(key: str) -> str:
    if len(key) <= LONGEST_KEY:
        return key
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def _extract(task: Division, wanted: set[int]) -> dict[int, Piece]:
    found = {}
    for index, document in enumerate(_documents(task)):
        if index in wanted:
            found[index] = _store(task.spool / f"member-{index}", document)
    return found


def _store(path: Path, document: Document) -> Piece:
    digest, size = hashlib.sha256(), 0
    with path.open("wb") as out:
        for chunk in document.chunks():
            digest.update(chunk)
            size += out.write(chunk)
    return Piece(document.name, path.name, size, digest.hexdigest())


def _date_of(task: Division, group: Group, pieces: dict[int, Piece]) -> datetime | None:
    given = [Given(task.spool / pieces[m.index].file, pieces[m.index].name) for m in group.files]
    spool = task.spool / "survey"
    spool.mkdir(exist_ok=True)
    seen = _look(task, given, spool, _Choice(group.files, "", aside=False), lambda _percent: None)
    return seen or max(filter(None, (each.written for each in group.files)), default=None)


def _pieces(task: Division, number: int, group: Group, pieces: dict[int, Piece]) -> list[Piece]:
    own = [pieces[each.index] for each in group.files]
    beside = [pieces[each.index] for each in group.beside]
    return [*own, _pack(task.spool, number, beside)] if beside else own


def _pack(spool: Path, number: int, beside: list[Piece]) -> Piece:
    path = spool / f"beside-{number}"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for each in beside:
            archive.write(spool / each.file, each.name)
    return Piece(ATTACHED, path.name, path.stat().st_size, _digest(path), "attachment")
