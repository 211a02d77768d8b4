"""The table of reports that come in while their run goes on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "runs",
        sa.Column("import_id", sa.Text(), nullable=False),
        sa.Column("heard_at", MOMENT, nullable=False),
        sa.Column("read_to", ID, nullable=False),
        sa.Column("next_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["imports.id"], name="runs_import_id_is_of_imports", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("import_id", name="runs_key"),
    )
