"""What pytest's reports of a test become, of whichever plug-in wrote them.

A test is run in stages, each with a report of its own: `setup`, `call`, `teardown`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from assay.formats._trace import split_type
from assay.model import FAILURES, Attachment, Attempt, Error, Result, Run, Status, Step

COLLECTION = "(collection)"
"""The name of what stands for a file that could not be read for tests, or was skipped whole."""

STATUSES = {
    "passed": Status.PASSED,
    "failed": Status.FAILED,
    "rerun": Status.FAILED,  # pytest-rerunfailures' word for a failure that is tried again
    "error": Status.BROKEN,
    "skipped": Status.SKIPPED,
    "xfailed": Status.SKIPPED,
    "xpassed": Status.PASSED,
}

CALLS = frozenset({"call", ""})
"""The stages in which a failure is the test's own; in others it is an error."""

ORDER = (Status.BROKEN, Status.FAILED, Status.SKIPPED, Status.PASSED)
"""Which of its stages' outcomes is the test's."""

NO_TAGS = frozenset({"pytestmark", "parametrize", "usefixtures", "patchings", "", "()"})
"""Keywords that mark nothing. Those of a test are its marks and the names of all that it is in."""

MOST_WARNINGS = 1000

_NAME = re.compile(r"[A-Za-z_][\w.]*")
_RAISED = re.compile(r"^E {2,}(\S.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of a test, or the run of one of its subtests."""

    name: str
    outcome: str
    duration: float | None = None
    error: Error | None = None
    subtests: tuple[Step, ...] = ()

    @property
    def status(self) -> Status:
        status = STATUSES.get(self.outcome, Status.UNKNOWN)
        is_error = status is Status.FAILED and self.name not in CALLS
        return Status.BROKEN if is_error else status


def placed(nodeid: str) -> tuple[tuple[str, ...], str]:
    """The containers (file, then classes) and the name of a test; parameters may hold `::`."""
    base, bracket, parameters = nodeid.partition("[")
    *path, name = base.split("::")
    return tuple(path), name + bracket + parameters


def tree(path: tuple[str, ...]) -> tuple[str, ...]:
    """A container for each folder on the way to the file: what the option `smart` does."""
    return (*filter(None, path[0].split("/")), *path[1:]) if path else path


def outcome(stages: Sequence[Stage]) -> Status:
    """The test's, by the worst of its stages; a passed `setup` alone says nothing."""
    found = {stage.status for stage in stages}
    found |= {step.status for stage in stages for step in stage.subtests}
    worst = next((status for status in ORDER if status in found), Status.UNKNOWN)
    ran = any(stage.name == "call" for stage in stages)
    return worst if ran or worst is not Status.PASSED else Status.UNKNOWN


def duration(stages: Iterable[Stage]) -> float | None:
    """Of all stages together, in seconds."""
    known = [stage.duration for stage in stages if stage.duration is not None]
    return sum(known) if known else None


def error(stages: Sequence[Stage]) -> Error | None:
    """The first stage's that has one; those of others, and of subtests, stand below it."""
    found = [stage.error for stage in stages if stage.error]
    found += [step.error for stage in stages for step in stage.subtests if step.error]
    if len(found) < 2:
        return found[0] if found else None
    traces = (each.trace or each.message for each in found if each.trace or each is not found[0])
    return Error(found[0].type, found[0].message, "\n\n".join(traces))


def steps(stages: Sequence[Stage]) -> tuple[Step, ...]:
    """The subtests; and the stages around them, where one of these failed."""
    if not any(stage.status in FAILURES and stage.name not in CALLS for stage in stages):
        return tuple(step for stage in stages for step in stage.subtests)
    return tuple(
        Step(stage.name, stage.status, stage.duration, stage.error, steps=stage.subtests)
        for stage in stages
    )


def attempt(stages: Sequence[Stage]) -> Attempt:
    """A try that was not the last."""
    return Attempt(outcome(stages), duration(stages), error=error(stages))


def fault(text: str, message: str = "", kind: str = "") -> Error:
    """An error of what pytest printed (`longrepr`) and what it says of the place of the crash."""
    if not message:
        raised = _RAISED.search(text)
        message = raised[1] if raised else text.strip().rpartition("\n")[2]
    if not _NAME.fullmatch(kind):
        return Error(*split_type(message.strip()), trace=text if "\n" in text else "")
    return Error(kind, message.removeprefix(f"{kind}: ").strip(), text)


def reason(text: str) -> Error:
    """Why a test was skipped, without the word."""
    return Error(message=text.removeprefix("Skipped: ").strip())


def tags(keywords: Sequence[str], nodeid: str, root: str = "") -> tuple[str, ...]:
    """The marks among the keywords. The last of those is the folder that pytest ran in, unless they
    are in no order, as of versions before 7."""
    named = [word for word in keywords if word not in NO_TAGS]
    path, name = placed(nodeid)
    file = path[0] if path else ""
    if not root and {file, file.rpartition("/")[2]} & {*named[:-1]}:
        root = named[-1]
    base, _, parameters = name.partition("[")
    known = {*path, *file.split("/"), name, base, parameters.removesuffix("]"), root}
    return tuple(word for word in named if not _is_known(word, known))


def _is_known(word: str, known: Collection[str]) -> bool:
    return word in known or word.startswith("_")


def collection(nodeid: str, found: Stage) -> Result | None:
    """What is to be told of a file, class or folder that was searched for tests."""
    if found.outcome not in ("failed", "skipped"):
        return None
    status = Status.BROKEN if found.outcome == "failed" else Status.SKIPPED
    path = tuple(filter(None, nodeid.split("::")))
    return Result(path, COLLECTION, status, error=found.error)


def warned(warnings: Sequence[str]) -> Run:
    """The run's warnings, as a file."""
    text = "\n".join(warnings[:MOST_WARNINGS])
    file = Attachment("warnings.txt", media_type="text/plain", content=text.encode())
    return Run(metadata={"warnings": str(len(warnings))}, attachments=(file,))
