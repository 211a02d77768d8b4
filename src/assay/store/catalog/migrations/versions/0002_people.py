"""The tables of what people do with reports: invite, be told, share, delete and have back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = sa.Text()
MOMENT = sa.DateTime(timezone=True)
UNSENT = sa.text("state = 'waiting'")


def upgrade() -> None:
    """In this order, as each table refers only to those before it."""
    deleted_things()
    paths_of_assets()
    invitations()
    password_resets()
    subscriptions()
    channels()
    deliveries()
    shares()


def of(table: str, column: str, other: str, *, gone: str = "CASCADE") -> sa.ForeignKeyConstraint:
    name = f"{table}_{column}_is_of_{other}"
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=gone)


def index(table: str, *columns: str, unique: bool = False) -> None:
    op.create_index(f"{table}_by_{'_'.join(columns)}", table, list(columns), unique=unique)


def deleted_things() -> None:
    for table in ("companies", "profiles", "reports"):
        op.add_column(table, sa.Column("deleted_at", MOMENT))
    index("reports", "deleted_at")


def paths_of_assets() -> None:
    op.add_column("assets", sa.Column("path", WORDS))


def invitations() -> None:
    op.create_table(
        "invitations",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("company_id", ID, nullable=False),
        sa.Column("email", WORDS, nullable=False),
        sa.Column("role", WORDS, nullable=False),
        sa.Column("token_hash", WORDS, nullable=False),
        sa.Column("inviter_id", ID),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("accepted_at", MOMENT),
        of("invitations", "company_id", "companies"),
        of("invitations", "inviter_id", "users", gone="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="invitations_key"),
        sa.UniqueConstraint("token_hash", name="invitations_one_token_hash"),
        sqlite_autoincrement=True,
    )
    index("invitations", "company_id", "email")


def password_resets() -> None:
    op.create_table(
        "password_resets",
        sa.Column("token_hash", WORDS, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        of("password_resets", "user_id", "users"),
        sa.PrimaryKeyConstraint("token_hash", name="password_resets_key"),
    )
    index("password_resets", "user_id")


def subscriptions() -> None:
    op.create_table(
        "subscriptions",
        sa.Column("user_id", ID, nullable=False),
        sa.Column("profile_id", ID, nullable=False),
        sa.Column("condition", WORDS, nullable=False),
        of("subscriptions", "user_id", "users"),
        of("subscriptions", "profile_id", "profiles"),
        sa.PrimaryKeyConstraint("user_id", "profile_id", name="subscriptions_key"),
    )
    index("subscriptions", "profile_id")


def channels() -> None:
    op.create_table(
        "channels",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("profile_id", ID, nullable=False),
        sa.Column("kind", WORDS, nullable=False),
        sa.Column("name", WORDS, nullable=False),
        sa.Column("condition", WORDS, nullable=False),
        sa.Column("config", sa.JSON(), nullable=False),
        sa.Column("creator_id", ID),
        sa.Column("created_at", MOMENT, nullable=False),
        of("channels", "profile_id", "profiles"),
        of("channels", "creator_id", "users", gone="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="channels_key"),
        sqlite_autoincrement=True,
    )
    index("channels", "profile_id")


def deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("key", WORDS, nullable=False),
        sa.Column("kind", WORDS, nullable=False),
        sa.Column("address", WORDS, nullable=False),
        sa.Column("company_id", ID),
        sa.Column("profile_id", ID),
        sa.Column("report_id", ID),
        sa.Column("channel_id", ID),
        sa.Column("user_id", ID),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("state", WORDS, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("worker", WORDS),
        sa.Column("message", WORDS, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT),
        of("deliveries", "company_id", "companies"),
        of("deliveries", "profile_id", "profiles"),
        of("deliveries", "report_id", "reports"),
        of("deliveries", "channel_id", "channels"),
        of("deliveries", "user_id", "users"),
        sa.PrimaryKeyConstraint("id", name="deliveries_key"),
        sa.UniqueConstraint("key", name="deliveries_one_key"),
        sqlite_autoincrement=True,
    )
    index("deliveries", "profile_id", "id")
    index("deliveries", "company_id", "id")
    index("deliveries", "report_id")
    index("deliveries", "channel_id")
    index("deliveries", "user_id")
    op.create_index(
        "deliveries_unsent",
        "deliveries",
        ["due_at", "id"],
        sqlite_where=UNSENT,
        postgresql_where=UNSENT,
    )


def shares() -> None:
    op.create_table(
        "shares",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("key", WORDS, nullable=False),
        sa.Column("profile_id", ID, nullable=False),
        sa.Column("report_id", ID),
        sa.Column("until", MOMENT),
        sa.Column("history", sa.Boolean(), nullable=False),
        sa.Column("creator_id", ID),
        sa.Column("created_at", MOMENT, nullable=False),
        of("shares", "profile_id", "profiles"),
        of("shares", "report_id", "reports"),
        of("shares", "creator_id", "users", gone="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="shares_key"),
        sa.UniqueConstraint("key", name="shares_one_key"),
        sqlite_autoincrement=True,
    )
    index("shares", "profile_id", "report_id", unique=True)
    index("shares", "report_id")
