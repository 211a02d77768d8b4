"""Results as the HTML export tells them: everything a person asks of a failure, within bounds."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass

from assay.model import FAILURES, Attachment, Attempt, Result, Step
from assay.queries.labels import Label
from assay.queries.report_items import Placed
from assay.web.pages import rows, runs, traces, words
from assay.web.pages.words import Name

TEXT = 16_000
"""Characters of one trace or output, of which the beginning is shown."""

ALL_TEXT = 24_000_000
"""Characters of all of them; once they are used up, results are told in a line."""

DEEPEST = 10
MOST_STEPS = 300


@dataclass(frozen=True, slots=True)
class Shown:
    """A text, and how many of its characters were left out."""

    text: str
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in the file itself, or another file by its name alone (no `data`)."""

    name: str
    data: str = ""


@dataclass(frozen=True, slots=True)
class ToldStep:
    status: str
    name: str
    depth: int
    duration: float | None
    error: str


@dataclass(frozen=True, slots=True)
class ToldTry:
    number: int
    status: str
    duration: float | None
    error: str
    trace: Shown | None


@dataclass(frozen=True, slots=True)
class Body:
    """What a result unfolds to."""

    kind: str
    message: Shown | None
    trace: Shown | None
    description: str
    pictures: tuple[Picture, ...]
    steps: tuple[ToldStep, ...]
    more_steps: int
    tries: tuple[ToldTry, ...]
    output: Shown | None
    errput: Shown | None
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Told:
    """A result: its line, its address on the server, and its body, while there is room."""

    status: str
    label: str
    fresh: bool
    name: Name
    error: str
    duration: float | None
    url: str
    body: Body | None


class Teller:
    """Tells results of the report at `url`, and keeps count of the text it has told."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._left = ALL_TEXT

    def tell(self, placed: Placed, label: Label | None) -> Told:
        result = placed.result
        error = result.error
        status = runs.shown_status(result.status, result.flaky)
        return Told(
            status=status,
            label=rows.say(label, status),
            fresh=label is not None and label.kind in rows.FRESH,
            name=words.name(result.path, result.name),
            error=words.said(error.type, error.message) if error else "",
            duration=result.duration,
            url=f"{self._url}/results/{placed.position}",
            body=self._body(result) if self._left > 0 else None,
        )

    def _body(self, result: Result) -> Body:
        error = result.error
        steps = _steps(result.steps)
        return Body(
            kind=error.type if error else "",
            message=self._cut(error.message) if error else None,
            trace=self._cut(error.trace) if error else None,
            description=result.description[:TEXT],
            pictures=tuple(map(_picture, (*result.attachments, *_files(result.steps)))),
            steps=tuple(steps[:MOST_STEPS]),
            more_steps=max(0, len(steps) - MOST_STEPS),
            tries=tuple(self._try(at, each) for at, each in enumerate(result.attempts, 1)),
            output=self._cut(result.stdout),
            errput=self._cut(result.stderr),
            facts=tuple(_facts(result)),
        )

    def _try(self, number: int, attempt: Attempt) -> ToldTry:
        error = attempt.error
        line = words.said(error.type, error.message) if error else ""
        trace = self._cut(error.trace or error.message) if error else None
        return ToldTry(number, attempt.status.value, attempt.duration, line, trace)

    def _cut(self, text: str) -> Shown | None:
        """The text, or its beginning; None for an empty one."""
        if not text.strip():
            return None
        shown = traces.cut(text, max(0, min(TEXT, self._left)))
        self._left -= len(shown)
        return Shown(shown, len(text) - len(shown))


def _steps(steps: Sequence[Step], depth: int = 0) -> list[ToldStep]:
    """All of them in their order, each with how deep it lies in others."""
    told: list[ToldStep] = []
    for step in steps:
        error = step.error if step.status in FAILURES else None
        line = words.said(error.type, error.message) if error else ""
        told.append(ToldStep(step.status.value, step.name, depth, step.duration, line))
        if depth < DEEPEST:
            told += _steps(step.steps, depth + 1)
    return told


def _files(steps: Sequence[Step]) -> list[Attachment]:
    return [file for step in steps for file in (*step.attachments, *_files(step.steps))]


def _picture(file: Attachment) -> Picture:
    if file.content is None:
        return Picture(file.name)
    encoded = base64.b64encode(file.content).decode()
    return Picture(file.name, f"data:{file.media_type};base64,{encoded}")


def _facts(result: Result) -> list[tuple[str, str]]:
    tags = [("tags", ", ".join(result.tags))] if result.tags else []
    pairs = (*(result.parameters or {}).items(), *(result.metadata or {}).items())
    return [*tags, *((name, value[:TEXT]) for name, value in pairs)]
