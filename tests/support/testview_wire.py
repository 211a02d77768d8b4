"""A client of XL TestView's API on a bare socket, that sends bytes as real clients were seen to."""

from __future__ import annotations

import io
import json
import re
import socket
import zipfile
from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update

from assay.store.catalog import open_catalog
from assay.store.catalog.tables import groups, profiles
from support.house import REPORT, House
from support.people import Person

BOUNDARY = b"33982869-58ba-48c9-9ede-795bae923cdb"
MOMENT = (2026, 3, 1, 10, 0, 0)
PLUGIN = {
    "source": "jenkins",
    "serverUrl": "https://ci.example/",
    "jobName": "shop/web",
    "jobUrl": "https://ci.example/job/shop/job/web/",
    "buildUrl": "https://ci.example/job/shop/job/web/7/",
    "buildNumber": "7",
    "buildResult": "SUCCESS",
    "buildDuration": 83_211,
    "executedOn": "agent-3",
    "buildParameters": {"BROWSER": "firefox", "GIT_BRANCH": "origin/main"},
}
"""What Jenkins' plugin says of a build."""

RESULTS = {"build/test-results/TEST-shop.xml": REPORT}


@dataclass(frozen=True, slots=True)
class Target:
    """Where to import: a test specification and its project, by the ids of that API."""

    profile: int
    specification: str
    project: str

    @property
    def public(self) -> str:
        return f"/api/v1/projects/{self.project}/testspecifications/{self.specification}/testruns"

    @property
    def internal(self) -> str:
        return f"/api/internal/import/{self.specification}"


@dataclass(frozen=True, slots=True)
class Answer:
    """The final answer, and the statuses of those that came before it."""

    status: int
    headers: dict[str, str]
    body: bytes
    interim: tuple[int, ...] = ()

    def json(self) -> Any:
        return json.loads(self.body)


def specification(house: House, person: Person, name: str, **facts: Any) -> Target:
    """A new profile of a tool, for one story."""
    number = house.new_profile(person, name)
    catalog = open_catalog(house.server.settings.catalog_url)
    try:
        with catalog.write() as conn:
            if facts:
                conn.execute(update(profiles).where(profiles.c.id == number).values(facts))
            uuid = conn.scalar(select(profiles.c.uuid).where(profiles.c.id == number))
            project = conn.scalar(select(groups.c.uuid).where(groups.c.id == person.group.id))
    finally:
        catalog.close()
    return Target(number, str(uuid), str(project))


class _Stream(io.RawIOBase):
    """A place to write a zip to that cannot go back, as a socket."""

    def __init__(self) -> None:
        self.data = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.data += data
        return len(data)


def zipped(files: Mapping[str, bytes], moment: tuple[int, ...] = MOMENT) -> bytes:
    """A zip as Ant's streaming writer makes it: sizes only behind each file and in the directory,
    names in UTF-8 (flags 0x808)."""
    stream = _Stream()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(name, moment)  # type: ignore[arg-type]
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    plain = bytes(stream.data)
    local = re.sub(rb"(PK\x03\x04..)\x08\x00", b"\\1\x08\x08", plain, flags=re.DOTALL)
    return re.sub(rb"(PK\x01\x02....)\x08\x00", b"\\1\x08\x08", local, flags=re.DOTALL)


def plugin_body(metadata: object, results: bytes) -> bytes:
    """As Jenkins' plugin sends it: JSON first, no Content-Disposition, the zip without a length."""
    told = metadata if isinstance(metadata, bytes) else json.dumps(metadata).encode()
    return mixed(
        (
            {"Content-Type": "application/json; charset=utf-8", "Content-Length": str(len(told))},
            told,
        ),
        ({"Content-Type": "application/zip"}, results),
    )


def curl_body(metadata: object, results: bytes, disposition: str = "attachment") -> bytes:
    """As the documented command of curl sends it: the zip first, with names."""
    return mixed(
        (
            {
                "Content-Disposition": f'{disposition}; name="upload"; filename="x.zip"',
                "Content-Type": "application/zip",
            },
            results,
        ),
        (
            {
                "Content-Disposition": f'{disposition}; name="json"',
                "Content-Type": "application/json",
            },
            json.dumps(metadata).encode(),
        ),
    )


def mixed(*parts: tuple[Mapping[str, str], bytes]) -> bytes:
    body = b""
    for headers, data in parts:
        told = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        body += b"--" + BOUNDARY + b"\r\n" + told.encode() + b"\r\n" + data + b"\r\n"
    return body + b"--" + BOUNDARY + b"--\r\n"


def post(
    house: House,
    path: str,
    body: bytes,
    *,
    who: tuple[str, str] | None,
    chunk: int = 0,
    **headers: str,
) -> Answer:
    """One POST on a connection of its own; in chunks of so many bytes, or with its length."""
    fixed = {
        "User-Agent": "XL TestView Jenkins plugin 1.2.0",
        "Accept": "application/json; charset=utf-8",
        "Content-Type": f"multipart/mixed; boundary={BOUNDARY.decode()}",
        "Host": f"127.0.0.1:{house.server.port}",
        "Connection": "Keep-Alive",
        "Accept-Encoding": "gzip",
    }
    if who is not None:
        fixed["Authorization"] = "Basic " + b64encode(":".join(who).encode()).decode()
    fixed |= {"Transfer-Encoding": "chunked"} if chunk else {"Content-Length": str(len(body))}
    fixed |= {name.replace("_", "-").title(): value for name, value in headers.items()}
    head = f"POST {path} HTTP/1.1\r\n" + "".join(f"{n}: {v}\r\n" for n, v in fixed.items())
    with socket.create_connection(("127.0.0.1", house.server.port), timeout=60) as sock:
        sock.sendall(head.encode() + b"\r\n")
        reader = sock.makefile("rb")
        if "Expect" in fixed:
            assert reader.readline() == b"HTTP/1.1 100 Continue\r\n"
            assert reader.readline() == b"\r\n"
        for piece in _chunked(body, chunk) if chunk else [body]:
            sock.sendall(piece)
        return _read(reader)


def who(person: Person) -> tuple[str, str]:
    return person.email, person.password


def reports_of(house: House, person: Person, target: Target) -> list[dict[str, Any]]:
    """Those that show, the newest first."""
    with house.client(person) as client:
        found = client.get(f"/api/v3/profiles/{target.profile}/reports")
        items: list[dict[str, Any]] = found.json()["items"]
        return items


def send(house: House, target: Target, files: Mapping[str, bytes], metadata: object) -> Answer:
    """An import by alice's Jenkins."""
    body = plugin_body(metadata, zipped(files))
    return post(house, target.internal, body, who=who(house.people.alice), chunk=4_096)


def _chunked(body: bytes, size: int) -> Iterable[bytes]:
    for start in range(0, len(body), size):
        piece = body[start : start + size]
        yield b"%x\r\n" % len(piece) + piece + b"\r\n"
    yield b"0\r\n\r\n"


def _read(reader: io.BufferedReader) -> Answer:
    interim: list[int] = []
    while True:
        status = int(reader.readline().split()[1])
        headers = {}
        while line := reader.readline().strip():
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.lower()] = value.strip()
        if status >= 200:
            break
        interim.append(status)
    length = int(headers.get("content-length", "0"))
    return Answer(status, headers, reader.read(length), tuple(interim))
