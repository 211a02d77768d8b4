"""What people do with a profile's channels: make, change, try."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import Connection

from assay.errors import Invalid
from assay.notify import by_name, delivering, sentences
from assay.notify.channel import fields_of, read_config
from assay.notify.conditions import Condition
from assay.notify.event import encode
from assay.notify.telling import place_of, test_event
from assay.settings import Settings
from assay.store import Stores
from assay.store.catalog import channels, deliveries, profiles
from assay.store.catalog.channels import ChannelRow
from assay.store.catalog.deliveries import Delivery
from assay.store.catalog.profiles import Profile


@dataclass(frozen=True, slots=True)
class Wanted:
    """A channel as someone wants it to be; `config` is what they gave for its fields."""

    kind: str
    name: str
    condition: str
    config: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Made:
    """A channel, and the values that were made for it, to be shown this once: by field."""

    channel: ChannelRow
    secrets: Mapping[str, str]


def make_channel(
    conn: Connection, profile: Profile, wanted: Wanted, *, user: int, now: datetime
) -> Made:
    """Raises `Invalid`, naming the field, and `NotFound` for a kind that there is not."""
    kind = by_name(wanted.kind)
    config = read_config(kind, wanted.config)
    row = channels.make(
        conn,
        profile=profile.id,
        kind=kind.name,
        name=wanted.name.strip() or kind.title,
        condition=read_condition(wanted.condition),
        config=config,
        creator=user,
        now=now,
    )
    made = {each.name for each in fields_of(kind) if each.make and not wanted.config.get(each.name)}
    return Made(row, {name: config[name] for name in made})


def change_channel(conn: Connection, known: ChannelRow, wanted: Wanted) -> None:
    """Its kind stays. Secrets that are left empty stay as they are. Raises `Invalid`."""
    channels.change(
        conn,
        known.id,
        name=wanted.name.strip() or by_name(known.kind).title,
        condition=read_condition(wanted.condition),
        config=read_config(by_name(known.kind), wanted.config, known.config),
    )


def try_channel(stores: Stores, settings: Settings, channel: ChannelRow, now: datetime) -> Delivery:
    """Send a test message, and wait for the answer: it is in what is returned."""
    with stores.catalog.write() as conn:
        profile = profiles.get(conn, channel.profile_id)
        assert profile is not None
        event = test_event(conn, settings, profile, now)
        number = deliveries.queue(
            conn,
            key=f"test:{uuid4().hex}",
            kind=channel.kind,
            address=place_of(by_name(channel.kind), channel.config),
            payload={"title": sentences.verdict(event), "event": encode(event)},
            now=now,
            company=profile.company_id,
            profile=profile.id,
            channel=channel.id,
        )
        assert number is not None
    return send_now(stores, settings, number, now)


def send_now(stores: Stores, settings: Settings, delivery_id: int, now: datetime) -> Delivery:
    """Try a delivery that has not arrived at once; how it stands afterwards."""
    with stores.catalog.write() as conn:
        deliveries.hasten(conn, delivery_id, now)
    delivering.send_now(stores, settings, delivery_id, now)
    with stores.catalog.read() as conn:
        found = deliveries.get(conn, delivery_id)
    assert found is not None
    return found


def shown_config(channel: ChannelRow) -> dict[str, str]:
    """The part of its configuration that is no secret."""
    fields = fields_of(by_name(channel.kind))
    return {each.name: channel.config.get(each.name, "") for each in fields if not each.secret}


def read_condition(text: str) -> str:
    """Raises `Invalid` for what is none of the six."""
    if text not in set(Condition):
        raise Invalid(f"The condition is one of {', '.join(Condition)}", "condition")
    return text
