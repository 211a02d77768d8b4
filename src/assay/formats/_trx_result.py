"""One test of a TRX report: its definition, and its result (vstst.xsd of Visual Studio)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache

from msgspec import Struct

from assay.formats import _trace
from assay.formats._dotnet import arguments_of, error_of, text_of
from assay.formats._facts import attachment, named_files
from assay.formats._specflow import steps_of
from assay.formats._time import moment, seconds
from assay.formats._workspaces import within_project
from assay.formats._xml import Element
from assay.model import Attachment, Error, Result, Status, Step

OUTCOMES = {
    "Passed": Status.PASSED,
    "Failed": Status.FAILED,
    "NotExecuted": Status.SKIPPED,
    "Inconclusive": Status.SKIPPED,  # Assert.Inconclusive, which the IDE shows as skipped
    "Error": Status.BROKEN,
    "Timeout": Status.BROKEN,
    "Aborted": Status.BROKEN,
    "Disconnected": Status.BROKEN,
    "NotRunnable": Status.BROKEN,  # what cannot be a test as it is written
    "PassedButRunAborted": Status.PASSED,
    "Warning": Status.PASSED,
    "Completed": Status.PASSED,  # a manual or generic test that says no more
    "InProgress": Status.UNKNOWN,
    "Pending": Status.SKIPPED,  # never begun; so mocha-trx-reporter has what is skipped
}
"""TestOutcome of the schema. Its default, which is not written, is Error."""

PLAIN = frozenset({"Passed", "Failed"})
"""Outcomes that the status tells whole."""

PRINTED = frozenset({"StdOut", "DebugTrace", "TraceInfo"})
FILES = frozenset({"ResultFiles", "CollectorDataEntries"})

PARAMETER = "Parameter:"
"""How the names of properties begin in which SpecFlow tells an example's values."""

SPAN = re.compile(r"(?:(\d{1,8})\.)?(\d{1,8}):(\d\d):(\d\d(?:\.\d+)?)")
"""A .NET TimeSpan: days, hours, minutes, seconds."""

THREW = re.compile(r"(?:Test|Initialization|Class \w+|\w+) method \S+ threw exception:\s*")
"""MSTest's words before an exception; what follows is `System.IO.IOException: No disk`."""

NAMED = re.compile(r"([A-Za-z_][\w.+`]*): ?(.*)", re.DOTALL)

ROW = re.compile(r" \(Data Row (\d+)\)$")
"""What MSTest calls a row of data whose values it does not tell."""

SUITES = " / "
"""Between suites in the names that jest-trx-results-processor writes."""

BUILT = (".dll", ".exe", ".appx", ".xap")
"""Assemblies, and what holds them: built in a folder that says nothing of the test."""

NOTHING = frozenset({"", "none"})
"""What mocha-trx-reporter calls class and method, having none."""

FRAME = re.compile(r"\n\s+at \S")
"""Of a trace that stands in the message itself."""

DOTTED = re.compile(r"(\w[\w.+`]*)\.(\w[^.]*)")
"""The class before a method, in the name of a test of which the definition is missing."""


class Definition(Struct, frozen=True, gc=False):
    """What a test is, beside what became of it. `prefix` is its class, as names may begin."""

    path: tuple[str, ...]
    prefix: str = ""  # with the dot behind it
    method: str = ""
    tags: tuple[str, ...] = ()
    description: str = ""
    parameters: dict[str, str] | None = None
    metadata: dict[str, str] | None = None


class Outcome(Struct, frozen=True, gc=False):
    """What became of a test: a result that still lacks what its definition says."""

    test: str
    name: str
    status: Status
    duration: float | None = None
    started: datetime | None = None
    error: Error | None = None
    stdout: str = ""
    stderr: str = ""
    attachments: tuple[Attachment, ...] = ()
    above: tuple[str, ...] = ()
    metadata: dict[str, str] | None = None


NOWHERE = Definition(())


def result_of(outcome: Outcome, definition: Definition | None) -> Result:
    """The two as one. A test's name is without its class."""
    definition = definition or _guessed(outcome.name)
    path, name = _placed(outcome.name, definition)
    return Result(
        outcome.above + path if outcome.above else path,
        name,
        outcome.status,
        outcome.duration,
        outcome.started,
        outcome.error,
        outcome.stdout,
        outcome.stderr,
        definition.description,
        _steps(outcome),
        outcome.attachments,
        tags=definition.tags,
        parameters=definition.parameters or (_arguments(name) if name[-1:] == ")" else None),
        metadata=_metadata(outcome, definition),
    )


def _guessed(name: str) -> Definition:
    found = DOTTED.fullmatch(name.partition("(")[0])
    return Definition((found[1],), found[1] + ".") if found else NOWHERE


def _placed(name: str, definition: Definition) -> tuple[tuple[str, ...], str]:
    """The path, and the name in it; Jest's reporter has the suites in names, the first as class."""
    prefix = definition.prefix
    if not prefix:
        return definition.path, name
    if name.startswith(prefix):
        return definition.path, name[len(prefix) :] or name
    if SUITES in name and name.startswith(prefix[:-1] + SUITES):
        *suites, name = name.split(SUITES)
        return (*definition.path, *suites[1:]), name
    return definition.path, name


def _steps(outcome: Outcome) -> tuple[Step, ...]:
    return steps_of(outcome.stdout) if outcome.stdout else ()


def _arguments(name: str) -> dict[str, str] | None:
    """Those of a method; a sentence with something in brackets has none, unless it names them."""
    if row := ROW.search(name):
        return {"row": row[1]}
    found = arguments_of(name)
    is_method = " " not in name.partition("(")[0].strip()
    return found if found and (is_method or not any(map(str.isdigit, found))) else None


def _metadata(outcome: Outcome, definition: Definition) -> dict[str, str] | None:
    method = definition.method
    renamed = {} if method in outcome.name else {"method": method}
    if not (renamed or definition.metadata or outcome.metadata):
        return None
    return {**(definition.metadata or {}), **(outcome.metadata or {}), **renamed}


# Definitions


class Definitions:
    """Those of one report, by the test's id. Tests of one class share its path."""

    def __init__(self) -> None:
        self.known: dict[str, Definition] = {}
        self.places: dict[tuple[str, str], tuple[tuple[str, ...], str]] = {}

    def add(self, element: Element) -> None:
        """A `<UnitTest>`, or another kind of test, which has no method."""
        given = element.attrib
        method, plain = None, True
        for child in element:
            if child.tag == "TestMethod":
                method = child.attrib
            elif child.tag != "Execution":
                plain = False
        of = method or {}
        storage = of.get("codeBase") or given.get("storage", "")
        key = (storage, of.get("className", ""))
        path, prefix = self.places.get(key) or self.places.setdefault(key, _place(*key))
        name = of.get("name", "").removeprefix(prefix) if prefix else ""
        if plain and "priority" not in given:
            definition = Definition(path, prefix, name)
        else:
            definition = _definition(element, path, prefix, name)
        self.known[given.get("id", "")] = definition


def _place(storage: str, classname: str) -> tuple[tuple[str, ...], str]:
    """The assembly, or script, and the class without its assembly."""
    classname = classname.partition(", ")[0] if "[" not in classname else classname
    classname = "" if classname in NOTHING else classname
    prefix = f"{classname}." if classname else ""
    return tuple(filter(None, (_assembly(storage), classname))), prefix


@lru_cache(maxsize=64)
def _assembly(storage: str) -> str:
    """Without its folder, unless it is a script in a folder of the project."""
    storage = within_project(storage)
    return storage.rpartition("/")[2] if storage.lower().endswith(BUILT) else storage


def _definition(element: Element, path: tuple[str, ...], prefix: str, method: str) -> Definition:
    metadata = {"priority": element.get("priority", "")}
    owners = (each.get("name", "") for each in element.iterfind("Owners/Owner"))
    metadata["owner"] = ", ".join(filter(None, owners))
    items = map(text_of, element.iterfind("*/WorkItem"))
    metadata["work items"] = ", ".join(filter(None, items))
    parameters: dict[str, str] = {}
    for each in element.iterfind("Properties/Property"):
        key, value = text_of(each.find("Key")), text_of(each.find("Value"))
        into = parameters if key.startswith(PARAMETER) else metadata
        into[key.removeprefix(PARAMETER)] = value
    categories = element.iterfind("TestCategory/TestCategoryItem")
    return Definition(
        path,
        prefix,
        method,
        tuple(dict.fromkeys(filter(None, (each.get("TestCategory", "") for each in categories)))),
        text_of(element.find("Description")),
        parameters or None,
        {key: value for key, value in metadata.items() if key and value} or None,
    )


# Results


def outcomes(element: Element, above: tuple[str, ...] = ()) -> Iterator[Outcome]:
    """The outcome of a test, of each of its rows of data, or of each test of an ordered one.

    What a test with rows, of which none failed, failed of itself is an outcome beside theirs.
    """
    inner = element.find("InnerResults")
    if inner is None or not len(inner):
        yield _outcome(element, above)
        return
    own = _outcome(element, above)
    is_data = element.get("resultType") == "DataDrivenTest"
    below = above if is_data else (*above, own.name)
    failed = False
    for child in inner:
        for found in outcomes(child, below):
            failed = failed or found.status not in (Status.PASSED, Status.SKIPPED)
            yield _row(found, own, child) if is_data else found
    if not failed and own.status in (Status.FAILED, Status.BROKEN):
        yield own


def _row(row: Outcome, test: Outcome, element: Element) -> Outcome:
    """With a name of its own, which early versions did not give it."""
    number = element.get("dataRowInfo")
    if row.name != test.name or number is None:
        return row
    name = f"{row.name} (Data Row {number})"
    fields = {field: getattr(row, field) for field in row.__struct_fields__}
    return Outcome(**{**fields, "name": name})


def _outcome(element: Element, above: tuple[str, ...]) -> Outcome:
    given = element.attrib
    said = given.get("outcome", "Error")
    status = OUTCOMES.get(said, Status.UNKNOWN)
    name = given.get("testName") or "(unnamed)"
    test = given.get("testId", "")
    duration, started = span(given.get("duration")), moment(given.get("startTime"))
    if not len(element) and not above and said in PLAIN:
        return Outcome(test, name, status, duration, started)
    return _told(element, Outcome(test, name, status, duration, started, above=above), said)


def _told(element: Element, bare: Outcome, said: str) -> Outcome:
    """With what it printed, why it failed and the files it left."""
    stdout, stderr, error = "", "", None
    has_files = False
    for child in element:
        if child.tag == "Output":
            stdout, stderr, error = _output(child)
        has_files = has_files or child.tag in FILES
    if said == "NotExecuted" and error is None and stdout:  # VSTest tells the reason there
        stdout, error = "", Error(message=stdout.strip())
    files = (*files_of(element),) if has_files else ()
    return Outcome(
        bare.test,
        bare.name,
        bare.status,
        bare.duration,
        bare.started,
        error,
        stdout,
        stderr,
        (*files, *named_files(stdout, stderr)) if files or stdout or stderr else (),
        bare.above,
        None if said in PLAIN or said == "NotExecuted" else {"outcome": said},
    )


def _output(output: Element) -> tuple[str, str, Error | None]:
    """What was printed (traced, written to the test's context), to stderr, and what it met."""
    printed: list[str] = []
    stderr, error = "", None
    for child in output:
        if child.tag == "ErrorInfo":
            error = _error(child)
        elif child.tag == "StdErr":
            stderr = text_of(child)
        elif child.tag == "TextMessages":
            printed += map(text_of, child)
        elif child.tag in PRINTED:
            printed.append(text_of(child))
    return "\n".join(filter(None, printed)), stderr, error


def _error(told: Element) -> Error | None:
    message, trace = text_of(told.find("Message")), text_of(told.find("StackTrace"))
    if not trace and FRAME.search(message):
        return _trace.error_of(message)
    threw = THREW.match(message)
    named = NAMED.fullmatch(message, threw.end()) if threw else None
    return error_of(named[2], trace, named[1]) if named else error_of(message, trace)


def files_of(element: Element) -> Iterator[Attachment]:
    """Those of a result lie in a folder of its own below the run's `In`."""
    folder = element.get("relativeResultsDirectory", "")
    for file in element.iterfind("ResultFiles/ResultFile"):
        yield _file(folder, file.get("path", ""))
    for link in element.iterfind("CollectorDataEntries/Collector/UriAttachments/UriAttachment/A"):
        yield _file(folder, link.get("href", ""))


def _file(folder: str, path: str) -> Attachment:
    return attachment("/".join(filter(None, ("In", folder, path.replace("\\", "/")))))


def span(text: str | None) -> float | None:
    """A TimeSpan as .NET writes it, in seconds; None for what is none."""
    if not text:
        return None
    if text.startswith("00:00:"):
        return seconds(text[6:])
    found = SPAN.fullmatch(text)
    if found is None:
        return None
    days, hours, minutes, rest = found.groups(default="0")
    return (int(days) * 24 + int(hours)) * 3600 + int(minutes) * 60 + float(rest)
