"""The catalog: everything but results and bytes. One noun a file, plain functions on a connection.

    catalog = open_catalog("sqlite:///data/catalog.sqlite")
    catalog.migrate()
    with catalog.write() as conn:
        profile = profiles.make(conn, group=1, name="UI tests", owner=None, now=now)

Functions take and give aware UTC datetimes and frozen dataclasses; the clock is the caller's. They
do not ask who is calling: that is `assay.auth`.
"""

from assay.store.catalog.engine import Catalog, open_catalog

__all__ = ["Catalog", "open_catalog"]
