"""What an administrator does beside serving."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

from click.testing import CliRunner

from assay.cli import main
from assay.store.results import open_results
from support.house import REPORT, given
from support.server import Server, ended


def run(*arguments: str) -> tuple[int, str]:
    answer = CliRunner().invoke(main, arguments)
    return answer.exit_code, answer.output


def test_quickstart_makes_all_that_a_first_import_needs_and_only_once(tmp_path: Path) -> None:
    data = str(tmp_path / "data")
    code, output = run("quickstart", "--data", data, "--json")
    assert code == 0
    assert set(json.loads(output)) == {"url", "email", "password", "api_key", "profile_id"}
    code, output = run("quickstart", "--data", data)
    assert code == 1
    assert "has been set up before" in output


def test_a_new_password_opens_the_door_and_the_old_one_does_not(tmp_path: Path) -> None:
    server = Server(tmp_path / "data")
    first = server.quickstart()
    code, output = run("admin", "password", "--data", str(server.data), first["email"])
    assert code == 0
    server.start()
    try:
        with server.client() as client:
            client.headers["origin"] = server.url
            for password, welcome in ((first["password"], False), (output.strip(), True)):
                client.post("/login", data={"email": first["email"], "password": password})
                assert (client.get("/account").status_code == 200) is welcome
    finally:
        server.stop()
    code, output = run("admin", "password", "--data", str(server.data), "no@example.org")
    assert code == 1
    assert "Nobody here has the e-mail" in output


def test_reprocess_rebuilds_a_lost_results_store_from_the_raw_uploads(tmp_path: Path) -> None:
    server = Server(tmp_path / "data")
    first = server.quickstart()
    server.start()
    with server.client(first["api_key"]) as client:
        report = given(client, first["profile_id"], REPORT)
        wanted = client.get(f"/api/v3/reports/{report['id']}/results").json()
    server.stop()
    for file in server.data.glob("results.duckdb*"):
        file.unlink()
    with closing(open_results(server.settings.results_url)) as empty:
        assert empty.ask("SELECT count(*) FROM results", {}) == [(0,)]
    code, output = run("admin", "reprocess", "--all", "--data", str(server.data))
    assert (code, output) == (0, "1 import will be read again\n")
    server.start()
    try:
        with server.client(first["api_key"]) as client:
            status = {"report_status_url": f"/api/v2/report/{report['id']}/status"}
            assert ended(client, status)["report_import_status"] == "success"
            found = client.get(f"/api/v3/reports/{report['id']}/results").json()
            assert found == wanted
    finally:
        server.stop()


def test_a_second_server_on_the_same_folder_says_so(tmp_path: Path) -> None:
    server = Server(tmp_path / "data").start()
    try:
        code, output = run("serve", "--data", str(server.data), "--port", "0")
        assert code == 1
        assert "another process" in output
    finally:
        server.stop()
