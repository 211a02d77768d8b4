"""Reads one delivery, file by file, into a spool: batches of rows, assets, and what to say of it.

This is the part of an import that touches hostile bytes. It runs in a child process with limits
(`sandbox`), and writes only below the spool folder it is given, under names of its own making.
"""

from __future__ import annotations

import mimetypes
from array import array
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, pairwise
from pathlib import Path, PurePosixPath

import msgspec
from msgspec import Struct

from assay.errors import Ambiguous, Malformed, UnknownFormat
from assay.formats import FORMATS, by_name
from assay.formats.detect import choose, peek
from assay.formats.format import Format, Head
from assay.identify import Identifier
from assay.mentions import Mentions
from assay.merging import merged
from assay.model import Attachment, Notice, PackedItem, Passes, Result, Run
from assay.rows import AssetRef, Batch, Summary
from assay.unpack import Document, Limits, documents, listed

BATCHES = "batches"
OUTCOME = "outcome"
MOST_NOTICES = 200
"""Warnings kept of one file: a report that is odd in every line need not say so in each."""


class Given(Struct, frozen=True):
    """A delivered file: where its bytes are, what the client called it, and whether it was sent as
    a report (`file`) or as an `attachment`."""

    path: Path
    name: str
    kind: str = "file"


class Task(Struct, frozen=True):
    """What is to be read, and how far a reading may go. `smart` says whether the formats that can
    may tidy their tree, `merge` whether a test of several files is one result, `quiet` that nothing
    is said of files that are no reports."""

    files: list[Given]
    formatter: str
    spool: Path
    max_unpacked: int
    max_members: int
    memory: int
    seconds: int
    smart: bool = True
    merge: bool = False
    quiet: bool = False


class LogLine(Struct, frozen=True):
    """A line of the import's log: `level` is info, warning or error."""

    level: str
    message: str
    file: str = ""
    where: str = ""


class Kept(Struct, frozen=True):
    """An asset: its number in the report, the result's position (None: the report's own), its name,
    the file in the spool that holds its bytes, and the path it was delivered with."""

    number: int
    position: int | None
    name: str
    media_type: str
    file: str
    size: int
    path: str = ""


class Outcome(Struct, frozen=True):
    """What became of a reading. `reports` counts the documents that were recognised and read."""

    summary: Summary | None
    formats: list[str]
    reports: int
    failures: int
    log: list[LogLine]
    assets: list[Kept]


class _Delivered(Struct):
    """A delivered file that is no report: an attachment, wanted by a result or left over."""

    name: str
    file: str
    size: int
    wanted: bool = False


class _Wish(Struct, frozen=True):
    """A file that a report names, by the number its asset will have."""

    number: int
    position: int | None
    name: str
    path: str
    media_type: str


class Reading:
    """The state of reading one delivery."""

    def __init__(self, task: Task, progress: Callable[[int], None]) -> None:
        self._task = task
        self._progress = progress
        self._format = by_name(task.formatter) if task.formatter else None
        self._limits = Limits(task.max_unpacked, task.max_members)
        self._mentions = Mentions(
            name for file in task.files for name in listed(file.path, file.name, self._limits)
        )
        self._log: list[LogLine] = []
        self._assets: list[Kept] = []
        self._delivered: list[_Delivered] = []
        self._wishes: list[_Wish] = []
        self._formats: list[str] = []
        self._failures = 0
        self._numbers = 0
        self._file = ""
        self._results = 0
        self._notices = 0
        self._ends: list[int] = []
        self._done = 0
        self._total = max(sum(given.path.stat().st_size for given in task.files), 1)

    def run(self) -> Outcome:
        """Read everything; what fails is in the log and does not stop the rest."""
        identifier = Identifier(self._keep, self._notice)
        encode = msgspec.msgpack.Encoder().encode
        tests = array("Q")
        read = merged(self._reports()) if self._task.merge else chain.from_iterable(self._reports())
        with (self._task.spool / BATCHES).open("wb") as out:
            for batch in identifier.batches(read):
                frame = encode(batch)
                out.write(len(frame).to_bytes(4, "little"))
                out.write(frame)
                tests.frombytes(batch.test)
        self._match()
        self._tell_repeats(tests)
        summary = identifier.summary() if self._ends else None
        return Outcome(
            summary, self._formats, len(self._ends), self._failures, self._log, self._assets
        )

    def _reports(self) -> Iterator[Iterable[PackedItem]]:
        """The items of each document that is a report; each is used up before the next is asked
        for."""
        plain = sum(given.kind == "file" for given in self._task.files)
        for given in self._task.files:
            self._file = given.name
            try:
                for document in documents(given.path, given.name, self._limits):
                    self._file = document.name
                    alone = plain == 1 and not document.member
                    yield from self._read(document, given.kind, alone=alone)
            except Malformed as error:
                self._fail(error.message, error.where)

    def _read(
        self, document: Document, kind: str, *, alone: bool
    ) -> Iterator[Iterable[PackedItem]]:
        """The items of a document, or nothing of one that is kept as an attachment."""
        stream = self._count(document.chunks())
        if kind == "attachment":
            self._deliver(document.name, stream)
            return
        head, whole = peek(stream)
        try:
            found = self._choose(head, alone=alone)
        except UnknownFormat:
            if not self._task.quiet:
                self._say("info", "Not a report that Assay knows; kept as an attachment")
        except (Ambiguous, Malformed) as error:
            self._fail(str(error))
        else:
            yield self._parse(found, whole)
            return
        self._deliver(document.name, whole)

    def _choose(self, head: Head, *, alone: bool) -> Format:
        """The format to read this as. Where one is named, it is that or none, but a file that came
        `alone` is read as that in any case: then its reader can say best what is wrong with it.

        Raises `UnknownFormat`, `Ambiguous`, and `Malformed` for one that is in another format.
        """
        named = self._format
        if named is None:
            return choose(FORMATS, head)
        if named.sniff(head):
            return named
        try:
            other = choose(FORMATS, head)
        except UnknownFormat:
            if alone:
                return named
            raise
        if other.name in named.reads:
            return named
        raise Malformed(
            f"This is {other.title}, and the address names {named.title}: send it to "
            f"…/import/{other.name}, or to …/import, which finds out by itself"
        )

    def _parse(self, found: Format, chunks: Iterable[bytes]) -> Iterator[PackedItem]:
        before = self._results
        self._notices = 0
        try:
            for item in self._placed((found.packed or found.parse)(chunks), found):
                if type(item) is Result:
                    self._results += 1
                elif type(item) is Passes:
                    self._results += len(item.names)
                yield item
        except Malformed as error:
            self._fail(self._advise(error.message, found), error.where)
            if self._results == before:
                return
        self._ends.append(self._results)
        if found.name not in self._formats:
            self._formats.append(found.name)
        count = self._results - before
        self._say("info", f"{found.title}: {count:,} result{'' if count == 1 else 's'}")

    def _tell_repeats(self, tests: array[int]) -> None:
        """Say how many tests stand in several files; of one file its format knows better."""
        if self._task.merge or len(self._ends) < 2:
            return
        seen: set[int] = set()
        repeated: set[int] = set()
        for start, end in pairwise([0, *self._ends]):
            here = set(tests[start:end])
            repeated |= here & seen
            seen |= here
        if repeated:
            many = f"{len(repeated):,} tests stand" if len(repeated) > 1 else "1 test stands"
            self._file = ""
            self._say(
                "warning",
                f"{many} in several of these files, and each time is a result of its own. If the "
                "files are one run's shards or repeated tries, send merge_containers=true: then a "
                "test is one result, with its earlier tries as attempts",
            )

    def _placed(self, items: Iterator[PackedItem], found: Format) -> Iterator[PackedItem]:
        """The items where they stand in a tidied tree, if the format has one and it is wanted, and
        with the files that they name."""
        if self._mentions:
            items = self._mentions.add(items)
        return moved(items, found.smart) if found.smart and self._task.smart else items

    def _advise(self, message: str, found: Format) -> str:
        """A reader that was named and failed: perhaps another one was meant."""
        if self._format is None:
            return message
        return f"{message}. The address names the format {found.name}: is it the right one?"

    def _count(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        for chunk in chunks:
            self._done += len(chunk)
            self._progress(min(99, self._done * 100 // self._total))
            yield chunk

    def _fail(self, message: str, where: str = "") -> None:
        self._failures += 1
        self._say("error", message, where)

    def _say(self, level: str, message: str, where: str = "") -> None:
        self._log.append(LogLine(level, message, self._file, where))

    def _notice(self, notice: Notice) -> None:
        self._notices += 1
        if self._notices <= MOST_NOTICES:
            self._say("warning", notice.message, notice.where)
        elif self._notices == MOST_NOTICES + 1:
            self._say("warning", "… and more of the kind, not listed")

    def _number(self) -> int:
        self._numbers += 1
        return self._numbers

    def _spool(self, chunks: Iterable[bytes]) -> tuple[str, int]:
        file = f"asset-{len(self._delivered) + len(self._assets)}"
        size = 0
        with (self._task.spool / file).open("wb") as out:
            for chunk in chunks:
                size += out.write(chunk)
        return file, size

    def _deliver(self, name: str, chunks: Iterable[bytes]) -> None:
        file, size = self._spool(chunks)
        self._delivered.append(_Delivered(name.replace("\\", "/"), file, size))

    def _keep(self, attachment: Attachment, position: int | None) -> AssetRef:
        number = self._number()
        media_type = attachment.media_type
        if attachment.content is None:
            path = attachment.path.replace("\\", "/")
            self._wishes.append(_Wish(number, position, attachment.name, path, media_type))
        else:
            file, size = self._spool([attachment.content])
            kept = Kept(number, position, attachment.name, media_type, file, size)
            self._assets.append(kept)
        return AssetRef(attachment.name, number, attachment.path, media_type)

    def _match(self) -> None:
        """Give each named file to the result that names it, and the rest to the report."""
        by_base: dict[str, list[_Delivered]] = {}
        for each in self._delivered:
            by_base.setdefault(_base(each.name), []).append(each)
        for wish in self._wishes:
            candidates = by_base.get(_base(wish.path or wish.name), [])
            if candidates:
                best = max(candidates, key=lambda each: _shared_tail(each.name, wish.path))
                best.wanted = True
                self._keep_delivered(best, wish.number, wish.position, wish.media_type)
        for each in self._delivered:
            if not each.wanted:
                self._keep_delivered(each, self._number(), None, "")

    def _keep_delivered(
        self, each: _Delivered, number: int, position: int | None, media_type: str
    ) -> None:
        name = each.name.rsplit("/", 1)[-1]
        media_type = media_type or mimetypes.guess_type(name)[0] or "application/octet-stream"
        path = each.name.lstrip("./")
        self._assets.append(Kept(number, position, name, media_type, each.file, each.size, path))


def read_batches(spool: Path) -> Iterator[Batch]:
    """The batches that a reading left in its spool."""
    decode = msgspec.msgpack.Decoder(Batch).decode
    with (spool / BATCHES).open("rb") as file:
        while size := file.read(4):
            yield decode(file.read(int.from_bytes(size, "little")))


def moved(
    items: Iterable[PackedItem], place: Callable[[tuple[str, ...]], tuple[str, ...]]
) -> Iterator[PackedItem]:
    """The items with another path each; neighbours of one container share one tuple."""
    path: tuple[str, ...] = ()
    there: tuple[str, ...] = ()
    for item in items:
        if isinstance(item, Run | Notice) or not item.path:
            yield item
            continue
        if item.path != path:
            path, there = item.path, place(item.path)
        yield msgspec.structs.replace(item, path=there)


def _base(name: str) -> str:
    return name.rsplit("/", 1)[-1].casefold()


def _shared_tail(one: str, other: str) -> int:
    """How many trailing parts two paths share."""
    pairs = zip(
        reversed(PurePosixPath(one).parts), reversed(PurePosixPath(other).parts), strict=False
    )
    return next((n for n, (a, b) in enumerate(pairs) if a.casefold() != b.casefold()), 99)
