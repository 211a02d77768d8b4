"""Allure's results (Allure 2 and 3): a folder of small JSON files, one a test or a set of fixtures.

What belongs together is found over all files of a delivery (see `_allure_folder`). A report that
Allure has generated is read, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import msgspec

from assay.errors import Malformed
from assay.formats import _json
from assay.formats._allure_folder import ABOUT, gather
from assay.formats._allure_result import Details, Stage, Test, attachments_of, error_of, result_of
from assay.formats._shapes import read
from assay.formats.format import Format, Head, Piece
from assay.model import Item, Notice, Result, Run, Status

BY_KEYS = ({"uuid", "historyId"}, {"uuid", "name", "start"})
"""Each makes a document a test."""

BESIDE_STATUS = frozenset(
    {"uuid", "historyId", "testCaseId", "fullName", "statusDetails", "stage", "start", "stop"}
    | {"steps", "attachments", "parameters", "labels", "links", "description", "descriptionHtml"}
    | {"testStage", "details"}  # the last of a check, new in Allure 3
)
"""So does one of these beside a name and a status that is one of Allure's: only few keys are in
every file, and a test may have attached the answer of some server with a name and a status."""

STATUS = re.compile(r'"status"\s*:\s*"(?:passed|failed|broken|skipped|unknown)"', re.IGNORECASE)

FIXTURES = ({"uuid", "children"}, {"uuid", "befores"})
OF_THE_RUN = frozenset({"attachments", "errors"})


class Document(Test, frozen=True):
    """Any file of the folder: a test, or what the fixtures and the run's own file say."""

    children: list[str] | None = None
    befores: list[Stage] | None = None
    afters: list[Stage] | None = None
    errors: list[Details] | None = None


_DOCUMENT = msgspec.json.Decoder(Document)


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield the run and the Result of one file; nothing for fixtures, which are steps of tests that
    stand in other files, nor for an earlier try in a generated report. Times are milliseconds.

    Raises Malformed where it is no object.
    """
    for value in _json.values(chunks, ()):
        if isinstance(value, Notice):
            yield value
            continue
        document = read(value.raw, _DOCUMENT, value.where)
        if document is None:
            raise Malformed("Allure writes an object a file; this is none", value.where)
        yield from _items(document)


def _items(document: Document) -> Iterator[Item]:
    if document.children is not None or document.befores or document.afters or document.hidden:
        return
    if document.errors is not None:
        yield from _run(document)
        return
    result = result_of(document)
    yield Run(date=result.started)
    yield result


def _run(document: Document) -> Iterator[Item]:
    """What befell the whole run, outside any test: files, and errors, each a result of its own."""
    yield Run(attachments=attachments_of(document))
    for number, details in enumerate(document.errors or (), start=1):
        error = error_of(details.message or "", details.trace or "")
        name = "Global error" if number == 1 else f"Global error ({number})"
        yield Result((), name, Status.BROKEN, error=error)


def _gather(pieces: Iterable[Piece]) -> Iterator[Item]:
    return gather(pieces, lambda raw: parse([raw]))


def _sniff(head: Head) -> bool:
    if head.kind != "object":
        return False
    if head.keys == OF_THE_RUN or any(head.keys >= keys for keys in (*BY_KEYS, *FIXTURES)):
        return True
    others = head.keys - {"name", "status"}
    is_named = len(others) == len(head.keys) - 2
    beside = not others or not others.isdisjoint(BESIDE_STATUS)
    return is_named and beside and STATUS.search(head.text) is not None


FORMAT = Format(
    name="allure",
    title="Allure results",
    sniff=_sniff,
    parse=parse,
    aliases=("allure2", "allure3", "allure-results", "allure_results", "allure-json"),
    made_by="The Allure adapters of pytest, JUnit, TestNG, Mocha, Jest, Playwright and others",
    how="pytest --alluredir=allure-results && zip -r allure.zip allure-results",
    file="allure-results/result.json",
    notes=(
        "Send the whole folder `allure-results`, as a zip or as several files: it is one report. A "
        "generated report's `data/test-cases` is read, too.",
        "`parentSuite`, `suite` and `subSuite` are the containers, as in Allure's own tree; where "
        "there are none, the test's place in the project, its epic, feature and story, or class.",
        "Files with one `historyId` are tries of one test: that which began last is the result, "
        "the others are its attempts. It is flaky if it passed after a failure, or is marked so.",
        "Steps are steps, with their parameters as output; fixtures are steps before and behind.",
        "`parameters` are parameters: hidden ones are left out, masked ones read `******`; the "
        "name tells their values, except those of excluded ones.",
        "The label `tag` is a tag; all other labels, links, `known` and `muted` are facts.",
        "`environment.properties` and `executor.json` give the report's facts and build, the "
        "earliest `start` its date.",
    ),
    gather=_gather,
    beside=frozenset(ABOUT),
)
