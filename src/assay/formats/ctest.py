"""What CTest writes for CDash, a file for each step: Test.xml, Build.xml, Configure.xml …

All have the root `<Site>`; which step it is of, the element below tells. CTest runs programs and
looks at how they end: it knows passed, failed and not run, and why. What it could not start counts
as failed with it, unless somebody wanted it not to run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from assay.formats import _json
from assay.formats._cdash import (
    Section,
    add_subproject,
    bytes_of,
    labels_of,
    run_of,
    section_of,
    text_of,
)
from assay.formats._cdash_build import (
    STATUSES,
    analysed,
    built,
    clean,
    complaint,
    configured,
    covered,
    covered_in_all,
    noted,
    updated,
)
from assay.formats._embedded import extension_of
from assay.formats._time import moment, seconds
from assay.formats._xml import Element, Part, elements
from assay.formats.format import Format, Head
from assay.model import Attachment, Error, Item, Measurement, Notice, Result, Status

ROOT = "Site"

Read = Callable[[Section, Element], Iterator[Item]]
Close = Callable[[Section], Iterator[Item]]

WANTED_NOT_TO_RUN = ("Disabled", "SKIP_", "Skipped")
"""How the completion status begins of what CTest does not count as failed (cmCTestTestHandler);
the others (“Unable to find executable”, “Fixture dependency failed” …) it does."""

OF_AN_UPDATE = frozenset({"UpdateCommand", "UpdateType", "BuildStamp"})

ASSERTED = frozenset({"", "Failed", "Completed"})
"""Exit codes of a program that ended by itself; others are Timeout, SEGFAULT, ILLEGAL …"""

NOT_KEPT = frozenset({"Execution Time", "Processors", "Exit Code", "Fail Reason", "Pass Reason"})
"""Measurements of CTest's own that are told elsewhere, or say little."""

KEPT_AS = {
    "Command Line": "command",
    "Environment": "environment",
    "Completion Status": "completion status",
    "Exit Value": "exit value",
}
DULL = frozenset({"", "#CTEST_RESOURCE_GROUP_COUNT="})

PLAIN_TEXT = frozenset({"text/string", "text/preformatted", "text/link"})


@dataclass(slots=True)
class _Told:
    """What the measurements of a test say."""

    own: dict[str, str] = field(default_factory=dict)  # CTest's
    metadata: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, float] = field(default_factory=dict)
    files: list[Attachment] = field(default_factory=list)


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield what the part of a submission is of: tests as results, errors and warnings of a build,
    how configuring ended, coverage as measurements, defects of memory; then the run."""
    for part in elements(chunks, frozenset({ROOT, *READ}), WANTED):
        if isinstance(part, Notice):
            yield part
        elif part.scope.tag == ROOT:
            for record in part.records:
                if record.tag == "Subproject":
                    add_subproject(section_of(part.scope), record)
        else:
            yield from _part(part)


def _part(part: Part) -> Iterator[Item]:
    section = section_of(part.scope)
    readers, close = READ[part.scope.tag]
    for record in part.records:
        if read := readers.get(record.tag):
            yield from read(section, record)
        elif record.tag == "TestList":
            section.listed += [each.text for each in record if each.text]
        elif not len(record):
            section.facts.setdefault(record.tag, record.text or "")
    if part.ended:
        yield from close(section)
        yield run_of(section)


def _test(section: Section, test: Element) -> Iterator[Item]:
    told = _measured(test)
    path = _path(section, test)
    name = test.findtext("Name", "") or "(unnamed)"
    status = _status(test, told)
    value = test.find("Results/Measurement/Value")
    output = text_of(value, value.attrib if value is not None else {})
    yield Result(
        path,
        name,
        status,
        seconds(told.own.get("Execution Time")),
        moment(test.findtext("StartTestTime")),
        _error(status, told, output),
        stdout="" if output.isspace() else output,
        attachments=tuple(told.files),
        tags=labels_of(test),
        metadata=told.metadata or None,
    )
    for metric, number in told.numbers.items():
        yield Measurement(path, name, metric, number)


def _path(section: Section, test: Element) -> tuple[str, ...]:
    """The subproject it is of, and its folder in one piece."""
    of = next((section.subprojects.get(label, "") for label in labels_of(test)), "")
    folder = test.findtext("Path", "").removeprefix("./")
    return tuple(title for title in (of, folder) if title not in ("", "."))


def _status(test: Element, told: _Told) -> Status:
    given = test.get("Status", "").lower()
    completed = told.own.get("Completion Status", "")
    if given == "notrun" and completed and not completed.startswith(WANTED_NOT_TO_RUN):
        return Status.BROKEN
    if given == "failed" and told.own.get("Exit Code", "") not in ASSERTED:
        return Status.BROKEN
    return STATUSES.get(given, Status.UNKNOWN)


def _error(status: Status, told: _Told, output: str) -> Error | None:
    """Why, in CTest's words; what the program has to say about it is its output."""
    if status is Status.PASSED:
        return None
    code, exit_value = told.own.get("Exit Code", ""), told.own.get("Exit Value", "")
    reason = told.own.get("Fail Reason", "").strip()
    if status is Status.SKIPPED or not code:
        completed = told.own.get("Completion Status", "")
        return Error(message=_first(output) if _says_it(output, completed) else completed)
    if code in ASSERTED:
        return Error("", reason or f"Exit code {exit_value}".strip())
    return Error(
        code, reason or ("Ran out of time" if code == "Timeout" else "The program crashed")
    )


def _says_it(output: str, completed: str) -> bool:
    """Is the output CTest's own message, which says more: `Unable to find executable: /bin/x`?"""
    return bool(completed) and output.startswith((completed, "Failed test dependencies"))


def _first(output: str) -> str:
    return output.strip().partition("\n")[0]


def _measured(test: Element) -> _Told:
    told = _Told()
    for each in test.iterfind("Results/NamedMeasurement"):
        name, kind, value = each.get("name", ""), each.get("type", ""), each.find("Value")
        if kind in PLAIN_TEXT or name in NOT_KEPT:
            _keep(told, name, text_of(value, each.attrib))
        elif kind.startswith("numeric/"):
            if (number := _number(value)) is not None:
                told.numbers[name] = number
        else:
            content = bytes_of(value, each.attrib)
            told.files.append(_file(name, kind, each.get("filename", ""), content))
    return told


def _keep(told: _Told, name: str, text: str) -> None:
    told.own[name] = text
    if name not in NOT_KEPT and text not in DULL and text != "Completed":
        told.metadata[KEPT_AS.get(name, name)] = text


def _number(value: Element | None) -> float | None:
    return None if value is None else _json.number(value.text)


def _file(name: str, kind: str, filename: str, content: bytes) -> Attachment:
    media_type = kind if "/" in kind else ""
    if not filename:
        filename = name if "." in name else name + extension_of(media_type)
    return Attachment(filename or "file", media_type=media_type, content=content)


def _nothing(_section: Section) -> Iterator[Item]:
    return iter(())


READ: dict[str, tuple[dict[str, Read], Close]] = {
    "Testing": ({"Test": _test}, _nothing),
    "Build": ({"Error": complaint, "Warning": complaint, "Failure": complaint}, built),
    "Configure": ({}, configured),
    "Coverage": ({"File": covered}, covered_in_all),
    "DynamicAnalysis": ({"Test": analysed}, clean),
    "Notes": ({"Note": noted}, _nothing),
    "Upload": ({"File": noted}, _nothing),
    "Update": ({}, updated),  # a root of its own
}
"""The elements below `<Site>`, what stands in them, and what is said when they end."""

WANTED = frozenset({"StartDateTime", "Note", "File"}).union(
    *(readers for readers, _ in READ.values())
)


def _sniff(head: Head) -> bool:
    if head.root == "Update":
        return not head.children.isdisjoint(OF_AN_UPDATE)
    return head.root == ROOT and not head.children.isdisjoint(READ)


def _tree(path: tuple[str, ...]) -> tuple[str, ...]:
    """A container for each folder on the way to a test, where one had the whole way as its title:
    what the option `smart` does to CTest's folders."""
    *titles, folder = path or ("",)
    return (*titles, *filter(None, folder.split("/")))


FORMAT = Format(
    name="ctest",
    title="CTest (CDash) XML",
    sniff=_sniff,
    parse=parse,
    aliases=("cdash", "ctest-xml", "ctest_xml", "ctest-cdash"),
    made_by="CTest, for CDash (`-T Test`, `ctest_test()` and the other steps of a dashboard)",
    how="ctest -T Test --no-compress-output",
    file="Testing/20260102-0304/Test.xml",
    notes=(
        "A test is a result, in the folder it was added in; where subprojects are named, the one "
        "of its label is the container above.",
        "A program that ended with the wrong code, or without the words it should have said, "
        "failed; one that crashed or ran out of time is broken.",
        "What was disabled, or told CTest to skip it, is skipped. What could not be started, or "
        "needs a fixture that failed, is broken: CTest counts it among the failed ones as well.",
        "Labels are tags; numbers among a test's own measurements are measurements, texts "
        "metadata, pictures and files attachments.",
        "Each error of a build is a failed result below “Build”, named by what it says without "
        "its line; each warning one of unknown outcome. “Build” itself is a result, too, and so "
        "is “Configure”, with its log.",
        "Coverage is measured, of each file and as a whole. Of a dynamic analysis, each test is a "
        "result below the checker's name that failed where the checker found a defect; the log is "
        "its output.",
        "Notes and uploaded files are attachments of the report; an update tells its commit.",
        "Test.xml tells only the last try of a test that was repeated.",
    ),
    smart=_tree,
)
