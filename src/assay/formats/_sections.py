"""What Catch2's and doctest's XML have in common: assertions, and sections within sections."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from assay.formats._dotnet import text_of
from assay.formats._failures import Failure, error_of, place_of
from assay.formats._time import seconds
from assay.formats._xml import MAX_DEPTH, Element, too_deep
from assay.model import Error, Status, Step

SECTIONS = frozenset({"Section", "SubCase"})
SAID = frozenset({"Info", "Info2"})
THROWN = {"Exception": "", "FatalErrorCondition": "signal"}
"""What ends a test from without, and what kind of error that is."""

FAILED = frozenset({"Expression", "Failure", "Message", *THROWN})
"""`Message` is doctest's: its severity tells whether it fails anything."""

MILD = frozenset({"WARNING", "INFO"})


@dataclass(slots=True)
class Story:
    """What stands in a test or a section: failures (also those of sections within), warnings."""

    failures: list[Failure] = field(default_factory=list)
    thrown: int = 0  # of them
    skipped: list[Failure] = field(default_factory=list)
    own: list[Failure] = field(default_factory=list)  # what stands in none of its sections
    steps: list[Step] = field(default_factory=list)

    def status(self, failed: bool) -> Status:
        """Broken where nothing but exceptions and signals ended it."""
        if not failed:
            return Status.PASSED
        return Status.BROKEN if self.thrown == len(self.failures) > 0 else Status.FAILED

    def error(self) -> Error | None:
        return error_of(self.failures)


def story_of(element: Element, depth: int = 0) -> Story:
    """What a test or a section tells, in order. Raises `TooLarge` beyond `MAX_DEPTH` sections."""
    if depth > MAX_DEPTH:
        raise too_deep()
    story, said = Story(), list[str]()
    for child in element:
        tag = child.tag
        if tag in SAID:
            said.append(text_of(child).strip())
            continue
        if tag in SECTIONS:
            _add_section(story, child, depth + 1)
        elif tag == "Skip":
            story.own.append(_failure(child, text_of(child).strip()))
            story.skipped.append(story.own[-1])
        elif tag == "Warning" or child.get("type") in MILD:
            story.steps.append(_warning(child))
        elif tag in FAILED and child.get("success") != "true":
            story.own.append(_failure(child, _said(child, said)))
            story.failures.append(story.own[-1])
            story.thrown += tag in THROWN or any(inner.tag in THROWN for inner in child)
        said.clear()
    return story


def _add_section(story: Story, section: Element, depth: int) -> None:
    within = story_of(section, depth)
    story.failures += within.failures
    story.thrown += within.thrown
    story.skipped += within.skipped
    story.steps.append(_step(section, within))


def _step(section: Element, within: Story) -> Step:
    totals = section.find("OverallResults")
    given = totals.attrib if totals is not None else {}
    expected = given.get("expectedFailures", "0") != "0" and given.get("failures") == "0"
    status = within.status(bool(within.failures) and not expected)
    if within.skipped and not within.failures:
        status = Status.SKIPPED
    return Step(
        name=section.get("name", "").strip() or "Section",
        status=status,
        duration=seconds(given.get("durationInSeconds")),
        error=error_of(within.own),
        steps=tuple(within.steps),
    )


def _warning(element: Element) -> Step:
    said = text_of(element.find("Text")) or text_of(element)
    first, _, rest = said.strip().partition("\n")
    return Step(f"Warning: {first.strip()}", Status.PASSED, output=said.strip() if rest else "")


def _failure(element: Element, said: str) -> Failure:
    return Failure(place_of(element.get("filename"), element.get("line")), said)


def _said(element: Element, before: Iterable[str]) -> str:
    """`CHECK( total == 9 )`, what that came to, what was thrown, then what the test said of it."""
    return "\n".join(filter(None, (*_told(element), *before)))


def _told(element: Element) -> Iterator[str]:
    original = text_of(element.find("Original")).strip()
    expanded = text_of(element.find("Expanded")).strip()
    yield f"{element.get('type', 'CHECK')}( {original} )" if original else ""
    yield expanded if expanded != original else ""
    yield (element.text or "").strip()
    for child in element:
        if child.tag not in ("Original", "Expanded"):
            yield text_of(child).strip()
