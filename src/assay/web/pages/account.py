"""One's own account: name, password, theme, and the API keys."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Form
from sqlalchemy import Connection
from starlette.datastructures import URL
from starlette.responses import Response

from assay import auth
from assay.auth.passwords import SHORTEST
from assay.errors import AssayError, Invalid, NotFound
from assay.notify.post import can_mail
from assay.store.catalog import keys, sessions, users
from assay.store.catalog.keys import Key, Scope
from assay.web.pages.bell import SubscriptionGroup, subscription_groups
from assay.web.pages.frame import THEMES, Choices, Frame
from assay.web.pages.parts import Option, Verdict
from assay.web.pages.view import show
from assay.web.pages.visit import CURL, THEME, Guest, Visit, choices, frame, go, keep_signed_in

router = APIRouter(include_in_schema=False)

YEAR = 31_536_000
SCOPES = {
    Scope.IMPORT: "send reports",
    Scope.READ: "read what you may see",
    Scope.WRITE: "change what you may change",
}
SAID = {
    "name": "Your name is saved.",
    "password": "The password is changed. Everywhere else you have been signed out.",
    "subscriptions": "Your choices are saved.",
    "revoked": "The key is revoked. Whatever still uses it is refused.",
}


@dataclass(frozen=True, slots=True)
class KeyRow:
    id: int
    name: str
    begins: str
    scopes: tuple[str, ...]
    profile: str
    made: datetime
    used: datetime | None


@dataclass(frozen=True, slots=True)
class FreshKey:
    """A key's secret, the one time it is shown; `curl` uses it, for a key that may import."""

    name: str
    secret: str
    curl: str


@dataclass(frozen=True, slots=True)
class AccountPage:
    frame: Frame
    keys: tuple[KeyRow, ...]
    profiles: tuple[Choices, ...]
    scopes: tuple[Option, ...]
    least: int
    subscriptions: tuple[SubscriptionGroup, ...]
    mute: bool
    said: Verdict | None = None
    fresh: FreshKey | None = None


@router.get("/account")
def show_account(guest: Guest, done: str = "") -> Response:
    page = _page(guest)
    said = Verdict("passed", SAID[done]) if done in SAID else None
    return show("account", replace(page, said=said))


@router.post("/account/keys")
def make_key(
    guest: Guest,
    name: Annotated[str, Form()],
    scopes: Annotated[list[str] | None, Form()] = None,
    profile: Annotated[str, Form()] = "",
) -> Response:
    """Answers with the page itself: the secret is nowhere to be found afterwards."""
    user = auth.require_person(guest.who)
    try:
        with guest.ours.stores.catalog.write() as conn:
            only = _profile(conn, guest, profile)
            key, secret = keys.make(
                conn, user=user.id, name=name, scopes=scopes or [], profile=only, now=guest.now
            )
    except Invalid as error:
        return _refuse(guest, error)
    page = replace(_page(guest), fresh=_fresh(guest, key, secret))
    answer = show("account", page)
    answer.headers["cache-control"] = "no-store"
    return answer


@router.post("/account/keys/{key_id}/revoke")
def revoke_key(guest: Guest, key_id: int) -> Response:
    user = auth.require_person(guest.who)
    with guest.ours.stores.catalog.write() as conn:
        key = keys.get(conn, key_id)
        if key is None or key.user_id != user.id:
            raise NotFound("You have no such key.")
        keys.revoke(conn, key_id, guest.now)
    return go("/account?done=revoked#keys")


@router.post("/account/name")
def change_name(guest: Guest, name: Annotated[str, Form()]) -> Response:
    user = auth.require_person(guest.who)
    try:
        with guest.ours.stores.catalog.write() as conn:
            users.rename(conn, user.id, name)
    except Invalid as error:
        return _refuse(guest, error)
    return go("/account?done=name")


@router.post("/account/password")
def change_password(
    guest: Guest, old: Annotated[str, Form()], new: Annotated[str, Form()]
) -> Response:
    """Signs out every other session; this one goes on with a new token."""
    user = auth.require_person(guest.who)
    if not auth.verify_password(user.password_hash, old):
        return _refuse(guest, Invalid("The present password is not right. Nothing was changed."))
    try:
        with guest.ours.stores.catalog.write() as conn:
            auth.set_password(conn, user.id, new)
            agent = guest.request.headers.get("user-agent", "")
            token = sessions.start(conn, user=user.id, now=guest.now, agent=agent)
    except Invalid as error:
        return _refuse(guest, error)
    answer = go("/account?done=password")
    keep_signed_in(guest.ours, answer, token)
    return answer


@router.post("/account/theme")
def choose_theme(guest: Guest, theme: Annotated[str, Form()] = "") -> Response:
    back = URL(guest.request.headers.get("referer", "/account"))
    answer = go(f"{back.path}?{back.query}" if back.query else back.path)
    if theme in {value for value, *_ in THEMES}:
        answer.set_cookie(THEME, theme, max_age=YEAR, samesite="lax")
    return answer


def _page(guest: Visit) -> AccountPage:
    with guest.ours.stores.catalog.read() as conn:
        names = {each.id: each.name for each in auth.visible_profiles(conn, guest.who)}
        return AccountPage(
            frame=frame(conn, guest, "Account"),
            keys=tuple(_row(key, names) for key in keys.of_user(conn, guest.who.user.id)),
            profiles=choices(conn, guest),
            scopes=tuple(
                Option(scope.value, title, scope is Scope.IMPORT) for scope, title in SCOPES.items()
            ),
            least=SHORTEST,
            subscriptions=subscription_groups(conn, guest),
            mute=not can_mail(guest.ours.settings),
        )


def _row(key: Key, names: dict[int, str]) -> KeyRow:
    only = names.get(key.profile_id, f"profile {key.profile_id}") if key.profile_id else ""
    scopes = tuple(scope.value for scope in SCOPES if scope in key.scopes)
    return KeyRow(key.id, key.name, f"{key.hint}…", scopes, only, key.created_at, key.last_used_at)


def _profile(conn: Connection, guest: Visit, text: str) -> int | None:
    """The profile a key is to be for alone, which the guest must see."""
    if not text.isdecimal():
        return None
    return auth.see_profile(conn, guest.who, int(text)).id


def _fresh(guest: Visit, key: Key, secret: str) -> FreshKey:
    if Scope.IMPORT not in key.scopes:
        return FreshKey(key.name, secret, "")
    with guest.ours.stores.catalog.read() as conn:
        found = choices(conn, guest)
    first = next((option.value for group in found for option in group.options), "")
    profile = str(key.profile_id) if key.profile_id else first
    curl = CURL.format(base=guest.base, key=secret).replace("{profile}", profile)
    return FreshKey(key.name, secret, curl if profile else "")


def _refuse(guest: Visit, error: AssayError) -> Response:
    return show("account", replace(_page(guest), said=Verdict("failed", str(error))), 422)
