"""One `<test-case>` of NUnit, of version 2 or 3, as a result: how it ended, and why."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from assay.formats._dotnet import arguments_of, error_of, text_of
from assay.formats._facts import attachment, named_files
from assay.formats._time import moment, seconds
from assay.formats._xml import Element
from assay.model import FAILURES, Attachment, Error, Result, Status, Step

STATUSES = {
    "passed": Status.PASSED,
    "failed": Status.FAILED,
    "skipped": Status.SKIPPED,
    "inconclusive": Status.UNKNOWN,
    "warning": Status.PASSED,  # which fails neither a test nor a run
    "success": Status.PASSED,  # from here on NUnit 2's words
    "failure": Status.FAILED,
    "error": Status.BROKEN,
    "cancelled": Status.BROKEN,
    "ignored": Status.SKIPPED,
    "notrunnable": Status.SKIPPED,  # counted by NUnit 2 among those not run
}

BREAKING = frozenset({"error", "invalid", "cancelled"})
"""Labels of a failure that is none of an assertion."""

USUAL = {"runstate": "Runnable", "label": "", "site": "Test", "asserts": "0"}
"""Attributes of a case that are worth telling where they are something else."""

DESCRIPTIONS = frozenset({"Description", "_DESCRIPTION"})
CATEGORIES = frozenset({"Category", "_CATEGORIES"})
REASONS = frozenset({"_SKIPREASON", "_IGNOREREASON"})

OF_ITS_CHILDREN = re.compile(r"(?:One or more child tests |Child test (?:failed|suite))")
"""What a suite says that has nothing to say of its own."""


@dataclass(slots=True)
class Properties:
    """What properties and categories say; those that NUnit keeps for itself are left out."""

    description: str = ""
    reason: str = ""
    tags: list[str] = field(default_factory=list)
    metadata: dict[str, str] = field(default_factory=dict)

    def add(self, element: Element) -> None:
        """Take an element of `properties` or `categories`, or none of them."""
        for child in element:
            if name := child.get("name"):
                if child.tag == "category":
                    self.tags.append(name)
                elif child.tag == "property":
                    self._add(name, child.get("value") or text_of(child))

    def _add(self, name: str, value: str) -> None:
        if name in DESCRIPTIONS:
            self.description = value
        elif name in CATEGORIES:
            self.tags += filter(None, map(str.strip, value.split(",")))
        elif name in REASONS:
            self.reason = value
        elif not name.startswith("_"):
            known = self.metadata.get(name)
            self.metadata[name] = f"{known}, {value}" if known else value


NOTHING_SAID = Properties()


def read_case(
    path: tuple[str, ...], name: str, case: Element, tags: tuple[str, ...], reason: str
) -> Result:
    """The case as a result. `tags` are its suites' categories; `reason` is why they were left out,
    if they were, for a case that does not say so itself."""
    said, within = _within(case)
    status = status_of(case)
    error = told(within.get("failure")) or told(within.get("reason"))
    if error is None and status is Status.SKIPPED and (said.reason or reason):
        error = Error(message=said.reason or reason)
    output = text_of(within.get("output"))
    files = tuple(files_of(case)) if "attachments" in within else ()
    return Result(
        path,
        name,
        status,
        seconds(case.get("duration") or case.get("time")),
        begun(case),
        error if status is not Status.PASSED else None,
        output,
        description=said.description,
        steps=tuple(_assertions(case)) if "assertions" in within else (),
        attachments=(*files, *named_files(output)) if output else files,
        tags=tuple(dict.fromkeys((*tags, *said.tags))) if said.tags else tags,
        parameters=arguments_of(name),
        metadata=_metadata(case, status, error) | said.metadata or None,
    )


def _within(case: Element) -> tuple[Properties, dict[str, Element]]:
    """What stands in a case, the first of each tag, found in one pass: most have nothing, and to
    ask them for each thing by its path takes longer than all else does."""
    said, found = NOTHING_SAID, {}
    if description := case.get("description"):
        said = Properties(description)
    for child in case:
        tag = child.tag
        if tag in ("properties", "categories"):
            said = Properties() if said is NOTHING_SAID else said
            said.add(child)
        elif tag not in found:
            found[tag] = child
    return said, found


def status_of(element: Element) -> Status:
    """By the result and its label; by `executed` and `success` before NUnit 2.5."""
    word = element.get("result", "").lower()
    if word not in STATUSES:
        word = re.split(r"[:(]", word)[0].strip()
    if not word:
        if element.get("executed", "true").lower() == "false":
            return Status.SKIPPED
        word = {"true": "passed", "false": "failed"}.get(element.get("success", "").lower(), "")
    status = STATUSES.get(word, Status.UNKNOWN)
    broken = status is Status.FAILED and element.get("label", "").lower() in BREAKING
    return Status.BROKEN if broken else status


def told(element: Element | None) -> Error | None:
    """What a failure or reason says."""
    if element is None:
        return None
    return error_of(text_of(element.find("message")), text_of(element.find("stack-trace")))


def begun(element: Element) -> datetime | None:
    """When it began, if the date is told too (which NUnit 3's first versions told of the run)."""
    text = element.get("start-time", "")
    return moment(text.replace("T ", "T")) if "-" in text else None


def files_of(element: Element) -> Iterator[Attachment]:
    """The files attached by `TestContext.AddTestAttachment`."""
    for path in element.iterfind("attachments/attachment/filePath"):
        if found := text_of(path).strip():
            yield attachment(found)


def _assertions(case: Element) -> Iterator[Step]:
    """Each assertion that failed or warned, unless it is the one that the error tells of."""
    found = case.findall("assertions/assertion")
    for each in found:
        status = STATUSES.get(each.get("result", "").lower(), Status.UNKNOWN)
        why = told(each) or Error()
        if len(found) == 1 and status in FAILURES:
            return
        name = next(iter(why.message.splitlines()), "") or each.get("result", "")
        if each.get("result") == "Warning":
            name = f"Warning: {name}"
        yield Step(name, status, error=why if status in FAILURES or why.trace else None)


def _metadata(case: Element, status: Status, error: Error | None) -> dict[str, str]:
    """What else is told of a case: of each that is not usual, and the seed of a failed one."""
    found, given = {}, case.attrib
    for key, usual in USUAL.items():
        if (value := given.get(key)) and value != usual:
            found[key] = value
    if status in FAILURES and (seed := given.get("seed")):
        found["seed"] = seed
    if status is Status.PASSED and error and error.message:
        found["reason"] = error.message
    method = given.get("methodname", "")
    if method and method.rpartition(".")[2] not in given.get("name", ""):
        found["method"] = method
    return found
