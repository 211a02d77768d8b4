"""`assay demo`: serves the company, and fills it the first time."""

from __future__ import annotations

import logging
import threading
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import httpx
import msgspec
import structlog
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from assay.demo import courier, workspace
from assay.demo.company import COMPANY, DAYS
from assay.demo.plan import plan
from assay.demo.workspace import EXAMPLE, Workspace
from assay.server import serve
from assay.store import Stores

FOLDER = Path("data/demo")
EMPTY = "iOS app"
"""The profile that waits for its first report."""


@dataclass(slots=True)
class Show:
    """One showing: where it is, and where to tell of it."""

    data: Path
    url: str
    console: Console
    space: Workspace | None
    days: float = DAYS

    def open(self, stores: Stores) -> None:
        """Called when the stores are open: enter the company if need be, fill it on the side."""
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
        if self.space is None:
            with stores.catalog.write() as conn:
                self.space = workspace.make(conn, datetime.now(UTC))
            workspace.save(self.data, self.space)
            write_example(self.data)
        threading.Thread(target=self._go, args=(self.space,), name="demo", daemon=True).start()

    def _go(self, space: Workspace) -> None:
        try:
            with courier.client(self.url, space) as http:
                courier.wait_for(http)
                if not space.filled:
                    self._fill(http, space)
        except httpx.HTTPError as error:  # the server was stopped, most of the time
            self.console.print(f"The demo is not all there: {error}. Start it again.")
            return
        tell(self, space)

    def _fill(self, http: httpx.Client, space: Workspace) -> None:
        self.console.print(
            f"{COMPANY} is moving in. Look in already: {self.url}  "
            f"({space.email}, password {space.password})",
            soft_wrap=True,
        )
        now = datetime.now(UTC)
        deliveries = [each for each in plan(now) if now - each.date < timedelta(days=self.days)]
        with progress(self.console) as bar:
            task = bar.add_task("importing reports", total=len(deliveries))
            courier.bring(http, space, deliveries, lambda done: bar.update(task, completed=done))
        workspace.save(self.data, msgspec.structs.replace(space, filled=True))


def run(
    data: Path | None = None,
    port: int = 8000,
    host: str = "127.0.0.1",
    days: float = DAYS,
) -> None:
    """Serve the demo until told to stop: a fresh one with so many days of history, or the one that
    fills the folder already.

    Raises `Invalid` when the folder holds something else.
    """
    folder = FOLDER if data is None else data
    url = f"http://{'127.0.0.1' if host in ('', '0.0.0.0', '::') else host}:{port}"  # noqa: S104
    show = Show(folder, url, Console(), workspace.load(folder), days)
    with suppress(KeyboardInterrupt):
        serve(folder, host, port, show.open)


def progress(console: Console) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, TimeRemainingColumn(), console=console)


def write_example(data: Path) -> None:
    """A report to try an upload with."""
    (data / EXAMPLE).write_bytes((files("assay.demo") / EXAMPLE).read_bytes())


def tell(show: Show, space: Workspace) -> None:
    """Say how to come in, and how to upload a report."""
    at = f"{show.url}/api/v2/profile/{space.profiles[EMPTY]}/import/junit"
    show.console.print(
        f"""
{COMPANY} (which does not exist) is at

  address   {show.url}
  e-mail    {space.email}
  password  {space.password}
  API key   {space.api_key}

Its profile “{EMPTY}” has no report yet. Upload one:

  curl -H 'x-api-key: {space.api_key}' -F 'file[]=@{show.data / EXAMPLE}' {at}

Stop with Ctrl-C; the next time it is there at once.
""",
        soft_wrap=True,
        highlight=False,
        markup=False,
    )
