"""What an executable profile knows of its job, as the profile's `setup` keeps it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from assay.errors import Invalid
from assay.schedules import Schedule, read_schedule
from assay.store.catalog.profiles import Kind, Profile

PART = "job"
"""Where in a profile's `setup` this stands."""

MOST_PARAMETERS = 50
LONGEST_VALUE = 2_000
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,99}")
OURS = "ASSAY_"
"""How the names begin that Assay gives itself."""


@dataclass(frozen=True, slots=True)
class Setup:
    """`config` holds the runner's fields, secrets too; `parameters` are sent where nobody says
    others."""

    runner: str
    config: dict[str, str] = field(repr=False)
    parameters: dict[str, str] = field(default_factory=dict)
    schedule: str = ""

    @property
    def times(self) -> Schedule:
        return read_schedule(self.schedule)

    def kept(self) -> dict[str, object]:
        """As JSON holds it."""
        return asdict(self)


def setup_of(profile: Profile) -> Setup | None:
    """None for a profile that has no job."""
    found = profile.setup.get(PART)
    return Setup(**found) if found else None


def active_setup(profile: Profile) -> Setup | None:
    """The same; none for a profile that is not executable, whatever it knew when it was."""
    return setup_of(profile) if profile.kind is Kind.EXECUTABLE else None


def check_parameters(given: Mapping[str, str]) -> dict[str, str]:
    """Parameters for a job. Raises `Invalid`, naming the one that cannot be."""
    if len(given) > MOST_PARAMETERS:
        raise Invalid(f"A job takes {MOST_PARAMETERS} parameters at most", "parameters")
    for name, value in given.items():
        if not NAME.fullmatch(name):
            raise Invalid(
                f"{name[:60]!r} cannot be a parameter's name: it has letters, digits, _ - and .",
                "parameters",
            )
        if name.upper().startswith(OURS):
            raise Invalid(f"{name} is set by Assay itself: leave it out", "parameters")
        if len(value) > LONGEST_VALUE:
            raise Invalid(f"{name} is longer than {LONGEST_VALUE:,} characters", "parameters")
    return dict(given)


def read_parameters(text: str) -> dict[str, str]:
    """Parameters as people write them, NAME=value, one a line. Raises `Invalid`."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        if not line.strip():
            continue
        name, equals, value = line.partition("=")
        if not equals:
            raise Invalid(f"{line.strip()[:60]!r} is no parameter: write NAME=value", "parameters")
        found[name.strip()] = value.strip()
    return check_parameters(found)


def write_parameters(parameters: Mapping[str, str]) -> str:
    """The same, for a form."""
    return "\n".join(f"{name}={value}" for name, value in parameters.items())
