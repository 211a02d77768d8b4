"""Interim answers while a client waits: by both of uvicorn's protocols, to several clients."""

from __future__ import annotations

import asyncio
import http.client
import socket
import threading
from collections.abc import Iterator

import httpx
import pytest
import uvicorn
from fastapi import FastAPI, Request
from starlette.middleware.gzip import GZipMiddleware

from assay.web.heartbeats import beating, can_beat, offering
from support.server import free_port

POST = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi"


def slow_app() -> FastAPI:
    app = FastAPI()
    app.add_middleware(GZipMiddleware)

    @app.post("/")
    async def wait(request: Request) -> dict[str, bool]:
        await request.body()
        async with beating(request, 0.02):
            await asyncio.sleep(0.3)
        return {"beat": can_beat(request)}

    return app


@pytest.fixture(scope="module", params=["h11", "httptools"])
def port(request: pytest.FixtureRequest) -> Iterator[int]:
    found = free_port()
    config = uvicorn.Config(
        offering(slow_app()), port=found, http=request.param, log_level="error", proxy_headers=True
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        thread.join(0.01)
    yield found
    server.should_exit = True
    thread.join()


def statuses(sock: socket.socket) -> list[bytes]:
    """The status lines up to the final answer, which is read whole."""
    reader = sock.makefile("rb")
    found: list[bytes] = []
    while not found or found[-1].startswith(b"HTTP/1.1 1"):
        found.append(reader.readline())
        headers = dict(line.split(b": ", 1) for line in iter(reader.readline, b"\r\n"))
    reader.read(int(headers[b"content-length"]))
    return found


def test_who_waits_is_told_so_and_the_connection_goes_on(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=30) as sock:
        for _ in range(2):
            sock.sendall(POST)
            *interim, last = statuses(sock)
            assert last.startswith(b"HTTP/1.1 200")
            assert len(interim) > 2
            assert {line.strip() for line in interim} == {b"HTTP/1.1 100 Continue"}


def test_an_old_client_is_not_told(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=30) as sock:
        sock.sendall(POST.replace(b"1.1", b"1.0"))
        assert b" 100 " not in b"".join(iter(lambda: sock.recv(4096), b""))


def test_behind_a_proxy_nobody_counts_on_it(port: int) -> None:
    answer = httpx.post(f"http://127.0.0.1:{port}/", headers={"x-forwarded-for": "10.0.0.1"})
    assert answer.json() == {"beat": False}


def test_clients_of_several_kinds_wait_for_the_last_answer(port: int) -> None:
    assert httpx.post(f"http://127.0.0.1:{port}/").json() == {"beat": True}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("POST", "/", b"hi")
    assert connection.getresponse().status == 200
    connection.close()


def test_who_has_gone_disturbs_nobody(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=30) as sock:
        sock.sendall(POST)
    assert httpx.post(f"http://127.0.0.1:{port}/").status_code == 200
