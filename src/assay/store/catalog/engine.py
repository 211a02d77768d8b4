"""A connection to the catalog, on SQLite or PostgreSQL.

`write()` on SQLite is BEGIN IMMEDIATE: what is read there stays true until the commit, so one
function is right on both databases. Python's own sqlite3 would begin late and by itself; it is
told to leave that to us. Threads of this process wait for the one writing connection in a queue,
which is fairer and quicker than SQLite's polling; other processes wait by `busy_timeout`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from assay.errors import Invalid, Unavailable

BUSY_SECONDS = 30
POOL = {"pool_size": 8, "max_overflow": 32, "pool_timeout": BUSY_SECONDS}

OUT_OF_REACH = frozenset({DatabaseError, InterfaceError, OperationalError, PoolTimeout})
"""Locked, full, stopped, broken. Their subclasses are about a statement, and are our mistakes."""

SQLITE = (
    f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
)
PRAGMAS = {
    "read": (*SQLITE, "PRAGMA foreign_keys = ON", "PRAGMA query_only = ON"),
    "write": (*SQLITE, "PRAGMA foreign_keys = ON"),
    # A migration may rebuild a table; with foreign keys on, that empties those that refer to it.
    "migrate": (*SQLITE, "PRAGMA foreign_keys = OFF"),
}


class Catalog:
    """The open catalog. Any number of threads may use one."""

    def __init__(self, url: URL) -> None:
        self.url = url
        self._reader, self._writer = _engines(url)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that sees one state of the catalog (on SQLite) and cannot change it."""
        with _telling(self.url), self._reader.begin() as conn:
            yield conn

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that is committed to disk on leaving, or undone by an exception.

        Raises `Unavailable` when the database cannot be reached or stays locked.
        """
        with _telling(self.url), self._writer.begin() as conn:
            yield conn

    def migrate(self) -> None:
        """Bring the tables up to date; several processes may try at once. See `migrations`."""
        from assay.store.catalog.migrations import upgrade

        engine = _sqlite(self.url, "migrate") if _is_sqlite(self.url) else self._writer
        with _telling(self.url), engine.begin() as conn:
            upgrade(conn)
        if engine is not self._writer:
            engine.dispose()

    def close(self) -> None:
        self._reader.dispose()
        self._writer.dispose()


def open_catalog(url: str) -> Catalog:
    """The catalog at "sqlite:///path/catalog.sqlite" or "postgresql://user@host/name".

    Nothing is connected yet, except that the folder of an SQLite file is made. Raises `Invalid`
    for any other address.
    """
    try:
        at = make_url(url)
    except ArgumentError:
        raise Invalid(f"{url!r} is no address of a catalog. {_EXAMPLES}", "catalog") from None
    if at.drivername in ("postgresql", "postgres", "postgresql+psycopg"):
        return Catalog(at.set(drivername="postgresql+psycopg"))
    if not _is_sqlite(at) or not at.database or at.database == ":memory:":
        raise Invalid(f"{at.drivername!r} cannot hold the catalog. {_EXAMPLES}", "catalog")
    Path(at.database).parent.mkdir(parents=True, exist_ok=True)
    return Catalog(at)


_EXAMPLES = "Use sqlite:///path/catalog.sqlite or postgresql://user:password@host/name"


def _is_sqlite(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"


def _engines(url: URL) -> tuple[Engine, Engine]:
    if _is_sqlite(url):
        return _sqlite(url, "read"), _sqlite(url, "write")
    engine = create_engine(url, pool_pre_ping=True, **POOL)
    event.listen(engine, "connect", _speak_utc)
    return engine.execution_options(postgresql_readonly=True), engine


def _sqlite(url: URL, use: str) -> Engine:
    pool = POOL if use == "read" else POOL | {"pool_size": 1, "max_overflow": 0}
    arguments = {"check_same_thread": False, "timeout": BUSY_SECONDS}
    engine = create_engine(url, connect_args=arguments, **pool)
    begin = "BEGIN" if use == "read" else "BEGIN IMMEDIATE"

    def connected(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        connection.create_function("lower", 1, _lower, deterministic=True)
        for pragma in PRAGMAS[use]:
            connection.execute(pragma)

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", lambda conn: conn.exec_driver_sql(begin))
    return engine


def _lower(text: str | None) -> str | None:
    """SQLite's own knows no letters beyond ASCII."""
    return None if text is None else text.lower()


def _speak_utc(connection: Any, _record: object) -> None:
    connection.execute("SET TIME ZONE 'UTC'")
    connection.commit()


@contextmanager
def _telling(url: URL) -> Iterator[None]:
    """Turn the database's being out of reach into our own error, without its address's password."""
    try:
        yield
    except (DatabaseError, InterfaceError, PoolTimeout) as error:
        if type(error) not in OUT_OF_REACH:  # a statement that is wrong, a row that is refused …
            raise
        cause = getattr(error, "orig", None) or error
        raise Unavailable(f"The catalog {url!r} cannot be used just now: {cause}") from error
