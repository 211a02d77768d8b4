"""The options of an import, as clients send them: texts in a query or a form."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from dateutil import parser as dates

from assay.errors import Invalid

LONGEST_TAG = 255
MOST_TAGS = 200

TRUE = frozenset({"true", "1", "yes", "on", "t"})
FALSE = frozenset({"false", "0", "no", "off", "f", ""})


def read_flag(values: list[str], name: str) -> bool:
    word = values[-1].strip().lower()
    if word in TRUE:
        return True
    if word in FALSE:
        return False
    raise Invalid(f"{name} is true or false, not {values[-1][:80]!r}", name)


def read_text(values: list[str], _name: str) -> str:
    return values[-1].strip()[:LONGEST_TAG]


def read_tags(values: list[str], name: str) -> list[str]:
    tags = list(dict.fromkeys(tag.strip()[:LONGEST_TAG] for tag in values if tag.strip()))
    if len(tags) > MOST_TAGS:
        raise Invalid(f"At most {MOST_TAGS} tags fit on a report; {len(tags)} came", name)
    return tags


def read_date(values: list[str], name: str) -> str:
    """`now`, or a time as ISO 8601 in UTC; a time without a zone is UTC, as in Rails."""
    word = values[-1].strip()
    if word.lower() in ("", "now"):
        return word.lower()
    try:
        found = dates.parse(word, default=datetime(2000, 1, 1, tzinfo=UTC))
        found = found if found.tzinfo else found.replace(tzinfo=UTC)
        return found.astimezone(UTC).isoformat()
    except (ValueError, OverflowError) as error:
        raise Invalid(
            f"The date {word[:80]!r} cannot be read; write it as 2026-03-01T14:05:00Z, or now", name
        ) from error


OPTIONS: dict[str, tuple[str, Callable[[list[str], str], Any]]] = {
    "tag[]": ("tags", read_tags),
    "tag": ("tags", read_tags),
    "date": ("date", read_date),
    "smart": ("smart", read_flag),
    "process_async": ("process_async", read_flag),
    "merge_containers": ("merge_containers", read_flag),
    "suppress_files_moved": ("suppress_files_moved", read_flag),
    "suppress_notifications": ("suppress_notifications", read_flag),
    "ignore_unspecified_formatter": ("ignore_unspecified_formatter", read_flag),
    "ignore_empty_report": ("ignore_empty_report", read_flag),
    "ignore_empty_import": ("ignore_empty_import", read_flag),
    "ignore_max_files_limit": ("ignore_max_files_limit", read_flag),
    "ignore_old_report_date": ("ignore_old_report_date", read_flag),
    "branch": ("branch", read_text),
    "commit": ("commit", read_text),
    "build": ("build", read_text),
    "os": ("os", read_text),
    "platform": ("platform", read_text),
    "formatter": ("formatter", read_text),
}
"""A parameter, the name it is kept under, and how it is read. Any other is ignored."""

AS_TAGS = ("os", "platform", "build")
"""Parameters that tags have replaced: they are kept, and made into tags."""


def read_options(given: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """The options among query parameters and form fields, in this order: the last one counts, and
    lists are joined. Raises `Invalid` naming the parameter."""
    values: dict[str, list[str]] = {}
    for name, value in given:
        if name in OPTIONS:
            values.setdefault(name, []).append(value)
    options: dict[str, Any] = {}
    for name, texts in values.items():
        kept, read = OPTIONS[name]
        found = read(texts, name)
        options[kept] = [*options[kept], *found] if kept in options and found else found
    tagged = [f"{name}:{options[name]}" for name in AS_TAGS if options.get(name)]
    if tagged:
        options["tags"] = list(dict.fromkeys([*options.get("tags", []), *tagged]))
    return options
