"""Every sample under tests/samples is recognised and counted as its author counts it."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from assay.formats import FORMATS, by_name, detect
from assay.formats.format import HEAD_BYTES
from assay.model import Notice, Result

SAMPLES = Path(__file__).parents[1] / "samples"
COUNTS = ("total", "passed", "failed", "broken", "skipped", "unknown", "flaky")


def expectations() -> list[tuple[str, Path, dict[str, int]]]:
    return [
        (folder.name, folder / file, counts)
        for folder in sorted(SAMPLES.iterdir())
        if (folder / "expected.json").exists()
        for file, counts in json.loads((folder / "expected.json").read_text()).items()
    ]


EXPECTED = expectations()
each_sample = pytest.mark.parametrize(
    ("name", "path", "counts"), EXPECTED, ids=[f"{name}/{path.name}" for name, path, _ in EXPECTED]
)


def count(results: list[Result]) -> dict[str, int]:
    by_status = Counter(str(result.status) for result in results)
    flaky = sum(result.flaky for result in results)
    return {"total": len(results), "flaky": flaky} | {
        word: by_status[word] for word in COUNTS[1:-1]
    }


@each_sample
def test_it_is_recognised(name: str, path: Path, counts: dict[str, int]) -> None:
    assert detect(path.read_bytes()[:HEAD_BYTES]).name == name


@each_sample
def test_it_counts_as_its_author_does(name: str, path: Path, counts: dict[str, int]) -> None:
    items = list(by_name(name).parse([path.read_bytes()]))
    assert count([item for item in items if isinstance(item, Result)]) == {"unknown": 0} | counts


@each_sample
def test_it_gives_no_reason_for_a_notice(name: str, path: Path, counts: dict[str, int]) -> None:
    notices = [i for i in by_name(name).parse([path.read_bytes()]) if isinstance(i, Notice)]
    assert notices == []


@pytest.mark.parametrize("name", [format_.name for format_ in FORMATS])
def test_every_format_has_samples(name: str) -> None:
    assert sum(sampled == name for sampled, _, _ in EXPECTED) >= 2


def test_every_sample_is_told_of_in_the_readme() -> None:
    readme = (SAMPLES / "README.md").read_text()
    assert [p for _, p, _ in EXPECTED if f"`{p.parent.name}/{p.name}`" not in readme] == []
