"""What CTest says of configuring, building and covering, and of the memory its tests misuse."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assay.formats._cdash import Section, bytes_of, labels_of, text_of, times_of
from assay.formats._time import seconds
from assay.formats._xml import Element
from assay.model import Attachment, Error, Item, Measurement, Result, Run, Status

PLACE = re.compile(r"\S.{0,300}?(?::\d+(?::\d+)?|\(\d+(?:,\d+)?\)\s?):\s*")
"""`src/a.c:3:9: ` of GCC and Clang, `a.cpp(3): ` of Visual C++, before what they have to say."""

MATCHED = re.compile(r"\[CTest: \w+ matched\] ")
"""What CTest's launcher writes before a line that it took for a warning."""

COMPLAINT = re.compile(r"\b(?:error|warning)\b", re.IGNORECASE)

KINDS = {"Error": Status.FAILED, "Warning": Status.UNKNOWN}
"""An error stops the build; whether a warning matters somebody has to decide."""

LONGEST_NAME = 500
"""Characters of a complaint in a result's name."""

COVERED = {
    "LOCTested": "lines covered",
    "LOCUnTested": "lines not covered",
    "LOCUntested": "lines not covered",  # of the whole
    "BranchesTested": "branches covered",
    "BranchesUnTested": "branches not covered",
}


# Configure


def configured(section: Section) -> Iterator[Item]:
    """Configuring as one result: it passed if CMake gave 0."""
    code = section.facts.get("ConfigureStatus", "").strip()
    status = Status.PASSED if code == "0" else Status.FAILED if code else Status.UNKNOWN
    started, lasted = times_of(section)
    yield Result(
        (),
        "Configure",
        status,
        lasted,
        started,
        Error(message=f"Configuring ended with {code}") if status is Status.FAILED else None,
        stdout=section.facts.get("Log", ""),
        metadata=_command(section, "ConfigureCommand"),
    )


# Build


def complaint(section: Section, record: Element) -> Iterator[Item]:
    """An error or a warning as a result, named by what it says without the line it says it of."""
    of_a_launcher = record.tag == "Failure"
    kind = record.get("type", "Error") if of_a_launcher else record.tag
    section.counts[kind] = section.counts.get(kind, 0) + 1
    file, said, output, facts = (_launched if of_a_launcher else _scraped)(record)
    first = said.splitlines()[0] if said else ""
    place = PLACE.match(first)
    name = first[place.end() if place else 0 :][:LONGEST_NAME] or "(no message)"
    yield Result(
        ("Build", file) if file else ("Build",),
        name,
        KINDS.get(kind, Status.UNKNOWN),
        error=Error(kind.lower(), first, output),
        tags=labels_of(record),
        metadata={key: told for key, told in facts.items() if told} or None,
    )


_Told = tuple[str, str, str, dict[str, str]]


def _scraped(record: Element) -> _Told:
    """File, message, surroundings and facts of what CTest found in the build's output."""
    given = {child.tag: child.text or "" for child in record}
    said = given.get("Text", "").strip()
    around = f"{given.get('PreContext', '')}{said}\n{given.get('PostContext', '')}".strip("\n")
    facts = {"line": given.get("SourceLineNumber", ""), "log line": given.get("BuildLogLine", "")}
    return given.get("SourceFile", ""), said, around, facts


def _launched(record: Element) -> _Told:
    """The same of a command that CTest's launcher saw fail or warn."""
    err, out = record.findtext("Result/StdErr", ""), record.findtext("Result/StdOut", "")
    output = MATCHED.sub("", "\n".join(filter(None, (out, err))))
    complaints = (line for line in output.splitlines() if COMPLAINT.search(line))
    said = next(complaints, output.strip())
    arguments = (each.text or "" for each in record.iterfind("Command/Argument"))
    facts = {
        "target": record.findtext("Action/TargetName", ""),
        "language": record.findtext("Action/Language", ""),
        "output": record.findtext("Action/OutputFile", ""),
        "exit code": record.findtext("Result/ExitCondition", ""),
        "command": " ".join(arguments),
    }
    return record.findtext("Action/SourceFile", ""), said.strip(), output, facts


def built(section: Section) -> Iterator[Item]:
    """The build as one result: it passed if there were no errors."""
    errors, warnings = section.counts.get("Error", 0), section.counts.get("Warning", 0)
    started, lasted = times_of(section)
    complete = any(tag.startswith("End") for tag in section.facts)
    status = Status.FAILED if errors else Status.PASSED if complete else Status.UNKNOWN
    said = (
        Error(message=f"{_counted(errors, 'error')}, {_counted(warnings, 'warning')}")
        if errors
        else None
    )
    command = _command(section, "BuildCommand")
    yield Result((), "Build", status, lasted, started, said, metadata=command)
    yield Measurement((), "Build", "errors", errors)
    yield Measurement((), "Build", "warnings", warnings)


def _counted(count: int, of: str) -> str:
    return f"{count} {of}" if count == 1 else f"{count} {of}s"


def _command(section: Section, tag: str) -> dict[str, str] | None:
    told = section.facts.get(tag, "")
    return {"command": told} if told else None


# Coverage


def covered(_section: Section, record: Element) -> Iterator[Item]:
    """What is covered of a file, as measurements below “Coverage”."""
    name = record.get("FullPath", record.get("Name", "")).removeprefix("./")
    given = {child.tag: child.text or "" for child in record}
    if name:
        yield from _measured(("Coverage",), name, given)


def covered_in_all(section: Section) -> Iterator[Item]:
    """Coverage as one result that passed, with the whole's measurements."""
    started, lasted = times_of(section)
    yield Result((), "Coverage", Status.PASSED, lasted, started)
    yield from _measured((), "Coverage", section.facts)


def _measured(path: tuple[str, ...], name: str, given: dict[str, str]) -> Iterator[Measurement]:
    for tag, metric in COVERED.items():
        if (count := seconds(given.get(tag))) is not None:
            yield Measurement(path, name, metric, count)
    if (share := seconds(given.get("PercentCoverage"))) is not None:
        yield Measurement(path, name, "coverage", share, "%")


# DynamicAnalysis


def analysed(section: Section, record: Element) -> Iterator[Item]:
    """A test under a memory checker: it failed if the checker found defects or the test failed."""
    path, name = _under_checker(section, record.findtext("FullName", ""))
    section.seen.add(record.findtext("FullName", ""))
    defects = [
        (each.get("type", ""), each.text or "") for each in record.iterfind("Results/Defect")
    ]
    said = ", ".join(f"{kind}: {count.strip()}" for kind, count in defects if kind)
    failed = bool(said) or record.get("Status") == "failed"
    log = record.find("Log")
    kind = "defect" if said else ""
    yield Result(
        path,
        name,
        Status.FAILED if failed else STATUSES.get(record.get("Status", ""), Status.UNKNOWN),
        error=Error(kind, said or "The test failed under the checker") if failed else None,
        stdout=text_of(log, log.attrib if log is not None else {}),
        tags=labels_of(record),
        metadata=_of_test(record),
    )
    for kind, count in defects:
        if kind and (number := seconds(count)) is not None:
            yield Measurement(path, name, kind, number)


STATUSES = {"passed": Status.PASSED, "failed": Status.FAILED, "notrun": Status.SKIPPED}


def _of_test(record: Element) -> dict[str, str] | None:
    command = record.findtext("FullCommandLine", "")
    return {"command": command} if command else None


def clean(section: Section) -> Iterator[Item]:
    """The tests without a defect: CTest lists all that ran, and tells only of the others."""
    if "EndTestTime" not in section.facts:  # of what is cut short nobody can tell
        return
    for listed in dict.fromkeys(section.listed):
        if listed not in section.seen:
            yield Result(*_under_checker(section, listed), Status.PASSED)


def _under_checker(section: Section, full_name: str) -> tuple[tuple[str, ...], str]:
    """A path and a name that are not those of the same test when it ran by itself."""
    folder, _, name = full_name.removeprefix("./").rpartition("/")
    checker = section.about.get("Checker", "") or "DynamicAnalysis"
    return (checker, folder) if folder else (checker,), name or "(unnamed)"


# Notes and files


def noted(_section: Section, record: Element) -> Iterator[Item]:
    """A note or an uploaded file as an attachment of the run."""
    if record.tag == "Note":
        path, content = record.get("Name", ""), record.findtext("Text", "").encode()
    else:
        value = record.find("Content")
        path = record.get("filename", "")
        content = bytes_of(value, value.attrib if value is not None else {})
    name = re.split(r"[/\\]", path)[-1] or "note"
    media_type = "text/plain" if record.tag == "Note" else ""
    yield Run(attachments=(Attachment(name, media_type=media_type, content=content),))


# Update


def updated(section: Section) -> Iterator[Item]:
    """The commit that was built; here the build's name is told by elements."""
    for key in ("BuildName", "BuildStamp"):
        section.site[key] = section.facts.get(key, "")
    commit = section.facts.get("Revision", "").strip()
    if commit:
        yield Run(commit=commit)
