"""Files of a report, put into what is exported while there is room."""

from __future__ import annotations

import msgspec

from assay.errors import NotFound
from assay.model import Attachment
from assay.queries.report_items import attach_names
from assay.rows import AssetRef
from assay.store.blobs import Blobs
from assay.store.catalog import assets
from assay.store.catalog.assets import Asset
from assay.web.pages.exports.outgoing import Outgoing


class Embedding:
    """Attaches files with their bytes: none larger than `each` bytes, not more than `total`
    together, only those of `kinds` if these are given. The rest is attached by name."""

    def __init__(
        self, report: Outgoing, *, each: int, total: int, kinds: frozenset[str] = frozenset()
    ) -> None:
        with report.stores.catalog.read() as conn:
            found = assets.of_report(conn, report.report.id)
        self._assets: dict[int, Asset] = {asset.number: asset for asset in found}
        self._blobs: Blobs = report.stores.blobs
        self._each, self._left, self._kinds = each, total, kinds

    def __call__(self, ref: AssetRef) -> Attachment:
        named = attach_names(ref)
        asset = self._assets.get(ref.number) if ref.number is not None else None
        if asset is None:
            return named
        media_type = ref.media_type or asset.media_type
        wanted = not self._kinds or media_type in self._kinds
        content = self._content(asset) if wanted else None
        return msgspec.structs.replace(named, media_type=media_type, content=content)

    def _content(self, asset: Asset) -> bytes | None:
        if asset.size > min(self._each, self._left):
            return None
        try:
            content = self._blobs.read(asset.blob)
        except NotFound:
            return None
        self._left -= asset.size
        return content
