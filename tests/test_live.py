"""Reports that are streamed while their run goes on, through the door."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from support.house import House
from support.server import ASSAY, Server

WITHIN = 30.0


def line(name: str, status: str = "passed", **more: Any) -> bytes:
    said = {"type": "result", "path": ["shop"], "name": name, "status": status, **more}
    return json.dumps(said).encode() + b"\n"


HEAD = b'{"assay":1,"type":"run","build":"812"}\n'


def until(ask: Callable[[], Any]) -> Any:
    """What `ask` says, when it says something."""
    deadline = time.monotonic() + WITHIN
    while time.monotonic() < deadline:
        if found := ask():
            return found
        time.sleep(0.05)
    raise AssertionError("it did not come to be")


def seen(client: httpx.Client, report: int, total: int, state: str = "running") -> Any:
    """The report, once it shows so many results."""

    def look() -> Any:
        found = client.get(f"/api/v3/reports/{report}").json()
        return found if (found["state"], found["counts"]["total"]) == (state, total) else None

    return until(look)


def begun(client: httpx.Client, profile: int, data: bytes = b"", **options: Any) -> dict[str, Any]:
    answer = client.post(f"/api/v3/profiles/{profile}/runs", content=data, params=options)
    assert answer.status_code == 201, answer.text
    run: dict[str, Any] = answer.json()
    return run


def add(client: httpx.Client, run: dict[str, Any], offset: int, data: bytes) -> httpx.Response:
    return client.patch(run["append_url"], content=data, headers={"upload-offset": str(offset)})


def log_of(client: httpx.Client, run: dict[str, Any]) -> list[tuple[str, str]]:
    found = client.get(f"/api/v3/imports/{run['run_id']}").json()
    return [(each["level"], each["message"]) for each in found["log"]]


def test_a_body_that_takes_as_long_as_the_run(house: House) -> None:
    alice = house.people.alice
    profile = house.new_profile(alice, "streamed")
    url = f"{house.server.url}/api/v3/profiles/{profile}/runs?branch=main&tag[]=nightly"
    command = ["curl", "-sS", "-g", "-T", "-", "-H", f"x-api-key: {alice.secret}", url]
    with (
        house.client(alice) as client,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as curl,
    ):
        assert curl.stdin is not None
        assert curl.stdout is not None
        runs = f"/api/v3/profiles/{profile}/runs"
        curl.stdin.write(HEAD + line("a") + line("b", "failed") + line("c")[:20])
        curl.stdin.flush()
        run = until(lambda: client.get(runs).json()["items"])[0]
        report = seen(client, run["report_id"], 2)
        assert report["counts"]["failed"] == 1
        assert (report["branch"], report["build"], report["tags"]) == ("main", "812", ["nightly"])
        results = client.get(f"/api/v3/reports/{report['id']}/results").json()["items"]
        assert [(each["name"], each["label"]) for each in results] == [("b", None), ("a", None)]
        assert client.get(f"/api/v3/profiles/{profile}/reports").json()["items"] == []
        assert client.get(f"/api/v3/profiles/{profile}").json()["latest"] is None
        assert client.get(f"/api/v3/reports/{report['id']}/export/csv").status_code == 503
        curl.stdin.write(line("c")[20:])
        curl.stdin.close()
        answer = json.loads(curl.stdout.read())
        report = seen(client, run["report_id"], 3, "done")
        assert answer["report_url"] == report["url"]
        assert [each["id"] for each in client.get(f"{runs[:-5]}/reports").json()["items"]] == [
            report["id"]
        ]
        assert client.get(runs).json()["items"] == []
        assert all(level == "info" for level, _ in log_of(client, run))
        raw = client.get(f"/api/v3/imports/{run['run_id']}/files/0").content
        assert raw == HEAD + line("a") + line("b", "failed") + line("c")


def test_the_same_in_steps(house: House) -> None:
    alice = house.people.alice
    profile = house.new_profile(alice, "steps")
    with house.client(alice) as client:
        run = begun(client, profile, HEAD + line("a"), formatter="assay", commit="abc")
        size = len(HEAD + line("a"))
        assert (run["state"], run["offset"]) == ("running", size)
        for _ in range(2):  # the answer to the first was lost
            answer = add(client, run, size, line("b"))
        assert answer.status_code == 409
        assert answer.json()["offset"] == size + len(line("b"))
        assert answer.headers["upload-offset"] == str(size + len(line("b")))
        assert add(client, run, 10_000, line("x")).status_code == 409
        assert client.patch(run["append_url"], content=b"x").status_code == 422
        file = client.get(f"/api/v3/imports/{run['run_id']}/files/0")
        assert file.content == HEAD + line("a") + line("b")
        assert file.headers["cache-control"] == "no-store"
        answer = add(client, run, answer.json()["offset"], line("c", "broken"))
        assert answer.json()["offset"] == client.get(run["url"]).json()["offset"]
        ended = client.post(run["finish_url"]).json()
        assert ended["state"] in ("received", "processing", "done")
        report = seen(client, run["report_id"], 3, "done")
        assert (report["commit"], report["counts"]["broken"]) == ("abc", 1)
        assert add(client, run, answer.json()["offset"], line("d")).status_code == 410
        again = client.post(run["finish_url"])
        assert (again.status_code, again.json()["message"]) == (200, "3 results imported")


def test_a_body_that_broke_off_is_gone_on_with_in_steps(house: House) -> None:
    alice = house.people.alice
    profile = house.new_profile(alice, "broken off")
    runs = f"/api/v3/profiles/{profile}/runs"

    def lines() -> Iterator[bytes]:
        yield HEAD + line("a")
        time.sleep(0.3)  # less than a piece is waited for
        raise ConnectionAbortedError

    with house.client(alice) as client:
        with pytest.raises(ConnectionAbortedError):
            client.put(runs, content=lines())
        size = len(HEAD + line("a"))
        run = until(lambda: [e for e in client.get(runs).json()["items"] if e["offset"] == size])[0]
        assert add(client, run, size, line("b")).status_code == 200
        client.post(run["finish_url"])
        seen(client, run["report_id"], 2, "done")


def test_what_is_begun_again_under_one_name_is_one_run(house: House) -> None:
    alice = house.people.alice
    profile = house.new_profile(alice, "named")
    with house.client(alice) as client:
        runs, named = f"/api/v3/profiles/{profile}/runs", {"idempotency-key": "run 812"}
        first = client.post(runs, content=HEAD, headers=named)
        second = client.post(runs, content=HEAD, headers=named)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()


@pytest.mark.parametrize(
    ("lines", "rest", "total"),
    [
        (
            b'{"Action":"run","Package":"p","Test":"TestA"}\n'
            b'{"Action":"pass","Package":"p","Test":"TestA","Elapsed":0.1}\n',
            b'{"Action":"run","Package":"p","Test":"TestB"}\n'
            b'{"Action":"pass","Package":"p","Test":"TestB","Elapsed":0.1}\n'
            b'{"Action":"pass","Package":"p","Elapsed":0.2}\n',
            2,
        ),
        (b"TAP version 13\nok 1 - a\n", b"ok 2 - b\n1..2\n", 2),
    ],
    ids=["go test -json", "TAP"],
)
def test_any_format_of_lines_may_be_streamed(
    house: House, lines: bytes, rest: bytes, total: int
) -> None:
    alice = house.people.alice
    profile = house.new_profile(alice, "lines")
    with house.client(alice) as client:
        run = begun(client, profile, lines)
        seen(client, run["report_id"], 1)
        add(client, run, len(lines), rest)
        client.post(run["finish_url"])
        seen(client, run["report_id"], total, "done")


def test_a_deleted_report_takes_no_more_lines_and_can_be_had_back(house: House) -> None:
    alice = house.people.alice
    profile = house.new_profile(alice, "deleted")
    with house.client(alice) as client:
        run = begun(client, profile, HEAD + line("a"))
        assert client.delete(f"/api/v3/reports/{run['report_id']}").status_code == 204
        assert add(client, run, run["offset"], line("b")).status_code == 410
        assert client.post(run["finish_url"]).status_code == 410
        client.post(f"/api/v3/reports/{run['report_id']}/restore")
        seen(client, run["report_id"], 1, "done")


def test_a_stream_whose_report_is_deleted_is_heard_to_its_end(house: House) -> None:
    """So that the tool before it is not stopped; then it is told."""
    alice = house.people.alice
    profile = house.new_profile(alice, "unheard")
    runs = f"/api/v3/profiles/{profile}/runs"
    with house.client(alice) as client, house.client(alice) as other:

        def lines() -> Iterator[bytes]:
            yield HEAD + line("a")
            run = until(lambda: other.get(runs).json()["items"])[0]
            other.delete(f"/api/v3/reports/{run['report_id']}")
            for number in range(5):
                time.sleep(0.2)
                yield line(f"test {number}")

        assert client.put(runs, content=lines()).status_code == 410


def test_who_may_not_import_may_not_stream(house: House) -> None:
    alice, charlie = house.people.alice, house.people.charlie
    profile = house.new_profile(alice, "closed")
    with house.client(alice) as client, house.client(charlie) as other, house.stranger() as nobody:
        run = begun(client, profile, HEAD)
        assert add(other, run, len(HEAD), line("a")).status_code == 404
        assert add(nobody, run, len(HEAD), line("a")).status_code == 401
        assert nobody.put(f"/api/v3/profiles/{profile}/runs", content=HEAD).status_code == 401
        assert client.get(run["url"]).json()["offset"] == len(HEAD)


def test_what_cannot_be_read_is_said_at_once_and_fails_at_the_end(house: House) -> None:
    alice = house.people.alice
    profile = house.new_profile(alice, "nonsense")
    with house.client(alice) as client:
        run = begun(client, profile, b"hello\nworld\n", process_async="false")
        said = until(lambda: client.get(run["url"]).json()["message"])
        assert "Not a report" in said
        answer = client.post(run["finish_url"])
        assert (answer.status_code, answer.json()["state"]) == (422, "failed")


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, dict[str, Any]]]:
    """A server that has little patience and less room."""
    data = tmp_path_factory.mktemp("strict") / "data"
    server = Server(data, run_idle_seconds=1, max_runs=2, max_detect_bytes=500)
    made = server.quickstart()
    yield server.start(), made
    server.stop()


def test_a_run_has_an_uploads_limits(strict: tuple[Server, dict[str, Any]]) -> None:
    server, made = strict
    with server.client(made["api_key"]) as client:
        runs = f"/api/v3/profiles/{made['profile_id']}/runs"
        run = begun(client, made["profile_id"], HEAD + line("a"))
        assert add(client, run, run["offset"], line("b") * 20).status_code == 413
        assert add(client, run, run["offset"], line("b") * 20_000).status_code == 413
        assert client.get(run["url"]).json()["offset"] == run["offset"]
        begun(client, made["profile_id"])
        answer = client.post(runs)
        assert (answer.status_code, "2 runs" in answer.json()["message"]) == (429, True)
        assert client.put(runs, content=line("c") * 20).status_code == 413


def test_a_run_that_falls_silent_is_ended_with_a_warning(
    strict: tuple[Server, dict[str, Any]],
) -> None:
    server, made = strict
    with server.client(made["api_key"]) as client:
        profile = client.get("/api/v3/profiles").json()["items"][0]["id"]
        until(lambda: not client.get(f"/api/v3/profiles/{profile}/runs").json()["items"])
        run = begun(client, profile, HEAD + line("a") + line("b")[:9])
        seen(client, run["report_id"], 1, "done")
        warnings = [message for level, message in log_of(client, run) if level == "warning"]
        assert "Nothing came for" in warnings[0]


def test_a_server_that_is_killed_has_what_it_acknowledged(tmp_path: Path) -> None:
    """And nothing twice; and the run goes on where it was."""
    server = Server(tmp_path / "data")
    made = server.quickstart()
    server.start()
    acknowledged = HEAD
    with server.client(made["api_key"]) as client:
        run = begun(client, made["profile_id"], HEAD)
        for number in range(40):
            acknowledged += line(f"test {number}")
            answer = add(client, run, run["offset"], line(f"test {number}"))
            run = answer.json()
    sent = line("test 40") * 3_000
    with server.client(made["api_key"]) as client, pytest.raises(httpx.TransportError):
        client.patch(
            run["append_url"],
            content=_then(server.kill, sent),
            headers={"upload-offset": str(run["offset"])},
        )
    server.start()
    with server.client(made["api_key"]) as client:
        offset = client.get(run["url"]).json()["offset"]
        assert offset >= len(acknowledged)
        whole = acknowledged + sent
        while offset < len(whole):
            offset = add(client, run, offset, whole[offset : offset + 100_000]).json()["offset"]
        client.post(run["finish_url"])
        seen(client, run["report_id"], 3_040, "done")
        raw = client.get(f"/api/v3/imports/{run['run_id']}/files/0").content
        assert raw == whole
    command = [ASSAY, "admin", "reprocess", "--all", "--data", str(server.data)]
    said = subprocess.run(command, check=True, capture_output=True, text=True)
    assert said.stdout == "1 import will be read again\n"
    server.stop()


def _then(act: Callable[[], None], data: bytes) -> Iterator[bytes]:
    """Half of it, and then something happens."""
    yield data[: len(data) // 2]
    time.sleep(0.7)
    act()
    yield data[len(data) // 2 :]
