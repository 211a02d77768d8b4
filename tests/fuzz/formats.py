"""Fuzzes every format's parser, guided by coverage, from the samples: `make fuzz SECONDS=600`.

An input is the number of a format in two bytes, then a document. Anything but a report, `Malformed`
or `TooLarge` is a fault; so is taking longer than five seconds, or more memory than a parser's
process may have. libFuzzer's flags are taken as they are; a file that it left is tried again by
naming it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import atheris
import msgspec

with atheris.instrument_imports(include=["assay.formats", "assay.model"]):
    from assay.errors import AssayError
    from assay.formats import FORMATS, detect
    from assay.formats.format import HEAD_BYTES, Piece
    from assay.model import Item, Notice

SAMPLES = Path(__file__).parents[1] / "samples"
LARGEST_SEED = 30_000
PREFIX = 2
LIMITS = ("-timeout=5", "-rss_limit_mb=900", "-max_len=40000")


def try_one(data: bytes) -> None:
    """Read the document as the format that its first bytes name, and as the one it is."""
    if len(data) < PREFIX:
        return
    known = FORMATS[int.from_bytes(data[:PREFIX], "big") % len(FORMATS)]
    document = data[PREFIX:]
    with suppress(AssayError):
        exhaust(known.parse([document]))
    with suppress(AssayError):
        detect(document[:HEAD_BYTES])
    if known.gather:
        halves = (document[: len(document) // 2], document)
        with suppress(AssayError):
            exhaust(known.gather(Piece("a-result.json", partial(bytes, half)) for half in halves))


def exhaust(items: Iterator[Item]) -> None:
    """Use up the items. All that is kept of them can be written down, and has finite numbers."""
    for item in items:
        if not isinstance(item, Notice):
            msgspec.json.encode(item)
            json.dumps(msgspec.to_builtins(item), allow_nan=False)


def seed(folder: Path) -> int:
    """Write the samples into `folder` as inputs; how many there are."""
    numbers = {known.name: number for number, known in enumerate(FORMATS)}
    count = 0
    for path in sorted(SAMPLES.glob("*/*")):
        number = numbers.get(path.parent.name)
        if number is None or not path.is_file() or path.stat().st_size > LARGEST_SEED:
            continue
        name = f"{path.parent.name}-{path.name}"
        (folder / name).write_bytes(number.to_bytes(PREFIX, "big") + path.read_bytes())
        count += 1
    return count


if __name__ == "__main__":
    given = [Path(name) for name in sys.argv[1:] if not name.startswith("-")]
    if given and given[0].is_dir():
        seed(given[0])
    atheris.Setup([sys.argv[0], *LIMITS, *sys.argv[1:]], try_one)
    atheris.Fuzz()
