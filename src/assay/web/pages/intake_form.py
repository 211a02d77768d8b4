"""The part of a form that says what a profile takes in: its kind, tool, files and gate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Form

from assay.errors import Invalid
from assay.gates import BUILT_IN
from assay.store.catalog.profiles import PASSIVE, Intake, Kind
from assay.testtools import ANY, TOOLS, XL_TESTVIEW, Tool, tool_of
from assay.web.pages.frame import Choices
from assay.web.pages.parts import Option

KINDS: dict[Kind, tuple[str, str]] = {
    Kind.PASSIVE: (
        "Passive",
        "Reports are sent to it: by a CI job, by a plugin or client, or by hand.",
    ),
    Kind.SET: (
        "Set",
        "It has no reports of its own, and tells how its members are doing: profiles and other "
        "sets. It fails when one of them does.",
    ),
}
"""The kinds that can be chosen, what they are called, and what becomes of a profile of each."""

DEFAULT_GATE = "As is usual: no failures, or for load tests no slower and few errors"


@dataclass(frozen=True, slots=True)
class KindOption:
    """A kind to choose."""

    value: str
    title: str
    about: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class IntakeForm:
    """`kinds` is empty where there is nothing to choose. `usual` are the files that count without a
    pattern."""

    kinds: tuple[KindOption, ...]
    tools: tuple[Choices, ...]
    pattern: str
    usual: str
    gates: tuple[Option, ...]


def intake_form(found: Intake = PASSIVE, *, new: bool) -> IntakeForm:
    """The form as it stands; a profile that is there keeps its kind."""
    tool = tool_of(found.tool)
    return IntakeForm(
        kinds=tuple(_kind(each, found.kind) for each in KINDS) if new else (),
        tools=_tools(tool),
        pattern=found.pattern,
        usual=tool.pattern,
        gates=(
            Option("", DEFAULT_GATE, not found.qualification),
            *(
                Option(each.name, f"{each.title}: {each.description}", each.name == chosen)
                for chosen in (found.qualification,)
                for each in BUILT_IN.values()
            ),
        ),
    )


def read_intake(
    kind: Annotated[str, Form()] = Kind.PASSIVE.value,
    tool: Annotated[str, Form()] = "",
    pattern: Annotated[str, Form(max_length=5000)] = "",
    qualification: Annotated[str, Form()] = "",
) -> Intake:
    """What the form says. Raises `Invalid` for a kind that is none."""
    if kind not in set(Kind):
        raise Invalid(f"A profile cannot be {kind[:40]!r}.", "kind")
    return Intake(Kind(kind), tool, pattern, qualification)


Sent = Annotated[Intake, Depends(read_intake)]


def _kind(each: Kind, chosen: Kind) -> KindOption:
    title, about = KINDS[each]
    return KindOption(each.value, title, about, each is chosen)


def _tools(chosen: Tool) -> tuple[Choices, ...]:
    ours = [each for each in TOOLS if each is not ANY and each not in XL_TESTVIEW]
    groups = (
        ("Whatever comes", (ANY,)),
        ("As XL TestView named them", XL_TESTVIEW),
        ("Formats", sorted(ours, key=lambda each: each.label.casefold())),
    )
    return tuple(
        Choices(title, tuple(Option(each.type, each.label, each is chosen) for each in some))
        for title, some in groups
    )
