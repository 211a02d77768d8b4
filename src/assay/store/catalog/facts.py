"""What the metadata of reports say, looked for in SQL: they are one JSON object a report.

No index helps there, so that only the latest reports of a profile are looked through.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, literal, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

from assay.store.catalog.columns import Words, clean
from assay.store.catalog.tables import reports

SEARCHED = 5_000
"""Reports of a profile whose metadata are looked at: a tenth of a second."""


class json_pairs(GenericFunction[Any]):  # noqa: N801
    """The names and texts of a JSON object, as rows of key and value."""

    inherit_cache = True
    name = "json_pairs"


@compiles(json_pairs, "sqlite")
def _on_sqlite(element: json_pairs, compiler: Any, **how: Any) -> str:
    return f"json_each{compiler.process(element.clause_expr, **how)}"


@compiles(json_pairs, "postgresql")
def _on_postgresql(element: json_pairs, compiler: Any, **how: Any) -> str:
    return f"json_each_text{compiler.process(element.clause_expr, **how)}"


def mentions(profile_id: int, words: str) -> ColumnElement[bool]:
    """Whether any of a report's metadata says these words, in any case of letters."""
    pair = _pairs()
    said = func.lower(pair.c.value, type_=Words())
    return _among(profile_id, pair, said.contains(words.lower(), autoescape=True))


def says(profile_id: int, fact: str) -> ColumnElement[bool]:
    """Whether a report's metadata say exactly this, written `name:value`; without a value, whether
    they say anything by that name."""
    name, colon, value = clean(fact).partition(":")
    pair = _pairs()
    alike = pair.c.key == name
    return _among(profile_id, pair, and_(alike, pair.c.value == value) if colon else alike)


def _pairs() -> Any:
    return json_pairs(reports.c.metadata).table_valued("key", "value").alias("pair")


def _among(profile_id: int, pair: Any, condition: ColumnElement[bool]) -> ColumnElement[bool]:
    latest = reports.alias("latest")
    newest = (
        select(latest.c.id)
        .where(latest.c.profile_id == profile_id)
        .order_by(latest.c.date.desc(), latest.c.id.desc())
        .limit(SEARCHED)
    )
    found = select(literal(1)).select_from(pair).where(condition).correlate(reports)
    return and_(reports.c.id.in_(newest), exists(found))
