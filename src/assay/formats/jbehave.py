"""JBehave's story reports as XML: what its XmlOutput writes as it goes, and its template for XML.

A scenario is a test, as JBehave counts them; the examples of a parametrised one are steps of it,
with the steps of each within.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from assay.formats._json import number
from assay.formats._trace import error_of
from assay.formats._xml import Element, elements
from assay.formats.format import Format, Head
from assay.model import FAILURES, Container, Error, Item, Notice, Result, Status, Step

SCOPES = frozenset({"story"})
SCENARIOS = frozenset({"scenario"})

OUTCOMES = {
    "successful": (0, Status.PASSED),
    "notperformed": (1, Status.SKIPPED),
    "pending": (3, Status.UNKNOWN),  # there is no code for the step
    "failed": (4, Status.FAILED),
}
"""A step's outcome in lower case, and how bad it is: a scenario is what its worst step is."""

OTHER = (2, Status.UNKNOWN)

SILENT = frozenset({"ignorable", "comment"})
"""Outcomes of what is no step."""

AROUND = frozenset(
    {"before", "after"}
    | {f"{when}{whose}StorySteps" for when in ("before", "after") for whose in ("System", "User")}
)
"""What holds the steps before and after a story, which in the template have one name each."""

WITHIN = frozenset(
    {"steps"}
    | {
        f"{when}{whose}ScenarioSteps"
        for when in ("before", "after")
        for whose in ("System", "User")
    }
)

TOLD = frozenset({"failure", "pendingMethod", "reason", "outcomes"})
"""Elements in a step that are not of its text."""

NARRATIVE = {"inOrderTo": "In order to", "asA": "As a", "iWantTo": "I want to", "soThat": "So that"}

MILLISECONDS = 1000


@dataclass(slots=True)
class _Story:
    path: tuple[str, ...]
    description: str = ""
    tags: list[str] = field(default_factory=list)
    metadata: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Ran:
    """The steps of a scenario, those of an example in the example's own."""

    steps: list[Step] = field(default_factory=list)
    example: str = ""
    inner: list[Step] = field(default_factory=list)

    def add(self, step: Step) -> None:
        (self.inner if self.example else self.steps).append(step)

    def start(self, example: str) -> None:
        self.end()
        self.example = example

    def end(self) -> None:
        if self.example:
            steps = tuple(self.inner)
            self.steps.append(Step(self.example, _worst(steps), steps=steps))
        self.example, self.inner = "", []


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield each scenario's Result, and the story's Container; what failed around the scenarios is
    a Result, too."""
    for part in elements(chunks, SCOPES, SCENARIOS):
        if isinstance(part, Notice):
            yield part
            continue
        story: _Story = part.scope.state or _open(part.scope.attributes)
        part.scope.state = story
        for record in part.records:
            yield from _record(record, story)
        if part.ended and (story.description or story.metadata or story.tags):
            metadata = {**story.metadata, **dict.fromkeys(story.tags, "true")}
            yield Container(story.path, "Story", story.description, metadata=metadata or None)


def _open(attributes: dict[str, str]) -> _Story:
    path, title = attributes.get("path", "").strip(), attributes.get("title", "").strip()
    return _Story((path or title or "Story",), title if path else "")


def _record(record: Element, story: _Story) -> Iterator[Item]:
    if record.tag == "scenario":
        yield _scenario(record, story)
    elif record.tag in AROUND:
        yield from _around(record, story)
    elif record.tag == "meta":
        _read_meta(record, story.tags, story.metadata)
    elif record.tag == "narrative":
        told = (f"{NARRATIVE[each.tag]} {_text(each)}" for each in record if each.tag in NARRATIVE)
        story.description = "\n".join(filter(None, [story.description, *told]))
    elif record.tag == "cancelled":
        yield Notice(_cancelled(record), story.path[0])


def _around(record: Element, story: _Story) -> Iterator[Item]:
    """Steps before or after the story are told of where one failed."""
    steps = tuple(_step(each) for each in record.iterfind("step") if _is_step(each))
    if _worst(steps) in FAILURES:
        when = "Before" if record.tag.startswith("before") else "After"
        error = _first_error(steps)
        yield Result(story.path, f"{when} the story", Status.BROKEN, error=error, steps=steps)


def _scenario(scenario: Element, story: _Story) -> Result:
    ran = _Ran()
    _run(scenario, ran)
    ran.end()
    steps = tuple(ran.steps)
    tags: list[str] = []
    metadata: dict[str, str] = {}
    _read_meta(scenario.find("meta"), tags, metadata)
    excluded = _text(scenario.find("filter"))
    error = Error(message=f"Excluded by {excluded}") if excluded else _first_error(steps)
    return Result(
        path=story.path,
        name=scenario.get("title", "").strip() or "Scenario",
        status=Status.SKIPPED if excluded else _worst(steps),
        duration=_duration(scenario),
        error=error,
        steps=steps,
        tags=tuple(dict.fromkeys((*story.tags, *tags))),
        metadata=metadata or None,
    )


def _run(element: Element, ran: _Ran) -> None:
    """Gather what ran, in the order in which it stands; composed steps lie in further `steps`."""
    for each in element:
        if each.tag == "step" and _is_step(each):
            ran.add(_step(each))
        elif each.tag == "example":
            ran.start(_text(each) or "Example")
        elif each.tag in WITHIN or each.tag == "examples":
            _run(each, ran)
        elif each.tag == "cancelled":
            ran.add(Step("Cancelled", Status.BROKEN, error=Error(message=_cancelled(each))))


def _is_step(element: Element) -> bool:
    """Those without an outcome stand in a lifecycle, or above the examples: they tell what is to
    run."""
    outcome = element.get("outcome", "").lower()
    return bool(outcome) and outcome not in SILENT


def _step(step: Element) -> Step:
    word = step.get("outcome", "").lower()
    failure = _text(step.find("failure"))
    pending = _text(step.find("pendingMethod"))
    status = OUTCOMES.get(word, OTHER)[1]
    name = _own_text(step) or "Step"
    error = error_of(failure) if failure else None
    if word == "pending":
        error = Error(message=f"Pending: {name}", trace=pending)
    output = "\n".join(filter(None, [_text(step.find("reason")), *_outcomes(step)]))
    return Step(name, status, error=error, output=output)


def _own_text(step: Element) -> str:
    """The step's text with its parameters, without what is told of its outcome."""
    parts = [step.text or ""]
    for each in step:
        if each.tag not in TOLD:
            parts.extend(each.itertext())
        parts.append(each.tail or "")
    return " ".join("".join(parts).split())


def _outcomes(step: Element) -> Iterator[str]:
    """The table of what was verified."""
    for table in step.iterfind("outcomes"):
        for row in table:
            yield f"| {' | '.join(_text(cell) for cell in row)} |"


def _read_meta(meta: Element | None, tags: list[str], metadata: dict[str, str]) -> None:
    """`@theme testing` is a fact, `@slow` a tag."""
    for each in meta if meta is not None else ():
        name, value = each.get("name", ""), each.get("value", "").strip()
        if name and value:
            metadata[name] = value
        elif name:
            tags.append(name)


def _duration(scenario: Element) -> float | None:
    """How long it took in seconds; when it began is told by another clock in each version."""
    found = {each.get("phase"): number(_text(each)) for each in scenario.iterfind("timing")}
    start, end = found.get("start"), found.get("end")
    return None if start is None or end is None or end < start else (end - start) / MILLISECONDS


def _cancelled(element: Element) -> str:
    duration = element.get("durationInSecs", "")
    return f"The story was cancelled after {duration} s" if duration else "The story was cancelled"


def _worst(steps: Iterable[Step]) -> Status:
    badness = {status: rank for rank, status in OUTCOMES.values()} | {Status.BROKEN: 5}
    statuses = [step.status for step in steps]
    return max(statuses, key=lambda status: badness[status], default=Status.UNKNOWN)


def _first_error(steps: Iterable[Step]) -> Error | None:
    found = [each for step in steps for each in (step, *step.steps) if each.error]
    failed = (each.error for each in found if each.status in FAILURES)
    return next(failed, None) or (found[0].error if found else None)


def _text(element: Element | None) -> str:
    return "".join(element.itertext()).strip() if element is not None else ""


def _sniff(head: Head) -> bool:
    names = {name for name, _ in head.attributes}
    return head.kind == "xml" and head.root == "story" and not names.isdisjoint({"path", "title"})


FORMAT = Format(
    name="jbehave",
    title="JBehave XML",
    sniff=_sniff,
    parse=parse,
    aliases=("jbehave-xml", "jbehave_xml"),
    made_by="JBehave (`Format.XML` and `Format.XML_TEMPLATE` of its StoryReporterBuilder)",
    how="mvn integration-test",
    file="target/jbehave/story.xml",
    notes=(
        "A story is a container with its narrative, a scenario is a test; the examples of a "
        "parametrised scenario are steps of it with their own steps within.",
        "A scenario ends as its worst step: failed, then unknown (pending), then skipped (not "
        "performed). One that a filter excluded is skipped.",
        "A pending step shows the method that is wanted, a failed one its exception.",
        "Meta information with a value is a fact, one without a tag. Steps before or after the "
        "story that failed are a result of their own.",
    ),
)
