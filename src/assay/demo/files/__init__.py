"""Runs as report files, byte for byte in the shapes that the tools of the demo would write."""

from __future__ import annotations

from collections.abc import Callable

from assay.demo.files import ctrf, cucumber, jest, jmeter, pytest, robot, surefire, testng
from assay.demo.run import Run

WRITERS: dict[str, Callable[[Run], bytes]] = {
    "ctrf": ctrf.write,
    "cucumber": cucumber.write,
    "jest": jest.write,
    "jmeter": jmeter.write,
    "pytest": pytest.write,
    "robot": robot.write,
    "surefire": surefire.write,
    "testng": testng.write,
}
