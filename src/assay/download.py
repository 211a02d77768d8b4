"""`assay export`: fetches a report from a server as a file."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

import click
import httpx
from rich.console import Console
from rich.filesize import decimal

from assay.client import TAKEN, bar, connect, give_up, persist
from assay.errors import Invalid, NotAllowed, Unavailable

KINDS = ("html", "csv", "junit", "calliope", "assay")
"""What a server exports. It is the server that knows: another name is passed on to it."""

STANDARD_OUTPUT = "-"

HINTS = {
    401: "the API key is missing or not valid (--api-key, ASSAY_API_KEY)",
    403: "the API key may not read reports",
    404: "there is no such report or export, or none that the key may see",
    422: "the report cannot be exported",
}


@dataclass(frozen=True, slots=True)
class Order:
    """Which report is wanted, as what, and where it is to be written: `-` for standard output,
    empty for the name the server gives it, in this folder."""

    report: int
    url: str
    api_key: str
    kind: str
    output: str = ""


def export(order: Order) -> int:
    """Fetch the report and say where it is; returns the exit code."""
    console = Console(stderr=True)
    try:
        with connect(order.url, order.api_key) as client, _asked(client, order, console) as answer:
            return _keep(answer, order, console)
    except httpx.TransportError as error:
        return give_up(Unavailable(f"The report broke off: {error or type(error).__name__}"))
    except (Unavailable, NotAllowed) as error:
        return give_up(error)
    except OSError as error:
        raise Invalid(f"{error.filename}: {error.strerror}", "output") from error


@contextmanager
def _asked(client: httpx.Client, order: Order, console: Console) -> Iterator[httpx.Response]:
    """The answer, its body still to come. Raises NotAllowed for a refusal."""
    address = f"/api/v3/reports/{order.report}/export/{quote(order.kind, safe='')}"

    def ask() -> httpx.Response:
        found = client.send(client.build_request("GET", address), stream=True)
        if not found.is_success:
            found.read()
        return found

    answer = persist(ask, console)
    try:
        if not answer.is_success:
            raise NotAllowed(_refusal(answer))
        if "content-disposition" not in answer.headers:
            raise NotAllowed(f"{answer.url.host} answers, but not as an Assay does. Is it the URL?")
        yield answer
    finally:
        answer.close()


def _refusal(answer: httpx.Response) -> str:
    if answer.has_redirect_location:
        return f"The server is at another address: {answer.headers['location']}"
    hint = HINTS.get(answer.status_code, f"{answer.status_code} {answer.reason_phrase}")
    try:
        said = str(answer.json()["message"])
    except (ValueError, KeyError, TypeError):
        said = ""
    return f"The server refused: {hint}" + (f". It says: {said}" if said else "")


def _keep(answer: httpx.Response, order: Order, console: Console) -> int:
    if order.output == STANDARD_OUTPUT:
        _copy(answer, sys.stdout.buffer, console)
        return TAKEN
    path = Path(order.output) if order.output else _named(answer)
    size = _written(path, lambda file: _copy(answer, file, console))
    click.echo(f"Report {order.report} exported: {path} ({decimal(size)})")
    return TAKEN


def _named(answer: httpx.Response) -> Path:
    """The name the server gives the file, as far as it is one and not yet taken."""
    found = re.search(r'filename="([^"]+)"', answer.headers.get("content-disposition", ""))
    name = re.split(r"[/\\]", found[1])[-1].strip(". ") if found else ""
    path = Path(name or "report")
    if path.exists():
        raise Invalid(f"{path} is there already. Say where to write it: -o FILE", "output")
    return path


def _written(path: Path, write: Callable[[BinaryIO], int]) -> int:
    """Write a file so that it is there whole or not at all; its size in bytes."""
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as file:
            size = write(file)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
    return size


def _copy(answer: httpx.Response, file: BinaryIO, console: Console) -> int:
    size = 0
    with bar(console, "exporting", None) as advance:
        for chunk in answer.iter_bytes():
            size += file.write(chunk)
            advance(len(chunk))
    file.flush()
    return size
