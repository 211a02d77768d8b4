"""The catalog's tables through time, by Alembic, run from code.

`versions/` holds one file a change, oldest `0001`. Whoever comes first changes the tables in one
transaction, the others wait and find it done. Where there is nothing to change Alembic is not even
imported: with what it brings it would take 8 MB of every server that has started before.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from assay.errors import Unavailable

if TYPE_CHECKING:
    from alembic.config import Config

VERSIONS = Path(__file__).parent / "versions"

LOCK = 0x41_73_73_61_79  # "Assay": any number that no other program locks in the same database


def upgrade(conn: Connection) -> None:
    """Bring the tables to the newest version inside the transaction `conn` is in.

    Raises `Unavailable` when a newer Assay has been here: going on would damage its data.
    """
    if _version(conn) == max(path.name[:4] for path in VERSIONS.glob("[0-9]*.py")):
        return
    from alembic import command
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    if conn.dialect.name == "postgresql":
        conn.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    config = configuration(conn)
    known = {each.revision for each in ScriptDirectory.from_config(config).walk_revisions()}
    for revision in MigrationContext.configure(conn).get_current_heads():
        if revision not in known:
            raise Unavailable(
                f"The catalog is of a newer version of Assay (its tables are at {revision!r}). "
                "Start that version, or one after it."
            )
    command.upgrade(config, "head")


def _version(conn: Connection) -> str | None:
    """Of the tables as they are; None where there are none."""
    if not inspect(conn).has_table("alembic_version"):
        return None
    version: str | None = conn.scalar(text("SELECT version_num FROM alembic_version"))
    return version


def configuration(conn: Connection) -> Config:
    """Alembic's configuration for its commands to work on `conn`."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = conn
    return config
