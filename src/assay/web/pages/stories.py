"""All that is known of one result, as the page of a result and an unfolded row tell it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from urllib.parse import quote

from assay.errors import NotFound
from assay.model import FAILURES, Attempt, Error
from assay.queries.result_detail import ResultDetail
from assay.rows import AssetRef, StepDetail
from assay.store.blobs import Blobs
from assay.store.catalog.assets import Asset
from assay.web.files import Kind, kind_of
from assay.web.pages import traces, words
from assay.web.pages.parts import File, StepRow, Story, Text, Try

SHOWN = 8_000  # characters of an output that are shown in place
DEEPEST = 30  # steps within steps that are shown
START = "index.html"  # the page that a web site begins with
MOST_LISTED = 300  # files of a report that one page lists
PEEK = 65_536  # bytes of a text file that are shown in place
MOST_PEEKS = 6  # text files of a result that are shown in place

Peek = Callable[[Asset], str]
"""The beginning of a text file."""


def tell(found: ResultDetail, report: str, assets: Sequence[Asset], blobs: Blobs) -> Story:
    """The story of `found`; `report` is its report's address, `assets` are those it refers to."""
    detail = found.detail
    url = f"{report}/results/{found.position}"
    files = Files(report, {asset.number: asset for asset in assets}, peeker(blobs))
    return Story(
        kind=found.type,
        message=found.message,
        trace=traces.read(detail.trace, f"{url}/trace.txt"),
        output=text(detail.stdout, f"{url}/stdout.txt"),
        errput=text(detail.stderr, f"{url}/stderr.txt"),
        description=detail.description,
        steps=tuple(_step(step, files) for step in detail.steps),
        files=files.of(detail.attachments),
        tries=tuple(_try(at, each) for at, each in enumerate(detail.attempts, 1)),
        parameters=tuple(detail.parameters.items()),
        metadata=tuple(detail.metadata.items()),
        tags=tuple(detail.tags),
        url=url,
        quiet=not (found.type or found.message or _says_something(found)),
    )


def text(whole: str, url: str) -> Text | None:
    """A text that may be cut; None for an empty one."""
    if not whole.strip():
        return None
    shown = traces.cut(whole, SHOWN)
    return Text(shown, url, len(whole.encode()), len(shown) == len(whole))


class Files:
    """The attachments of a report, found by the numbers that results refer to them with."""

    def __init__(self, report: str, assets: Mapping[int, Asset], peek: Peek) -> None:
        self._report = report
        self._assets = assets
        self._peek = peek
        self._peeks = 0

    def of(self, refs: Sequence[AssetRef]) -> tuple[File, ...]:
        return tuple(self._file(ref) for ref in refs)

    def _file(self, ref: AssetRef) -> File:
        asset = self._assets.get(ref.number) if ref.number is not None else None
        if asset is None:
            return File(ref.name or ref.path, "")
        found = show(self._report, asset)
        if found.kind != Kind.TEXT or self._peeks == MOST_PEEKS:
            return found
        self._peeks += 1
        begun = self._peek(asset)
        whole = len(begun.encode()) >= asset.size
        return replace(found, text=Text(begun, found.url, asset.size, whole))


def show(report: str, asset: Asset) -> File:
    """An asset with its address, below that of its report."""
    url = f"{report}/assets/{asset.number}/{quote(asset.name, safe='')}"
    return File(
        asset.name, url, asset.size, asset.media_type, kind_of(asset.name, asset.media_type)
    )


def listed(report: str, assets: Sequence[Asset]) -> tuple[File, ...]:
    """The first of these assets, each with its address; of a web site that came, its start only."""
    sites = {_folder(each) for each in assets if each.name.lower() == START and _folder(each)}
    own = [each for each in assets if each.name.lower() == START or not _within(each, sites)]
    shown = [show(report, each) for each in own[:MOST_LISTED]]
    if more := len(own) - len(shown):
        shown.append(File(f"and {words.count(more, 'more file')}", "", kind=Kind.MORE))
    if parts := len(assets) - len(own):
        of = words.count(parts, "file")
        shown.append(File(f"and {of} in the folder of {START}", "", kind=Kind.MORE))
    return tuple(shown)


def _folder(asset: Asset) -> str:
    """Where it was delivered, empty for the top."""
    return (asset.path or "").rpartition("/")[0]


def _within(asset: Asset, folders: Collection[str]) -> bool:
    """Whether it lies in one of these, at whatever depth."""
    parts = _folder(asset).split("/")
    return any("/".join(parts[:depth]) in folders for depth in range(1, len(parts) + 1))


def peeker(blobs: Blobs) -> Peek:
    """Reads the beginning of text files, as whole lines."""

    def peek(asset: Asset) -> str:
        try:
            begun = blobs.head(asset.blob, PEEK)
        except NotFound:
            return ""
        return traces.cut(begun.decode("utf-8", "replace"), PEEK - 3)

    return peek


def _says_something(found: ResultDetail) -> bool:
    detail = found.detail
    said = (detail.trace, detail.stdout, detail.stderr, detail.description, detail.steps)
    return any((*said, detail.attachments, detail.attempts))


def _step(step: StepDetail, files: Files, depth: int = 0) -> StepRow:
    error = step.error
    inside = () if depth > DEEPEST else tuple(_step(s, files, depth + 1) for s in step.steps)
    return StepRow(
        name=step.name,
        status=step.status.value,
        duration=step.duration,
        error=traces.cut(_told(error), SHOWN) if error else "",
        output=traces.cut(step.output, SHOWN),
        files=files.of(step.attachments),
        steps=inside,
        open=step.status in FAILURES and bool(inside or error),
    )


def _told(error: Error) -> str:
    """What was thrown, then the trace, which often begins with that."""
    if error.message and error.message in error.trace:
        return error.trace
    return "\n".join(filter(None, (f"{error.type} {error.message}".strip(), error.trace)))


def _try(number: int, attempt: Attempt) -> Try:
    error = attempt.error
    output = "\n".join(part for part in (attempt.stdout, attempt.stderr) if part.strip())
    trace = (error.trace or error.message) if error else ""
    return Try(
        number=number,
        status=attempt.status.value,
        duration=attempt.duration,
        error=words.said(error.type, error.message) if error else "",
        trace=text(trace, ""),
        output=traces.cut(output, SHOWN),
    )
