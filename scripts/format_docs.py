"""Writes docs/formats.md, docs/formats/*.md and docs/assay.schema.json from the formats
themselves; with --check it only says which of them are out of date."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from assay.formats import FORMATS, Format
from assay.formats.assay import schema

DOCS = Path(__file__).parent.parent / "docs"

INDEX = """# Formats

What Assay reads. A file's format is told by its content: `POST /api/v2/profile/{id}/import` finds
it out. Naming it, `POST /api/v2/profile/{id}/import/{name}`, is quicker and settles doubts; names
are taken in any case of letters. The same, with an example of each to download, is at `/formats` of
your server.

| format | made by | usual file | name | also known as |
| --- | --- | --- | --- | --- |
"""

FOOT = """
Zips, tars, gzip and zstd files of these are unpacked. What is no report becomes an attachment:
screenshots, videos and logs are matched by name with the tests that mention them.

These pages are written by `make docs` from `FORMATS`; a test says when they are out of date.
"""

PAGE = """# {title}

Made by {made_by}.

```
{how}
```

writes `{file}`. Send it with

```
curl -H "x-api-key: $KEY" -F "file[]=@{base}" $ASSAY_URL/api/v2/profile/$PROFILE/import/{name}
```

{aliases}

## What becomes what

{notes}

[An example](../../src/assay/formats/examples/{example}) · [All formats](../formats.md)
"""


def main() -> int:
    check = "--check" in sys.argv[1:]
    wanted = documents()
    stale = [path for path, text in wanted.items() if not path.exists() or path.read_text() != text]
    gone = [path for path in (DOCS / "formats").glob("*.md") if path not in wanted]
    if check:
        for path in (*stale, *gone):
            print(f"{path.relative_to(DOCS.parent)} is out of date: make docs", file=sys.stderr)
        return bool(stale or gone)
    (DOCS / "formats").mkdir(exist_ok=True)
    for path in stale:
        path.write_text(wanted[path])
    for path in gone:
        path.unlink()
    return 0


def documents() -> dict[Path, str]:
    """All pages as they should be."""
    known = sorted(FORMATS, key=lambda each: each.title.casefold())
    rows = "".join(f"| {' | '.join(row(each))} |\n" for each in known)
    pages = {DOCS / "formats" / f"{each.name}.md": page(each) for each in known}
    described = json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"
    index = {DOCS / "formats.md": INDEX + rows + FOOT, DOCS / "assay.schema.json": described}
    return index | pages


def row(each: Format) -> tuple[str, ...]:
    return (
        f"[{each.title}](formats/{each.name}.md)",
        each.made_by,
        f"`{each.file}`",
        f"`{each.name}`",
        ", ".join(f"`{alias}`" for alias in each.aliases),
    )


def page(each: Format) -> str:
    folder = Path(__file__).parent.parent / "src/assay/formats/examples"
    names = ", ".join(f"`{alias}`" for alias in each.aliases)
    also = f"In addresses the format is `{each.name}`" + (f", or {names}." if names else ".")
    return PAGE.format(
        title=each.title,
        made_by=each.made_by,
        how=each.how,
        file=each.file,
        base=each.file.rsplit("/", 1)[-1],
        name=each.name,
        aliases=also,
        notes="\n".join(f"- {note}" for note in each.notes),
        example=next(path.name for path in folder.glob(f"{each.name}.*")),
    )


if __name__ == "__main__":
    sys.exit(main())
