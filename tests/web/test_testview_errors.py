"""Errors below XL TestView's paths: three strings, whatever went wrong."""

from __future__ import annotations

import httpx
import pytest

from assay import errors
from assay.web.app import status_of
from assay.web.compat.testview_errors import CODES
from support.house import House

KEYS = {"message", "status", "errorCode"}


def _check(answer: httpx.Response, status: int) -> str:
    found = answer.json()
    assert answer.status_code == status, answer.text
    assert set(found) == KEYS
    assert found["status"] == str(status)
    assert found["errorCode"] == CODES[status]
    assert all(isinstance(value, str) for value in found.values())
    return str(found["message"])


@pytest.mark.parametrize("place", ["/api/v1/nothing", "/api/internal/nothing/at/all"])
def test_what_is_not_there_is_told_in_their_words(house: House, place: str) -> None:
    with house.client(house.people.alice) as alice:
        assert place in _check(alice.get(place), 404)
        assert set(alice.get("/api/v3/nothing").json()) == {"message"}


def test_a_browser_is_told_the_same(house: House) -> None:
    with house.stranger() as guest:
        _check(guest.get("/api/v1/nothing", headers={"accept": "text/html"}), 404)


def test_they_know_400_and_422_where_we_have_more() -> None:
    told = {
        errors.Invalid("x"): (400, 422),
        errors.TooLarge("x"): (422, 413),
        errors.Malformed("x"): (422, 422),
        errors.UnknownFormat("x"): (422, 404),
        errors.NotFound("x"): (404, 404),
        errors.Unauthenticated("x"): (401, 401),
        errors.NotAllowed("x"): (403, 403),
        errors.Unavailable("x"): (503, 503),
    }
    for error, (theirs, ours) in told.items():
        assert status_of(error, "/api/v1/info") == theirs
        assert status_of(error, "/api/v3/formats") == ours
