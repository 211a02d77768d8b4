"""Globs over names: `*` stands for any characters, also none, `?` for one; a glob is of a whole
name, and capitals matter.

A test is called by its name, with as many of the containers above it as one likes to say:
`adds`, `cart › adds` or `shop/cart/adds`. A glob that fits any of these fits the test.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_WORDS = {"*": ".*", "?": "."}


def regex(globs: Iterable[str]) -> str:
    """What any of the globs fits of tests' whole names, with ` › ` or with `/` between the parts,
    as a regular expression that every engine of the results store takes (RE2)."""
    parts = ("".join(_WORDS.get(letter) or re.escape(letter) for letter in each) for each in globs)
    return f"(?s)(?:^| › |/)(?:{'|'.join(parts)})$"


def fits(glob: str, name: str) -> bool:
    """Whether the glob is of this name. Takes no longer than their lengths' product, whatever the
    glob."""
    at = star = 0
    back: int | None = None
    for_name = 0
    while for_name < len(name):
        if at < len(glob) and glob[at] == "*":
            back, star = at, for_name
            at += 1
        elif at < len(glob) and glob[at] in ("?", name[for_name]):
            at, for_name = at + 1, for_name + 1
        elif back is not None:  # let the last star stand for one character more
            star += 1
            at, for_name = back + 1, star
        else:
            return False
    return not glob[at:].strip("*")


def any_fits(globs: Iterable[str], name: str) -> bool:
    return any(fits(each, name) for each in globs)
