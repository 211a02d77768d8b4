"""What Alembic runs to make ready; see `assay.store.catalog.migrations.upgrade`."""

from __future__ import annotations

from alembic import context

from assay.store.catalog.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
