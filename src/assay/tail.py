"""`assay upload --live`: sends a report while the tool that writes it goes on."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote
from uuid import uuid4

import click
import httpx
import msgspec
from rich.console import Console

from assay.client import (
    HINTS,
    PASSING,
    PAUSES,
    REFUSED,
    TAKEN,
    Delivery,
    connect,
    fields_of,
    give_up,
    near,
    signed,
)
from assay.errors import Invalid, NotAllowed, TooLarge, Unavailable

LOOK_SECONDS = 0.5
"""Between two looks at what the file has gained."""

PIECE = 1 << 20
PATIENCE = (0.5, 1, 2, 4, 8, 15, 30)
"""Seconds before each next try, while the tool goes on; the last one from then on."""

POLL_SECONDS = 0.5
STDIN = "-"
ENDED = frozenset({"done", "failed", "deleted"})


class Counts(msgspec.Struct, frozen=True):
    total: int = 0
    passed: int = 0
    failed: int = 0
    broken: int = 0
    skipped: int = 0
    unknown: int = 0
    flaky: int = 0


class Run(msgspec.Struct, frozen=True):
    """What the server says of a run, or of what is wrong with it."""

    run_id: str = ""
    report_id: int = 0
    state: str = ""
    offset: int | None = None
    counts: Counts = Counts()
    message: str = ""
    append_url: str = ""
    finish_url: str = ""
    report_url: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A file that grows until `ended` says that it is whole."""

    path: Path
    ended: Callable[[], bool]


def follow(delivery: Delivery, pid: int | None = None, *, as_json: bool = False) -> int:
    """Send a growing file, or standard input, as it comes; returns the exit code. The file is whole
    when the process `pid` has ended, or when this one is told to end."""
    if len(delivery.files) != 1 or delivery.attach:
        raise Invalid("--live follows one file, or - for standard input", "files")
    console = Console(stderr=True)
    with _source(delivery.files[0], pid) as source:
        try:
            with connect(delivery.url, delivery.api_key) as client:
                line = _Line(client, source, console)
                run = line.send(signed(delivery))
        except (Unavailable, NotAllowed) as error:
            code = give_up(error, as_json=as_json)
            _await(source)
            return code
        if line.cut:
            _await(source)
    return _conclude(run, line.cut, as_json=as_json)


class _Line:
    """The way to the server, tried again and again: for as long as the tool goes on, and then for
    as long as any upload is. `cut` says why not all was taken."""

    def __init__(self, client: httpx.Client, source: Source, console: Console) -> None:
        self._client = client
        self._source = source
        self._console = console
        self.cut = ""

    def send(self, delivery: Delivery) -> Run:
        """The run, read to its end. Raises NotAllowed for a refusal, Unavailable."""
        run = self._begin(delivery)
        self._say(f"Report {run.report_id} is running: {run.report_url}")
        offset = run.offset or 0
        with self._source.path.open("rb") as file:
            while True:
                whole = self._source.ended()
                file.seek(offset)
                piece = file.read(PIECE)
                if not piece and whole:
                    break
                if not piece:
                    time.sleep(LOOK_SECONDS)
                    continue
                try:
                    offset = self._append(run, offset, piece)
                except TooLarge as error:
                    self.cut = str(error)
                    break
        run = self._ask("POST", near(self._client, run.finish_url))
        while run.state not in ENDED:
            time.sleep(POLL_SECONDS)
            run = self._ask("GET", near(self._client, run.url))
        return run

    def _begin(self, delivery: Delivery) -> Run:
        params = [*fields_of(delivery)]
        if delivery.formatter:
            params.append(("formatter", delivery.formatter))
        name = delivery.files[0]
        headers = {"idempotency-key": uuid4().hex}
        if name != STDIN:
            headers["x-filename"] = Path(name).name.encode("ascii", "replace").decode()
        address = f"/api/v3/profiles/{quote(delivery.profile, safe='')}/runs"
        return self._ask("POST", address, params=params, headers=headers)

    def _append(self, run: Run, offset: int, piece: bytes) -> int:
        """Where the run ends now, on the server: the next piece begins there."""
        address = near(self._client, run.append_url)
        told = self._ask("PATCH", address, content=piece, headers={"upload-offset": str(offset)})
        if told.offset is None:
            raise NotAllowed("The server does not say how much of the run has arrived")
        return told.offset

    def _ask(self, method: str, address: str, **what: object) -> Run:
        tries = 0
        while True:
            try:
                answer = self._client.request(method, address, **what)  # type: ignore[arg-type]
                if answer.status_code not in PASSING:
                    return _read(answer)
                trouble = f"the server answers {answer.status_code} {answer.reason_phrase}"
            except httpx.TransportError as error:
                trouble = f"the server cannot be reached: {error or type(error).__name__}"
            if self._source.ended() and tries >= len(PAUSES):
                raise Unavailable(f"Gave up after {tries + 1} tries: {trouble}")
            pause = PATIENCE[min(tries, len(PATIENCE) - 1)]
            self._say(f"{trouble}; trying again in {pause} s")
            time.sleep(pause)
            tries += 1

    def _say(self, words: str) -> None:
        self._console.print(words, markup=False, highlight=False, soft_wrap=True)


def _read(answer: httpx.Response) -> Run:
    """What a good answer says, or where a run that ends elsewhere ends. Raises NotAllowed."""
    try:
        told = msgspec.json.decode(answer.content, type=Run)
    except (msgspec.DecodeError, UnicodeDecodeError):
        told = None
    if told and (answer.is_success or (answer.status_code == 409 and told.offset is not None)):
        return told
    if answer.is_success:
        raise NotAllowed(f"{answer.url.host} answers, but not as an Assay does. Is the URL right?")
    if told and told.state == "failed":
        return told
    hint = HINTS.get(answer.status_code, f"{answer.status_code} {answer.reason_phrase}")
    said = told.message if told else ""
    if answer.status_code == 413:
        raise TooLarge(f"The server takes no more of this run. It says: {said}")
    raise NotAllowed(f"The server refused: {hint}" + (f". It says: {said}" if said else ""))


@contextmanager
def _source(name: str, pid: int | None) -> Iterator[Source]:
    told = _told_to_end()
    if name != STDIN:
        file = Source(Path(name), lambda: told.is_set() or (pid is not None and not _lives(pid)))
        while not file.path.is_file():
            if file.ended():
                raise Invalid(f"{name}: there is no such file", "files")
            time.sleep(LOOK_SECONDS)
        yield file
        return
    with tempfile.TemporaryDirectory(prefix="assay-") as folder:
        path = Path(folder) / "stdin"
        path.touch()
        reader = threading.Thread(target=_keep, args=(sys.stdin.buffer, path), daemon=True)
        reader.start()
        yield Source(path, lambda: not reader.is_alive())


def _keep(stream: BinaryIO, path: Path) -> None:
    """Write down what the tool says, so that it never waits for the server."""
    with path.open("wb", buffering=0) as out:
        while chunk := os.read(stream.fileno(), PIECE):
            out.write(chunk)


def _told_to_end() -> threading.Event:
    """Set by the first signal to end; the second ends this at once."""
    told = threading.Event()

    def tell(number: int, _frame: object) -> None:
        told.set()
        signal.signal(number, signal.SIG_DFL)

    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, tell)
    return told


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _await(source: Source) -> None:
    """Let the tool write to its end, though nobody takes it."""
    while source.path.name == "stdin" and not source.ended():
        time.sleep(LOOK_SECONDS)


def _conclude(run: Run, cut: str, *, as_json: bool) -> int:
    failed = run.state != "done"
    if as_json:
        click.echo(msgspec.json.encode(run))
    else:
        counts = run.counts
        kinds = ("failed", "broken", "unknown", "skipped", "passed")
        said = ", ".join(f"{n:,} {kind}" for kind in kinds if (n := getattr(counts, kind)))
        verb = "could not be read" if failed else f"is read: {said or 'no results'}"
        click.echo(f"Report {run.report_id} {verb}. {run.report_url}")
        if failed and run.message:
            click.echo(run.message, err=True)
        if cut:
            click.echo(cut, err=True)
    return REFUSED if failed or cut else TAKEN
