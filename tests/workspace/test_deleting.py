"""Whole profiles and companies that go: out of sight at once, and nothing of them stays."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from assay.auth import Caller
from assay.store.catalog import keys, members, open_catalog, profiles, reports, users
from assay.store.results import TABLES, open_results
from assay.workspace import profiles as workspace
from support.house import REPORT, given, upload
from support.server import Server

WITHIN = 60.0


def wait(until: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WITHIN
    while not until():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.fixture
def server(tmp_path: Path) -> Any:
    running = Server(tmp_path / "data")
    yield running
    running.stop()


@contextmanager
def signed_in(server: Server, first: dict[str, Any]) -> Iterator[httpx.Client]:
    headers = {"origin": server.url, "accept": "text/html"}
    with httpx.Client(
        base_url=server.url, headers=headers, timeout=60, follow_redirects=True
    ) as client:
        client.post("/login", data={"email": first["email"], "password": first["password"]})
        yield client


def kept_files(server: Server) -> list[str]:
    return [str(each) for each in (server.data / "blobs").rglob("*") if each.is_file()]


def test_a_deleted_profile_leaves_nothing_behind(server: Server) -> None:
    first = server.quickstart()
    profile = first["profile_id"]
    server.start()
    with server.client(first["api_key"]) as machine, signed_in(server, first) as owner:
        for _ in range(3):
            report = given(machine, profile, attachments=(("shot.png", b"\x89PNG"),))
        assert len(kept_files(server)) >= 3
        page = owner.get(f"/profiles/{profile}/settings")
        assert "type its name" in page.text
        slip = owner.post(f"/profiles/{profile}/delete", data={"typed": "My test"})
        assert slip.status_code == 422
        gone = owner.post(f"/profiles/{profile}/delete", data={"typed": "My tests"})
        assert "No profile in this group yet" in gone.text
        for path in (f"/profiles/{profile}", f"/reports/{report['id']}"):
            assert owner.get(path).status_code == 404
            assert machine.get(f"/api/v3{path}").status_code == 404
        refused = upload(machine, profile, ("r.xml", REPORT))
        assert refused.status_code == 404
        wait(lambda: not kept_files(server) and _rows(server, profile) == 0)
        assert owner.get("/companies").status_code == 200
    server.stop()
    with closing(open_results(server.settings.results_url)) as results:
        for table in TABLES:
            assert results.ask(f"SELECT count(*) FROM {table}", {}) == [(0,)], table


def _rows(server: Server, profile: int) -> int:
    with closing(open_catalog(server.settings.catalog_url)) as catalog, catalog.read() as conn:
        return len(reports.some(conn, profile, limit=10)) + len(profiles.hidden(conn))


def test_a_server_that_is_killed_goes_on_deleting(server: Server) -> None:
    """What a person saw deleted is deleted, though the server died before it had begun."""
    first = server.quickstart()
    server.start()
    with server.client(first["api_key"]) as machine:
        given(machine, first["profile_id"])
    server.kill()
    with closing(open_catalog(server.settings.catalog_url)) as catalog, catalog.write() as conn:
        user = users.by_email(conn, first["email"])
        assert user is not None
        caller = Caller(user, None, members.of_user(conn, user.id))
        key = keys.find(conn, first["api_key"], user.created_at)
        assert key is not None
        workspace.delete_profile(conn, caller, first["profile_id"], None, user.created_at)
    server.start()
    wait(lambda: not kept_files(server) and _rows(server, first["profile_id"]) == 0)


def test_a_company_goes_with_all_that_is_in_it(server: Server) -> None:
    first = server.quickstart()
    server.start()
    with server.client(first["api_key"]) as machine, signed_in(server, first) as owner:
        given(machine, first["profile_id"])
        page = owner.get("/companies/1/settings")
        for words in ("1 group", "1 profile", "1 report", "1 member loses"):
            assert words in page.text
        assert owner.post("/companies/1/delete", data={"typed": "My"}).status_code == 422
        after = owner.post("/companies/1/delete", data={"typed": "My company"})
        assert "You are in no company yet" in after.text
        assert machine.get("/api/v3/profiles").json()["items"] == []
        wait(lambda: not kept_files(server) and _rows(server, first["profile_id"]) == 0)
        made = owner.post("/companies", data={"name": "Another"})
        assert "Another" in made.text


def test_an_import_that_waits_goes_with_its_profile(server: Server) -> None:
    first = server.quickstart()
    server.start()
    with server.client(first["api_key"]) as machine, signed_in(server, first) as owner:
        answers = [upload(machine, first["profile_id"], ("r.xml", REPORT)) for _ in range(20)]
        owner.post(f"/profiles/{first['profile_id']}/delete", data={"typed": "My tests"})
        wait(lambda: not kept_files(server) and _rows(server, first["profile_id"]) == 0)
        assert machine.get(answers[-1].json()["report_status_url"]).status_code == 404
