"""What a runner is: a dataclass of what it must know, and functions that start and watch a job.

As with channels, the form, the API and the docs are made from the dataclass.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

import msgspec

from assay.errors import Undeliverable
from assay.notify.channel import Carrier
from assay.notify.outbound import LATER, Answer

Shape = TypeVar("Shape")

EXECUTION = "ASSAY_EXECUTION"
"""The parameter that tells a job which run it is; its report says it again."""

UNCERTAIN = frozenset({408, 502, 504})
"""Answers of what stands between: what is behind it may have begun the job all the same."""


class Stage(StrEnum):
    """Where a job is. `unknown`: the other side does not say, or not yet."""

    RUNNING = "running"
    ENDED = "ended"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Order:
    """A run that is asked for: its id, the profile that its report belongs to, this server's
    address, when it was asked for, and what the job is told."""

    id: str
    profile: int
    title: str
    home: str
    at: datetime
    parameters: Mapping[str, str]

    @property
    def variables(self) -> dict[str, str]:
        """All that the job is told; what says where its report belongs cannot be said otherwise."""
        place = {"ASSAY_PROFILE": str(self.profile), "ASSAY_URL": self.home}
        return {**self.parameters, **place, EXECUTION: self.id}


@dataclass(frozen=True, slots=True)
class Started:
    """What the other side calls the job, by our names for its names, and where people see it."""

    known: dict[str, str] = field(default_factory=dict)
    url: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """How a job stands; `words` are the other side's. `known` and `url` are what it calls the job
    now, where that has become clear."""

    stage: Stage
    good: bool = False
    words: str = ""
    known: dict[str, str] = field(default_factory=dict)
    url: str = ""


@dataclass(frozen=True, slots=True)
class Runner:
    """`config` is the dataclass of its fields, of which one is the address `url`. `how` says where
    to get what they ask for. `start` has the job started: it is called once for a run. `look` says
    how it stands, from what was `known` of it; None where the other side cannot be asked. `check`
    asks whether the job could be started, and says so in a sentence. `where` is the place in words
    that are no secret. All raise `Undeliverable`."""

    name: str
    title: str
    how: str
    config: type[Any]
    start: Callable[[Order, Any, Carrier], Started]
    look: Callable[[Order, Mapping[str, str], Any, Carrier], Seen] | None
    check: Callable[[Order, Any, Carrier], str]
    where: Callable[[Any], str]


def read(answer: Answer, shape: type[Shape], hints: Mapping[int, str]) -> Shape:
    """What was answered, in its shape. Raises `Undeliverable` for anything but that, with the hint
    that the status has."""
    require(answer, hints)
    try:
        return msgspec.json.decode(answer.body, type=shape)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Undeliverable(
            f"The answer is not what this API gives ({answer.said}). Check the address",
            permanent=True,
        ) from error


def require(answer: Answer, hints: Mapping[int, str]) -> None:
    """Raise `Undeliverable` unless it is a success. A job may have begun where something in between
    gave up; after any other refusal it has not, and but for a few there is no use in asking
    again."""
    if answer.is_success:
        return
    hint = hints.get(answer.status, "")
    moved = answer.headers.get("location", "")[:200]
    parts = (answer.said, f"It is at another address: {moved}" if moved else "", hint)
    raise Undeliverable(
        ". ".join(part.rstrip(".") for part in parts if part),
        permanent=answer.status not in LATER - {500},
        perhaps=answer.status in UNCERTAIN,
    )


def web(url: str) -> str:
    """An address that a page may lead to, else nothing."""
    return url if url.startswith(("https://", "http://")) and len(url) < 2_000 else ""
