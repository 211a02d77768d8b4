"""Files that texts name in passing."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from assay.mentions import MOST, Mentions
from assay.model import Attachment, Error, PackedItem, Passes, Result, Status


def files(delivered: Iterable[str], *items: PackedItem) -> list[list[str]]:
    """The paths of the files that each result has."""
    completed = Mentions(delivered).add(items)
    return [[each.path for each in i.attachments] for i in completed if isinstance(i, Result)]


def failed(text: str, *attached: Attachment) -> Result:
    error = Error("E", "m", text)
    return Result(("s",), "t", Status.FAILED, error=error, attachments=attached)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("saved as /tmp/shots/a.png", "/tmp/shots/a.png"),
        (r"C:\shots\A.PNG", r"C:\shots\A.PNG"),
        ("(a.png)", "a.png"),
        ("![screen](shots/a.png)", "shots/a.png"),
        ("a.pngs, a.png.gz, b.png", None),
        ("x" * 100_000 + " a.png", "a.png"),
    ],
)
def test_a_path_is_told_from_the_words_around_it(text: str, path: str | None) -> None:
    assert files(["d/a.png"], failed(text)) == [[path] if path else []]


def test_only_files_that_people_look_at_are_looked_for() -> None:
    assert not Mentions(["report.xml", "src/Pay.java", "upload"])


def test_what_its_format_gave_a_result_is_not_given_again() -> None:
    assert files(["a.png"], failed("a.png", Attachment("a.png", "x/a.png"))) == [["x/a.png"]]


def test_a_file_that_all_name_is_nobodys() -> None:
    told = files(["server.log"], *(failed("see server.log") for _ in range(MOST + 5)))
    assert sum(map(len, told)) == MOST


def test_what_merely_passed_goes_by() -> None:
    passes = Passes(("s",), ["a.png"], [0.1])
    assert list(Mentions(["a.png"]).add([passes])) == [passes]
