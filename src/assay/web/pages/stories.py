"""All that is known of one result, as the page of a result and an unfolded row tell it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import quote

from assay.model import FAILURES, Attempt, Error
from assay.queries.result_detail import ResultDetail
from assay.rows import AssetRef, StepDetail
from assay.store.catalog.assets import Asset
from assay.web.pages import traces, words
from assay.web.pages.parts import File, StepRow, Story, Text, Try

IMAGES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"})
"""Pictures that a page may show in place: none that can hold a script."""

SHOWN = 8_000  # characters of an output that are shown in place
DEEPEST = 30  # steps within steps that are shown


def tell(found: ResultDetail, report: str, assets: Sequence[Asset]) -> Story:
    """The story of `found`; `report` is its report's address, `assets` are those it refers to."""
    detail = found.detail
    url = f"{report}/results/{found.position}"
    files = Files(report, {asset.number: asset for asset in assets})
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

    def __init__(self, report: str, assets: Mapping[int, Asset]) -> None:
        self._report = report
        self._assets = assets

    def of(self, refs: Sequence[AssetRef]) -> tuple[File, ...]:
        return tuple(self._file(ref) for ref in refs)

    def _file(self, ref: AssetRef) -> File:
        asset = self._assets.get(ref.number) if ref.number is not None else None
        return show(self._report, asset) if asset else File(ref.name or ref.path, "")


def show(report: str, asset: Asset) -> File:
    """An asset with its address, below that of its report."""
    url = f"{report}/assets/{asset.number}/{quote(asset.name, safe='')}"
    return File(asset.name, url, asset.size, asset.media_type, asset.media_type in IMAGES)


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
