"""The outbox, on both databases."""

from __future__ import annotations

from datetime import datetime, timedelta

from assay.notify.mail import Mail
from assay.notify.post import post_mail
from assay.store.catalog import Catalog, deliveries
from assay.store.catalog.deliveries import Delivery, DeliveryState
from support.people import Person

LEASE = timedelta(minutes=5)
MAIL = Mail("bob@example.org", "Alice invites you", "Come in: https://assay.example/i/secret")


def put_in(catalog: Catalog, alice: Person, now: datetime, key: str = "invitation:1") -> None:
    with catalog.write() as conn:
        post_mail(conn, MAIL, key=key, now=now, company=alice.company.id)


def claim(catalog: Catalog, worker: str, now: datetime, limit: int = 10) -> list[Delivery]:
    with catalog.write() as conn:
        return deliveries.claim(conn, worker=worker, now=now, lease=LEASE, limit=limit)


def listed(catalog: Catalog, alice: Person) -> list[Delivery]:
    with catalog.read() as conn:
        return deliveries.of_company(conn, alice.company.id, limit=10)


def test_a_mail_that_is_put_in_is_due_at_once(
    catalog: Catalog, alice: Person, now: datetime
) -> None:
    put_in(catalog, alice, now)
    with catalog.read() as conn:
        assert deliveries.due(conn, now)
    [taken] = claim(catalog, "one", now)
    assert (taken.kind, taken.address, taken.title) == ("email", MAIL.to, MAIL.subject)
    assert taken.payload["mail"]["text"] == MAIL.text
    assert (taken.state, taken.tries, taken.worker) == (DeliveryState.WAITING, 1, "one")


def test_the_same_is_never_queued_twice(catalog: Catalog, alice: Person, now: datetime) -> None:
    put_in(catalog, alice, now)
    put_in(catalog, alice, now)
    put_in(catalog, alice, now, key="invitation:2")
    assert [each.key for each in listed(catalog, alice)] == ["invitation:2", "invitation:1"]


def test_one_worker_has_it_until_its_lease_runs_out(
    catalog: Catalog, alice: Person, now: datetime
) -> None:
    put_in(catalog, alice, now)
    [first] = claim(catalog, "one", now)
    assert claim(catalog, "two", now + LEASE / 2) == []
    [second] = claim(catalog, "two", now + LEASE)
    assert second.tries == 2
    with catalog.write() as conn:
        assert not deliveries.sent(conn, first, "250 OK", now + LEASE)
        assert deliveries.sent(conn, second, "250 OK", now + LEASE)
        assert not deliveries.sent(conn, second, "250 OK", now + LEASE)


def test_what_was_sent_is_forgotten_but_for_its_title(
    catalog: Catalog, alice: Person, now: datetime
) -> None:
    put_in(catalog, alice, now)
    [taken] = claim(catalog, "one", now)
    with catalog.write() as conn:
        deliveries.sent(conn, taken, "250 OK", now)
    [found] = listed(catalog, alice)
    assert (found.state, found.message, found.ended_at) == (DeliveryState.SENT, "250 OK", now)
    assert found.payload == {"title": MAIL.subject}
    with catalog.write() as conn:
        assert not deliveries.hasten(conn, found.id, now)


def test_what_was_put_off_is_due_later_and_can_be_hastened(
    catalog: Catalog, alice: Person, now: datetime
) -> None:
    put_in(catalog, alice, now)
    later = now + timedelta(hours=1)
    [taken] = claim(catalog, "one", now)
    with catalog.write() as conn:
        deliveries.put_off(conn, taken, "not just now", later)
    assert claim(catalog, "two", later - timedelta(seconds=1)) == []
    with catalog.write() as conn:
        assert deliveries.hasten(conn, taken.id, now)
    [again] = claim(catalog, "two", now)
    assert (again.tries, again.message) == (2, "not just now")


def test_what_was_given_up_is_tried_again_only_when_asked(
    catalog: Catalog, alice: Person, now: datetime
) -> None:
    put_in(catalog, alice, now)
    [taken] = claim(catalog, "one", now)
    with catalog.write() as conn:
        deliveries.give_up(conn, taken, "no such mailbox", now)
    assert claim(catalog, "two", now + timedelta(days=9)) == []
    with catalog.write() as conn:
        assert deliveries.hasten(conn, taken.id, now)
    assert len(claim(catalog, "two", now)) == 1


def test_old_ones_are_forgotten_once_they_ended(
    catalog: Catalog, alice: Person, now: datetime
) -> None:
    put_in(catalog, alice, now)
    put_in(catalog, alice, now, key="invitation:2")
    [taken] = claim(catalog, "one", now, limit=1)
    with catalog.write() as conn:
        deliveries.sent(conn, taken, "250 OK", now)
        assert deliveries.forget(conn, now) == 0
        assert deliveries.forget(conn, now + timedelta(days=1)) == 1
    assert [each.key for each in listed(catalog, alice)] == ["invitation:2"]
