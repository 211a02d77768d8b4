"""The ways to take a report out, one file each.

To add one: write `web/pages/exports/<name>.py` with its `EXPORT`, and put it in `EXPORTS`.
"""

from __future__ import annotations

from assay.errors import NotFound
from assay.web.pages.exports import assay, calliope, csv, html, junit
from assay.web.pages.exports.export import Export
from assay.web.pages.exports.outgoing import Outgoing, outgoing

__all__ = ["EXPORTS", "Export", "Outgoing", "by_name", "outgoing"]

EXPORTS: tuple[Export, ...] = (html.EXPORT, csv.EXPORT, junit.EXPORT, calliope.EXPORT, assay.EXPORT)
"""Every export, in the order of menus."""


def by_name(name: str) -> Export:
    """The export called so. Raises `NotFound`, naming those that there are."""
    found = next((each for each in EXPORTS if each.name == name.lower()), None)
    if found is None:
        names = ", ".join(each.name for each in EXPORTS)
        raise NotFound(f"Reports are not exported as {name}. There are: {names}")
    return found
