"""A server with people in it that can send: mails to our mailbox, messages to this machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from assay.store.catalog import open_catalog
from support import people as settlers
from support.house import House
from support.mailbox import Mailbox, receiving
from support.server import Server


@pytest.fixture(scope="module")
def mailbox() -> Iterator[Mailbox]:
    with receiving() as box:
        yield box


@pytest.fixture(scope="module")
def sender(tmp_path_factory: pytest.TempPathFactory, mailbox: Mailbox) -> Iterator[House]:
    data = tmp_path_factory.mktemp("sender") / "data"
    running = Server(data, smtp=mailbox.url, webhooks="any", knows_itself=True)
    with closing(open_catalog(running.settings.catalog_url)) as catalog:
        catalog.migrate()
        people = settlers.settle(catalog)
    running.start()
    yield House(running, people)
    running.stop()
