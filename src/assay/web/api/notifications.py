"""Who is told of a profile's reports: one's own subscription, and the profile's channels."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from assay import auth
from assay.errors import Invalid
from assay.notify import CHANNELS, by_name, upkeep
from assay.notify.channel import fields_of
from assay.notify.conditions import Condition
from assay.notify.telling import place_of
from assay.notify.upkeep import Wanted
from assay.store.catalog import channels, deliveries, subscriptions
from assay.store.catalog.channels import ChannelRow
from assay.store.catalog.deliveries import Delivery, DeliveryState
from assay.store.catalog.profiles import Profile
from assay.web.request import Ours, Who
from assay.web.shapes import LARGEST_PAGE, PAGE, Listing

router = APIRouter(prefix="/api/v3", tags=["Notifications"])

Limit = Annotated[int, Query(ge=1, le=LARGEST_PAGE, description="Items in the list")]


@dataclass(frozen=True, slots=True)
class SubscriptionShape:
    """When I get a mail about a profile."""

    profile_id: int
    condition: Condition


@dataclass(frozen=True, slots=True)
class ChosenCondition:
    condition: Condition


@dataclass(frozen=True, slots=True)
class FieldShape:
    name: str
    label: str
    hint: str
    example: str
    secret: bool


@dataclass(frozen=True, slots=True)
class KindShape:
    """A kind of channel, and what its `config` holds."""

    kind: str
    title: str
    how: str
    fields: list[FieldShape]


@dataclass(frozen=True, slots=True)
class ChannelShape:
    """A channel without its secrets. `secrets` holds what was made for it, in the answer to its
    making and nowhere else."""

    id: int
    profile_id: int
    kind: str
    name: str
    condition: Condition
    where: str
    config: dict[str, str]
    created_at: datetime
    secrets: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WantedChannel:
    """`config` holds the fields of the kind. A secret that is left out stays as it is."""

    config: dict[str, str]
    condition: Condition = Condition.ERRORS_OR_CHANGES
    name: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class DeliveryShape:
    """A mail or message. `state` is waiting, sent or failed; `message` is what the receiver
    answered, or why it did not arrive; `due_at` is the next try of one that waits."""

    id: int
    kind: str
    address: str
    title: str
    state: DeliveryState
    tries: int
    message: str
    report_id: int | None
    channel_id: int | None
    created_at: datetime
    due_at: datetime | None
    ended_at: datetime | None


def subscribable(profile_id: int, ours: Ours, who: Who) -> Profile:
    with ours.stores.catalog.read() as conn:
        return auth.subscribe_to(conn, who, profile_id)


def editable(profile_id: int, ours: Ours, who: Who) -> Profile:
    with ours.stores.catalog.read() as conn:
        return auth.edit_profile(conn, who, profile_id)


def known_channel(channel_id: int, ours: Ours, who: Who) -> ChannelRow:
    with ours.stores.catalog.read() as conn:
        return auth.edit_channel(conn, who, channel_id)


Subscribable = Annotated[Profile, Depends(subscribable)]
Editable = Annotated[Profile, Depends(editable)]
Known = Annotated[ChannelRow, Depends(known_channel)]
"""Asked for before the body is looked at: a stranger hears that there is no such thing, whatever
they send."""


@router.get("/subscriptions")
def list_subscriptions(ours: Ours, who: Who) -> Listing[SubscriptionShape]:
    """When I get mails, for each profile that I may see."""
    with ours.stores.catalog.read() as conn:
        seen = auth.visible_profiles(conn, who)
        chosen = subscriptions.of_user(conn, who.user.id)
    items = [
        SubscriptionShape(each.id, Condition(chosen.get(each.id, Condition.NEVER))) for each in seen
    ]
    return Listing(items, None)


@router.get("/profiles/{profile_id}/subscription")
def show_subscription(profile_id: int, ours: Ours, who: Who) -> SubscriptionShape:
    with ours.stores.catalog.read() as conn:
        profile = auth.see_profile(conn, who, profile_id)
        chosen = subscriptions.chosen(conn, user=who.user.id, profile=profile.id)
    return SubscriptionShape(profile.id, Condition(chosen))


@router.put("/profiles/{profile_id}/subscription")
def change_subscription(
    profile: Subscribable, wanted: ChosenCondition, ours: Ours, who: Who
) -> SubscriptionShape:
    """When I am to get a mail about the profile: never, errors, changes, errors_and_changes,
    errors_or_changes or always."""
    with ours.stores.catalog.write() as conn:
        condition = wanted.condition
        subscriptions.choose(conn, user=who.user.id, profile=profile.id, condition=condition)
    return SubscriptionShape(profile.id, condition)


@router.get("/channel-kinds")
def list_kinds(_who: Who) -> Listing[KindShape]:
    """The kinds of channels, and what each has to know."""
    return Listing([_kind(each.name) for each in CHANNELS], None)


@router.get("/profiles/{profile_id}/channels")
def list_channels(profile_id: int, ours: Ours, who: Who) -> Listing[ChannelShape]:
    with ours.stores.catalog.read() as conn:
        profile = auth.see_profile(conn, who, profile_id)
        found = channels.of_profile(conn, profile.id)
    return Listing([_channel(each) for each in found], None)


@router.post("/profiles/{profile_id}/channels", status_code=201)
def make_channel(profile: Editable, wanted: WantedChannel, ours: Ours, who: Who) -> ChannelShape:
    if not any(each.name == wanted.kind for each in CHANNELS):
        kinds = ", ".join(each.name for each in CHANNELS)
        raise Invalid(f"The kind of a channel is one of {kinds}", "kind")
    with ours.stores.catalog.write() as conn:
        made = upkeep.make_channel(
            conn, profile, _wanted(wanted), user=who.user.id, now=ours.clock()
        )
    return _channel(made.channel, dict(made.secrets))


@router.put("/channels/{channel_id}")
def change_channel(known: Known, wanted: WantedChannel, ours: Ours) -> ChannelShape:
    """All but its kind, which stays."""
    with ours.stores.catalog.write() as conn:
        upkeep.change_channel(conn, known, _wanted(wanted))
        found = channels.get(conn, known.id)
    return _channel(found or known)


@router.delete("/channels/{channel_id}", status_code=204)
def remove_channel(known: Known, ours: Ours) -> Response:
    """With what was still to be sent there."""
    with ours.stores.catalog.write() as conn:
        channels.remove(conn, known.id)
    return Response(status_code=204)


@router.post("/channels/{channel_id}/test")
def try_channel(known: Known, ours: Ours) -> DeliveryShape:
    """Send a test message now. What the receiver answered is in `message`."""
    return _delivery(upkeep.try_channel(ours.stores, ours.settings, known, ours.clock()))


@router.get("/profiles/{profile_id}/deliveries")
def list_deliveries(profile: Editable, ours: Ours, limit: Limit = PAGE) -> Listing[DeliveryShape]:
    """Mails and messages about the profile, the newest first; kept for 30 days."""
    with ours.stores.catalog.read() as conn:
        found = deliveries.of_profile(conn, profile.id, limit=limit)
    return Listing([_delivery(each) for each in found], None)


@router.get("/companies/{company_id}/deliveries")
def list_company_deliveries(
    company_id: int, ours: Ours, who: Who, limit: Limit = PAGE
) -> Listing[DeliveryShape]:
    """Mails and messages of the company, the newest first, for those who may change it."""
    with ours.stores.catalog.read() as conn:
        company = auth.see_company(conn, who, company_id, auth.Right.COMPANY)
        found = deliveries.of_company(conn, company.id, limit=limit)
    return Listing([_delivery(each) for each in found], None)


@router.post("/deliveries/{delivery_id}/retry")
def retry_delivery(delivery_id: int, ours: Ours, who: Who) -> DeliveryShape:
    """Try one that has not arrived now, even if it was given up."""
    with ours.stores.catalog.read() as conn:
        found = auth.edit_delivery(conn, who, delivery_id)
    return _delivery(upkeep.send_now(ours.stores, ours.settings, found.id, ours.clock()))


def _wanted(shape: WantedChannel) -> Wanted:
    return Wanted(shape.kind, shape.name, shape.condition.value, shape.config)


def _kind(name: str) -> KindShape:
    kind = by_name(name)
    fields = [
        FieldShape(each.name, each.label, each.hint, each.example, each.secret)
        for each in fields_of(kind)
    ]
    return KindShape(kind.name, kind.title, kind.how, fields)


def _channel(row: ChannelRow, secrets: dict[str, str] | None = None) -> ChannelShape:
    return ChannelShape(
        id=row.id,
        profile_id=row.profile_id,
        kind=row.kind,
        name=row.name,
        condition=Condition(row.condition),
        where=place_of(by_name(row.kind), row.config),
        config=upkeep.shown_config(row),
        created_at=row.created_at,
        secrets=secrets or {},
    )


def _delivery(row: Delivery) -> DeliveryShape:
    waits = row.state is DeliveryState.WAITING
    return DeliveryShape(
        id=row.id,
        kind=row.kind,
        address=row.address,
        title=row.title,
        state=row.state,
        tries=row.tries,
        message=row.message,
        report_id=row.report_id,
        channel_id=row.channel_id,
        created_at=row.created_at,
        due_at=row.due_at if waits else None,
        ended_at=row.ended_at,
    )
