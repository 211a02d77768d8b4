"""Connections: what is promised of a transaction, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import StatementError

from assay.errors import AssayError, Invalid, Unavailable
from assay.store.catalog import Catalog, companies, open_catalog
from assay.store.catalog.tables import companies as table
from support.people import Person


def names(catalog: Catalog) -> list[str]:
    with catalog.read() as conn:
        return list(conn.scalars(select(table.c.name).order_by(table.c.id)))


def test_a_write_is_kept(catalog_url: str, catalog: Catalog, now: datetime) -> None:
    with catalog.write() as conn:
        companies.make(conn, name="Kept", now=now)
    other = open_catalog(catalog_url)
    assert names(other) == ["Kept"]
    other.close()


def test_an_exception_undoes_the_whole_write(catalog: Catalog, now: datetime) -> None:
    def half() -> None:
        with catalog.write() as conn:
            companies.make(conn, name="Half", now=now)
            raise KeyError

    with pytest.raises(KeyError):
        half()
    assert names(catalog) == []


def test_reading_cannot_change_anything(catalog: Catalog, now: datetime) -> None:
    with pytest.raises(Exception, match=r"(?i)read-?only"), catalog.read() as conn:
        companies.make(conn, name="No", now=now)
    assert names(catalog) == []
    with catalog.write() as conn:  # and the connection is none the worse for it
        companies.make(conn, name="Yes", now=now)
    assert names(catalog) == ["Yes"]


def test_what_a_write_has_read_stays_true_until_it_ends(catalog: Catalog, now: datetime) -> None:
    """Read, then write what follows from it, from many threads: the sum comes out right."""
    with catalog.write() as conn:
        companies.make(conn, name="0", now=now)

    def add_one(_: int) -> None:
        with catalog.write() as conn:
            held = select(table.c.name).where(table.c.id == 1).with_for_update()
            count = int(conn.scalars(held).one())
            companies.rename(conn, 1, str(count + 1))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add_one, range(40)))
    assert names(catalog) == ["40"]


def test_many_threads_read_while_one_writes(catalog: Catalog, now: datetime) -> None:
    def look(_: int) -> int:
        with catalog.read() as conn:
            return conn.scalar(select(func.count()).select_from(table)) or 0

    with ThreadPoolExecutor(8) as pool, catalog.write() as conn:
        companies.make(conn, name="Unseen", now=now)
        assert set(pool.map(look, range(40))) == {0}


def test_times_come_back_aware_and_in_utc(catalog: Catalog) -> None:
    tokyo = timezone(timedelta(hours=9))
    given = datetime(2026, 1, 1, 3, 4, 5, 678901, tzinfo=tokyo)
    with catalog.write() as conn:
        made = companies.make(conn, name="Tokyo", now=given)
        found = companies.get(conn, made.id)
    assert found is not None
    assert found.created_at.isoformat() == "2025-12-31T18:04:05.678901+00:00"


def test_a_time_without_a_zone_is_refused(catalog: Catalog) -> None:
    with pytest.raises(StatementError, match="no time zone"), catalog.write() as conn:
        companies.make(conn, name="When?", now=datetime(2026, 1, 1))  # noqa: DTZ001


def test_what_no_database_can_hold_is_replaced(catalog: Catalog, now: datetime) -> None:
    odd = "a\0b\ud800c\ud83e\uddeaé\x7f"
    with catalog.write() as conn:
        conn.execute(insert(table).values(name=odd, created_at=now))
    assert names(catalog) == ["a�b�c🧪é\x7f"]


def test_sqlite_writes_through_to_the_disk(tmp_path: Path) -> None:
    catalog = open_catalog(f"sqlite:///{tmp_path}/new/folder/catalog.sqlite")
    catalog.migrate()
    asked = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
    with catalog.write() as conn:
        told = [conn.execute(text(f"PRAGMA {name}")).scalar_one() for name in asked]
    catalog.close()
    assert told == ["wal", 2, 1, 30_000]


@pytest.mark.parametrize(
    "url", ["mysql://x/y", "sqlite://", "sqlite:///:memory:", "catalog.db", ""]
)
def test_another_kind_of_address_is_refused(url: str) -> None:
    with pytest.raises(Invalid, match="sqlite:///"):
        open_catalog(url)


def test_a_database_that_is_not_there_is_unavailable_and_keeps_its_password() -> None:
    catalog = open_catalog("postgresql://assay:s3cret@127.0.0.1:1/assay?connect_timeout=2")
    with pytest.raises(Unavailable) as told, catalog.read():
        pass
    catalog.close()
    assert "127.0.0.1:1" in str(told.value)
    assert "s3cret" not in str(told.value)


def test_a_file_that_is_no_database_is_unavailable(tmp_path: Path) -> None:
    path = tmp_path / "catalog.sqlite"
    path.write_text("this is a shopping list, and it is long enough to be looked at\n" * 100)
    catalog = open_catalog(f"sqlite:///{path}")
    with pytest.raises(AssayError, match="not a database"):
        catalog.migrate()
    catalog.close()


def test_it_goes_on_after_the_database_was_restarted(
    catalog: Catalog, alice: Person, request: pytest.FixtureRequest
) -> None:
    """A pool does not hand out connections that the database has closed meanwhile."""
    if catalog.url.get_backend_name() != "postgresql":
        pytest.skip("SQLite closes no connection by itself")
    assert names(catalog)
    server = request.getfixturevalue("postgres_server")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
            [catalog.url.database],
        )
    assert names(catalog)
