"""A PostgreSQL server for the tests, from Debian's package: made, used and thrown away.

The first test that asks for it starts it, in whichever process of the run; the process that began
the run stops it (`prepare` and `stop`, called by conftest).
"""

from __future__ import annotations

import fcntl
import json
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import Any

import psycopg

WHERE = "ASSAY_TEST_POSTGRES"
"""The environment variable that tells the processes of one run which folder they share."""

DEBIAN = Path("/usr/lib/postgresql")
ACCOUNT = "postgres"
TEMPLATE = "template_assay"
PORTS_TRIED = 5
FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "32MB",
    "max_connections": "200",
    "listen_addresses": "127.0.0.1",
}


class Absent(Exception):
    """Why there can be no PostgreSQL here, as a reason to skip."""


def prepare() -> Path | None:
    """Agree on a folder for this run; None where another process of the run has done so."""
    if WHERE in os.environ:
        return None
    folder = Path(tempfile.mkdtemp(prefix="assay-pg-", dir="/tmp"))  # short: sockets need it
    os.environ[WHERE] = str(folder)
    return folder


def stop(folder: Path) -> None:
    """Stop the server, if it was ever started, and remove all it wrote."""
    if (folder / "data" / "postmaster.pid").exists():
        _run("pg_ctl", "stop", "-D", folder / "data", "-m", "immediate", "-w")
    shutil.rmtree(folder)
    os.environ.pop(WHERE, None)


def address() -> str:
    """postgresql://user:password@127.0.0.1:port, without a database. Raises `Absent`."""
    folder = Path(os.environ[WHERE])
    with _locked(folder / "lock"):
        known = folder / "address.json"
        if not known.exists():
            known.write_text(json.dumps(_start(folder)))
        return str(json.loads(known.read_text()))


def new_database(server: str, template: str = "template1") -> str:
    """The address of a fresh database, a copy of the template."""
    return create_database(server, f"assay_{token_hex(6)}", template)


def create_database(server: str, name: str, template: str = "template1") -> str:
    """Its address."""
    _command(server, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return f"{server}/{name}"


def drop_database(url: str) -> None:
    server, _, name = url.rpartition("/")
    _command(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextmanager
def once(name: str) -> Iterator[bool]:
    """True for the first process of the run that comes here; the others wait until it is done."""
    folder = Path(os.environ[WHERE])
    with _locked(folder / "lock"):
        done = folder / f"{name}.done"
        yield not done.exists()
        done.touch()


def _command(server: str, sql: str) -> None:
    with psycopg.connect(f"{server}/postgres", autocommit=True) as conn:
        conn.execute(sql)


def _start(folder: Path) -> str:
    if os.getuid() == 0:
        account = _account()
        os.chown(folder, account.pw_uid, account.pw_gid)
    password, file = token_hex(8), folder / "password"
    file.write_text(password)
    shutil.chown(file, folder.stat().st_uid)
    _run(
        *("initdb", "-D", folder / "data", "-U", ACCOUNT, "-A", "scram-sha-256"),
        *("--pwfile", file, "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"),
    )
    settings = FAST | {"unix_socket_directories": str(folder)}
    lines = [f"{name} = '{value}'\n" for name, value in settings.items()]
    with (folder / "data" / "postgresql.conf").open("a") as config:
        config.writelines(lines)
    return f"postgresql://{ACCOUNT}:{password}@127.0.0.1:{_listen(folder)}"


def _listen(folder: Path) -> int:
    """Start it on a port that is free; another program may take that first, so more than once."""
    log = folder / "log"
    for _ in range(PORTS_TRIED):
        port = _free_port()
        started = _run(
            *("pg_ctl", "start", "-D", folder / "data", "-l", log, "-w", "-o", f"-p {port}"),
            check=False,
        )
        if started.returncode == 0:
            return port
    raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text()}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _run(
    program: str, *arguments: str | Path, check: bool = True
) -> subprocess.CompletedProcess[Any]:
    """Run one of PostgreSQL's programs, as the user it insists on when we are root."""
    who: dict[str, Any] = {}
    if os.getuid() == 0:
        account = _account()
        who = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    command = [str(_binaries() / program), *map(str, arguments)]
    quiet = subprocess.DEVNULL  # the server inherits these; a pipe would never end
    return subprocess.run(command, check=check, stdout=quiet, stderr=quiet, cwd="/", **who)


def _account() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(ACCOUNT)
    except KeyError:
        raise Absent(f"PostgreSQL does not run as root, and there is no user {ACCOUNT}") from None


def _binaries() -> Path:
    """The newest version's."""
    found = [each.parent for each in DEBIAN.glob("*/bin/initdb")]
    if not found:
        raise Absent(f"PostgreSQL is not installed ({DEBIAN}): apt-get install postgresql")
    return max(found, key=lambda path: float(path.parent.name))


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
