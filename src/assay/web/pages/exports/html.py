"""A report as one HTML file: to mail, to keep, to open from disk without any server.

Nothing is loaded from anywhere: style and script are in it, and its own policy allows these two
(by their hashes), pictures in `data:` addresses, and nothing else, so that what a report holds can
never run. It is written as it is read; what would make it too large for a browser is cut, and says
so.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import groupby, islice

from markupsafe import Markup

from assay.model import FAILURES, Status
from assay.queries.report_items import Placed
from assay.rows import Counts
from assay.web.files import KINDS, Kind
from assay.web.pages import runs, verdicts, words
from assay.web.pages.exports.embedding import Embedding
from assay.web.pages.exports.export import Export, in_pieces
from assay.web.pages.exports.outgoing import Outgoing
from assay.web.pages.exports.telling import Teller, Told
from assay.web.pages.parts import Run, Verdict
from assay.web.pages.view import STATIC, templates

IMAGES = frozenset(media_type for media_type, kind in KINDS.items() if kind is Kind.IMAGE)
EACH_IMAGE, ALL_IMAGES = 1_000_000, 12_000_000
"""Bytes of pictures. What is larger, or comes when there is no room left, is named."""

MOST_TOLD = 20_000
"""Results of a kind that are listed one by one; of the passed ones ten times as many, as those are
a name and a duration."""

MOST_PASSED = 10 * MOST_TOLD
GROUP = 2_000
"""Passed tests that are listed together at most."""

OPEN = 200
"""So many passed tests need no unfolding."""

BATCH = 200
"""Results that are labelled at once."""

STYLES, SCRIPT = ("assay.css", "export.css"), "export.js"


@dataclass(frozen=True, slots=True)
class Passed:
    """Tests of one container that passed: their names, and how long each took."""

    path: str
    tests: tuple[tuple[str, float | None], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """Results of one kind, told one by one as they are read; `more` are not in the file."""

    id: str
    title: str
    count: int
    rows: Iterator[Told]
    more: int = 0


@dataclass(frozen=True, slots=True)
class ExportedPage:
    """The file: the report's head, and results that are read while it is written."""

    title: str
    profile: str
    report: int
    url: str
    run: Run
    verdict: Verdict
    numbers: tuple[tuple[str, int], ...]
    changes: tuple[str, ...]
    sections: tuple[Section, ...]
    passed: Iterator[Passed]
    passed_count: int
    passed_more: int
    passed_open: bool
    metadata: tuple[tuple[str, str], ...]
    exported: datetime
    policy: str
    style: Markup
    script: Markup


def _write(report: Outgoing) -> Iterator[bytes]:
    template = templates().get_template("export.html")
    return in_pieces(template.generate(page=_page(report)))


def _page(report: Outgoing) -> ExportedPage:
    found, counts = report.report, report.report.counts
    style = "\n".join((STATIC / name).read_text() for name in STYLES)
    script = (STATIC / SCRIPT).read_text()
    steady = counts.passed - counts.flaky
    return ExportedPage(
        title=f"{report.profile} #{found.id}",
        profile=report.profile,
        report=found.id,
        url=report.url,
        run=runs.run(found),
        verdict=verdicts.of_report(found, report.causes()),
        numbers=tuple(_numbers(counts)),
        changes=tuple(_changes(report)),
        sections=tuple(_sections(report)),
        passed=_passed(report),
        passed_count=steady,
        passed_more=max(0, steady - MOST_PASSED),
        passed_open=steady <= OPEN,
        metadata=tuple(found.metadata.items()),
        exported=report.now,
        policy=_policy(style, script),
        style=Markup(style),  # noqa: S704 (our own files)
        script=Markup(script),  # noqa: S704
    )


def _policy(style: str, script: str) -> str:
    allowed = (
        f"{kind}-src '{_hash(text)}'" for kind, text in (("style", style), ("script", script))
    )
    return "; ".join(("default-src 'none'", *allowed, "img-src data:", "base-uri 'none'"))


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(sha256(text.encode()).digest()).decode()}"


def _numbers(counts: Counts) -> Iterator[tuple[str, int]]:
    steady = counts.passed - counts.flaky
    found = {"failed": counts.failed, "broken": counts.broken, "flaky": counts.flaky}
    found |= {"unknown": counts.unknown, "skipped": counts.skipped, "passed": steady}
    return ((name, count) for name, count in found.items() if count or name == "passed")


def _changes(report: Outgoing) -> Iterator[str]:
    """Beside new failures, which the verdict tells of."""
    changes = report.report.changes
    for count, what in ((changes.fixed, "fixed"), (changes.still_failing, "still failing")):
        if count:
            yield f"{words.number(count)} {what}"


def _sections(report: Outgoing) -> Iterator[Section]:
    """Worst first. All of them share one budget of pictures and one of text."""
    counts = report.report.counts
    attach = Embedding(report, each=EACH_IMAGE, total=ALL_IMAGES, kinds=IMAGES)
    teller = Teller(report.url)
    kinds = (
        ("failures", "Failures", counts.failed + counts.broken, FAILURES, (False, True)),
        ("flaky", "Flaky", counts.flaky, {Status.PASSED}, (True,)),
        ("unknown", "Unknown", counts.unknown, {Status.UNKNOWN}, (False, True)),
        ("skipped", "Skipped", counts.skipped, {Status.SKIPPED}, (False, True)),
    )
    for id_, title, count, statuses, flaky in kinds:
        if count:
            found = report.results(tuple(statuses), flaky=flaky, attach=attach)
            rows = _told(report, teller, islice(found, MOST_TOLD))
            yield Section(id_, title, count, rows, max(0, count - MOST_TOLD))


def _told(report: Outgoing, teller: Teller, found: Iterator[Placed]) -> Iterator[Told]:
    while some := list(islice(found, BATCH)):
        labels = report.labels([each.test for each in some])
        for each in some:
            yield teller.tell(each, labels.get(each.test))


def _passed(report: Outgoing) -> Iterator[Passed]:
    found = report.results((Status.PASSED,), flaky=(False,), detailed=False)
    kept = islice(found, MOST_PASSED)
    for path, within in groupby(kept, lambda each: each.result.path):
        tests = ((each.result.name, each.result.duration) for each in within)
        while some := tuple(islice(tests, GROUP)):
            yield Passed(words.BETWEEN.join(path) or "(no container)", some)


EXPORT = Export(
    "html", "HTML", "One file to mail or keep, opens without a server", "html", "text/html", _write
)
