"""xUnit.net's results: `<assemblies>` of versions 2 and 3, a single `<assembly>` of version 1.

xUnit.net does not tell an error from an assertion: Fail is `failed`. What went wrong outside any
test (a fixture's disposal, say) is a broken result of its own. "xUnit" is also what many tools call
JUnit's XML (`robot --xunit`): under this name that is read as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from assay.formats import junit
from assay.formats._containers import suite_name
from assay.formats._dotnet import arguments_of, error_of, file_name, text_of
from assay.formats._embedded import content_of, extension_of
from assay.formats._facts import named_files
from assay.formats._time import moment, seconds
from assay.formats._xml import Element, Part, Scope, elements
from assay.formats.detect import peek
from assay.formats.format import Format, Head
from assay.model import Attachment, Container, Error, Item, Notice, Result, Run, Status, Step

SCOPES = frozenset({"assemblies", "assembly", "collection", "class"})
TESTS = frozenset({"test"})

STATUSES = {
    "Pass": Status.PASSED,
    "Fail": Status.FAILED,
    "Skip": Status.SKIPPED,
    "NotRun": Status.SKIPPED,  # version 3: explicit tests that were not asked for
}

MADE_UP = "Test collection for "
"""What a collection is called that nobody named, before the name of its class."""

OF_THE_ASSEMBLY = ("environment", "test-framework", "target-framework")
OF_THE_RUN = (*OF_THE_ASSEMBLY, "computer")


@dataclass(slots=True)
class _Group:
    """What is known of an assembly, or a class or collection in one."""

    titles: tuple[str, ...] = ()
    classname: str = ""  # version 1 has an element for it
    collection: str = ""


@dataclass(slots=True)
class _Report:
    date: datetime | None = None
    duration: float | None = None
    metadata: dict[str, str] = field(default_factory=dict)


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield tests as results, assemblies as containers, then the run.

    A path is the assembly's name without its folder, then the class in one piece. A test's name is
    without its class. A document that is JUnit's is read as one.
    """
    head, whole = peek(chunks)
    return junit.parse(whole) if junit.sniff(head) else _parse(whole)


def _parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    report = _Report()
    for part in elements(chunks, SCOPES, TESTS):
        if isinstance(part, Notice):
            yield part
        else:
            yield from _part(part, report)
    yield Run(report.date, report.duration, metadata=report.metadata or None)


def _part(part: Part, report: _Report) -> Iterator[Item]:
    group: _Group = part.scope.state or _open(part.scope, report)
    for record in part.records:
        if record.tag == "test":
            yield _test(group, record)
        elif record.tag == "errors":
            yield from _errors(group, record)
    if part.ended and part.scope.tag == "assembly":
        yield _assembly(group, part.scope.attributes)


# Assemblies


def _open(scope: Scope, report: _Report) -> _Group:
    outer = _Group()
    if scope.outer:
        outer = scope.outer.state or _open(scope.outer, report)
    name = scope.attributes.get("name", "")
    scope.state = outer
    if scope.tag in ("assemblies", "assembly"):
        _read_run(scope, report)
    if scope.tag == "assembly":
        scope.state = _Group((file_name(name),) if name else ())
    elif scope.tag == "class":
        scope.state = _Group(outer.titles, name, outer.collection)
    elif scope.tag == "collection":
        scope.state = _Group(outer.titles, outer.classname, suite_name(name))
    found: _Group = scope.state
    return found


def _read_run(scope: Scope, report: _Report) -> None:
    given = scope.attributes
    started, ended = moment(given.get("start-rtf")), moment(given.get("finish-rtf"))
    local = moment(f"{given.get('run-date', '')}T{given.get('run-time', '')}")
    report.date = min(filter(None, (report.date, started or local)), default=None)
    if scope.tag == "assemblies" and started and ended and started <= ended:
        report.duration = (ended - started).total_seconds()
    elif not scope.outer or "start-rtf" not in scope.outer.attributes:
        time = seconds(given.get("time"))
        report.duration = (report.duration or 0) + time if time else report.duration
    for key in OF_THE_RUN:
        if value := given.get(key):
            report.metadata.setdefault(key, value)


def _assembly(group: _Group, given: dict[str, str]) -> Container:
    facts = {key: given[key] for key in OF_THE_ASSEMBLY if given.get(key)}
    for key in ("config-file", "configFile"):
        if given.get(key, "none") not in ("none", ""):
            facts["config-file"] = given[key]
    if given.get("name") not in group.titles:
        facts["fullname"] = given.get("name", "")
    time = seconds(given.get("time"))
    return Container(group.titles, "assembly", duration=time, metadata=facts or None)


def _errors(group: _Group, errors: Element) -> Iterator[Result]:
    """Each error outside any test: of a fixture that could not be disposed of, for one."""
    for error in errors.findall("error"):
        kind = error.get("type", "error")
        of = suite_name(error.get("name", "")).removeprefix(MADE_UP)
        name = f"{of} ({kind})" if of else f"({kind})"
        yield Result(group.titles, name, Status.BROKEN, error=_failure(error.find("failure")))


# Tests


def _test(group: _Group, test: Element) -> Result:
    classname = group.classname or test.get("type", "")
    status = STATUSES.get(test.get("result", ""), Status.UNKNOWN)
    within = {child.tag: child for child in reversed(test)}  # the first of each tag
    name = test.get("name") or test.get("method") or "(unnamed)"
    if classname:
        name = name.removeprefix(classname + ".") or name
    output = text_of(within.get("output"))
    files = tuple(_files(test)) if "attachments" in within else ()
    return Result(
        path=_path(group, classname),
        name=name,
        status=status,
        duration=seconds(test.get("time")),
        started=moment(test.get("start-rtf")),
        error=_error(test) if status is not Status.PASSED else None,
        stdout=output,
        steps=tuple(_warnings(test)) if "warnings" in within else (),
        attachments=(*files, *named_files(output)) if output else files,
        tags=tuple(dict.fromkeys(_tags(within["traits"]))) if "traits" in within else (),
        parameters=arguments_of(name),
        metadata=_metadata(group, test, within, name) or None,
    )


def _path(group: _Group, classname: str) -> tuple[str, ...]:
    again = not classname or group.titles[-1:] == (classname,)
    return group.titles if again else (*group.titles, classname)


def _error(test: Element) -> Error | None:
    reason = text_of(test.find("reason"))
    return _failure(test.find("failure")) or (Error(message=reason) if reason else None)


def _failure(failure: Element | None) -> Error | None:
    if failure is None:
        return None
    message, trace = text_of(failure.find("message")), text_of(failure.find("stack-trace"))
    return error_of(message, trace, failure.get("exception-type", ""))


def _warnings(test: Element) -> Iterator[Step]:
    """Those of `TestContext.AddWarning`, which fail nothing."""
    for warning in test.iterfind("warnings/warning"):
        if said := text_of(warning):
            name = f"Warning: {said.splitlines()[0]}"
            yield Step(name, Status.PASSED, output=said if "\n" in said else "")


def _files(test: Element) -> Iterator[Attachment]:
    """Those of `TestContext.AddAttachment`: Base64 where they have a type, else text."""
    for each in test.iterfind("attachments/attachment"):
        media_type = each.get("media-type", "text/plain")
        name = each.get("name") or "attachment"
        if "." not in name:
            name += extension_of(media_type)
        data = text_of(each)
        content = content_of(data, media_type) if each.get("media-type") else data.encode()
        yield Attachment(name, media_type=media_type, content=content)


def _tags(traits: Element) -> Iterator[str]:
    """Traits: a category is a tag as it stands, of others the name is told too."""
    for trait in traits.iterfind("trait"):
        name, value = trait.get("name", ""), trait.get("value", "")
        yield value if name == "Category" and value else f"{name}:{value}".strip(":")


def _metadata(
    group: _Group, test: Element, within: dict[str, Element], name: str
) -> dict[str, str]:
    found = {}
    if group.collection and not group.collection.startswith(MADE_UP):
        found["collection"] = group.collection
    if (method := test.get("method", "")) and method not in name:
        found["method"] = method
    if file := test.get("source-file") or text_of(within.get("source-file")):
        line = test.get("source-line") or text_of(within.get("source-line"))
        found["source"] = f"{file}:{line}" if line else file
    if test.get("result") == "NotRun":
        found["result"] = "NotRun"
    return found


def sniff(head: Head) -> bool:
    """By its root; an `<assembly>` alone, which others have too, also by what it says."""
    if head.root == "assembly":
        return "test-framework" in dict(head.attributes) or bool(SCOPES & head.children)
    return head.kind == "xml" and head.root == "assemblies"


FORMAT = Format(
    name="xunit",
    title="xUnit.net XML",
    sniff=sniff,
    parse=parse,
    reads=("junit",),  # what Robot and others write with an option of that name
    aliases=("xunit-xml", "xunit_xml", "xunit.net", "xunitnet", "xunit-net", "xunit2", "xunit3"),
    made_by="xUnit.net (versions 1 to 3), `dotnet test` with XunitXml.TestLogger, go2xunit",
    how='dotnet test --logger "xunit;LogFilePath=xunit.xml"',
    file="xunit.xml",
    notes=(
        "A test is a test, each set of a theory's data is one of its own.",
        "The assembly and the class are the containers above it; a collection that somebody named "
        "is metadata, as moving a class to another one must not end its history.",
        "Fail is failed, whatever was thrown; Skip and NotRun are skipped, with the reason.",
        "An error outside any test, such as a fixture that cannot be disposed of, is a broken "
        "result of its own.",
        "Traits are tags: the value of a Category, `name:value` of any other.",
        "Version 3's warnings are steps that passed, its attachments are attachments.",
        "JUnit XML is read too where it is sent under this name, as `robot --xunit` writes it.",
    ),
)
