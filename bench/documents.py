"""Report files to measure with: JUnit XML as pytest and Surefire write it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

TRACE = "\n".join(
    f"\tat com.example.shop.module{n}.Service.call(Service.java:{n * 7})" for n in range(24)
)
OUTPUT = "2026-03-01 12:00:00 INFO shop.Basket added item 4711 to basket 17\n" * 3


def junit(
    tests: int, failing: float = 0.01, printing: float = 0.0, seed: int = 0
) -> Iterator[bytes]:
    """A document of so many tests, 50 to a suite; the parts that fail and that print."""
    dice = Random(seed)
    yield b'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n'
    for start in range(0, tests, 50):
        cases = [case(n, dice, failing, printing) for n in range(start, min(start + 50, tests))]
        suite = f'<testsuite name="com.example.shop.module{start // 50}.ServiceTest"'
        head = f'{suite} tests="{len(cases)}" timestamp="2026-03-01T12:00:00">\n'
        yield (head + "".join(cases) + "</testsuite>\n").encode()
    yield b"</testsuites>\n"


def case(number: int, dice: Random, failing: float, printing: float) -> str:
    head = (
        f'  <testcase classname="com.example.shop.module{number // 50}.ServiceTest" '
        f'name="test_it_keeps_promise_{number}" time="{dice.expovariate(20):.3f}"'
    )
    inside = ""
    if dice.random() < failing:
        message = f"expected 200 but was 503 after {dice.randint(100, 999)} ms"
        inside = f'<failure message="{message}" type="AssertionError">{message}\n{TRACE}</failure>'
    if dice.random() < printing:
        inside += f"<system-out><![CDATA[{OUTPUT}]]></system-out>"
    return f"{head}>{inside}</testcase>\n" if inside else f"{head}/>\n"


def write(
    path: Path, tests: int, failing: float = 0.01, printing: float = 0.0, seed: int = 0
) -> Path:
    with path.open("wb") as file:
        file.writelines(junit(tests, failing, printing, seed))
    return path


def write_of_size(path: Path, size: int) -> Path:
    """A document of about, and not over, so many bytes, with output and failures as CI has."""
    probe = sum(map(len, junit(5_000, 0.02, 0.3)))
    return write(path, int(size * 0.985 / probe * 5_000), 0.02, 0.3)
