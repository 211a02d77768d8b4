"""Files that a report names in passing: in an error's text, in a trace, in what a test printed.

`Screenshot saved to /ci/shots/pay.png` says whose picture `pay.png` is, though no element or key of
the format does. Only such kinds of files count as people look at: a trace names every file of
source code it passes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import msgspec

from assay.model import Attachment, PackedItem, Result, Step

KINDS = (
    "png|jpe?g|gif|webp|bmp|svg|mp4|m4v|webm|mov|avi|mkv|mp3|wav|ogg"
    "|html?|pdf|har|log|txt|zip|trace|dmp|pcap"
)
END = re.compile(rf"\.(?:{KINDS})(?![\w-]|\.\w)", re.IGNORECASE)

NO_PATH = re.compile(r"[\r\n\t\"'`<>|*?]")
"""What no path holds on one system or another, or what stands around one."""

WORD_END = re.compile(r"[ (){}\[\]=,;]")
"""Where the sentence before a path ends, unless it is part of a name."""

LONGEST = 300
"""Characters of a path that are looked at, from its end."""

MOST_TEXT = 200_000
"""Characters of one text that are looked through."""


MOST = 100
"""Results that one file belongs to by being named; what more name is everybody's."""


class Mentions:
    """Attaches files to the results whose texts name them."""

    def __init__(self, delivered: Iterable[str]) -> None:
        """`delivered` are the names of files of the delivery."""
        self._names: dict[str, int] = {}
        self.expect(delivered)

    def expect(self, delivered: Iterable[str]) -> None:
        """Know of more files."""
        names = (re.split(r"[/\\]", name)[-1].casefold() for name in filter(END.search, delivered))
        self._names.update((name, MOST) for name in names if END.search(name))

    def __bool__(self) -> bool:
        """Whether there is anything that could be named."""
        return bool(self._names)

    def add(self, items: Iterable[PackedItem]) -> Iterator[PackedItem]:
        """The items; a result has the files it names beside those its format gave it."""
        for item in items:
            yield self._complete(item) if isinstance(item, Result) else item

    def _complete(self, result: Result) -> Result:
        found = {name: path for text in _texts(result) if text for name, path in self._named(text)}
        for attachment in (*result.attachments, *_attached(result.steps)):
            found.pop(re.split(r"[/\\]", attachment.path or attachment.name)[-1].casefold(), None)
        if not found:
            return result
        for name in found:
            self._names[name] -= 1
        more = (Attachment(re.split(r"[/\\]", path)[-1], path) for path in found.values())
        return msgspec.structs.replace(result, attachments=(*result.attachments, *more))

    def _named(self, text: str) -> Iterator[tuple[str, str]]:
        """Names of delivered files, and their paths, as far as they can be told from the words
        before them: names hold spaces, and sentences do."""
        for end in END.finditer(text, 0, MOST_TEXT):
            before = text[max(0, end.end() - LONGEST) : end.end()]
            path = NO_PATH.split(before)[-1].strip()
            for tried in (WORD_END.split(path)[-1], path):
                name = re.split(r"[/\\]", tried)[-1].casefold()
                if self._names.get(name, 0) > 0:
                    yield name, tried
                    break


def _texts(result: Result) -> Iterator[str]:
    yield from (result.stdout, result.stderr, result.description)
    if result.error:
        yield from (result.error.message, result.error.trace)
    for attempt in result.attempts:
        yield from (attempt.stdout, attempt.stderr)
        if attempt.error:
            yield from (attempt.error.message, attempt.error.trace)
    for step in result.steps:
        yield from _said(step)


def _said(step: Step) -> Iterator[str]:
    yield step.output
    if step.error:
        yield from (step.error.message, step.error.trace)
    for inner in step.steps:
        yield from _said(inner)


def _attached(steps: Iterable[Step]) -> Iterator[Attachment]:
    for step in steps:
        yield from step.attachments
        yield from _attached(step.steps)
