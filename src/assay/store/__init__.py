"""The three stores: the catalog (who, what), the results (how it went), the blobs (the bytes)."""

from __future__ import annotations

from dataclasses import dataclass

from assay.settings import Settings
from assay.store.blobs import Blobs
from assay.store.catalog import Catalog, open_catalog
from assay.store.results import Results, open_results


@dataclass(frozen=True, slots=True)
class Stores:
    """The three, opened."""

    catalog: Catalog
    results: Results
    blobs: Blobs

    def close(self) -> None:
        self.results.close()
        self.catalog.close()


def open_stores(settings: Settings) -> Stores:
    """Open the stores that the settings name, and bring the catalog up to date.

    Raises `Unavailable` when one of them cannot be opened, saying which and why.
    """
    settings.data.mkdir(parents=True, exist_ok=True)
    catalog = open_catalog(settings.catalog_url)
    catalog.migrate()
    results = open_results(
        settings.results_url, memory=settings.results_memory, threads=settings.results_threads
    )
    return Stores(catalog, results, Blobs(settings.blobs_url))
