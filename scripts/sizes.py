"""Holds the sizes of files and functions to what CONTRIBUTING.md promises."""

from __future__ import annotations

import ast
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).parent.parent / "src"
LONGEST_FILE = 400
LONGEST_FUNCTION = 60
MEDIAN_FUNCTION = 9


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Each function of a file with its length in lines, without its docstring."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            first = node.body[0]
            if ast.get_docstring(node) and first.end_lineno:
                length -= first.end_lineno - first.lineno + 1
            yield f"{path.relative_to(SOURCE)}:{node.lineno} {node.name}", length


def main() -> int:
    files = {path: path.read_text().count("\n") for path in sorted(SOURCE.rglob("*.py"))}
    found = [each for path in files for each in functions(path)]
    lengths = [length for _, length in found]
    faults = [f"{p.relative_to(SOURCE)}: {n} lines" for p, n in files.items() if n > LONGEST_FILE]
    faults += [f"{name}: {n} lines" for name, n in found if n > LONGEST_FUNCTION]
    median = statistics.median(lengths)
    if median > MEDIAN_FUNCTION:
        faults.append(f"the median function has {median} lines")
    p90 = statistics.quantiles(lengths, n=10)[-1]
    print(f"{len(files)} files, {len(found)} functions: median {median}, p90 {p90:.0f} lines")
    print("\n".join(faults), file=sys.stderr, end="\n" if faults else "")
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
