"""TAP's documents and subtests while they are read: results wait in them for what they are called.

A subtest is told by its indentation. What it is called stands in a comment before it, in the test
point behind it, or in both; its results are given at once where the comment is there.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from msgspec.structs import replace

from assay.model import FAILURES, Container, Error, Item, Result, Status

MAX_HELD = 5_000
"""Results that wait for the title of the subtest they are in; then they do without."""

DEEPEST = 100
INDENTED = 4
"""Spaces of a subtest, at least, below what it belongs to (TAP 14, "Subtests")."""

OF_THE_PLAN = "(plan)"
BAILED_OUT = "(bail out)"
OF_THE_EXIT = "(exit)"
"""The names of results that no test point tells of, or what they say would be lost."""


@dataclass(slots=True)
class Level:
    """A document, or a subtest. `title` is None as long as it is not known, and "" where there is
    no container for it; `announced` is the title of the subtest that comes next."""

    indent: int
    title: str | None = None
    announced: str | None = None
    group: str = ""  # the title, by a comment, of the points that come now
    grouped: bool = False
    planned: int | None = None
    seen: int = 0
    failed: bool = False
    skipped: str = ""  # the reason, where the plan says that all of it is
    held: list[Result | Container] = field(default_factory=list)


@dataclass(slots=True)
class Tree:
    """The levels that are open, outermost first, and in `ready` what is whole."""

    levels: list[Level] = field(default_factory=lambda: [Level(0, "")])
    ready: list[Item] = field(default_factory=list)

    @property
    def deepest(self) -> Level:
        return self.levels[-1]

    def may_stand(self, indent: int, begun: bool) -> bool:
        """Whether a line so far to the right can be TAP, and is no program's output."""
        under = self.deepest.indent
        if indent <= under or indent >= under + INDENTED:
            return indent <= under or len(self.levels) < DEEPEST
        return not begun

    def at(self, indent: int) -> Level:
        """The level of that indentation: those further to the right end, or it begins."""
        while len(self.levels) > 1 and self.deepest.indent > indent:
            self.close(self.levels.pop())
        if indent > self.deepest.indent:
            self.levels.append(Level(indent, self.deepest.announced))
            self.levels[-2].announced = None
        return self.deepest

    def summed_up_at(self, indent: int) -> Level | None:
        """Take off the subtest that ends with a point of that indentation."""
        child = None
        while len(self.levels) > 1 and self.deepest.indent > indent:
            if child:
                self.close(child)
            child = self.levels.pop()
        return child

    def close(self, child: Level, said: str = "") -> None:
        """Let go of what waits in a subtest that was taken off; without a title it has no
        container."""
        self._check_plan(child, said)
        for item in child.held:
            self.place(_below(child.title, item))
        self.deepest.failed |= child.failed

    def end(self, said: str = "") -> None:
        """End all that is open."""
        while len(self.levels) > 1:
            self.close(self.levels.pop())
        self._check_plan(self.levels[0], said)

    def add(self, result: Result) -> None:
        """Take a result of the deepest level."""
        self.deepest.failed |= result.status in FAILURES
        self.place(_below(self.deepest.group, result))

    def place(self, item: Result | Container) -> None:
        """Give the item, of the deepest level, its way down as far as it is known."""
        for above, level in zip((*self.levels[-2::-1], None), self.levels[::-1], strict=True):
            if level.title is None:
                self._hold(level, item)
                return
            item = _below(level.title, item)
            item = _below(above.group, item) if above else item
        self.ready.append(item)

    def _hold(self, level: Level, item: Result | Container) -> None:
        level.held.append(item)
        if len(level.held) >= MAX_HELD:
            level.title, held, level.held = "", level.held, []
            for each in held:
                self.place(each)

    def _check_plan(self, level: Level, said: str) -> None:
        """A broken result where other than the planned tests ran: prove fails such a file."""
        if level.planned is None or level.planned == level.seen:
            return
        level.failed = True
        tests = "1 test was" if level.planned == 1 else f"{level.planned} tests were"
        broken = problem(OF_THE_PLAN, f"{tests} planned, {level.seen} ran", said)
        if level in self.levels:
            self.place(broken)
        else:
            level.held.append(broken)


def problem(name: str, message: str, said: str = "") -> Result:
    """A broken result that no test point tells of."""
    return Result((), name, Status.BROKEN, error=Error(message=message), stdout=said)


def _below(title: str | None, item: Result | Container) -> Result | Container:
    return replace(item, path=(title, *item.path)) if title else item
