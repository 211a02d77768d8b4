"""Two scenarios of a shop: the first passes, the second finds a page missing and fails."""

from molotov import scenario

API = "http://127.0.0.1:8089"


@scenario(weight=60)
async def looks_around(session):
    async with session.get(API + "/") as resp:
        assert resp.status == 200, resp.status


@scenario(weight=40)
async def looks_for_the_old_page(session):
    async with session.get(API + "/old") as resp:
        assert resp.status == 200, resp.status
