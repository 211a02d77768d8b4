"""What profiles are besides places to upload to, gates, dashboards, runs that were asked for."""

from __future__ import annotations

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = sa.Text()
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """In this order, as each table refers only to those before it."""
    names_of_groups()
    kinds_of_profiles()
    set_members()
    gates()
    run_keys()
    executions()
    dashboards()
    tiles()


def of(table: str, column: str, other: str, *, gone: str = "CASCADE") -> sa.ForeignKeyConstraint:
    name = f"{table}_{column}_is_of_{other}"
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=gone)


def index(table: str, *columns: str, unique: bool = False) -> None:
    op.create_index(f"{table}_by_{'_'.join(columns)}", table, list(columns), unique=unique)


def add_words(table: str, name: str, default: str = "") -> None:
    op.add_column(table, sa.Column(name, WORDS, nullable=False, server_default=default))


def names_of_groups() -> None:
    """Each gets a UUID, by which other products' clients know it."""
    add_words("groups", "uuid")
    groups = sa.table("groups", sa.column("id", ID), sa.column("uuid", WORDS))
    conn = op.get_bind()
    for number in conn.scalars(sa.select(groups.c.id)).all():
        mine = sa.update(groups).where(groups.c.id == number)
        conn.execute(mine.values(uuid=str(uuid4())))
    index("groups", "uuid", unique=True)


def kinds_of_profiles() -> None:
    add_words("profiles", "kind", "passive")
    for name in ("tool", "pattern", "qualification"):
        add_words("profiles", name)
    op.add_column("profiles", sa.Column("setup", sa.JSON()))
    op.add_column("profiles", sa.Column("due_at", MOMENT))
    index("profiles", "due_at")


def set_members() -> None:
    op.create_table(
        "set_members",
        sa.Column("set_id", ID, nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        of("set_members", "set_id", "profiles"),
        of("set_members", "member_id", "profiles"),
        sa.PrimaryKeyConstraint("set_id", "member_id", name="set_members_key"),
    )
    index("set_members", "member_id")


def gates() -> None:
    op.create_table(
        "gates",
        sa.Column("profile_id", ID, nullable=False),
        sa.Column("rules", WORDS, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("editor_id", ID),
        of("gates", "profile_id", "profiles"),
        of("gates", "editor_id", "users", gone="SET NULL"),
        sa.PrimaryKeyConstraint("profile_id", name="gates_key"),
    )
    op.add_column("reports", sa.Column("gate", WORDS))
    op.add_column("reports", sa.Column("judged", sa.JSON()))


def run_keys() -> None:
    op.create_table(
        "run_keys",
        sa.Column("profile_id", ID, nullable=False),
        sa.Column("key", WORDS, nullable=False),
        sa.Column("report_id", ID, nullable=False),
        of("run_keys", "profile_id", "profiles"),
        of("run_keys", "report_id", "reports"),
        sa.PrimaryKeyConstraint("profile_id", "key", name="run_keys_key"),
    )
    index("run_keys", "report_id")


def executions() -> None:
    op.create_table(
        "executions",
        sa.Column("id", WORDS, nullable=False),
        sa.Column("profile_id", ID, nullable=False),
        sa.Column("user_id", ID),
        sa.Column("state", WORDS, nullable=False),
        sa.Column("kind", WORDS, nullable=False),
        sa.Column("url", WORDS, nullable=False),
        sa.Column("message", WORDS, nullable=False),
        sa.Column("parameters", sa.JSON(), nullable=False),
        sa.Column("known", sa.JSON(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT),
        sa.Column("ended_at", MOMENT),
        sa.Column("report_id", ID),
        of("executions", "profile_id", "profiles"),
        of("executions", "user_id", "users", gone="SET NULL"),
        of("executions", "report_id", "reports", gone="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="executions_key"),
    )
    index("executions", "profile_id", "created_at")
    index("executions", "due_at")
    index("executions", "report_id")


def dashboards() -> None:
    op.create_table(
        "dashboards",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("uuid", WORDS, nullable=False),
        sa.Column("company_id", ID, nullable=False),
        sa.Column("name", WORDS, nullable=False),
        sa.Column("reload_seconds", sa.Integer(), nullable=False),
        sa.Column("creator_id", ID),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("share_key", WORDS),
        of("dashboards", "company_id", "companies"),
        of("dashboards", "creator_id", "users", gone="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="dashboards_key"),
        sa.UniqueConstraint("uuid", name="dashboards_one_uuid"),
        sa.UniqueConstraint("share_key", name="dashboards_one_share_key"),
        sqlite_autoincrement=True,
    )
    index("dashboards", "company_id")


def tiles() -> None:
    op.create_table(
        "tiles",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("uuid", WORDS, nullable=False),
        sa.Column("dashboard_id", ID, nullable=False),
        sa.Column("profile_id", ID, nullable=False),
        sa.Column("chart", WORDS, nullable=False),
        sa.Column("title", WORDS, nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("x", "y", "w", "h")),
        sa.Column("options", sa.JSON(), nullable=False),
        of("tiles", "dashboard_id", "dashboards"),
        of("tiles", "profile_id", "profiles"),
        sa.PrimaryKeyConstraint("id", name="tiles_key"),
        sa.UniqueConstraint("uuid", name="tiles_one_uuid"),
        sqlite_autoincrement=True,
    )
    index("tiles", "dashboard_id")
    index("tiles", "profile_id")
