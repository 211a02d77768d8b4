"""What the containers above a JUnit test case are called.

A test is the same test in the next run if its containers and its name are the same, so whatever
changes by itself (numbers, dates, machines, where the project was checked out) is left out of the
names; and what a tool writes where it has nothing to say is no container.
"""

from __future__ import annotations

import re
from functools import lru_cache

NOTHING = frozenset({"", "undefined", "null", "pytest", "nosetests", "Root Suite"})
"""Names of suites that tools make up for want of one: pytest, nose, Mocha; JavaScript's nothing."""

CONFIGURATION = re.compile(r"(?:.*[/\\])?phpunit(?:\.dist)?\.xml(?:\.dist)?")
"""PHPUnit's outermost suite, named after its settings' file with the path on that machine."""

VOLATILE = re.compile(
    r"-\d{14}$"  # unittest-xml-reporting: TestCart-20230222165213
    r"|[ -]?\(?(?:id: )?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\)?"  # xUnit.net
    r"|[ T_-]?\b\d{4}-\d\d-\d\d[T _]\d\d[:.-]\d\d(?:[:.-]\d\d(?:\.\d+)?)?Z?\b"
)
"""Parts of names that are another thing in every run. Each has a hyphen."""

BROWSERS = (
    (
        re.compile(
            r"((?:Mobile )?(?:Chrom|Firefox|Safari|Edge|IE|Opera|Electron|PhantomJS|jsdom)[\w ]*?)"
            r" \d+(?:\.\d+)+ \((.+?)(?: \d[\w.]*)?\)"
        ),
        r"\1 (\2)",
    ),
    (re.compile(r"([a-z]\w*)\.\d+(?:_\d+)+(\..+)"), r"\1\2"),
)
"""Browsers with their versions, other ones after each update: Karma's `Chrome Headless 142.0.0.0
(Linux 0.0.0)`, WebdriverIO's `chrome.142_0_7444_59.linux`."""


def suite_name(name: str) -> str:
    """What a suite is called, or nothing if it has no name worth a container."""
    name = _stable(name)
    return "" if name in NOTHING or CONFIGURATION.fullmatch(name) else name


def containers(suites: tuple[str, ...], classname: str, name: str) -> tuple[str, ...]:
    """The titles above a test case, outermost first: the suites around it, then its class.

    The class is not repeated where a suite is named after it, with or without its package
    (Surefire, Ant, PHPUnit), nor where it repeats the test's name (Jest). It stays in one piece:
    `com.example.CartTest` is one thing to the people who wrote it.
    """
    classname = _stable(classname)
    if classname in NOTHING or classname == name:
        return suites
    plain = _dotted(classname)
    if any(_names(_dotted(suite), plain) for suite in suites):
        return suites
    if suites and plain.endswith("." + _dotted(suites[-1])):
        return (*suites[:-1], classname)
    return (*suites, classname)


@lru_cache(maxsize=1024)
def _stable(name: str) -> str:
    name = name.strip()
    for versioned, plain in BROWSERS:
        if found := versioned.fullmatch(name):
            return found.expand(plain)
    return VOLATILE.sub("", name) if "-" in name else name


def _dotted(name: str) -> str:
    return name.replace("\\", ".").replace("/", ".").replace(":", ".")


def _names(suite: str, classname: str) -> bool:
    return suite == classname or suite.endswith("." + classname)
