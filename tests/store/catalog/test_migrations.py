"""Migrations: from nothing to the tables of today, by any number of processes, without loss."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from assay.errors import Unavailable
from assay.store.catalog import Catalog, open_catalog
from assay.store.catalog.engine import _sqlite
from assay.store.catalog.migrations import configuration
from assay.store.catalog.tables import metadata

MIGRATE = "import sys; from assay.store.catalog import open_catalog as o; o(sys.argv[1]).migrate()"


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/empty.sqlite"
    return str(request.getfixturevalue("empty_postgres"))


@pytest.fixture
def empty(empty_url: str) -> Iterator[Catalog]:
    catalog = open_catalog(empty_url)
    yield catalog
    catalog.close()


def shape(conn: Connection) -> dict[str, Any]:
    """All that the database says of its tables, except Alembic's own."""
    seen = inspect(conn)
    return {
        name: {
            "columns": [each | {"type": str(each["type"])} for each in seen.get_columns(name)],
            "key": seen.get_pk_constraint(name),
            "refers": sorted(seen.get_foreign_keys(name), key=str),
            "indexes": sorted(map(_index, seen.get_indexes(name)), key=str),
            "unique": sorted(seen.get_unique_constraints(name), key=str),
            "checks": seen.get_check_constraints(name),
        }
        for name in seen.get_table_names()
        if name != "alembic_version"
    }


def _index(index: Any) -> Any:
    where = {name: str(sql) for name, sql in index.get("dialect_options", {}).items()}
    return {**index, "dialect_options": where}


def test_migrations_make_the_tables_that_the_code_knows(empty: Catalog) -> None:
    empty.migrate()
    with empty.write() as conn:
        migrated = shape(conn)
        options = {"compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(conn, opts=options)
        assert compare_metadata(context, metadata) == []
        metadata.drop_all(conn)
        metadata.create_all(conn)
        assert migrated == shape(conn)


def test_there_is_one_newest_version(empty: Catalog) -> None:
    with empty.write() as conn:
        assert len(ScriptDirectory.from_config(configuration(conn)).get_heads()) == 1


def test_migrating_twice_changes_nothing(catalog: Catalog, people: object) -> None:
    def rows() -> int:
        with catalog.read() as conn:
            return int(conn.execute(text("SELECT count(*) FROM users")).scalar_one())

    catalog.migrate()
    assert rows() == 3


def test_processes_that_start_at_once_do_not_trip_each_other(empty_url: str) -> None:
    command = [sys.executable, "-c", MIGRATE, empty_url]
    started = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(4)]
    told = [process.communicate(timeout=120)[1].decode() for process in started]
    assert [process.returncode for process in started] == [0] * 4, "\n".join(told)
    catalog = open_catalog(empty_url)
    with catalog.read() as conn:
        assert set(metadata.tables) < set(inspect(conn).get_table_names())
    catalog.close()


def test_a_failed_migration_leaves_nothing_behind(empty: Catalog) -> None:
    with empty.write() as conn:
        conn.execute(text("CREATE TABLE assets (mine TEXT)"))  # in the way of ours
    with pytest.raises(Exception, match="assets"):
        empty.migrate()
    with empty.read() as conn:
        assert inspect(conn).get_table_names() == ["assets"]


def test_tables_of_a_newer_version_are_left_alone(catalog: Catalog) -> None:
    with catalog.write() as conn:
        conn.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Unavailable, match="newer version"):
        catalog.migrate()


def test_rebuilding_a_table_keeps_what_refers_to_it(catalog: Catalog, people: object) -> None:
    """SQLite alters a table by copying it; with foreign keys on, dropping the old one would delete
    every row that refers to it. Migrations run with them off."""
    if catalog.url.get_backend_name() != "sqlite":
        pytest.skip("PostgreSQL alters tables in place")
    engine = _sqlite(catalog.url, "migrate")
    with engine.begin() as conn:
        operations = Operations(MigrationContext.configure(conn))
        with operations.batch_alter_table("users", recreate="always"):
            pass
    engine.dispose()
    with catalog.read() as conn:
        assert conn.execute(text("SELECT count(*) FROM memberships")).scalar_one() == 3
        assert conn.execute(text("PRAGMA foreign_key_check")).all() == []
