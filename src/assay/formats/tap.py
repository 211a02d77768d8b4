"""TAP, the Test Anything Protocol: a test point is a result, a subtest a container.

Read are versions 12, 13 and 14 (testanything.org), also as `prove -v` prints them, file by file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from assay.errors import Malformed
from assay.formats import _tap_lines as grammar
from assay.formats import _text, _yaml
from assay.formats._harness import of_a_harness
from assay.formats._tap_points import MAX_TEXT, Told, duration, result
from assay.formats._tap_tree import BAILED_OUT, OF_THE_EXIT, Level, Tree, problem
from assay.formats._workspaces import within_project
from assay.formats.format import Format, Head
from assay.model import FAILURES, Container, Error, Item, Result, Run, Status

MOST_LINES = 10_000
"""To keep of what is printed between two tests."""

_PROVE = re.compile(r"(?:\[\d\d:\d\d:\d\d\] )?(\S+) \.{2,}(?: (ok\b.*|skipped.*)?)?$")
"""How prove begins a file; without -v what became of it follows."""

_PROVE_ENDS = re.compile(
    r"(ok|skipped|Dubious,|No subtests run|(?:Failed|All) \d+(?:/\d+)? (?:subtests|tests?)\b)"
    r"(?:$|:| .*)"
)
_PROVE_TOOK = re.compile(r"Files=\d+, Tests=\d+, +(\d{1,12}(?:\.\d+)?) wallclock secs")
_TOOK = re.compile(r"# (?:time=(\d{1,12}(?:\.\d+)?)(ms|s)?|duration_ms (\d{1,12}(?:\.\d+)?))\s*$")
_SUMMARY = re.compile(
    r"# *(?:(?:tests|suites|pass|fail|skip|skipped|todo|cancelled|failed|ok)\b *\d*$|\{ total"
    r"|Looks like you )"
)
"""What tape, node:test, AVA and Perl's Test::More say at the end."""

_SEED = re.compile(r"# rng-seed: \d+$")
"""Catch2's first line; a comment before each of its points is the test case."""

_FILE = re.compile(r"\.{0,2}/|file:|https?:")
_ABSOLUTE = re.compile(r"/[\w.@-]+/|file:///?|[A-Za-z]:\\")


@dataclass(slots=True)
class _Reader:
    tree: Tree = field(default_factory=Tree)
    told: Told | None = None  # the test point of which more may be said
    subtest: Level | None = None  # which that point sums up
    braces: list[Told] = field(default_factory=list)  # points whose subtests come behind them
    yaml: int | None = None  # how far the YAML is indented that is being read
    said: list[str] = field(default_factory=list)
    size: int = 0
    titles: list[str] = field(default_factory=list)
    previous: str = ""
    begun: bool = False
    over: bool = False  # bailed out, or prove has done with a file
    prove: bool = False
    took: float | None = None

    def take(self, line: str) -> None:
        if self.yaml is not None and self._goes_on(line):
            return
        rest = line.lstrip(" \t")
        indent = len(line) - len(rest)
        if (indent == 0 and self._is_of_prove(line)) or self.over:
            return
        if not self._is_of_test(rest, indent):
            self._other(rest, indent, line)
        self.previous = rest or self.previous

    def end(self) -> None:
        if not self.over:
            self._finish()
            self.tree.end(self._printed())

    def _is_of_test(self, rest: str, indent: int) -> bool:
        """Take the line if it is of TAP's own."""
        if grammar.VERSION.match(rest):
            self._version(indent)
        elif bail := grammar.BAIL_OUT.match(rest):
            self._bail_out(bail[1].strip() or "Bail out!")
        elif not self.tree.may_stand(indent, self.begun):
            return False
        elif plan := grammar.PLAN.match(rest):
            self._plan(plan, indent)
        elif point := grammar.point(rest):
            self._point(point, indent)
        elif subtest := grammar.SUBTEST.match(rest):
            self._announce(_neutral(grammar.unescaped(subtest[1] or "")), indent)
        else:
            return False
        self.begun = True
        return True

    def _other(self, rest: str, indent: int, line: str) -> None:
        if rest.startswith("#"):
            self._comment(rest, indent)
        elif rest.rstrip() == "---" and self.told and not self.told.yaml:
            self.yaml = indent
        elif rest == "{" and self.told:
            self._open_brace()
        elif rest == "}" and self.braces:
            self._close_brace(indent)
        elif rest:
            self._finish()
            self._say(line)

    def _goes_on(self, line: str) -> bool:
        """Whether the line belongs to the YAML that has begun."""
        indent = _yaml.indent_of(line)
        ends = line.strip() == "..." and indent <= (self.yaml or 0)
        breaks = line.strip() and (indent < (self.yaml or 0) or (not indent and _is_point(line)))
        if ends or breaks:
            self.yaml = None
        elif self.told:
            self.told.keep(self.told.yaml, line)
        return not breaks

    def _version(self, indent: int) -> None:
        """Another document may begin, of several that were joined."""
        document = self.tree.levels[0]
        if indent == 0 and document.planned is not None and document.planned == document.seen:
            self._begin(document.title or "")

    def _begin(self, title: str) -> None:
        self._finish()
        self.tree.end(self._printed())
        self.tree.levels = [Level(0, title)]

    def _bail_out(self, reason: str) -> None:
        self._finish()
        self.over = True
        for level in self.tree.levels:
            level.planned = None
        self.tree.end()
        self.tree.add(problem(BAILED_OUT, reason, self._printed()))

    def _plan(self, plan: re.Match[str], indent: int) -> None:
        self._finish()
        level = self.tree.at(indent)
        if level.planned is None:
            level.planned = int(plan[1])
            level.skipped = (plan[2] or "").strip() if plan[1] == "0" else ""

    def _point(self, point: grammar.Point, indent: int) -> None:
        self._finish()
        child = self.tree.summed_up_at(indent)
        level = self.tree.at(indent)
        level.seen += 1
        name = _neutral(point.description) or f"Test {point.number or level.seen}"
        self.told = Told(_as_planned(point, child), name)
        if child:
            child.title = name if child.title is None else child.title
            self.tree.close(child)
            self.subtest = child if child.seen else None
        if not self.subtest:
            self._group(level, point)
            self.told.before = self._taken()
        level.announced = None
        if point.opens:
            self._open_brace()

    def _group(self, level: Level, point: grammar.Point) -> None:
        """A comment before a point is the title of those that follow, as tape and Catch2 do it."""
        if self.titles and level.grouped and not (level.indent and point.dash):
            level.group = self.titles[0].removeprefix("TODO ")
            self.said = [line for line in self.said if line != self.titles[0]]
        self.titles.clear()

    def _comment(self, rest: str, indent: int) -> None:
        if (took := _TOOK.match(rest)) and indent == 0:
            self.took = float(took[1] or took[3]) * (1 if took[2] == "s" else 0.001)
        if took or _SUMMARY.match(rest):
            return
        if indent > self.tree.deepest.indent and self.tree.deepest.announced is not None:
            self.tree.at(indent)
        level = self.tree.deepest
        fresh = level.indent == indent and not level.seen and level.planned is None
        level.grouped |= fresh and bool(indent or grammar.VERSION.match(self.previous))
        if _SEED.match(rest) and not self.begun:
            level.grouped = True
            return
        space, text = grammar.COMMENT.match(rest).groups()  # type: ignore[union-attr]
        if self.told and self._is_about_it(self.told, level, space):
            self.told.keep(self.told.comments, space.removeprefix(" ") + text)
        elif text.startswith("SKIP ") and level.grouped:
            self._finish()
            self.tree.place(Result((), text[5:].strip(), Status.SKIPPED))
        elif text:
            self._finish()
            self._say(text)
            self.titles.append(text.strip())

    @staticmethod
    def _is_about_it(told: Told, level: Level, space: str) -> bool:
        """Whether a comment tells of the point before it, not of the test that comes next."""
        failed = not told.point.ok and told.point.directive != "skip"
        return len(space) > 1 or (failed and not level.grouped and not told.yaml)

    def _say(self, line: str) -> None:
        """Keep what was printed for the next test."""
        self.size += len(line)
        if self.size <= MAX_TEXT and len(self.said) < MOST_LINES:
            self.said.append(line)

    def _taken(self) -> list[str]:
        said, self.said, self.size = self.said, [], 0
        return said

    def _printed(self) -> str:
        return "\n".join(self._taken())

    # subtests

    def _announce(self, title: str, indent: int) -> None:
        """`# Subtest: a` stands before the subtest, or is the first of its lines."""
        self._finish()
        under = self.tree.deepest
        if indent > under.indent and under.announced is None:
            under.announced = title
            self.tree.at(indent)
        else:
            self.tree.at(indent).announced = title
        if self.titles and under.grouped and _FILE.match(self.titles[0]):
            under.group = _neutral(self.titles[0]).removeprefix("./")  # Deno's
            self._taken()
        under.grouped &= bool(under.group)
        self.titles.clear()

    def _open_brace(self) -> None:
        assert self.told
        self.tree.deepest.announced = self.told.name
        self.braces.append(self.told)
        self.told = None

    def _close_brace(self, indent: int) -> None:
        self._finish()
        child = self.tree.summed_up_at(indent)
        self.tree.deepest.announced = None
        if child:
            self.tree.close(child)
        self.told, self.subtest = self.braces.pop(), child
        self._finish()

    def _finish(self) -> None:
        """Nothing more is said of the latest point."""
        told, child = self.told, self.subtest
        self.told = self.subtest = self.yaml = None
        if told is None:
            return
        if child is None:
            self.tree.add(result(told, ()))
            return
        self.tree.place(Container((child.title or told.name,), "Subtest", duration=duration(told)))
        summary = result(told, ())
        if summary.status in FAILURES and not child.failed:
            self.tree.add(summary)

    # prove

    def _is_of_prove(self, line: str) -> bool:
        """Take the line if it is one that prove puts around the TAP of a file."""
        if begins := _PROVE.match(line):
            self._next_file(begins[1], begins[2] or "")
        elif self.prove and (took := _PROVE_TOOK.match(line)):
            self.took = float(took[1])
        elif self.prove and not self.over and (ends := _PROVE_ENDS.match(line)):
            if ends[1] == "ok" and (level := self.tree.levels[0]).planned != level.seen:
                return False
            self._end_file(line.strip())
        else:
            return False
        return True

    def _next_file(self, file: str, became: str) -> None:
        if not self.over:
            self._begin("")
        self.tree.levels = [Level(0, _neutral(file), planned=None)]
        self.prove, self.over, self.begun = True, False, True
        self.said.clear()
        if became:
            self._end_file(became)

    def _end_file(self, became: str) -> None:
        """All is said of a file; where it has no points (without -v), it is a result itself."""
        self._finish()
        self.over = True
        level, printed = self.tree.levels[0], self._printed()
        if not level.planned and not level.seen:
            name, level.title = level.title or "", ""
            self.tree.add(_outcome(name, became, printed))
            return
        self.tree.end(printed)
        if became.startswith("Dubious") and not level.failed:
            self.tree.add(problem(OF_THE_EXIT, became, printed))


OUTCOMES = {
    "ok": Status.PASSED,
    "All": Status.PASSED,
    "skipped": Status.SKIPPED,
    "No": Status.BROKEN,
}
"""How prove's line on a file begins; else it failed."""


def _outcome(name: str, became: str, printed: str) -> Result:
    """A file of which prove says only what became of it."""
    word = re.split(r"\W", became, maxsplit=1)[0]
    status = OUTCOMES.get(word, Status.FAILED)
    said = became.partition(": ")[2] if status is Status.SKIPPED else became
    error = None if status is Status.PASSED or not said else Error(message=said)
    return Result((), name, status, error=error, stdout=printed)


def _as_planned(point: grammar.Point, child: Level | None) -> grammar.Point:
    """The point; a skipped one where its subtest's plan says that there is nothing to run."""
    if child is None or child.seen or not child.skipped or point.directive:
        return point
    reason = re.sub(r"(?i)^skip\w*:?\s*", "", child.skipped)
    return replace(point, directive="skip", reason=reason)


def _is_point(line: str) -> bool:
    return grammar.point(line) is not None


def _neutral(title: str) -> str:
    """A title without what is the machine's, where it is the path of a file."""
    return within_project(title) if _ABSOLUTE.match(title) and " " not in title else title


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield Results, a Container for each subtest, and last the Run.

    Raises Malformed where there is neither a version, a plan nor a test point.
    """
    reader = _Reader()
    ready = reader.tree.ready
    for line in _text.lines(chunks):
        reader.take(line)
        if ready:
            yield from ready
            ready.clear()
    reader.end()
    yield from ready
    if not reader.begun:
        raise Malformed('TAP has lines that begin with "ok" or "not ok"; there are none here')
    skipped = reader.tree.levels[0].skipped
    if reader.took is not None or skipped:
        yield Run(duration=reader.took, metadata={"skipped": skipped} if skipped else None)


_SIGNS = re.compile(
    r"^ {0,12}TAP version 1[2-4]\s*$|^(?:not )?ok \d+(?:\s|-|$)|^(?:\[[\d:]{8}\] )?\S+\.t \.{2,} ",
    re.MULTILINE,
)
_PLAN_FIRST = re.compile(r"(?:#.*\n|\s*\n)*[ \t]*1\.\.\d+\s*(?:#.*)?(?:\n|$)")
_POINT_FIRST = re.compile(r"(?:not )?ok(?: - \S.*)?$", re.MULTILINE)


def _sniff(head: Head) -> bool:
    """A version or a numbered point at a line's beginning, or else a plan, or a point, first."""
    if head.kind != "text" or of_a_harness(head):
        return False
    first = _PLAN_FIRST.match(head.text) or _POINT_FIRST.match(head.text)
    return bool(first or _SIGNS.search(head.text))


FORMAT = Format(
    name="tap",
    title="TAP",
    sniff=_sniff,
    parse=parse,
    aliases=("tap12", "tap13", "tap14", "prove"),
    made_by=(
        "Perl's Test::More and prove, pgTAP, node --test, node-tap, tape, AVA, Bats, Deno and "
        "whatever else writes the Test Anything Protocol"
    ),
    how="prove -v --merge t > tap.txt    # or: node --test --test-reporter=tap > report.tap",
    file="report.tap",
    notes=(
        "A test point is a result. One that sums up a subtest is a container, and a result of its "
        "own only if it failed though all in it passed.",
        "`# SKIP` is skipped. So is a `# TODO` that fails, as nobody expects it to pass yet; one "
        "that passes is passed, with `todo` among its facts.",
        "A plan that is not kept is a broken result named `(plan)`, `Bail out!` one named "
        "`(bail out)`: tests that never ran are not lost.",
        "The YAML below a point is its error: `message`, or what was expected and what came; the "
        "whole block is the trace. `duration_ms`, `# time=` and Bats' `in 5ms` are durations.",
        "Comments below a point that failed are its error, too; what is printed before a point is "
        "its output.",
        "In tape's output the comment before a test's points is their container, likewise in "
        "Catch2's; in what prove prints with `-v`, the file is. Without `-v` a file is a result.",
        "Files that YAML names in tap4j's way are attachments, embedded or sent along.",
    ),
)
