"""The small things that several pages show, as their templates take them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from assay.charts.shares import Bar
from assay.charts.spark import Spark
from assay.rows import Counts
from assay.web.files import Kind
from assay.web.pages.words import Name


@dataclass(frozen=True, slots=True)
class Link:
    """Somewhere to go."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Tab:
    """One way to look at the page's subject."""

    title: str
    url: str
    current: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that can be switched, or a number that leads to its rows."""

    title: str
    url: str
    status: str = ""
    on: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """One result in a strip or grid. `title` is its tooltip; no `url`, nothing to open."""

    status: str
    title: str = ""
    url: str = ""
    current: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """The page's answer: a status, the sentence, and what goes without saying loudly."""

    status: str
    lead: str
    rest: str = ""
    more: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Option:
    """A choice in a select."""

    value: str
    title: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Hidden:
    """A parameter a form keeps."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Job:
    """What ran the tests: a job of the CI with its address, and the machine."""

    name: str
    url: str
    machine: str


@dataclass(frozen=True, slots=True)
class RuleRow:
    """What a rule of a gate said of a report."""

    status: str
    rule: str
    said: str


@dataclass(frozen=True, slots=True)
class GateMark:
    """The verdict of a gate: its status, in a few words, and each rule. `url` leads to the gate. A
    list tells of it where it failed, or says another thing than the results do."""

    status: str
    words: str
    rules: tuple[RuleRow, ...]
    url: str
    told: bool


@dataclass(frozen=True, slots=True)
class Run:
    """A report as one row or heading says it."""

    id: int
    url: str
    status: str
    words: str
    date: datetime
    counts: Counts
    bar: Bar
    branch: str = ""
    commit: str = ""
    build: str = ""
    build_url: str = ""
    duration: float | None = None
    new: int = 0
    fixed: int = 0
    tags: tuple[str, ...] = ()
    profile: str = ""  # its name, in a list of several profiles' reports
    job: Job | None = None
    gate: GateMark | None = None


@dataclass(frozen=True, slots=True)
class Public:
    """That a page's subject is public: at which address, and until when (None: no end). For those
    who may go there, `settings_url` is where that is changed, `full_url` what guests do not see."""

    url: str
    until: datetime | None
    settings_url: str = ""
    full_url: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A test's result as a list shows it."""

    position: int
    url: str
    fold_url: str
    status: str
    label: str
    label_title: str
    fresh: bool
    name: Name
    error: str
    duration: float | None
    strip: tuple[Cell, ...] = ()
    fold: Story | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a trace; `own` when it is the project's rather than a library's."""

    text: str
    own: bool


@dataclass(frozen=True, slots=True)
class Text:
    """A text that may be too long to show whole; `url` gives all of it."""

    text: str
    url: str
    size: int
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Trace:
    """A stack trace, its own frames told from the libraries'."""

    lines: tuple[Line, ...]
    text: Text
    place: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """An attachment; `kind` says how the page may show it, `text` is how a text file begins."""

    name: str
    url: str
    size: int | None = None
    media_type: str = ""
    kind: Kind = Kind.FILE
    text: Text | None = None


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step and what it holds."""

    name: str
    status: str
    duration: float | None
    error: str = ""
    output: str = ""
    files: tuple[File, ...] = ()
    steps: tuple[StepRow, ...] = ()
    open: bool = False


@dataclass(frozen=True, slots=True)
class Try:
    """An attempt before the last."""

    number: int
    status: str
    duration: float | None
    error: str
    trace: Text | None
    output: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """One of a test's results in its timeline."""

    status: str
    date: datetime
    title: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Past:
    """A result and the last ones before it, oldest first; or `words` that say why there are none.
    `newer` leads to later ones, `alike_url` to those of the same name in the report."""

    moments: tuple[Moment, ...]
    words: str
    alike_url: str = ""
    newer: Link | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """All that is known of one result."""

    kind: str
    message: str
    trace: Trace | None
    output: Text | None
    errput: Text | None
    description: str
    steps: tuple[StepRow, ...]
    files: tuple[File, ...]
    tries: tuple[Try, ...]
    parameters: tuple[tuple[str, str], ...]
    metadata: tuple[tuple[str, str], ...]
    tags: tuple[str, ...]
    url: str = ""
    quiet: bool = False
    past: Past | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile in a list."""

    id: int
    title: str
    url: str
    status: str
    spark: Spark
    current: bool = False
    words: str = ""
    newest: Run | None = None
    rate: str = ""
    is_set: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """A group with its profiles."""

    id: int
    title: str
    profiles: tuple[Profile, ...] = field(default=())
