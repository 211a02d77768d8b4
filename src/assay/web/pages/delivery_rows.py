"""Mails and messages as a table shows them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from assay.notify import CHANNELS
from assay.store.catalog.deliveries import Delivery, DeliveryState
from assay.web.pages.parts import Link

KINDS = {each.name: each.title for each in CHANNELS}
STATES = {
    DeliveryState.SENT: ("passed", "sent"),
    DeliveryState.FAILED: ("failed", "given up"),
}
WAITING, AGAIN = ("running", "waiting"), ("broken", "retrying")


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """`next` is its next try; `unsent` when it can be tried now."""

    id: int
    title: str
    url: str
    kind: str
    address: str
    status: str
    state: str
    tries: int
    message: str
    made: datetime
    next: datetime | None
    unsent: bool
    profile: Link | None = None


def delivery_rows(
    found: Iterable[Delivery], profiles: Mapping[int, Link] | None = None
) -> tuple[DeliveryRow, ...]:
    """A row each; with `profiles` they say which one they are about."""
    return tuple(_row(each, (profiles or {}).get(each.profile_id or 0)) for each in found)


def _row(delivery: Delivery, profile: Link | None) -> DeliveryRow:
    waits = delivery.state is DeliveryState.WAITING
    status, state = STATES.get(delivery.state, AGAIN if delivery.message else WAITING)
    return DeliveryRow(
        id=delivery.id,
        title=delivery.title,
        url=f"/reports/{delivery.report_id}" if delivery.report_id else "",
        kind=KINDS.get(delivery.kind, delivery.kind),
        address=delivery.address,
        status=status,
        state=state,
        tries=delivery.tries,
        message=delivery.message,
        made=delivery.created_at,
        next=delivery.due_at if waits and delivery.tries else None,
        unsent=delivery.state is not DeliveryState.SENT,
        profile=profile,
    )
