"""The parts of forms that pages share whose fields are a dataclass's: channels, jobs, sources."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from assay.notify.channel import Configured, fields_of
from assay.schedules import DAY_NAMES, DAYS, TITLES, Every, Schedule
from assay.web.pages.parts import Option


@dataclass(frozen=True, slots=True)
class Input:
    """A field of a form. `kept` is a secret that is there already and stays."""

    name: str
    label: str
    hint: str
    example: str
    value: str
    secret: bool
    kept: bool


@dataclass(frozen=True, slots=True)
class ScheduleInput:
    """How often, at what time of day (UTC), on which day of the week."""

    every: tuple[Option, ...]
    at: str
    days: tuple[Option, ...]


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a form whose fields depend on what it is for."""
    form = await request.form(max_files=0)
    return {name: value for name, value in form.items() if isinstance(value, str)}


Given = Annotated[dict[str, str], Depends(read_form)]


def inputs(kind: Configured, values: Mapping[str, str], *, known: bool) -> tuple[Input, ...]:
    return tuple(
        Input(
            each.name,
            each.label,
            each.hint,
            each.example,
            "" if each.secret else values.get(each.name, ""),
            each.secret,
            known and each.secret,
        )
        for each in fields_of(kind)
    )


def schedule_input(schedule: Schedule) -> ScheduleInput:
    return ScheduleInput(
        tuple(Option(each.value, TITLES[each], each is schedule.every) for each in Every),
        f"{schedule.at:%H:%M}",
        tuple(
            Option(short, title, number == schedule.day)
            for number, (short, title) in enumerate(zip(DAYS, DAY_NAMES, strict=True))
        ),
    )


def schedule_text(given: Mapping[str, str]) -> str:
    """What the form says, as `read_schedule` reads it: fields that do not count are left out."""
    every, at = given.get("every", ""), given.get("at", "") or "02:00"
    parts = {
        Every.DAY.value: f"{every} {at}",
        Every.WEEK.value: f"{every} {given.get('day', DAYS[0])} {at}",
    }
    return parts.get(every, every)
