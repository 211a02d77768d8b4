"""What Go's compiler says of packages, where its lines stand among those of the tests."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from assay.formats._gopackage import NOT_BUILT, Output, Package
from assay.model import Item

COMPILED = re.compile(r"# ([^\s#]+)(?: \[\S+\])?$")
"""Above what the compiler says of a package: `# shop/prices [shop/prices.test]`"""

COMPILER = re.compile(
    r"[^\s:]+:\d+(?::\d+)?: |\s|too many errors|note: |package |vet: |cgo: |\S+ imports "
    r"|\S+: (?:signal|exit status|undefined)"
)
"""How such lines go on. What comes from elsewhere may follow at once."""


@dataclass(slots=True)
class Builds:
    """What was said, by the package's name or by what Go calls its test binary."""

    said: dict[str, Output] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)  # what Go calls it; "" once it was told
    open: str = ""

    def add(self, name: str, text: str) -> None:
        self.said.setdefault(name, Output()).add(text)

    def take(self, line: str) -> bool:
        """Whether the line is one of the compiler's, or says that a package was not built."""
        if failed := NOT_BUILT.match(line):
            self.failed.setdefault(line.split()[1], failed[1])
            self.open = ""
        elif begun := COMPILED.match(line):
            self.open = begun[1]
        elif self.open and COMPILER.match(line):
            self.add(self.open, f"{line}\n")
        else:
            self.open = ""
            return False
        return True

    def of(self, name: str) -> str:
        """What was said of a package."""
        return str(self.said.get(name) or self.said.get(f"{name} [{name}.test]") or "")

    def rest(self) -> Iterator[Item]:
        """The packages that failed and have not been told of."""
        for name, called in self.failed.items():
            if called:
                own = name.partition(" ")[0]
                package = Package(own, (own,), not_built=called)
                yield from package.close("fail", None, self.of(name))
        self.failed = dict.fromkeys(self.failed, "")
