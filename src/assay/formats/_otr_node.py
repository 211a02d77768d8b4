"""A node of an open test report: a test, or what others lie below."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from assay.formats._containers import suite_name
from assay.formats._dotnet import text_of
from assay.formats._facts import attachment
from assay.formats._trace import error_of
from assay.formats._xml import Element
from assay.model import FAILURES, Attachment, Container, Error, Item, Result, Status

STATUSES = {
    "SUCCESSFUL": Status.PASSED,
    "SKIPPED": Status.SKIPPED,
    "ABORTED": Status.SKIPPED,
    "FAILED": Status.FAILED,
    "ERRORED": Status.BROKEN,  # PHPUnit's
}

ENGINE = re.compile(r"\[engine:[^\]/]*\]")
"""JUnit's id of the container that all tests of one engine lie in."""

OUTPUTS = {"stdout": "stdout", "stderr": "stderr"}


@dataclass(slots=True)
class Node:
    """What is known of it so far. `path` are the titles down to itself."""

    name: str
    started: datetime | None
    outer: Node | None
    path: tuple[str, ...] = ()
    kind: str = ""  # JUnit's: TEST, CONTAINER
    has_children: bool = False
    is_method: bool = False
    classname: str = ""
    description: str = ""
    status: Status | None = None
    error: Error | None = None
    output: dict[str, list[str]] = field(default_factory=dict)
    attachments: list[Attachment] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    metadata: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, name: str, started: datetime | None, outer: Node | None) -> Node:
        above: tuple[str, ...] = ()
        if outer:
            outer.has_children = True
            above = outer.path
        title = suite_name(name)
        return cls(name, started, outer, (*above, title) if title else above)

    @property
    def above(self) -> tuple[str, ...]:
        return self.outer.path if self.outer else ()

    def name_class(self, classname: str) -> None:
        """A class is called with its package where its title is its plain name, unless it lies in
        another class."""
        self.classname = classname
        inner = re.search(r"[\w$]*$", classname)
        is_plain = inner is not None and inner[0] == self.name != classname
        if is_plain and not (self.outer and self.outer.classname):
            self.path = (*self.above, classname)

    def over(self, duration: float | None) -> Iterator[Item]:
        """The test's Result; of a container what is odd about it."""
        if self.has_children:
            if self.status in FAILURES:
                yield self._result(self.path, self.path[-1] if self.path else self.name, None)
            elif self.output or self.attachments:
                files = tuple(self.attachments)
                yield Container(self.path, "", "", duration, *self._outputs(), attachments=files)
        elif self.status in FAILURES or self._is_test():
            name = self.name if self._is_test() else self.path[-1] if self.path else self.name
            yield self._result(self.above, name, duration)

    def unfinished(self) -> Iterator[Item]:
        """The same where the report ends before the node does."""
        if not self.has_children and (self.kind == "TEST" or self.is_method):
            self.status, self.error = Status.BROKEN, Error(message="The test did not finish")
            yield self._result(self.above, self.name, None)

    def _is_test(self) -> bool:
        return self.kind == "TEST" or (self.kind == "" and (self.is_method or bool(self.status)))

    def _result(self, path: tuple[str, ...], name: str, duration: float | None) -> Result:
        stdout, stderr = self._outputs()
        return Result(
            path=path,
            name=name or "(unnamed)",
            status=self.status or Status.UNKNOWN,
            duration=duration,
            started=self.started,
            error=self.error,
            stdout=stdout,
            stderr=stderr,
            description=self.description,
            attachments=tuple(self.attachments),
            tags=tuple(dict.fromkeys(self.tags)),
            metadata=self.metadata or None,
        )

    def _outputs(self) -> tuple[str, str]:
        return "".join(self.output.get("stdout", ())), "".join(self.output.get("stderr", ()))


def read_into(node: Node, record: Element) -> None:
    """Take what a record says of a node, whichever of these are in it."""
    for part in record:
        if part.tag == "metadata":
            _metadata(node, part)
        elif part.tag == "sources":
            _sources(node, part)
        elif part.tag == "attachments":
            _attachments(node, part)
        elif part.tag == "result":
            _result(node, part)


def _metadata(node: Node, metadata: Element) -> None:
    node.tags += filter(None, (text_of(tag) for tag in metadata.iterfind("tags/tag")))
    node.kind = text_of(metadata.find("type"))
    if ENGINE.fullmatch(text_of(metadata.find("uniqueId"))):
        node.path = node.above
    dox = metadata.find("testDox")
    if dox is not None:
        node.description = dox.get("prettifiedMethodName", "")


def _sources(node: Node, sources: Element) -> None:
    method, kind = sources.find("methodSource"), sources.find("classSource")
    node.is_method = method is not None
    if method is None and kind is not None:
        node.name_class(kind.get("className", ""))
    file = sources.find("fileSource")
    if file is not None and file.get("path"):
        node.metadata["file"] = file.get("path", "")
    position = sources.find(".//filePosition")
    if position is not None and position.get("line"):
        node.metadata["line"] = position.get("line", "")
    if method is not None and method.get("className"):
        node.metadata["class"] = method.get("className", "")
        node.metadata["method"] = method.get("methodName", "")


def _attachments(node: Node, attachments: Element) -> None:
    for each in attachments:
        if each.tag == "data":
            for entry in each.iterfind("entry"):
                _entry(node, entry.get("key", ""), entry.text or "")
        elif each.tag == "output":
            _print(node, each.get("source", ""), each.text or "")
        elif each.tag == "file" and each.get("path"):
            node.attachments.append(attachment(each.get("path", "")))
        elif each.tag == "issue":
            told = f"{each.get('type', 'issue')}: {each.get('message', '')}\n"
            _print(node, "stdout", told)
        elif each.tag == "assertions" and each.get("count"):
            node.metadata["assertions"] = each.get("count", "")


def _entry(node: Node, key: str, text: str) -> None:
    """JUnit publishes what a test printed as entries, too."""
    if key in OUTPUTS:
        _print(node, key, text)
    elif key and text:
        node.metadata[key] = text


def _print(node: Node, source: str, text: str) -> None:
    node.output.setdefault(OUTPUTS.get(source, "stdout"), []).append(text)


def _result(node: Node, result: Element) -> None:
    status = STATUSES.get(result.get("status", "").upper(), Status.UNKNOWN)
    reason, thrown = text_of(result.find("reason")), result.find("throwable")
    if thrown is not None and thrown.get("assertionError") == "false" and status is Status.FAILED:
        status = Status.BROKEN
    node.status = status
    node.error = _error(reason, thrown)


def _error(reason: str, thrown: Element | None) -> Error | None:
    """JUnit writes the stack trace, PHPUnit the message and the place behind it."""
    text = text_of(thrown)
    kind = thrown.get("type", "") if thrown is not None else ""
    found = error_of(text)
    message = reason.strip() or found.message
    if not (message or text or kind):
        return None
    return Error(kind or found.type, message, text)
