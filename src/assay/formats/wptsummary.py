"""wpt.fyi's summaries of runs of web-platform-tests: of each test how it ended, and how many of its
subtests passed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from assay.errors import Malformed
from assay.formats import _json
from assay.formats._wpt import place
from assay.formats.format import Format, Head
from assay.model import Error, Item, Notice, Result, Status

WORDS = {
    "O": "OK",
    "P": "PASS",
    "F": "FAIL",
    "S": "SKIP",
    "E": "ERROR",
    "N": "NOTRUN",
    "C": "CRASH",
    "T": "TIMEOUT",
    "PF": "PRECONDITION_FAILED",
}
STATUSES = {
    "OK": Status.PASSED,
    "PASS": Status.PASSED,
    "FAIL": Status.FAILED,
    "SKIP": Status.SKIPPED,
    "ERROR": Status.BROKEN,
    "NOTRUN": Status.SKIPPED,
    "CRASH": Status.BROKEN,
    "TIMEOUT": Status.BROKEN,
    "PRECONDITION_FAILED": Status.SKIPPED,
}
NESTED = frozenset({"s", "c"})


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield a Result a test; raises Malformed where none is told of."""
    found = False
    for value in _json.values(chunks, ("/",)):
        if isinstance(value, Notice):
            yield value
            continue
        if not value.key.startswith("/"):
            continue
        try:
            result = _result(value.key, _json.decode(value.raw, value.where))
        except Malformed as error:
            yield Notice(f"A test was left out. {error.message}", error.where)
            continue
        if result:
            found = True
            yield result
    if not found:
        raise Malformed('A summary has tests such as "/dom/a.html" for keys; there is none here')


def _result(test: str, told: Any) -> Result | None:
    """A test of version 2 (`{"s": "O", "c": [2, 3]}`) or of version 1 (`[2, 3]`)."""
    said = {"s": "O", "c": told} if isinstance(told, list) else _json.mapping(told)
    letter = _json.text(said.get("s"))
    word = WORDS.get(letter, letter)
    if not word:
        return None
    counts = said.get("c")
    numbers = [_json.number(each) or 0 for each in counts] if isinstance(counts, list) else []
    passed, total = (*numbers, 0, 0)[:2]
    status = STATUSES.get(word, Status.UNKNOWN)
    path, name = place(test)
    error = Error(word) if status is Status.BROKEN else None
    if passed < total and status is Status.PASSED:
        status, error = Status.FAILED, Error(message=f"{passed:.0f} of {total:.0f} subtests passed")
    metadata = {"status": word} | ({"subtests": f"{passed:.0f}/{total:.0f}"} if total else {})
    return Result(path, name, status, error=error, metadata=metadata)


def _sniff(head: Head) -> bool:
    tests = head.kind == "object" and bool(head.keys) and all(k[:1] == "/" for k in head.keys)
    return tests and (head.nested == NESTED or (not head.nested and '": [' in head.text))


FORMAT = Format(
    name="wptsummary",
    title="wpt.fyi summary",
    sniff=_sniff,
    parse=parse,
    aliases=("wpt-summary", "wpt_summary", "wptfyi"),
    made_by="wpt.fyi, of runs of web-platform-tests",
    how="curl -O https://storage.googleapis.com/wptd/<revision>/<run>-summary_v2.json.gz",
    file="summary_v2.json.gz",
    notes=(
        "A test is a result, the folders of its address are containers; a variant (`?…`) is part "
        "of its name.",
        "One that ended well but of which a subtest did not pass is failed, and says how many "
        "did. Crashes, errors and time-outs are broken; what was not run is skipped.",
        "The word for how it ended and the number of its subtests are facts.",
        "The summary of version 1, numbers alone, is read too.",
    ),
)
