"""What people may call a thing."""

from __future__ import annotations

from assay.errors import Invalid

LONGEST = 200


def tidy(name: str, field: str = "name") -> str:
    """The name with its white space made single. Raises `Invalid` when it is empty or too long."""
    neat = " ".join(name.split())
    if not neat:
        raise Invalid(f"The {field} is empty.", field)
    if len(neat) > LONGEST:
        raise Invalid(f"The {field} has {len(neat)} characters; at most {LONGEST} fit.", field)
    return neat
