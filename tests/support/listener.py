"""A server at the outermost socket: it keeps the bytes that come and answers what it was told."""

from __future__ import annotations

import email
import email.policy
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


@dataclass
class Heard:
    """A request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    def parts(self) -> list[tuple[str, str | None, bytes]]:
        """Name, file name and bytes of each part of a form, by the standard library's reading."""
        head = f"Content-Type: {self.headers['content-type']}\r\n\r\n".encode()
        message = email.message_from_bytes(head + self.body, policy=email.policy.HTTP)
        return [
            (
                str(part.get_param("name", header="content-disposition")),
                part.get_filename(),
                part.get_payload(decode=True),
            )
            for part in message.iter_parts()
        ]


@dataclass
class Listener:
    """What was heard, and what will be answered, the last answer from then on."""

    url: str = ""
    heard: list[Heard] = field(default_factory=list)
    answers: list[tuple[Any, ...]] = field(default_factory=list)

    def answer(self) -> tuple[Any, ...]:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def listening(*answers: tuple[Any, ...]) -> Iterator[Listener]:
    """A server that gives these answers one after another: status, then JSON or bytes or a
    redirect's location, then perhaps headers. Status 0 hangs up without a word."""
    listener = Listener(answers=list(answers))

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            listener.heard.append(Heard(self.command, self.path, headers, body))
            status, said, *more = listener.answer()
            if not status:
                self.close_connection = True
                return
            content = said if isinstance(said, bytes) else json.dumps(said).encode()
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("location", said)
            for name, value in (more[0] if more else {}).items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = answer  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        listener.url = f"http://127.0.0.1:{server.server_address[1]}"
        try:
            yield listener
        finally:
            server.shutdown()
