"""Fixtures for all tests: a catalog on each database, and people in it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

from assay.store.catalog import Catalog, open_catalog
from support import people as settlers
from support import postgres
from support.house import House
from support.people import People, Person
from support.server import Server

DATABASES = ("sqlite", "postgresql")

# No test depends on how long something takes.
hypothesis_settings.register_profile("assay", deadline=None)
hypothesis_settings.load_profile("assay")

_folder = pytest.StashKey[Path | None]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_folder] = postgres.prepare()


def pytest_unconfigure(config: pytest.Config) -> None:
    folder = config.stash.get(_folder, None)
    if folder is not None:
        postgres.stop(folder)


@pytest.fixture
def now() -> datetime:
    return settlers.NOW


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite catalog without rows, to copy: quicker than migrating for each test."""
    path = tmp_path_factory.mktemp("template") / "catalog.sqlite"
    catalog = open_catalog(f"sqlite:///{path}")
    catalog.migrate()
    catalog.close()
    return path


@pytest.fixture(scope="session")
def postgres_server() -> str:
    """The address of a running PostgreSQL with a template database that has the tables."""
    try:
        server = postgres.address()
    except postgres.Absent as reason:
        pytest.skip(str(reason))
    with postgres.once("template") as first:
        if first:
            _make_template(server)
    return server


@pytest.fixture
def empty_postgres(postgres_server: str) -> Iterator[str]:
    """The address of a database without any table."""
    url = postgres.new_database(postgres_server)
    yield url
    postgres.drop_database(url)


@pytest.fixture(params=DATABASES)
def catalog_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a catalog that has its tables and no rows, on each database in turn."""
    if request.param == "sqlite":
        path = tmp_path / "catalog.sqlite"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server = request.getfixturevalue("postgres_server")
    url = postgres.new_database(server, postgres.TEMPLATE)
    yield url
    postgres.drop_database(url)


@pytest.fixture
def catalog(catalog_url: str) -> Iterator[Catalog]:
    """An open catalog, on each database in turn."""
    opened = open_catalog(catalog_url)
    yield opened
    opened.close()


@pytest.fixture
def people(catalog: Catalog) -> People:
    return settlers.settle(catalog)


@pytest.fixture
def alice(people: People) -> Person:
    return people.alice


@pytest.fixture
def bob(people: People) -> Person:
    return people.bob


@pytest.fixture
def charlie(people: People) -> Person:
    return people.charlie


def _make_template(server: str) -> None:
    postgres.create_database(server, postgres.TEMPLATE)
    catalog = open_catalog(f"{server}/{postgres.TEMPLATE}")
    catalog.migrate()
    catalog.close()


@pytest.fixture(scope="session", params=DATABASES)
def house(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """A real server with people in it, on each database in turn; the stories of a run share it."""
    data = tmp_path_factory.mktemp("house") / "data"
    settings = {}
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres_server")
        settings["catalog"] = postgres.new_database(server, postgres.TEMPLATE)
    running = Server(data, **settings)
    catalog = open_catalog(running.settings.catalog_url)
    catalog.migrate()
    people = settlers.settle(catalog)
    catalog.close()
    running.start()
    yield House(running, people)
    running.stop()
    if settings:
        postgres.drop_database(settings["catalog"])
