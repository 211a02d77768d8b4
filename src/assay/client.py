"""`assay upload`: sends result files to a server, and waits for them to be read if asked to."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote, urlsplit
from uuid import uuid4

import click
import httpx
import msgspec
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

from assay import __version__
from assay.ci import build_of
from assay.errors import AssayError, Invalid, NotAllowed, Unavailable
from assay.paths import files_of

CHUNK_BYTES = 65_536
PAUSES = (0.5, 1, 2, 4, 8)
"""Seconds before each next try at a server that does not answer."""

PASSING = frozenset({429, 502, 503, 504})
"""Answers of a server, or of a proxy before one that is just starting, which mean: later."""

POLLS = (0.1, 0.1, 0.2, 0.2, 0.5, 0.5, 1.0, 2.0)
"""Seconds between two looks at an import under way; the last one from then on."""

TIMEOUT = httpx.Timeout(60, connect=10, write=120, pool=10)

TAKEN, REFUSED, UNREACHED = 0, 1, 3
"""Exit codes; 2 is a wrong command, and click's."""

HINTS = {
    401: "the API key is missing or not valid (--api-key, ASSAY_API_KEY)",
    403: "the API key may not import into this profile",
    404: "there is no such profile or format (--profile, --format), or none that the key may use",
    413: "the files are larger than the server takes",
}


@dataclass(frozen=True, slots=True)
class Delivery:
    """What is to be sent where, as the command line has it. `branch`, `commit` and `build` are
    taken from the CI's environment where they are empty."""

    files: Sequence[str]
    url: str
    api_key: str
    profile: str
    formatter: str = ""
    attach: Sequence[str] = ()
    tags: Sequence[str] = ()
    date: str = ""
    branch: str = ""
    commit: str = ""
    build: str = ""
    wait: bool = False


class Answer(msgspec.Struct, frozen=True):
    """What the server says of an import."""

    report_id: int | None = None
    report_url: str = ""
    report_status_url: str = ""
    report_import_status: str = ""
    report_import_progress: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A file of a delivery, in the field it is sent in."""

    field: str
    path: Path


def upload(delivery: Delivery, *, as_json: bool = False) -> int:
    """Send the files and print what became of them; returns the exit code."""
    try:
        answer = deliver(delivery)
    except (Unavailable, NotAllowed) as error:
        return give_up(error, as_json=as_json)
    return _conclude(answer, delivery.wait, as_json)


def deliver(delivery: Delivery) -> Answer:
    """Send the files; what the server says of them, at last if that is to be waited for. Raises
    `Invalid`, `NotAllowed`, `Unavailable`."""
    parts = [
        *(Part("file[]", path) for path in files_of(delivery.files)),
        *(Part("attachment[]", path) for path in files_of(delivery.attach)),
    ]
    if not parts:
        raise Invalid("There is no file to send: the folders are empty", "files")
    console = Console(stderr=True)
    try:
        with connect(delivery.url, delivery.api_key) as client:
            answer = _send(client, signed(delivery), parts, console)
            return _wait(client, answer, console) if delivery.wait else answer
    except OSError as error:
        raise Invalid(f"{error.filename}: {error.strerror}", "files") from error


def signed(delivery: Delivery) -> Delivery:
    if delivery.branch and delivery.commit and delivery.build:
        return delivery
    build = build_of(os.environ)
    return replace(
        delivery,
        branch=delivery.branch or build.branch,
        commit=delivery.commit or build.commit,
        build=delivery.build or build.number,
    )


def connect(url: str, api_key: str) -> httpx.Client:
    """A client of the server at that address. Raises Invalid for an address that is none."""
    address = url.rstrip("/")
    if not address.startswith(("http://", "https://")):
        raise Invalid(f"The address begins with http:// or https://, not {address}", "url")
    headers = {"x-api-key": api_key, "user-agent": f"assay/{__version__}"}
    return httpx.Client(base_url=address, headers=headers, timeout=TIMEOUT)


def _send(
    client: httpx.Client, delivery: Delivery, parts: Sequence[Part], console: Console
) -> Answer:
    address = f"/api/v2/profile/{quote(delivery.profile, safe='')}/import"
    if delivery.formatter:
        address += f"/{quote(delivery.formatter, safe='')}"
    form = Form(fields_of(delivery), parts)
    headers = {**form.headers(), "idempotency-key": uuid4().hex}

    def post() -> httpx.Response:
        with bar(console, "uploading", form.size()) as advance:
            return client.post(address, content=form.chunks(advance), headers=headers)

    return _read(persist(post, console))


def fields_of(delivery: Delivery) -> Iterator[tuple[str, str]]:
    yield from (("tag[]", tag) for tag in delivery.tags)
    for name in ("date", "branch", "commit", "build"):
        if value := getattr(delivery, name):
            yield name, value
    if asked := os.environ.get("ASSAY_EXECUTION", ""):  # set by Assay, where it has asked for a run
        yield "execution", asked


class Form:
    """A multipart/form-data body (RFC 7578) that opens its files one after another."""

    def __init__(self, fields: Iterator[tuple[str, str]], parts: Sequence[Part]) -> None:
        self._boundary = uuid4().hex
        self._fields = b"".join(
            self._head(name) + value.encode() + b"\r\n" for name, value in fields
        )
        sized = [(part, part.path.stat().st_size) for part in parts]
        self._parts = [(self._head(part.field, part.path), part.path, size) for part, size in sized]
        self._end = f"--{self._boundary}--\r\n".encode()

    def _head(self, name: str, path: Path | None = None) -> bytes:
        kind = ""
        if path is not None:
            file = path.as_posix().replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
            kind = f'; filename="{file}"\r\nContent-Type: application/octet-stream'
        lines = f'--{self._boundary}\r\nContent-Disposition: form-data; name="{name}"{kind}\r\n\r\n'
        return lines.encode("utf-8", "surrogateescape")

    def headers(self) -> dict[str, str]:
        return {
            "content-type": f"multipart/form-data; boundary={self._boundary}",
            "content-length": str(self.size()),
        }

    def size(self) -> int:
        parts = sum(len(head) + size + 2 for head, _, size in self._parts)
        return len(self._fields) + parts + len(self._end)

    def chunks(self, advance: Callable[[int], None]) -> Iterator[bytes]:
        """The body; `advance` is told of each chunk's length once it is sent."""
        for chunk in self._chunks():
            yield chunk
            advance(len(chunk))

    def _chunks(self) -> Iterator[bytes]:
        yield self._fields
        for head, path, size in self._parts:
            yield head
            yield from _contents(path, size)
            yield b"\r\n"
        yield self._end


def _contents(path: Path, size: int) -> Iterator[bytes]:
    """Just `size` bytes, which were promised. A file that grows meanwhile is cut there."""
    with path.open("rb") as file:
        while size and (chunk := file.read(min(size, CHUNK_BYTES))):
            size -= len(chunk)
            yield chunk
    if size:
        raise Invalid(f"{path} became shorter while it was being sent", "files")


@contextmanager
def bar(console: Console, doing: str, size: int | None) -> Iterator[Callable[[int], None]]:
    """A progress bar over `size` bytes, or as many as come; gives what to call with each chunk's
    length."""
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task(doing, total=size)
        yield lambda sent: progress.advance(task, sent)


def persist(call: Callable[[], httpx.Response], console: Console) -> httpx.Response:
    """The answer, after as many tries as it takes within reason. Raises Unavailable."""
    for pause in (*PAUSES, None):
        try:
            answer = call()
            if answer.status_code not in PASSING:
                return answer
            trouble = f"the server answers {answer.status_code} {answer.reason_phrase}"
        except httpx.TransportError as error:
            trouble = f"the server cannot be reached: {error or type(error).__name__}"
        if pause is not None:
            console.print(
                f"{trouble}; trying again in {pause} s",
                markup=False,
                highlight=False,
                soft_wrap=True,
            )
            time.sleep(pause)
    raise Unavailable(f"Gave up after {len(PAUSES) + 1} tries: {trouble}")


def _read(response: httpx.Response) -> Answer:
    """Raises NotAllowed with what the server says for a refusal."""
    answer = _decoded(response)
    if response.is_success and answer:
        return answer
    if response.has_redirect_location:
        raise NotAllowed(f"The server is at another address: {response.headers['location']}")
    if response.is_success:
        raise NotAllowed(
            f"{response.url.host} answers, but not as an Assay does. Is the URL right?"
        )
    hint = HINTS.get(response.status_code, f"{response.status_code} {response.reason_phrase}")
    said = answer.message if answer else ""
    raise NotAllowed(f"The server refused: {hint}" + (f". It says: {said}" if said else ""))


def _decoded(response: httpx.Response) -> Answer | None:
    try:
        return msgspec.json.decode(response.content, type=Answer, strict=False)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def _wait(client: httpx.Client, answer: Answer, console: Console) -> Answer:
    looks = 0
    with console.status("waiting for the report") as status:
        while answer.report_import_status in ("queued", "processing"):
            time.sleep(POLLS[min(looks, len(POLLS) - 1)])
            looks += 1
            address = near(client, answer.report_status_url)
            answer = _read(persist(lambda address=address: client.get(address), console))  # type: ignore[misc]
            status.update(f"{answer.report_import_status} {answer.report_import_progress} %")
    return answer


def near(client: httpx.Client, address: str) -> str:
    """The address on the server as it is reached from here: it may know itself by another name."""
    path = urlsplit(address).path
    return path.removeprefix(client.base_url.path.rstrip("/"))


def _conclude(answer: Answer, waited: bool, as_json: bool) -> int:
    failed = answer.report_import_status == "failed"
    if as_json:
        click.echo(msgspec.json.encode(answer))
    else:
        verb = "could not be read" if failed else "read" if waited else "taken"
        click.echo(f"Report {answer.report_id} {verb}: {answer.report_url}")
        if answer.message:
            click.echo(answer.message, err=failed)
    return REFUSED if failed else TAKEN


def give_up(error: AssayError, *, as_json: bool = False) -> int:
    """Say what is wrong; returns the exit code."""
    if as_json:
        click.echo(msgspec.json.encode({"message": str(error)}))
    else:
        click.echo(f"Error: {error}", err=True)
    return UNREACHED if isinstance(error, Unavailable) else REFUSED
