"""Spoon's result.json: Android tests on several devices at once, with screenshots."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from assay.errors import Malformed
from assay.formats import _json
from assay.formats._facts import attachment
from assay.formats.format import Format, Head
from assay.model import Attachment, Container, Error, Item, Notice, Result, Run, Status

STATUSES = {
    "PASS": Status.PASSED,
    "FAIL": Status.FAILED,
    "ERROR": Status.BROKEN,
    "IGNORED": Status.SKIPPED,
    "ASSUMPTION_FAILURE": Status.SKIPPED,
}

LEVELS = {"VERBOSE": "V", "DEBUG": "D", "INFO": "I", "WARN": "W", "ERROR": "E", "ASSERT": "A"}
"""A line's level, as logcat writes it."""

KEYS = frozenset({"installFailed", "deviceDetails", "testResults"})


def parse(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Yield each device's results and what is known of it, then the run.

    A path is the device, by its model where that is known, and the class. Durations are seconds in
    the document. Raises Malformed where there are no devices.
    """
    run: dict[str, Any] = {}
    names = _Names()
    found = False
    device: dict[str, Any] = {}
    for value in _json.values(chunks, ("results.",)):
        if isinstance(value, Notice):
            yield value
            continue
        key = value.key.rpartition(".")[2]
        if value.key.startswith("results."):
            found = True
            yield from _device(_json.mapping(_read(value)), value.where.partition(".")[2], names)
        elif key in KEYS:
            device[key] = _read(value)
        else:
            run[value.key] = _read(value)
    if device:
        found = True
        yield from _device(device | run, "", names)
    if not found:
        raise Malformed("Spoon's JSON has devices in “results”, or is of one device")
    yield _run(run)


def _read(value: _json.Value) -> Any:
    try:
        return _json.decode(value.raw, value.where)
    except Malformed:
        return None


def _run(run: dict[str, Any]) -> Run:
    title = _json.text(run.get("title"))
    return Run(
        _json.moment(run.get("started")),
        _json.number(run.get("duration")),
        metadata={"title": title} if title else None,
    )


# Devices


class _Names:
    """What each device is called: its model, and its serial number too where two are alike."""

    def __init__(self) -> None:
        self.taken: set[str] = set()

    def of(self, details: dict[str, Any], serial: str) -> str:
        maker, model = (_json.text(details.get(key)) for key in ("manufacturer", "name"))
        name = f"{maker} {model}".strip() or serial or "Device"
        if name in self.taken and serial:
            name = f"{name} ({serial})"
        self.taken.add(name)
        return name


def _device(device: dict[str, Any], serial: str, names: _Names) -> Iterator[Item]:
    details = _json.mapping(device.get("deviceDetails"))
    path = (names.of(details, serial),)
    tests = device.get("testResults")
    for pair in tests if isinstance(tests, list) else ():
        if isinstance(pair, list) and len(pair) == 2:
            yield _result(path, *map(_json.mapping, pair))
    message = _json.text(device.get("installMessage"))
    if device.get("installFailed") is True:
        error = Error(message=message or "The application could not be installed")
        yield Result(path, "(installation)", Status.BROKEN, error=error)
    for thrown in _json.objects(device.get("exceptions")):
        yield Result(path, "(device)", Status.BROKEN, error=_error(thrown))
    yield Container(
        path,
        "device",
        duration=_json.number(device.get("duration")),
        metadata={**_json.flat(details), **({"serial": serial} if serial else {})} or None,
    )


def _result(path: tuple[str, ...], test: dict[str, Any], told: dict[str, Any]) -> Result:
    classname, name = (_json.text(test.get(key)) for key in ("className", "methodName"))
    thrown = _json.mapping(told.get("exception"))
    return Result(
        path=(*path, classname) if classname else path,
        name=name or "(unnamed)",
        status=STATUSES.get(_json.text(told.get("status")), Status.UNKNOWN),
        duration=_json.number(told.get("duration")),
        error=_error(thrown) if thrown else None,
        stdout="\n".join(map(_logged, _json.objects(told.get("log")))),
        attachments=tuple(_files(told)),
    )


def _error(thrown: dict[str, Any]) -> Error:
    kind = _json.text(thrown.get("className"))
    return Error(kind, _json.text(thrown.get("message")), "\n".join(_traced(thrown)))


def _traced(thrown: dict[str, Any], depth: int = 0) -> Iterator[str]:
    """As Java prints it, with its causes."""
    kind, message = (_json.text(thrown.get(key)) for key in ("className", "message"))
    yield ("Caused by: " if depth else "") + ": ".join(filter(None, (kind, message)))
    for frame in _json.objects(thrown.get("elements")):
        where = "Native Method" if frame.get("isNative") is True else _place(frame)
        method = f"{_json.text(frame.get('className'))}.{_json.text(frame.get('methodName'))}"
        yield f"\tat {method}({where})"
    cause = _json.mapping(thrown.get("cause"))
    if cause and depth < 50:
        yield from _traced(cause, depth + 1)


def _place(frame: dict[str, Any]) -> str:
    file, line = _json.text(frame.get("fileName")), _json.number(frame.get("line"))
    return f"{file}:{line:.0f}" if file and line else file or "Unknown Source"


def _logged(line: dict[str, Any]) -> str:
    told = {key: _json.text(line.get(key)) for key in ("time", "logLevel", "tag", "message")}
    level = LEVELS.get(told["logLevel"], told["logLevel"])
    return f"{told['time']} {level}/{told['tag']}: {told['message']}"


def _files(told: dict[str, Any]) -> Iterator[Attachment]:
    paths = told.get("screenshots")
    for path in [*(paths if isinstance(paths, list) else ()), told.get("animatedGif")]:
        if text := _json.text(path):
            yield attachment(text)
    files = told.get("files")
    for path in files if isinstance(files, list) else ():
        if text := _json.text(path):
            yield attachment(text)


def _sniff(head: Head) -> bool:
    if head.kind != "object":
        return False
    return head.keys >= {"installFailed", "testResults"} or (
        head.keys >= {"started", "results"} and "deviceDetails" in head.text[:4000]
    )


FORMAT = Format(
    name="spoon",
    title="Spoon JSON",
    sniff=_sniff,
    parse=parse,
    aliases=("spoon-json",),
    made_by="Square's Spoon, which runs Android tests on every device at hand",
    how="java -jar spoon-runner.jar --apk shop.apk --test-apk shop-test.apk",
    file="spoon-output/result.json",
    notes=(
        "A test on a device is a test; the device's model and the class are the containers.",
        "PASS, FAIL and ERROR are passed, failed and broken; IGNORED and ASSUMPTION_FAILURE are "
        "skipped.",
        "An application that could not be installed, and what the device threw, are broken results "
        "of their own.",
        "The device's log is the output; screenshots and the film of them are attachments, if they "
        "are sent along.",
    ),
)
