"""`assay serve` and its neighbours: one process with the web and the workers over a folder."""

from __future__ import annotations

import gc
import secrets
import shutil
from collections.abc import Callable
from pathlib import Path

import structlog
import uvicorn
from anyio import CapacityLimiter

from assay import auth, sandbox
from assay.administration import settings_for
from assay.allowed import read_sources
from assay.notify import smtp
from assay.settings import Settings
from assay.store import Stores, open_stores
from assay.store.catalog import deliveries, imports, runs, users
from assay.tasks import Chores, Workers, utc_now
from assay.web.app import make_app
from assay.web.heartbeats import offering
from assay.web.pages.view import prepare
from assay.web.request import Services

log = structlog.get_logger()

SHUTDOWN_SECONDS = 10


def serve(
    data: Path | None = None,
    host: str = "127.0.0.1",
    port: int = 8000,
    ready: Callable[[Stores], None] = lambda _stores: None,
) -> None:
    """Serve until told to stop; `ready` is called when the stores are open."""
    configure_logs()
    settings = settings_for(data)
    check_mail(settings)
    read_sources(settings)
    sandbox.warm()
    stores = open_stores(settings)
    recover(stores, settings)
    workers = Workers(stores, settings)
    token = secrets.token_urlsafe(16)
    services = Services(
        settings,
        stores,
        workers.wake,
        utc_now,
        auth.Throttle(),
        token,
        CapacityLimiter(settings.parsers),
    )
    ready(stores)
    invite_owner(stores, settings.url or f"http://{_named(host)}:{port}", token)
    chores = Chores(stores, settings)

    def start() -> None:
        workers.start()
        chores.start()

    def stop() -> None:
        chores.stop()
        workers.stop()

    app = make_app(services, start, stop)
    settle()
    config = uvicorn.Config(
        offering(app),
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
        proxy_headers=True,
    )
    try:
        uvicorn.Server(config).run()
    finally:
        stores.close()


def settle() -> None:
    """Do what the first visitors would wait for, and keep what stays for good out of the garbage
    collector's rounds, each of which would take a tenth of a second."""
    prepare()
    gc.collect()
    gc.freeze()


def invite_owner(stores: Stores, url: str, token: str) -> None:
    """Where nobody has an account yet, tell whoever reads the log how to make the first one."""
    with stores.catalog.read() as conn:
        if users.exist(conn):
            return
    address = f"{url.rstrip('/')}/setup?token={token}"
    log.warning("this server is new and waits for its first owner", set_up_at=address)


def _named(host: str) -> str:
    """An address of this machine that a browser on it can open."""
    return {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104


def configure_logs() -> None:
    """One line an event, on standard output; a fault with its plain traceback. Never with the
    values of variables: they hold what people uploaded, and rendering them takes seconds."""
    plain = structlog.dev.ConsoleRenderer(
        colors=False, exception_formatter=structlog.dev.plain_traceback
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.StackInfoRenderer(),
            plain,
        ]
    )


def check_mail(settings: Settings) -> None:
    """Raises `Invalid` where the settings for mails cannot be used: better now than at a report."""
    if not settings.smtp:
        return
    smtp.read_server(settings.smtp)
    smtp.sender_of(settings)
    if not settings.url:
        log.warning("ASSAY_URL is not set: links in mails lead to", url=settings.home)


def recover(stores: Stores, settings: Settings) -> None:
    """After a crash of a server that had its stores to itself, nobody else works: what it left
    under way is free to be taken up at once, and what it spooled is of no use."""
    if not settings.results_url.startswith("duckdb:"):
        return
    with stores.catalog.write() as conn:
        freed = imports.release(conn, utc_now())
        deliveries.release(conn, utc_now())
        runs.hear(conn, utc_now())
    if freed:
        log.warning("imports were under way when the server stopped; they begin again", n=freed)
    for left in settings.spool.glob("*"):
        shutil.rmtree(left, ignore_errors=True)
