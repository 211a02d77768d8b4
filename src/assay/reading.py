"""Reads one delivery, file by file, into a spool: batches of rows, assets, and what to say of it.

This is the part of an import that touches hostile bytes. It runs in a child process with limits
(`sandbox`), and writes only below the spool folder it is given, under names of its own making.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from itertools import chain, pairwise
from pathlib import Path

import msgspec
from msgspec import Struct

from assay.belongings import Belongings, Kept
from assay.errors import Ambiguous, Malformed, UnknownFormat
from assay.formats import FORMATS, by_name
from assay.formats.detect import Judgement, choose, peek
from assay.formats.documents import Place, read, within
from assay.formats.format import Format, Head
from assay.identify import Identifier
from assay.mentions import Mentions
from assay.merging import merged
from assay.model import Notice, PackedItem, Passes, Result, Run
from assay.patterns import matches
from assay.pieces import Pieces, Pile
from assay.rows import Batch, Summary
from assay.unpack import Document, Limits, documents, listed

BATCHES = "batches"
OUTCOME = "outcome"
MOST_NOTICES = 200
"""Warnings kept of one file: a report that is odd in every line need not say so in each."""

NO_REPORT = "Not a report that Assay knows; kept as an attachment"


class Given(Struct, frozen=True):
    """A delivered file: where its bytes are, what the client called it, and whether it was sent as
    a report (`file`) or as an `attachment`."""

    path: Path
    name: str
    kind: str = "file"


class Task(Struct, frozen=True):
    """What is to be read, and how far a reading may go. `smart` says whether the formats that can
    may tidy their tree, `merge` whether a test of several files is one result, `quiet` that nothing
    is said of files that are no reports. With a `pattern` only the files that it means are reports;
    `strict` ones are all to be read, in the one format that is named if there is one, unless those
    of others are to be put `aside`, too."""

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
    pattern: str = ""
    strict: bool = False
    aside: bool = False


class LogLine(Struct, frozen=True):
    """A line of the import's log: `level` is info, warning or error."""

    level: str
    message: str
    file: str = ""
    where: str = ""


class Outcome(Struct, frozen=True):
    """What became of a reading. `reports` counts the documents that were recognised and read."""

    summary: Summary | None
    formats: list[str]
    reports: int
    failures: int
    log: list[LogLine]
    assets: list[Kept]


class Reading:
    """The state of reading one delivery."""

    def __init__(self, task: Task, progress: Callable[[int], None]) -> None:
        self._task = task
        self._progress = progress
        self._format = by_name(task.formatter) if task.formatter else None
        self._judgement = Judgement(FORMATS)
        self._limits = Limits(task.max_unpacked, task.max_members)
        self._mentions = Mentions(
            name for file in task.files[1:] for name in listed(file.path, file.name, self._limits)
        )
        self._log: list[LogLine] = []
        self._belongings = Belongings(task.spool)
        self._pieces = Pieces(task.spool)
        self._folders: dict[tuple[str, str], None] = {}
        self._formats: list[str] = []
        self._failures = 0
        self._file = ""
        self._results = 0
        self._notices = 0
        self._ends: list[int] = []
        self._done = 0
        self._total = max(sum(given.path.stat().st_size for given in task.files), 1)

    def run(self) -> Outcome:
        """Read everything; what fails is in the log and does not stop the rest."""
        identifier = Identifier(self._belongings.keep, self._notice)
        encode = msgspec.msgpack.Encoder().encode
        tests = array("Q")
        read = merged(self._reports()) if self._task.merge else chain.from_iterable(self._reports())
        with (self._task.spool / BATCHES).open("wb") as out, closing(self._pieces):
            for batch in identifier.batches(read):
                frame = encode(batch)
                out.write(len(frame).to_bytes(4, "little"))
                out.write(frame)
                tests.frombytes(batch.test)
        self._tell_repeats(tests)
        self._tell_steadied(identifier.steadied)
        summary = identifier.summary() if self._ends else None
        assets = self._belongings.matched()
        return Outcome(summary, self._formats, len(self._ends), self._failures, self._log, assets)

    def _reports(self) -> Iterator[Iterable[PackedItem]]:
        """The items of each document that is a report; each is used up before the next is asked
        for."""
        plain = sum(given.kind == "file" for given in self._task.files)
        told = False
        for given in self._task.files:
            self._file = given.name
            try:
                for document in documents(given.path, given.name, self._limits):
                    if not told:  # the others were listed, as the first one's texts may name them
                        self._mentions.expect(document.beside or (document.name,))
                        told = True
                    self._file = document.name
                    alone = plain == 1 and not document.member
                    yield from self._read(document, given.kind, alone=alone)
            except Malformed as error:
                self._fail(error.message, error.where)
        for pile in sorted(self._pieces.piles(), key=lambda each: each.format.gather is None):
            yield from self._gather(pile) if pile.format.gather else self._take_up(pile)

    def _gather(self, pile: Pile) -> Iterator[Iterable[PackedItem]]:
        """The items of a report that came as many files, of which some are reports only with it."""
        assert pile.format.gather
        self._file = pile.places[0][0] if len(pile.places) == 1 else ""
        beside = list(self._belongings.called(pile.format.beside))
        read_too = {(NO_REPORT, piece.name) for piece in beside}
        self._log = [
            line for line in self._log if (line.message, _slashed(line.file)) not in read_too
        ]
        whole = pile.format.gather(chain(pile.pieces(), beside))
        yield self._parse(pile.format, whole, len(pile.places))
        self._read_in(pile.format, *(name for name, _, _ in pile.places))

    def _take_up(self, pile: Pile) -> Iterator[Iterable[PackedItem]]:
        """The items of the documents that waited for a better one, where none has come."""
        better = [each for each in self._folders if each[0] in pile.format.yields_to]
        for name, chunks in pile.documents():
            self._file = name
            beside = next((known for known, folder in better if name.startswith(folder)), "")
            if beside:
                said = f"{by_name(beside).title} beside it says the same; kept as an attachment"
                self._say("info", said)
                self._belongings.deliver(name, chunks)
            else:
                yield self._parse(pile.format, read(Place(pile.format), chunks))

    def _read(
        self, document: Document, kind: str, *, alone: bool
    ) -> Iterator[Iterable[PackedItem]]:
        """The items of a document, or nothing of one that is kept as an attachment."""
        stream = self._count(document.chunks())
        if kind == "attachment" or not self._means(document.name):
            self._put_aside(document.name, stream)
            return
        head, whole = peek(stream)
        try:
            place = self._find(head, document.name, alone=alone)
        except UnknownFormat as error:
            if self._format and self._task.strict and not self._task.aside:
                self._fail(f"This is no {self._format.title}. {error}")
            elif not self._task.quiet:
                self._say("info", NO_REPORT)
        except (Ambiguous, Malformed) as error:
            self._fail(str(error))
        else:
            found = place.format
            if (found.gather and not place.offset) or (found.yields_to and not alone):
                self._pieces.add(found, document.name, whole)
            else:
                yield self._parse(place.format, read(place, whole))
            return
        self._put_aside(document.name, whole)

    def _means(self, name: str) -> bool:
        """Whether the file is one that is to be read."""
        return not self._task.pattern or matches(self._task.pattern, name)

    def _put_aside(self, name: str, chunks: Iterable[bytes]) -> None:
        """Keep a file that is no report."""
        self._belongings.deliver(name, chunks)

    def _find(self, head: Head, name: str, *, alone: bool) -> Place:
        """The report in a file with this head. A file that came `alone` may have it behind other
        output; and where a format is named, it is read as that in any case: then its reader can say
        best what is wrong with it. Raises as `_choose`.
        """
        try:
            return Place(self._choose(head, name))
        except UnknownFormat:
            found = within(head, self._choose) if alone else None
            if found is None and alone and self._format:
                found = Place(self._format)
            if found is None:
                raise
            return found

    def _choose(self, head: Head, name: str = "") -> Format:
        """The format of a document with this head; where one is named, it is that or none.

        Raises `UnknownFormat`, `Ambiguous`, and `Malformed` for one that is in another format.
        """
        named = self._format
        if named is None:
            return choose(FORMATS, head, name, self._judgement)
        if named.sniff(head) or (named.bundle and named.bundle.search(name)):
            return named
        other = choose(FORMATS, head)
        if other.name in named.reads:
            return named
        if self._task.aside:
            raise UnknownFormat(f"This is {other.title}.")
        if self._task.strict:
            raise Malformed(f"This is {other.title}, and only {named.title} is read here")
        raise Malformed(
            f"This is {other.title}, and the address names {named.title}: send it to "
            f"…/import/{other.name}, or to …/import, which finds out by itself"
        )

    def _parse(
        self, found: Format, items: Iterator[PackedItem], files: int = 1
    ) -> Iterator[PackedItem]:
        before = self._results
        self._notices = 0
        try:
            for item in self._placed(items, found):
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
        self._read_in(found, self._file)
        if found.name not in self._formats:
            self._formats.append(found.name)
        count = self._results - before
        source = f" of {files:,} files" if files > 1 else ""
        self._say("info", f"{found.title}: {count:,} result{'' if count == 1 else 's'}{source}")

    def _read_in(self, found: Format, *names: str) -> None:
        """Remember the folders in which documents of a format were read."""
        self._folders.update({(found.name, _folder(name)): None for name in names})

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

    def _tell_steadied(self, names: dict[str, str]) -> None:
        """Say which tests go by another name than the report gives them, so that they are the same
        tests in the next one."""
        if names:
            written, steadied = next(iter(names.items()))
            many = f"{len(names):,} names hold" if len(names) > 1 else "1 name holds"
            self._file = ""
            self._say(
                "info",
                f"{many} a part that changes with every run (an id, a time, an address, a "
                f"temporary path); their tests are known without it: “{written}” is “{steadied}”",
            )

    def _placed(self, items: Iterator[PackedItem], found: Format) -> Iterator[PackedItem]:
        """The items where they stand in a tidied tree, if the format has one and it is wanted, and
        with the files that they name."""
        if self._mentions:
            items = self._mentions.add(items)
        return moved(items, found.smart) if found.smart and self._task.smart else items

    def _advise(self, message: str, found: Format) -> str:
        """A reader that was named and failed: perhaps another one was meant."""
        if self._format is None or self._task.strict:
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
        if notice.lost and self._task.strict:
            self._fail(notice.message, notice.where)
            return
        self._notices += 1
        if self._notices <= MOST_NOTICES:
            self._say("warning", notice.message, notice.where)
        elif self._notices == MOST_NOTICES + 1:
            self._say("warning", "… and more of the kind, not listed")


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


def _folder(name: str) -> str:
    """The folder of a delivered file, with its slash; nothing for one that is in none."""
    head, slash, _ = _slashed(name).rpartition("/")
    return head + slash


def _slashed(name: str) -> str:
    """As `Belongings` has it."""
    return name.replace("\\", "/")
