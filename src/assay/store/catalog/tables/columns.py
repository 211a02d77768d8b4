"""What the tables are made of."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, MetaData, text

from assay.store.catalog.columns import Id, Words

metadata = MetaData(
    naming_convention={
        "ix": "%(table_name)s_by_%(column_0_N_name)s",
        "uq": "%(table_name)s_one_%(column_0_N_name)s",
        "fk": "%(table_name)s_%(column_0_name)s_is_of_%(referred_table_name)s",
        "pk": "%(table_name)s_key",
    }
)


def number(name: str = "id") -> Column[int]:
    return Column(name, Id, primary_key=True, autoincrement=True)


def of(table: str, name: str, *, gone: str = "CASCADE", null: bool = False) -> Column[int]:
    """A reference to a row of another table, and what becomes of this row when that one goes."""
    return Column(name, Id, ForeignKey(f"{table}.id", ondelete=gone), nullable=null)


def words(name: str, *, unique: bool = False) -> Column[str]:
    return Column(name, Words, nullable=False, unique=unique)


def added(name: str, default: str = "") -> Column[str]:
    """Text in a table that had rows before it had this column."""
    return Column(name, Words, nullable=False, server_default=text(f"'{default}'"))


def count(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False, default=0)
