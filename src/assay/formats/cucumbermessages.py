"""Cucumber's messages: NDJSON, an envelope a line, in the order in which things happened.

A scenario is a test. Its tries are joined by what Cucumber says of them (`willBeRetried`). Those
that run side by side are told apart by the ids of their tries.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec

from assay.errors import Malformed
from assay.formats import _json
from assay.formats._cucumber_try import Glue, Left, Try, fault_of, name_of_hook, of_fault
from assay.formats._envelopes import (
    Attached,
    CaseFinished,
    CaseStarted,
    Ci,
    Clock,
    Definition,
    Envelope,
    Hook,
    HookFinished,
    HookStarted,
    Meta,
    Moment,
    Outcome,
    ParseError,
    Product,
    RunFinished,
    StepFinished,
    Suggestion,
    TestCase,
    Undefined,
    elapsed,
    moment,
    place_of,
)
from assay.formats._gherkin import Document, Pickle
from assay.formats._retries import join
from assay.formats._shapes import read
from assay.formats.format import Format, Head
from assay.model import Container, Error, Item, Notice, Result, Run, Status

WITHIN = {
    "meta": {"protocolVersion", "implementation"},
    "source": {"uri", "data"},
    "gherkinDocument": {"feature", "comments", "uri"},
    "pickle": {"astNodeIds"},
    "testRunStarted": {"timestamp"},
    "testCase": {"pickleId", "testSteps"},
}
"""What the first envelope may be, and by which of its keys it is told."""


@dataclass(slots=True)
class Messages:
    """What has been said so far, by ids; of a scenario until it is over."""

    glue: Glue = field(default_factory=Glue)
    pickles: dict[str, tuple[str, Pickle]] = field(default_factory=dict)  # with the name to show
    names: Counter[tuple[tuple[str, ...], str]] = field(default_factory=Counter)
    cases: dict[str, TestCase] = field(default_factory=dict)
    running: dict[str, Try] = field(default_factory=dict)
    tried: dict[str, list[Result]] = field(default_factory=dict)  # by case: its earlier tries
    hooks: dict[str, str] = field(default_factory=dict)  # of the run: which hook is running
    left: Left = field(default_factory=Left)  # by hooks of the run
    started: Clock | None = None
    ended: bool = False


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield each scenario's Result when its last try is over; containers, and the run.

    Raises Malformed where no line is a message of Cucumber's.
    """
    messages = Messages()
    recognised = False
    for value in _json.sequence(chunks):
        if isinstance(value, Notice):
            yield value
            continue
        try:
            envelope = read(value.raw, _ENVELOPE, value.where)
        except Malformed as error:
            yield Notice(f"A message was left out. {error.message}", error.where)
            continue
        for key, take in TAKEN if envelope else ():
            message = getattr(envelope, key)
            if message is not None:
                recognised = True
                yield from take(messages, message)
    if not recognised:
        raise Malformed("Cucumber's messages are objects such as a testCase; there is none here")
    yield from _rest(messages)


_ENVELOPE = msgspec.json.Decoder(Envelope)


# Features and code


def _feature(messages: Messages, document: Document) -> Iterator[Item]:
    for path, keyword, group in messages.glue.features.add(document):
        is_feature = len(path) == 1
        yield Container(
            path,
            keyword,
            (group.description or "").strip(),
            metadata={"uri": document.uri} if document.uri and is_feature else None,
        )


def _pickle(messages: Messages, pickle: Pickle) -> Iterator[Item]:
    """Names are given out in the order of the features, however the scenarios run."""
    place, name = messages.glue.features.place(pickle), messages.glue.features.name(pickle)
    messages.names[place.path, name] += 1
    number = messages.names[place.path, name]
    shown = f"{name} ({number})" if number > 1 else name
    messages.pickles[pickle.id or ""] = shown, pickle
    yield from ()


def _hook(messages: Messages, hook: Hook) -> Iterator[Item]:
    messages.glue.hooks[hook.id or ""] = hook
    yield from ()


def _definition(messages: Messages, definition: Definition) -> Iterator[Item]:
    messages.glue.definitions[definition.id or ""] = definition
    yield from ()


def _suggestion(messages: Messages, suggestion: Suggestion) -> Iterator[Item]:
    code = [each.code for each in suggestion.snippets or () if each.code]
    messages.glue.snippets[suggestion.pickleStepId or ""] = "\n\n".join(code)
    yield from ()


def _not_read(_: Messages, error: ParseError) -> Iterator[Item]:
    """A feature that cannot be read is a broken test: none of its scenarios ran."""
    uri = (error.source and error.source.uri) or "Feature"
    told = error.message or "It cannot be parsed"
    name = "Parse error"
    yield Result((uri,), name, Status.BROKEN, error=Error("", told, place_of(error.source)))


def _undefined(_: Messages, found: Undefined) -> Iterator[Item]:
    yield Notice(f"The parameter type {found.name} is not defined", found.expression or "")


# Scenarios


def _case(messages: Messages, case: TestCase) -> Iterator[Item]:
    messages.cases[case.id or ""] = case
    yield from ()


def _case_started(messages: Messages, started: CaseStarted) -> Iterator[Item]:
    case = messages.cases.get(started.testCaseId or "")
    if case:
        messages.running[started.id or ""] = Try(case, started.timestamp)
    yield from ()


def _step_finished(messages: Messages, finished: StepFinished) -> Iterator[Item]:
    running = messages.running.get(finished.testCaseStartedId or "")
    if running:
        running.outcomes[finished.testStepId or ""] = finished.testStepResult or Outcome()
    yield from ()


def _attached(messages: Messages, attached: Attached) -> Iterator[Item]:
    running = messages.running.get(attached.testCaseStartedId or "")
    if running:
        running.left.setdefault(attached.testStepId or "", Left()).add(attached)
    else:
        messages.left.add(attached)
    yield from ()


def _case_finished(messages: Messages, finished: CaseFinished) -> Iterator[Item]:
    running = messages.running.pop(finished.testCaseStartedId or "", None)
    if running is None:
        return
    again = (each.willBeRetried is True for each in running.outcomes.values())
    will_be_retried = finished.willBeRetried is True or any(again)
    yield from _over(messages, running, finished.timestamp or Clock(), final=not will_be_retried)


def _over(messages: Messages, running: Try, end: Clock | None, *, final: bool) -> Iterator[Item]:
    name, pickle = messages.pickles.get(running.case.pickleId or "", ("Scenario", Pickle()))
    tries = messages.tried.setdefault(running.case.id or "", [])
    tries.append(running.finish(pickle, name, messages.glue, end))
    if final:
        del messages.tried[running.case.id or ""]
        yield join(tries) if len(tries) > 1 else tries[0]


def _rest(messages: Messages) -> Iterator[Item]:
    """The scenarios that did not come to an end, as when the run was killed."""
    for running in messages.running.values():
        yield from _over(messages, running, None, final=True)
    for tries in messages.tried.values():
        yield join(tries) if len(tries) > 1 else tries[0]
    if not messages.ended:
        yield Notice("The run did not finish: what comes before was read")


# The run


def _hook_started(messages: Messages, started: HookStarted) -> Iterator[Item]:
    messages.hooks[started.id or ""] = started.hookId or ""
    yield from ()


def _hook_finished(messages: Messages, finished: HookFinished) -> Iterator[Item]:
    """A hook around the whole run that failed is a broken result of its own."""
    outcome = finished.result or Outcome()
    if (outcome.status or "").upper() != "FAILED":
        return
    hook = messages.glue.hooks.get(messages.hooks.get(finished.testRunHookStartedId or "", ""))
    name = name_of_hook(hook, with_line=False) or "Hook"
    yield Result((), name, Status.BROKEN, error=fault_of(outcome))


def _meta(_: Messages, meta: Meta) -> Iterator[Item]:
    ci = meta.ci or Ci()
    products = {"tool": meta.implementation, "runtime": meta.runtime, "os": meta.os}
    told = {key: _product(each) for key, each in products.items()}
    told |= {"ci": ci.name or "", "build_url": ci.url or ""}
    git = {name: (ci.git and getattr(ci.git, name)) or "" for name in GIT}
    told |= {"repository": git["remote"], "git_tag": git["tag"]}
    yield Run(
        branch=git["branch"],
        commit=git["revision"],
        build=ci.buildNumber or "",
        metadata={key: text for key, text in told.items() if text} or None,
    )


GIT = ("remote", "revision", "branch", "tag")


def _product(product: Product | None) -> str:
    return f"{product.name or ''} {product.version or ''}".strip() if product else ""


def _run_started(messages: Messages, started: Moment) -> Iterator[Item]:
    messages.started = started.timestamp
    yield Run(date=moment(started.timestamp))


def _run_finished(messages: Messages, finished: RunFinished) -> Iterator[Item]:
    messages.ended = True
    files = tuple(messages.left.attachments)
    yield Run(duration=elapsed(messages.started, finished.timestamp), attachments=files)
    if messages.left.log:
        yield Container((), stdout="\n".join(messages.left.log))
    if finished.exception:
        error = of_fault(finished.exception, finished.message or "")
        yield Result((), "Test run", Status.BROKEN, error=error)


TAKEN: tuple[tuple[str, Callable[[Messages, Any], Iterator[Item]]], ...] = (
    ("testStepFinished", _step_finished),
    ("testCaseStarted", _case_started),
    ("testCaseFinished", _case_finished),
    ("attachment", _attached),
    ("externalAttachment", _attached),
    ("testCase", _case),
    ("pickle", _pickle),
    ("gherkinDocument", _feature),
    ("stepDefinition", _definition),
    ("hook", _hook),
    ("suggestion", _suggestion),
    ("testRunHookStarted", _hook_started),
    ("testRunHookFinished", _hook_finished),
    ("meta", _meta),
    ("parseError", _not_read),
    ("undefinedParameterType", _undefined),
    ("testRunStarted", _run_started),
    ("testRunFinished", _run_finished),
)
"""The kinds of messages, and what becomes of each."""


def _sniff(head: Head) -> bool:
    if head.kind != "object" or len(head.keys) != 1:
        return False
    return any(head.keys == {key} and head.nested & inner for key, inner in WITHIN.items())


FORMAT = Format(
    name="cucumbermessages",
    title="Cucumber messages",
    sniff=_sniff,
    parse=parse,
    aliases=("cucumber-messages", "cucumber_messages", "cucumber-ndjson", "cucumber-message"),
    made_by="Cucumber (JVM, JS, Ruby), Reqnroll and others, by their message formatter",
    how="cucumber-js --format message:cucumber.ndjson",
    file="cucumber.ndjson",
    notes=(
        "A feature is a container, a rule one in it; a scenario is a test, its steps are steps. "
        "An outline is a container, each row of its examples a test, with the row as parameters.",
        "A scenario ends as its worst step: failed, then broken (ambiguous), then unknown "
        "(undefined, pending), then skipped. An undefined step shows the suggested code.",
        "A scenario that was tried again is one result: the last try counts, the earlier ones are "
        "its attempts; it is flaky if it passed then.",
        "Background steps are steps of each scenario. Hooks are shown where they failed or left "
        "something to look at; a failed hook around the whole run is a result of its own.",
        "Attachments are attachments; what a step logged or linked to, its data table and doc "
        "string are its output.",
        "`meta` gives the branch, the commit, the build and the tool. A scenario that began and "
        "did not end, as when the run was killed, is broken.",
    ),
)
