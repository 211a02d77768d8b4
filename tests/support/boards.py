"""Dashboards of Alice's company: what stories about them begin with."""

from __future__ import annotations

from typing import Any

import httpx

from support.house import House


def tile(profile: int, chart: str = "pie", **more: Any) -> dict[str, Any]:
    return {"profile_id": profile, "chart": chart} | more


def given_board(house: House, name: str, *tiles: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A dashboard with these tiles."""
    alice = house.people.alice
    with house.client(alice) as client:
        answer = client.post(
            f"/api/v3/companies/{alice.company.id}/dashboards",
            json={"name": name, "tiles": list(tiles)} | more,
        )
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def places(client: httpx.Client, board: int) -> list[tuple[str, int, int, int, int]]:
    """Where each tile of a dashboard is: chart, x, y, w, h."""
    found = client.get(f"/api/v3/dashboards/{board}").json()
    return [(each["chart"], each["x"], each["y"], each["w"], each["h"]) for each in found["tiles"]]
