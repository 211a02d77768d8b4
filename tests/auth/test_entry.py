"""Coming in: by key in any header, by password, by session; and the door that stays shut."""

from __future__ import annotations

from base64 import b64decode, b64encode
from datetime import datetime, timedelta

import pytest
from argon2 import PasswordHasher

from assay import auth
from assay.auth import Credentials, Throttle, TooManyTries
from assay.errors import Invalid, Unauthenticated
from assay.store.catalog import Catalog, keys, members, sessions, users
from support.people import Person

HOME = "192.0.2.7"


def basic(name: str, password: str) -> str:
    return "Basic " + b64encode(f"{name}:{password}".encode()).decode()


@pytest.mark.parametrize(
    "headers",
    [
        {"x-api-key": "KEY"},
        {"x-api-key": "  KEY "},
        {"x-api-key": "KEY", "authorization": "Bearer other"},
        {"x-api-key": "", "authorization": "Bearer KEY"},
        {"authorization": "Bearer KEY"},
        {"authorization": "bearer   KEY "},
        {"authorization": "Token KEY"},
        {"authorization": "token KEY"},
        {"authorization": 'Token token="KEY"'},
        {"authorization": "Token token=KEY"},
        {"authorization": 'Token token="KEY", nonce="x"'},
        {"authorization": "PrivateToken KEY"},
        {"authorization": "KEY"},
        {"authorization": basic("", "KEY")},
        {"authorization": basic("x", "KEY")},
        {"authorization": basic("alice@example.org", "KEY")},
        {"authorization": basic("KEY", "")},
        {"authorization": basic("KEY", "x")},
        {"authorization": basic("KEY", "x-oauth-basic").replace("Basic", "basic")},
    ],
)
def test_a_key_is_taken_in_every_form_that_clients_send(
    catalog: Catalog, alice: Person, now: datetime, headers: dict[str, str]
) -> None:
    sent = {name: _put(value, alice.secret) for name, value in headers.items()}
    found = auth.credentials(sent)
    assert found is not None
    caller = auth.caller_by_key(catalog, found, now)
    assert caller.user == alice.user
    assert caller.key is not None
    assert caller.key.id == alice.key.id
    assert caller.memberships == {alice.company.id: alice.role}


def _put(value: str, secret: str) -> str:
    """KEY replaced by the secret, inside Basic too."""
    if value.lower().startswith("basic "):
        plain = b64decode(value[6:]).decode().replace("KEY", secret)
        return value[:6] + b64encode(plain.encode()).decode()
    return value.replace("KEY", secret)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-api-key": ""},
        {"x-api-key": "   "},
        {"authorization": ""},
        {"authorization": "Bearer"},
        {"authorization": "Bearer  "},
        {"authorization": "Token token="},
        {"authorization": 'Digest username="alice"'},
        {"authorization": "Negotiate YII="},
        {"authorization": "Basic"},
        {"authorization": "Basic !!!"},
        {"authorization": "Basic /////w=="},
        {"authorization": "Basic " + b64encode(b"nocolon").decode()},
        {"authorization": basic("", "")},
    ],
)
def test_headers_that_name_nobody_are_no_credentials(headers: dict[str, str]) -> None:
    assert auth.credentials(headers) is None


def test_credentials_do_not_show_their_secret() -> None:
    assert "s3cret" not in repr(Credentials("s3cret", "alice@example.org"))


@pytest.mark.parametrize("secret", ["nonsense", "assay_" + "x" * 43, "\0", "ключ", "\ud800"])
def test_an_unknown_key_is_refused(catalog: Catalog, now: datetime, secret: str) -> None:
    with pytest.raises(Unauthenticated, match="key"):
        auth.caller_by_key(catalog, Credentials(secret), now)


def test_a_revoked_key_is_refused_from_then_on(
    catalog: Catalog, alice: Person, now: datetime
) -> None:
    shown = Credentials(alice.secret)
    auth.caller_by_key(catalog, shown, now)
    with catalog.write() as conn:
        keys.revoke(conn, alice.key.id, now)
    with pytest.raises(Unauthenticated):
        auth.caller_by_key(catalog, shown, now)


def test_a_key_knows_when_it_was_used_last(catalog: Catalog, alice: Person, now: datetime) -> None:
    for seconds in (0, 30, 90):
        auth.caller_by_key(catalog, Credentials(alice.secret), now + timedelta(seconds=seconds))
    with catalog.read() as conn:
        key = keys.get(conn, alice.key.id)
    assert key is not None
    assert key.last_used_at == now + timedelta(seconds=90)


def test_a_key_follows_what_becomes_of_its_user(
    catalog: Catalog, bob: Person, now: datetime
) -> None:
    with catalog.write() as conn:
        members.remove(conn, company=bob.company.id, user=bob.user.id)
    assert auth.caller_by_key(catalog, Credentials(bob.secret), now).memberships == {}


def test_a_password_will_do_where_a_client_knows_only_basic(
    catalog: Catalog, alice: Person, now: datetime
) -> None:
    found = auth.credentials({"authorization": basic("Alice@Example.org", alice.password)})
    assert found is not None
    caller = auth.caller_by_key(catalog, found, now)
    assert (caller.user.id, caller.key) == (alice.user.id, None)
    with pytest.raises(Unauthenticated, match="password"):
        auth.caller_by_key(catalog, Credentials("wrong", alice.email), now)


def enter(catalog: Catalog, throttle: Throttle, email: str, password: str, now: datetime) -> str:
    return auth.sign_in(
        catalog, throttle, email=email, password=password, address=HOME, agent="Firefox", now=now
    )


def test_signing_in_starts_a_session(catalog: Catalog, alice: Person, now: datetime) -> None:
    token = enter(catalog, Throttle(), " ALICE@example.org", alice.password, now)
    caller = auth.caller_by_session(catalog, token, now)
    assert caller is not None
    assert (caller.user.id, caller.key) == (alice.user.id, None)
    assert caller.memberships == {alice.company.id: alice.role}
    auth.sign_out(catalog, token)
    assert auth.caller_by_session(catalog, token, now) is None


def test_who_comes_by_stays_signed_in(catalog: Catalog, alice: Person, now: datetime) -> None:
    token = enter(catalog, Throttle(), alice.email, alice.password, now)
    for days in range(0, 100, 20):
        assert auth.caller_by_session(catalog, token, now + timedelta(days=days)) is not None
    assert auth.caller_by_session(catalog, token, now + timedelta(days=111)) is None


@pytest.mark.parametrize("token", ["", "x" * 43, "\0", "\ud800"])
def test_a_made_up_session_is_nobodys(catalog: Catalog, now: datetime, token: str) -> None:
    assert auth.caller_by_session(catalog, token, now) is None


def test_wrong_e_mail_and_wrong_password_look_the_same(
    catalog: Catalog, alice: Person, now: datetime
) -> None:
    with catalog.write() as conn:
        users.make(conn, email="only@sso.org", name="Sso", password_hash=None, now=now)
    told = set()
    for email in (alice.email, "nobody@example.org", "only@sso.org", "", "\0"):
        with pytest.raises(Unauthenticated) as refused:
            enter(catalog, Throttle(), email, "a wrong password", now)
        told.add(str(refused.value))
    assert len(told) == 1


def test_guessing_is_slowed_down_and_forgotten_in_time(
    catalog: Catalog, alice: Person, now: datetime
) -> None:
    throttle = Throttle(tries=3)
    for _ in range(3):
        with pytest.raises(Unauthenticated):
            enter(catalog, throttle, alice.email, "a guess", now)
    with pytest.raises(TooManyTries, match="15 minutes"):
        enter(catalog, throttle, alice.email, alice.password, now)
    later = now + timedelta(minutes=15)
    assert enter(catalog, throttle, alice.email, alice.password, later)


def test_the_right_password_forgives_the_wrong_ones(
    catalog: Catalog, alice: Person, now: datetime
) -> None:
    throttle = Throttle(tries=3)
    for _ in range(4):
        for _ in range(2):
            with pytest.raises(Unauthenticated):
                enter(catalog, throttle, alice.email, "a typo", now)
        assert enter(catalog, throttle, alice.email, alice.password, now)


def test_one_who_guesses_does_not_shut_the_door_for_others(now: datetime) -> None:
    throttle = Throttle(tries=1)
    throttle.enter("alice@example.org", "203.0.113.9", now)
    with pytest.raises(TooManyTries):
        throttle.enter("alice@example.org", "203.0.113.9", now)
    throttle.enter("alice@example.org", HOME, now)
    throttle.enter("bob@example.org", "203.0.113.9", now)


def test_one_address_cannot_try_everybody(now: datetime) -> None:
    throttle = Throttle()

    def spray() -> int:
        for n in range(1000):
            try:
                throttle.enter(f"user{n}@example.org", HOME, now)
            except TooManyTries:
                return n
        return 1000

    assert spray() == 100


def test_the_throttle_does_not_grow_without_bound(now: datetime) -> None:
    throttle = Throttle()
    for n in range(30_000):
        throttle.enter("a@b.c", f"address {n}", now)
    assert len(throttle._seen) <= 10_000


def test_keys_are_never_slowed_down(catalog: Catalog, alice: Person, now: datetime) -> None:
    throttle = Throttle(tries=1)
    shown = Credentials(alice.secret, alice.email)
    for _ in range(5):
        assert auth.caller_by_key(catalog, shown, now, throttle=throttle, address=HOME)
    guess = Credentials("a guess", alice.email)
    with pytest.raises(Unauthenticated):
        auth.caller_by_key(catalog, guess, now, throttle=throttle, address=HOME)
    with pytest.raises(TooManyTries):
        auth.caller_by_key(catalog, guess, now, throttle=throttle, address=HOME)
    assert auth.caller_by_key(catalog, shown, now, throttle=throttle, address=HOME)


def test_a_new_password_signs_out_everywhere(
    catalog: Catalog, alice: Person, now: datetime
) -> None:
    token = enter(catalog, Throttle(), alice.email, alice.password, now)
    with catalog.write() as conn:
        auth.set_password(conn, alice.user.id, "a better password")
        assert sessions.find(conn, token, now) is None
    with pytest.raises(Unauthenticated):
        enter(catalog, Throttle(), alice.email, alice.password, now)
    assert enter(catalog, Throttle(), alice.email, "a better password", now)


def test_an_old_hash_is_renewed_when_its_owner_signs_in(
    catalog: Catalog, alice: Person, now: datetime
) -> None:
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(alice.password)
    with catalog.write() as conn:
        users.set_password(conn, alice.user.id, cheap)
    enter(catalog, Throttle(), alice.email, alice.password, now)
    with catalog.read() as conn:
        user = users.get(conn, alice.user.id)
    assert user is not None
    assert user.password_hash is not None
    assert user.password_hash != cheap
    assert auth.verify_password(user.password_hash, alice.password)


def test_a_password_is_argon2_and_never_twice_the_same_hash() -> None:
    one, two = auth.hash_password("correct horse"), auth.hash_password("correct horse")
    assert one.startswith("$argon2id$")
    assert one != two
    assert auth.verify_password(one, "correct horse")
    assert not auth.verify_password(one, "battery staple")
    assert not auth.verify_password(None, "correct horse")
    assert not auth.verify_password("no hash at all", "correct horse")


def test_a_password_is_the_same_on_every_keyboard() -> None:
    composed, decomposed = "gr\u00fc\u00dfe aus K\u00f6ln", "gru\u0308\u00dfe aus Ko\u0308ln"
    assert auth.verify_password(auth.hash_password(composed), decomposed)


@pytest.mark.parametrize("password", ["", "seven77", "x" * 1001])
def test_a_password_is_neither_short_nor_endless(password: str) -> None:
    with pytest.raises(Invalid, match="8 to 1000"):
        auth.hash_password(password)
