"""Every setting, each read from the environment as ASSAY_<NAME>. docs/operate.md names them all."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

MEGABYTE = 1_000_000

Webhooks = Literal["off", "public", "private", "any"]
"""Nowhere, to public addresses, to those of private networks too, or even to this very machine."""


class Settings(BaseSettings):
    """What an administrator can set. The three stores default to files below `data`."""

    model_config = SettingsConfigDict(env_prefix="ASSAY_", frozen=True, extra="ignore")

    data: Path = Field(Path("data"), description="the folder that holds everything")
    catalog: str = Field("", description="URL of the catalog: sqlite:///… or postgresql://…")
    results: str = Field("", description="URL of the results store: duckdb:///…")
    blobs: str = Field("", description="URL of the blob store: file:///…, s3://…, gs://…, az://…")
    url: str = Field("", description="the address people use, for links; else the request's own")
    secure_cookies: bool = Field(False, description="send session cookies over HTTPS only")

    max_upload_bytes: int = Field(50 * MEGABYTE, description="one upload, its format named")
    max_detect_bytes: int = Field(30 * MEGABYTE, description="one upload, its format detected")
    max_files: int = Field(500, description="files in one upload")
    max_unpacked_bytes: int = Field(1_000 * MEGABYTE, description="what an archive may unpack to")
    max_members: int = Field(20_000, description="members of one archive")

    parsers: int = Field(2, description="imports parsed at the same time")
    parser_memory: int = Field(512 * MEGABYTE, description="bytes one parser process may allocate")
    parser_seconds: int = Field(300, description="CPU seconds one parser process may use")
    lease_seconds: int = Field(60, description="after this silence another worker takes an import")
    max_tries: int = Field(3, description="how often an import that kills its worker is tried")
    wait_seconds: int = Field(110, description="longest wait of an upload with process_async=false")

    heartbeat_seconds: float = Field(8, description="how often who waits hears that it goes on")
    patience_seconds: float = Field(20, description="longest wait of who cannot be told so")

    max_runs: int = Field(20, description="runs of a profile that may go on at the same time")
    run_idle_seconds: int = Field(1_800, description="after this silence a run is ended")

    execution_seconds: int = Field(7_200, description="how long the report of a job is waited for")
    sources: str = Field("", repr=False, description="places that results are fetched from")

    trash_days: int = Field(7, description="how long a deleted report can be had back")

    results_memory: str = Field("1GB", description="memory the results store may use")
    results_threads: int = Field(2, description="threads the results store may use")

    sign_up: Literal["invited", "open"] = Field("invited", description="who may make an account")

    smtp: str = Field("", repr=False, description="mail server: smtp://user:password@host:587")
    mail_from: str = Field("", description="who mails come from: Assay <assay@example.org>")
    webhooks: Webhooks = Field("private", description="where messages and calls may go")
    webhook_proxy: str = Field("", repr=False, description="HTTP proxy for these")

    @property
    def home(self) -> str:
        """The address that links lead to, where there is no request to tell it."""
        return (self.url or "http://127.0.0.1:8000").rstrip("/")

    @property
    def catalog_url(self) -> str:
        return self.catalog or f"sqlite:///{self.data.resolve()}/catalog.sqlite"

    @property
    def results_url(self) -> str:
        return self.results or f"duckdb:///{self.data.resolve()}/results.duckdb"

    @property
    def blobs_url(self) -> str:
        return self.blobs or f"file://{self.data.resolve()}/blobs"

    @property
    def spool(self) -> Path:
        """Where parser processes put what they made until it is stored; safe to empty."""
        return self.data.resolve() / "spool"
