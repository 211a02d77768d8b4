"""The tables that a report's way in, and its people, need."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = sa.Text()
MOMENT = sa.DateTime(timezone=True)
WAITING = sa.text("state IN ('received', 'processing')")


def upgrade() -> None:
    """In this order, as each table refers only to those before it."""
    companies()
    users()
    groups()
    memberships()
    sessions()
    profiles()
    api_keys()
    reports()
    assets()
    imports()
    report_tags()
    import_files()
    import_log()


def of(table: str, column: str, other: str, *, gone: str = "CASCADE") -> sa.ForeignKeyConstraint:
    name = f"{table}_{column}_is_of_{other}"
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=gone)


def companies() -> None:
    op.create_table(
        "companies",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("name", WORDS, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="companies_key"),
        sqlite_autoincrement=True,
    )


def users() -> None:
    op.create_table(
        "users",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("email", WORDS, nullable=False),
        sa.Column("name", WORDS, nullable=False),
        sa.Column("password_hash", WORDS),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="users_key"),
        sa.UniqueConstraint("email", name="users_one_email"),
        sqlite_autoincrement=True,
    )


def groups() -> None:
    op.create_table(
        "groups",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("company_id", ID, nullable=False),
        sa.Column("name", WORDS, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        of("groups", "company_id", "companies"),
        sa.PrimaryKeyConstraint("id", name="groups_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("groups_by_company_id", "groups", ["company_id"])


def memberships() -> None:
    op.create_table(
        "memberships",
        sa.Column("company_id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("role", WORDS, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        of("memberships", "company_id", "companies"),
        of("memberships", "user_id", "users"),
        sa.PrimaryKeyConstraint("company_id", "user_id", name="memberships_key"),
    )
    op.create_index("memberships_by_user_id", "memberships", ["user_id"])


def sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("token_hash", WORDS, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("agent", WORDS, nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("renewed_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        of("sessions", "user_id", "users"),
        sa.PrimaryKeyConstraint("token_hash", name="sessions_key"),
    )
    op.create_index("sessions_by_expires_at", "sessions", ["expires_at"])
    op.create_index("sessions_by_user_id", "sessions", ["user_id"])


def profiles() -> None:
    op.create_table(
        "profiles",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("uuid", WORDS, nullable=False),
        sa.Column("company_id", ID, nullable=False),
        sa.Column("group_id", ID, nullable=False),
        sa.Column("name", WORDS, nullable=False),
        sa.Column("owner_id", ID),
        sa.Column("created_at", MOMENT, nullable=False),
        of("profiles", "company_id", "companies"),
        of("profiles", "group_id", "groups"),
        of("profiles", "owner_id", "users", gone="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="profiles_key"),
        sa.UniqueConstraint("uuid", name="profiles_one_uuid"),
        sqlite_autoincrement=True,
    )
    op.create_index("profiles_by_company_id", "profiles", ["company_id"])
    op.create_index("profiles_by_group_id", "profiles", ["group_id"])


def api_keys() -> None:
    op.create_table(
        "api_keys",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("profile_id", ID),
        sa.Column("name", WORDS, nullable=False),
        sa.Column("secret_hash", WORDS, nullable=False),
        sa.Column("hint", WORDS, nullable=False),
        sa.Column("scopes", WORDS, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT),
        sa.Column("last_used_at", MOMENT),
        sa.Column("revoked_at", MOMENT),
        of("api_keys", "profile_id", "profiles"),
        of("api_keys", "user_id", "users"),
        sa.PrimaryKeyConstraint("id", name="api_keys_key"),
        sa.UniqueConstraint("secret_hash", name="api_keys_one_secret_hash"),
        sqlite_autoincrement=True,
    )
    op.create_index("api_keys_by_user_id", "api_keys", ["user_id"])


def reports() -> None:
    op.create_table(
        "reports",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("uuid", WORDS, nullable=False),
        sa.Column("profile_id", ID, nullable=False),
        sa.Column("import_id", WORDS),
        sa.Column("date", MOMENT, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("origin", WORDS, nullable=False),
        sa.Column("state", WORDS, nullable=False),
        sa.Column("branch", WORDS, nullable=False),
        sa.Column("commit", WORDS, nullable=False),
        sa.Column("build", WORDS, nullable=False),
        sa.Column("duration", sa.Float(precision=53)),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("metadata", sa.JSON(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("passed", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("broken", sa.Integer(), nullable=False),
        sa.Column("skipped", sa.Integer(), nullable=False),
        sa.Column("unknown", sa.Integer(), nullable=False),
        sa.Column("flaky", sa.Integer(), nullable=False),
        sa.Column("new_failures", sa.Integer(), nullable=False),
        sa.Column("fixed", sa.Integer(), nullable=False),
        sa.Column("still_failing", sa.Integer(), nullable=False),
        sa.Column("new_tests", sa.Integer(), nullable=False),
        sa.Column("gone", sa.Integer(), nullable=False),
        of("reports", "profile_id", "profiles"),
        sa.PrimaryKeyConstraint("id", name="reports_key"),
        sa.UniqueConstraint("uuid", name="reports_one_uuid"),
        sqlite_autoincrement=True,
    )
    op.create_index("reports_by_profile_id_date_id", "reports", ["profile_id", "date", "id"])
    op.create_index(
        "reports_by_profile_id_state_date_id", "reports", ["profile_id", "state", "date", "id"]
    )


def assets() -> None:
    op.create_table(
        "assets",
        sa.Column("report_id", ID, nullable=False),
        sa.Column("number", ID, nullable=False),
        sa.Column("position", ID),
        sa.Column("name", WORDS, nullable=False),
        sa.Column("media_type", WORDS, nullable=False),
        sa.Column("size", ID, nullable=False),
        sa.Column("blob", WORDS, nullable=False),
        of("assets", "report_id", "reports"),
        sa.PrimaryKeyConstraint("report_id", "number", name="assets_key"),
    )
    op.create_index("assets_by_report_id_position", "assets", ["report_id", "position"])


def imports() -> None:
    op.create_table(
        "imports",
        sa.Column("id", WORDS, nullable=False),
        sa.Column("profile_id", ID, nullable=False),
        sa.Column("report_id", ID, nullable=False),
        sa.Column("user_id", ID),
        sa.Column("key_id", ID),
        sa.Column("state", WORDS, nullable=False),
        sa.Column("formatter", WORDS, nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("progress", sa.Integer(), nullable=False),
        sa.Column("message", WORDS, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("worker", WORDS),
        sa.Column("lease_until", MOMENT),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("started_at", MOMENT),
        sa.Column("finished_at", MOMENT),
        sa.Column("delivery", WORDS),
        of("imports", "key_id", "api_keys", gone="SET NULL"),
        of("imports", "profile_id", "profiles"),
        of("imports", "report_id", "reports"),
        of("imports", "user_id", "users", gone="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="imports_key"),
    )
    op.create_index("imports_by_profile_id_received_at", "imports", ["profile_id", "received_at"])
    op.create_index(
        "imports_by_profile_id_delivery", "imports", ["profile_id", "delivery"], unique=True
    )
    op.create_index("imports_by_report_id", "imports", ["report_id"])
    op.create_index(
        "imports_waiting",
        "imports",
        ["received_at", "id"],
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )


def report_tags() -> None:
    op.create_table(
        "report_tags",
        sa.Column("report_id", ID, nullable=False),
        sa.Column("tag", WORDS, nullable=False),
        of("report_tags", "report_id", "reports"),
        sa.PrimaryKeyConstraint("report_id", "tag", name="report_tags_key"),
    )
    op.create_index("report_tags_by_tag_report_id", "report_tags", ["tag", "report_id"])


def import_files() -> None:
    op.create_table(
        "import_files",
        sa.Column("import_id", WORDS, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("file", WORDS, nullable=False),
        sa.Column("blob", WORDS, nullable=False),
        sa.Column("size", ID, nullable=False),
        sa.Column("sha256", WORDS, nullable=False),
        sa.Column("kind", WORDS, nullable=False),
        of("import_files", "import_id", "imports"),
        sa.PrimaryKeyConstraint("import_id", "number", name="import_files_key"),
    )


def import_log() -> None:
    op.create_table(
        "import_log",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("import_id", WORDS, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("level", WORDS, nullable=False),
        sa.Column("message", WORDS, nullable=False),
        sa.Column("file", WORDS, nullable=False),
        sa.Column("where", WORDS, nullable=False),
        of("import_log", "import_id", "imports"),
        sa.PrimaryKeyConstraint("id", name="import_log_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("import_log_by_import_id_id", "import_log", ["import_id", "id"])
