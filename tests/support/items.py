"""Whatever a report may hold, for tests that make up reports."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from assay.model import (
    Attachment,
    Attempt,
    Container,
    Error,
    Measurement,
    Result,
    Run,
    Status,
    Step,
)


def letters(**more: Any) -> st.SearchStrategy[str]:
    """Text as a parser yields it: without control characters, which every reader takes out."""
    alphabet = st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff")
    return st.text(alphabet, max_size=12, **more)


TEXT = letters()
SOME = letters(min_size=1)
STATUS = st.sampled_from(Status)
SECONDS = st.none() | st.floats(0, 1e9)
MOMENT = st.none() | st.integers(1, 2**52).map(
    lambda count: datetime.fromtimestamp(count // 10**6, UTC).replace(microsecond=count % 10**6)
)
PATH = st.lists(st.sampled_from(["a", "b", "", "ü"]), max_size=4).map(tuple)
ENTRIES = st.none() | st.dictionaries(TEXT, SOME, min_size=1, max_size=3)
ERROR = st.none() | st.builds(Error, TEXT, SOME, TEXT)
FILES = st.lists(
    st.builds(Attachment, SOME, TEXT, TEXT, st.none() | st.binary(max_size=20)), max_size=2
).map(tuple)
STEPS = st.recursive(
    st.just(()),
    lambda inner: st.lists(
        st.builds(Step, SOME, STATUS, SECONDS, ERROR, TEXT, FILES, inner), max_size=2
    ).map(tuple),
    max_leaves=3,
)
ATTEMPT = st.builds(Attempt, STATUS, SECONDS, MOMENT, ERROR, TEXT, TEXT)
TAGS = st.lists(SOME, max_size=2).map(tuple)
RESULT = st.builds(
    Result,
    path=PATH,
    name=TEXT,
    status=STATUS,
    duration=SECONDS,
    started=MOMENT,
    error=ERROR,
    stdout=TEXT,
    stderr=TEXT,
    description=TEXT,
    steps=STEPS,
    attachments=FILES,
    attempts=st.lists(ATTEMPT, max_size=2).map(tuple),
    flaky=st.booleans(),
    tags=TAGS,
    parameters=ENTRIES,
    metadata=ENTRIES,
)
CONTAINER = st.builds(Container, PATH, SOME, TEXT, SECONDS, TEXT, TEXT, FILES, ENTRIES)
MEASUREMENT = st.builds(Measurement, PATH, TEXT, TEXT, st.floats(-1e100, 1e100), TEXT)
RUN = st.builds(Run, MOMENT, SECONDS, TEXT, TEXT, TEXT, TAGS, ENTRIES, FILES)
