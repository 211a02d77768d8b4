"""The options of an import, as clients send them: texts in a query or a form."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from assay.errors import Invalid
from assay.web.moments import read_moment

LONGEST_TAG = 255
MOST_TAGS = 200

TRUE = frozenset({"true", "1", "yes", "on", "t"})
FALSE = frozenset({"false", "0", "no", "off", "f"})


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
    tags = list(dict.fromkeys(tag.strip()[:LONGEST_TAG] for tag in values))
    if len(tags) > MOST_TAGS:
        raise Invalid(f"At most {MOST_TAGS} tags fit on a report; {len(tags)} came", name)
    return tags


def read_date(values: list[str], name: str) -> str:
    """`now`, or a time as ISO 8601 in UTC; a time without a zone is UTC, as in Rails."""
    word = values[-1].strip()
    if word.lower() == "now":
        return "now"
    try:
        return read_moment(word).isoformat()
    except (ValueError, OverflowError) as error:
        raise Invalid(
            f"The {name} {word[:80]!r} cannot be read; write it as 2026-03-01T14:05:00Z, or now",
            name,
        ) from error


@dataclass(frozen=True, slots=True)
class Option:
    """A parameter: the name it is kept under (none: it is taken and not kept), how it is read, what
    holds without it, and what it means. `old` ones are still taken; others do better."""

    kept: str
    read: Callable[[list[str], str], Any]
    default: Any
    meaning: str
    old: bool = False


TAGS = Option(
    "tags", read_tags, None, "A tag on the report, `name` or `name:value`; as often as you like"
)
OPTIONS: dict[str, Option] = {
    "tag[]": TAGS,
    "tag": TAGS,
    "date": Option(
        "date",
        read_date,
        None,
        "When the tests ran: `now`, or a date and time (UTC, if it names no zone). Without it, as "
        "the report says, else when it came",
    ),
    "smart": Option(
        "smart",
        read_flag,
        True,
        "Tidy the tree, where the format has a way (files by folder, …); `false`: as it came",
    ),
    "process_async": Option(
        "process_async",
        read_flag,
        True,
        "Answer as soon as all is on disk; `false`: when it is read, with 422 if that failed",
    ),
    "merge_containers": Option(
        "merge_containers",
        read_flag,
        False,
        "A test that stands in several files (shards, failures run again) is one result: the last "
        "file's, with the earlier ones as its attempts",
    ),
    "suppress_files_moved": Option(
        "suppress_files_moved",
        read_flag,
        False,
        "Do not say in the log which files are no reports and were kept as attachments",
    ),
    "suppress_notifications": Option(
        "suppress_notifications", read_flag, False, "Tell nobody of this import"
    ),
    "ignore_unspecified_formatter": Option(
        "ignore_unspecified_formatter",
        read_flag,
        False,
        "Do not say in the log that the format was found out",
    ),
    "ignore_empty_report": Option(
        "ignore_empty_report", read_flag, False, "A report without results is no failure"
    ),
    "ignore_empty_import": Option(
        "ignore_empty_import",
        read_flag,
        False,
        "An import without any report is no failure: it has no results, and attachments only",
    ),
    "ignore_max_files_limit": Option(
        "ignore_max_files_limit",
        read_flag,
        False,
        "Take more files than the server's limit for one import",
    ),
    "ignore_old_report_date": Option(
        "ignore_old_report_date",
        read_flag,
        False,
        "Do not warn in the log that the profile has a report of a later date",
    ),
    "branch": Option("branch", read_text, None, "The branch that was tested"),
    "commit": Option("commit", read_text, None, "The commit that was tested"),
    "build": Option(
        "build", read_text, None, "The build's number or name; becomes a tag, too", old=True
    ),
    "execution": Option(
        "execution", read_text, None, "The run it was asked for with: the job's `ASSAY_EXECUTION`"
    ),
    "os": Option("os", read_text, None, "Becomes the tag `os:…`; send that instead", old=True),
    "platform": Option(
        "platform", read_text, None, "Becomes the tag `platform:…`; send that instead", old=True
    ),
    "formatter": Option("formatter", read_text, None, "The format, where it is not in the address"),
    "envelope": Option("", read_text, None, "Taken, and of no effect", old=True),
}
"""Every parameter by its name. Any other is ignored."""

AS_TAGS = ("os", "platform", "build")
"""Parameters that tags have replaced: they are kept, and made into tags."""


def read_options(given: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """The options among query parameters and form fields, in this order: the last one counts, and
    lists are joined. What is blank counts as not sent. Raises `Invalid` naming the parameter."""
    values: dict[str, list[str]] = {}
    for name, value in given:
        if name in OPTIONS and value.strip():
            values.setdefault(name, []).append(value)
    options: dict[str, Any] = {}
    for name, texts in values.items():
        option = OPTIONS[name]
        if option.kept:
            found = option.read(texts, name)
            before = options.get(option.kept) if option is TAGS else None
            options[option.kept] = [*before, *found] if before else found
    tagged = [f"{name}:{options[name]}" for name in AS_TAGS if options.get(name)]
    if tagged:
        options["tags"] = list(dict.fromkeys([*options.get("tags", []), *tagged]))
    return options
