"""Assets: the files of a report, known by their number in it; `blob` says where the bytes are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import ColumnElement, Connection, delete, insert, select

from assay.store.catalog.tables import assets


@dataclass(frozen=True, slots=True)
class Asset:
    """`position` is the result's it belongs to, None for the report's own; `size` is in bytes;
    `path` is what it was delivered as, with `/` between folders; what was embedded has none."""

    report_id: int
    number: int
    position: int | None
    name: str
    media_type: str
    size: int
    blob: str
    path: str | None = None


def add(conn: Connection, report_id: int, new: Sequence[Asset]) -> None:
    """Raises nothing for an empty list. Numbers are the caller's, one each in a report."""
    if new:
        conn.execute(insert(assets), [asdict(asset) | {"report_id": report_id} for asset in new])


def of_report(conn: Connection, report_id: int) -> list[Asset]:
    """All of them, those of its results too, by number."""
    return _all(conn, assets.c.report_id == report_id)


def of_result(conn: Connection, report_id: int, position: int) -> list[Asset]:
    """By number."""
    return _all(conn, assets.c.report_id == report_id, assets.c.position == position)


def get(conn: Connection, report_id: int, number: int) -> Asset | None:
    found = _all(conn, assets.c.report_id == report_id, assets.c.number == number)
    return found[0] if found else None


def at(conn: Connection, report_id: int, path: str) -> Asset | None:
    """The one that was delivered as this path."""
    found = _all(conn, assets.c.report_id == report_id, assets.c.path == path)
    return found[0] if found else None


def delete_of(conn: Connection, report_id: int) -> None:
    """Forget all of a report's, before it is read again."""
    conn.execute(delete(assets).where(assets.c.report_id == report_id))


def _all(conn: Connection, *conditions: ColumnElement[bool]) -> list[Asset]:
    query = select(assets).where(*conditions).order_by(assets.c.number)
    return [Asset(*row) for row in conn.execute(query)]
