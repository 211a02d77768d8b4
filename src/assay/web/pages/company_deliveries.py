"""What a company's people and channels were told, and what did not arrive."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from fastapi import APIRouter
from starlette.responses import Response

from assay import auth
from assay.notify.post import can_mail
from assay.store.catalog import deliveries
from assay.store.catalog.deliveries import DeliveryState
from assay.web.pages.delivery_rows import DeliveryRow, delivery_rows
from assay.web.pages.frame import Frame
from assay.web.pages.notifications import outcome
from assay.web.pages.parts import Chip, Link, Verdict
from assay.web.pages.view import show
from assay.web.pages.visit import Guest, frame

router = APIRouter(include_in_schema=False)

SHOWN = 200


class Which(StrEnum):
    """Which deliveries the page shows."""

    ALL = "all"
    UNSENT = "unsent"
    FAILED = "failed"


CHIPS: dict[Which, tuple[str, tuple[DeliveryState, ...]]] = {
    Which.ALL: ("All", ()),
    Which.UNSENT: ("Not arrived yet", (DeliveryState.WAITING,)),
    Which.FAILED: ("Given up", (DeliveryState.FAILED,)),
}


@dataclass(frozen=True, slots=True)
class CompanyDeliveriesPage:
    frame: Frame
    mute: bool
    chips: tuple[Chip, ...]
    deliveries: tuple[DeliveryRow, ...]
    filtered: bool
    said: Verdict | None = None


@router.get("/companies/{company_id}/deliveries")
def show_deliveries(
    guest: Guest, company_id: int, which: Which = Which.ALL, tried: int = 0
) -> Response:
    with guest.ours.stores.catalog.read() as conn:
        company = auth.see_company(conn, guest.who, company_id, auth.Right.COMPANY)
        url = f"/companies/{company.id}"
        states = CHIPS[which][1]
        found = deliveries.of_company(conn, company.id, limit=SHOWN, states=states)
        seen = auth.visible_profiles(conn, guest.who, company.id)
        names = {each.id: Link(each.name, f"/profiles/{each.id}") for each in seen}
        delivery = deliveries.get(conn, tried) if tried else None
        crumbs = (Link(company.name, url),)
        page = CompanyDeliveriesPage(
            frame=frame(conn, guest, "Deliveries", company=company.id, crumbs=crumbs),
            mute=not can_mail(guest.ours.settings),
            chips=tuple(
                Chip(title, f"{url}/deliveries?which={each.value}", on=each is which)
                for each, (title, _) in CHIPS.items()
            ),
            deliveries=delivery_rows(found, names),
            filtered=which is not Which.ALL,
        )
    if delivery is not None and delivery.company_id == company.id:
        page = replace(page, said=outcome(delivery))
    return show("company_deliveries", page)
