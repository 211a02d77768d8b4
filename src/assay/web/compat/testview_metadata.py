"""The metadata of an import at XL TestView's API: what a CI says of the build that ran the tests.

Any JSON object will do. Jenkins' plugin sends names without the prefix that the public API gave
them (build 1.2.0 of the plugin), and the parameters of its build as an object within.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from assay.ci import OTHER, PREFIXES
from assay.errors import Invalid

RESERVED = ("@", "_")
"""How keys of the system's own begin, in XL TestView since 1.3."""

JENKINS = {
    "source": "ciSource",
    "serverUrl": "ciServerUrl",
    "jobName": "ciJobName",
    "jobUrl": "ciJobUrl",
    "buildUrl": "ciBuildUrl",
    "buildNumber": "ciBuildNumber",
    "buildResult": "ciBuildResult",
    "buildDuration": "ciBuildDuration",
    "executedOn": "ciExecutedOn",
    "buildParameters": "ciBuildParameters",
}
BEFORE_1_4 = {"source": "ciSource"}
"""Names that became others, at the plugin's address and at both."""

CHANGING = frozenset({"ciBuildDuration", "ciBuildResult"})
"""What is another when a step of the same build is done again."""

PARAMETER = "ciBuildParameters."
FACTS = {
    "branch": ("ciBranch", "branch", *(PARAMETER + name for name in OTHER.branch)),
    "commit": ("ciCommit", "commit", *(PARAMETER + name for name in OTHER.commit)),
    "build": ("ciBuildNumber",),
}
"""Where a report's own facts stand, the best first."""

LONGEST_TEXT = 1_000_000
LONGEST_KEY = 255
LONGEST_VALUE = 4_000
MOST = 500


def read_metadata(text: str, *, plugin: bool) -> dict[str, str]:
    """The metadata by name, all of it text: what stands deeper has its path with dots for a name,
    lists are joined. With `plugin`, the names that Jenkins' plugin uses are the public ones.

    Raises `Invalid` for what is no JSON object, and for a name that is not allowed.
    """
    try:
        given = json.loads(text.removeprefix("\ufeff"))
        if not isinstance(given, dict):
            raise Invalid("The metadata are no JSON object: send {} if there are none")
        _check(given)
        flat = dict(_flat(_renamed(given, JENKINS if plugin else BEFORE_1_4)))
    except RecursionError:
        raise Invalid("The metadata stand too deep within one another") from None
    except ValueError as error:
        raise Invalid(f"The metadata are no JSON: {error}") from error
    if len(flat) > MOST:
        raise Invalid(f"{len(flat):,} metadata came, and {MOST} are the most")
    return flat


def read_options(metadata: Mapping[str, str]) -> dict[str, Any]:
    """What the metadata say as options of an import, with themselves."""
    found = {fact: _first(names, metadata) for fact, names in FACTS.items()}
    for prefix in PREFIXES:
        found["branch"] = found["branch"].removeprefix(prefix)
    facts = {fact: said[:LONGEST_KEY] for fact, said in found.items() if said}
    return {**facts, "metadata": dict(metadata)} if metadata else {}


def mark(metadata: Mapping[str, str]) -> str:
    """The same for the same build, when it sends its results again."""
    lasting = {name: said for name, said in metadata.items() if name not in CHANGING}
    told = json.dumps(lasting, sort_keys=True).encode()
    return hashlib.sha256(told).hexdigest()[:16]


def _check(given: Mapping[str, object]) -> None:
    for name in given:
        if name.startswith(RESERVED):
            raise Invalid(
                f"The metadata's key {name[:80]!r} begins with {name[0]!r}, which is reserved", name
            )


def _renamed(given: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """With the public names; one that was sent under both has what the public one said."""
    old = {names[name]: value for name, value in given.items() if name in names}
    return old | {name: value for name, value in given.items() if name not in names}


def _flat(given: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    for name, value in given.items():
        path = f"{above}{name}"
        if isinstance(value, dict):
            yield from _flat(value, f"{path}.")
        else:
            yield _short(path, LONGEST_KEY), _short(_text(value), LONGEST_VALUE)


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return ", ".join(map(_text, value))
    return json.dumps(value, ensure_ascii=False)


def _short(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _first(names: tuple[str, ...], metadata: Mapping[str, str]) -> str:
    return next((said for name in names if (said := metadata.get(name, "").strip())), "")
