"""What properties, and marks within the output, say of a test or a suite.

JUnit XML has no place for steps, attachments or tags; tools put them into properties or print them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from assay.model import Attachment, Status, Step

MARK = re.compile(r"\[\[(ATTACHMENT|PROPERTY)\|((?:(?!\[\[)[^\]\r\n])++)\]\]")
"""[[ATTACHMENT|/tmp/a.png]] and [[PROPERTY|id=7]] within the output (Jenkins' plug-in, Testmo)."""

STEP = re.compile(r"step(?:\[(\w+)\])?")
STEP_STATUSES = {
    "": Status.UNKNOWN,
    "status": Status.UNKNOWN,
    "passed": Status.PASSED,
    "failure": Status.FAILED,
    "failed": Status.FAILED,
    "error": Status.BROKEN,
    "skipped": Status.SKIPPED,
}
"""Testmo's properties: <property name="step[passed]" value="Enter the name"/>"""


PARAMETER = "parameter."
"""How the names of properties begin that are parameters, as Assay itself writes them."""


@dataclass(slots=True)
class Facts:
    """What properties say of a case."""

    description: str = ""
    tags: list[str] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    parameters: dict[str, str] = field(default_factory=dict)
    metadata: dict[str, str] = field(default_factory=dict)

    def add_all(self, properties: Iterable[tuple[str, str]]) -> None:
        for name, value in properties:
            if step := STEP.fullmatch(name):
                self.steps.append(Step(value, STEP_STATUSES.get(step[1] or "", Status.UNKNOWN)))
            elif name.startswith("attachment"):
                self.attachments.append(attachment(value))
            elif name in ("tag", "tags"):
                self.tags += filter(None, map(str.strip, value.split(",")))
            elif name == "description":
                self.description = value
            elif name.startswith(PARAMETER):
                self.parameters[name.removeprefix(PARAMETER)] = value
            else:
                self.metadata[name] = value

    def add_marked(self, *outputs: str) -> None:
        self.attachments += named_files(*outputs)
        for value in _marks("PROPERTY", outputs):
            name, _, value = value.partition("=")
            self.add_all([(name.strip(), value.strip())])


def marked(output: str) -> bool:
    """Might it name a file or a property?"""
    return "[[" in output


def named_files(*outputs: str) -> Iterator[Attachment]:
    """The files that are named in the output."""
    return (attachment(value.partition("|")[0]) for value in _marks("ATTACHMENT", outputs))


def attachment(path: str) -> Attachment:
    """A file that is delivered beside the report, named as its writer's machine names it."""
    path = path.strip()
    return Attachment(name=re.split(r"[/\\]", path)[-1], path=path)


def _marks(kind: str, outputs: Iterable[str]) -> Iterator[str]:
    for output in filter(marked, outputs):
        yield from (value for found, value in MARK.findall(output) if found == kind)
