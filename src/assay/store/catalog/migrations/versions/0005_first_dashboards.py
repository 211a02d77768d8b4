"""When a company was given its first dashboard, so that it is given none again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("companies", sa.Column("boarded_at", sa.DateTime(timezone=True)))
