"""API keys: told once, found by their secret, revoked for good."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from assay.errors import Invalid
from assay.store.catalog import Catalog, keys, open_catalog, sessions
from assay.store.catalog.keys import Scope
from support.people import Person, settle


def test_a_key_is_found_by_its_secret(catalog: Catalog, alice: Person, now: datetime) -> None:
    with catalog.write() as conn:
        made, secret = keys.make(
            conn, user=alice.user.id, name="CI", scopes=["import", "read"], now=now
        )
    with catalog.read() as conn:
        assert keys.find(conn, secret, now) == made
        assert keys.find(conn, secret[:-1], now) is None
        assert keys.get(conn, made.id) == made
    assert made.scopes == {Scope.IMPORT, Scope.READ}
    assert re.fullmatch(r"assay_[\w-]{43}", secret)
    assert secret.startswith(made.hint)
    assert len(made.hint) == 10


def test_a_revoked_key_is_useless(catalog: Catalog, alice: Person, now: datetime) -> None:
    with catalog.write() as conn:
        keys.revoke(conn, alice.key.id, now)
        keys.revoke(conn, alice.key.id, now + timedelta(days=1))
        assert keys.find(conn, alice.secret, now) is None
        assert keys.of_user(conn, alice.user.id) == []
        [kept] = keys.of_user(conn, alice.user.id, revoked=True)
    assert kept.revoked_at == now


def test_a_key_may_end_by_itself(catalog: Catalog, alice: Person, now: datetime) -> None:
    end = now + timedelta(days=90)
    with catalog.write() as conn:
        _, secret = keys.make(
            conn, user=alice.user.id, name="Trial", scopes=["read"], now=now, expires=end
        )
        assert keys.find(conn, secret, end - timedelta(seconds=1)) is not None
        assert keys.find(conn, secret, end) is None


def test_a_key_says_when_it_was_used(catalog: Catalog, alice: Person, now: datetime) -> None:
    assert keys.is_due(alice.key, now)
    with catalog.write() as conn:
        keys.touch(conn, alice.key.id, now)
        used = keys.find(conn, alice.secret, now)
    assert used is not None
    assert used.last_used_at == now
    assert not keys.is_due(used, now + timedelta(seconds=59))
    assert keys.is_due(used, now + timedelta(seconds=60))


def test_someones_keys_are_listed_newest_first(
    catalog: Catalog, alice: Person, bob: Person, now: datetime
) -> None:
    with catalog.write() as conn:
        new, _ = keys.make(conn, user=alice.user.id, name="New", scopes=["write"], now=now)
        assert keys.of_user(conn, alice.user.id) == [new, alice.key]
        assert keys.of_user(conn, bob.user.id) == [bob.key]


@pytest.mark.parametrize("scopes", [[], ["admin"], ["read", ""]])
def test_a_key_needs_scopes_that_exist(
    catalog: Catalog, alice: Person, now: datetime, scopes: list[str]
) -> None:
    with pytest.raises(Invalid) as refused, catalog.write() as conn:
        keys.make(conn, user=alice.user.id, name="Odd", scopes=scopes, now=now)
    assert refused.value.field == "scopes"


@pytest.fixture
def sqlite_file(tmp_path: Path, sqlite_template: Path) -> Path:
    path = tmp_path / "own.sqlite"
    path.write_bytes(sqlite_template.read_bytes())
    return path


def test_no_secret_is_in_the_file(sqlite_file: Path, now: datetime) -> None:
    catalog = open_catalog(f"sqlite:///{sqlite_file}")
    alice = settle(catalog, now).alice
    with catalog.write() as conn:
        token = sessions.start(conn, user=alice.user.id, now=now)
    written = b"".join(each.read_bytes() for each in sqlite_file.parent.glob("own.sqlite*"))
    catalog.close()
    assert b"alice@example.org" in written  # it is the right file
    for secret in (alice.secret, alice.secret.removeprefix("assay_"), token, alice.password):
        assert secret.encode() not in written
