"""Who is told of a profile's reports: one's own mails, the channels, and what became of it all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.responses import Response

from assay import auth
from assay.errors import Invalid
from assay.notify import CHANNELS, Channel, by_name, upkeep
from assay.notify.channel import fields_of
from assay.notify.conditions import CHOICES, Condition
from assay.notify.post import can_mail
from assay.notify.telling import place_of
from assay.notify.upkeep import Wanted
from assay.store.catalog import channels, deliveries
from assay.store.catalog.channels import ChannelRow
from assay.store.catalog.deliveries import Delivery, DeliveryState
from assay.store.catalog.profiles import Profile
from assay.web.pages.bell import Bell, bell, condition_options
from assay.web.pages.delivery_rows import DeliveryRow, delivery_rows
from assay.web.pages.frame import Frame
from assay.web.pages.parts import Link, Option, Verdict
from assay.web.pages.setup_forms import Given, Input, inputs
from assay.web.pages.view import show
from assay.web.pages.visit import Guest, Visit, frame, go

router = APIRouter(include_in_schema=False)

RECENT = 50
SAID = {
    "subscribed": "Your choice is saved.",
    "changed": "The channel is changed.",
    "removed": "The channel is removed, with what was still to be sent there.",
}


@dataclass(frozen=True, slots=True)
class ChannelForm:
    """The form of a channel that is to be made (at `url`) or changed."""

    url: str
    kind: str
    title: str
    how: str
    name: str
    inputs: tuple[Input, ...]
    conditions: tuple[Option, ...]
    open: bool = False


@dataclass(frozen=True, slots=True)
class ChannelLine:
    """A channel in the list; without `form` the reader may not change it."""

    id: int
    name: str
    kind: str
    where: str
    condition: str
    form: ChannelForm | None


@dataclass(frozen=True, slots=True)
class Fresh:
    """A secret that was made just now, the one time it is shown."""

    channel: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class NotificationsPage:
    """`mute` is when this server sends no mails, `off` when it sends no messages."""

    frame: Frame
    url: str
    bell: Bell
    mute: bool
    off: bool
    lost: str
    channels: tuple[ChannelLine, ...]
    forms: tuple[ChannelForm, ...]
    deliveries: tuple[DeliveryRow, ...]
    may_edit: bool
    company_url: str
    said: Verdict | None = None
    fresh: Fresh | None = None


@router.get("/profiles/{profile_id}/notifications")
def show_notifications(guest: Guest, profile_id: int, done: str = "", tried: int = 0) -> Response:
    with guest.ours.stores.catalog.read() as conn:
        profile = auth.see_profile(conn, guest.who, profile_id)
        page = build(conn, guest, profile)
        delivery = deliveries.get(conn, tried) if tried and page.may_edit else None
    said = Verdict("passed", SAID[done]) if done in SAID else None
    if delivery is not None and delivery.profile_id == profile.id:
        said = outcome(delivery)
    return show("notifications", replace(page, said=said))


@router.post("/profiles/{profile_id}/channels")
def make_channel(guest: Guest, profile_id: int, given: Given) -> Response:
    """Answers with the page itself where a secret was made: it is shown this once."""
    with guest.ours.stores.catalog.read() as conn:
        profile = auth.edit_profile(conn, guest.who, profile_id)
    wanted = _wanted(given, given.get("kind", ""))
    try:
        with guest.ours.stores.catalog.write() as conn:
            made = upkeep.make_channel(conn, profile, wanted, user=guest.who.user.id, now=guest.now)
    except Invalid as error:
        return _refuse(guest, profile, error, given)
    if not made.secrets:
        return go(f"/profiles/{profile.id}/notifications#channels")
    with guest.ours.stores.catalog.read() as conn:
        page = build(conn, guest, profile)
    labels = {each.name: each.label for each in fields_of(by_name(wanted.kind))}
    name, value = next(iter(made.secrets.items()))
    answer = show(
        "notifications", replace(page, fresh=Fresh(made.channel.name, labels[name], value))
    )
    answer.headers["cache-control"] = "no-store"
    return answer


@router.post("/channels/{channel_id}")
def change_channel(guest: Guest, channel_id: int, given: Given) -> Response:
    with guest.ours.stores.catalog.read() as conn:
        known = auth.edit_channel(conn, guest.who, channel_id)
        profile = auth.edit_profile(conn, guest.who, known.profile_id)
    try:
        with guest.ours.stores.catalog.write() as conn:
            upkeep.change_channel(conn, known, _wanted(given, known.kind))
    except Invalid as error:
        return _refuse(guest, profile, error, {})
    return go(f"/profiles/{profile.id}/notifications?done=changed#channels")


@router.post("/channels/{channel_id}/remove")
def remove_channel(guest: Guest, channel_id: int) -> Response:
    with guest.ours.stores.catalog.read() as conn:
        known = auth.edit_channel(conn, guest.who, channel_id)
    with guest.ours.stores.catalog.write() as conn:
        channels.remove(conn, known.id)
    return go(f"/profiles/{known.profile_id}/notifications?done=removed#channels")


@router.post("/channels/{channel_id}/test")
def try_channel(guest: Guest, channel_id: int) -> Response:
    with guest.ours.stores.catalog.read() as conn:
        known = auth.edit_channel(conn, guest.who, channel_id)
    ours = guest.ours
    tried = upkeep.try_channel(ours.stores, ours.settings, known, guest.now)
    return go(f"/profiles/{known.profile_id}/notifications?tried={tried.id}#said")


@router.post("/deliveries/{delivery_id}/retry")
def retry_delivery(guest: Guest, delivery_id: int) -> Response:
    with guest.ours.stores.catalog.read() as conn:
        found = auth.edit_delivery(conn, guest.who, delivery_id)
    tried = upkeep.send_now(guest.ours.stores, guest.ours.settings, found.id, guest.now)
    back = guest.request.headers.get("referer", "").split("?")[0]
    if found.profile_id is None or back.endswith("/deliveries"):
        return go(f"/companies/{found.company_id}/deliveries?tried={tried.id}")
    return go(f"/profiles/{found.profile_id}/notifications?tried={tried.id}#said")


def build(conn: Connection, guest: Visit, profile: Profile) -> NotificationsPage:
    """The page of a profile that `guest` may see."""
    settings = guest.ours.settings
    url = f"/profiles/{profile.id}"
    may_edit = guest.who.may(auth.Right.EDIT, profile.company_id, profile.id)
    may_look = guest.who.may(auth.Right.COMPANY, profile.company_id)
    found = deliveries.of_profile(conn, profile.id, limit=RECENT) if may_edit else []
    return NotificationsPage(
        frame=frame(
            conn,
            guest,
            "Notifications",
            company=profile.company_id,
            profile=profile.id,
            crumbs=(Link(profile.name, url),),
        ),
        url=url,
        bell=bell(conn, guest, profile),
        mute=not can_mail(settings),
        off=settings.webhooks == "off",
        lost="" if settings.url else settings.home,
        channels=tuple(_line(each, may_edit) for each in channels.of_profile(conn, profile.id)),
        forms=tuple(_form(each, url) for each in CHANNELS) if may_edit else (),
        deliveries=delivery_rows(found),
        may_edit=may_edit,
        company_url=f"/companies/{profile.company_id}/deliveries" if may_look else "",
    )


def _line(channel: ChannelRow, may_edit: bool) -> ChannelLine:
    kind = by_name(channel.kind)
    return ChannelLine(
        id=channel.id,
        name=channel.name,
        kind=kind.title,
        where=place_of(kind, channel.config),
        condition=CHOICES[Condition(channel.condition)].title,
        form=_known_form(kind, channel) if may_edit else None,
    )


def _form(kind: Channel, url: str) -> ChannelForm:
    return ChannelForm(
        url=f"{url}/channels",
        kind=kind.name,
        title=kind.title,
        how=kind.how,
        name="",
        inputs=inputs(kind, {}, known=False),
        conditions=condition_options(Condition.ERRORS_OR_CHANGES)[1:],
    )


def _known_form(kind: Channel, channel: ChannelRow) -> ChannelForm:
    return ChannelForm(
        url=f"/channels/{channel.id}",
        kind=kind.name,
        title=kind.title,
        how="",
        name=channel.name,
        inputs=inputs(kind, upkeep.shown_config(channel), known=True),
        conditions=condition_options(channel.condition),
    )


def _wanted(given: Mapping[str, str], kind: str) -> Wanted:
    condition = given.get("condition", Condition.ERRORS_OR_CHANGES.value)
    return Wanted(kind, given.get("name", ""), condition, given)


def _refuse(guest: Visit, profile: Profile, error: Invalid, given: Mapping[str, str]) -> Response:
    """The page again, with what was typed still in its form but for secrets."""
    with guest.ours.stores.catalog.read() as conn:
        page = build(conn, guest, profile)
    forms = tuple(_again(form, given) for form in page.forms)
    said = Verdict("failed", f"Nothing was changed. {error}.")
    return show("notifications", replace(page, said=said, forms=forms), 422)


def _again(form: ChannelForm, given: Mapping[str, str]) -> ChannelForm:
    if form.kind != given.get("kind"):
        return form
    inputs = tuple(
        each if each.secret else replace(each, value=given.get(each.name, ""))
        for each in form.inputs
    )
    return replace(form, name=given.get("name", ""), inputs=inputs, open=True)


def outcome(delivery: Delivery) -> Verdict:
    """What came of a try that someone has waited for."""
    if delivery.state is DeliveryState.SENT:
        return Verdict("passed", f"Sent to {delivery.address}.", delivery.message)
    again = " It is tried again later." if delivery.state is DeliveryState.WAITING else ""
    lead = f"It did not arrive at {delivery.address}.{again}"
    return Verdict("failed", lead, delivery.message)
