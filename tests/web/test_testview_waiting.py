"""A long import at XL TestView's API: who waits hears of it, or is answered while it goes on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assay.store.catalog import open_catalog
from support import people as settlers
from support.house import House, upload
from support.server import Server
from support.testview_wire import (
    PLUGIN,
    RESULTS,
    Target,
    plugin_body,
    post,
    reports_of,
    specification,
    who,
    zipped,
)

CASES = b"".join(
    b'<testcase classname="a.B" name="t%d"><failure/></testcase>' % n for n in range(60_000)
)
LONG = b'<testsuite name="long">' + CASES + b"</testsuite>"
"""What keeps the only worker busy for a second or two."""


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A server with one worker, in a hurry to tell that it is slow."""
    data = tmp_path_factory.mktemp("slow") / "data"
    settings = {"parsers": 1, "heartbeat_seconds": 0.05, "patience_seconds": 0.1}
    running = Server(data, **settings)
    catalog = open_catalog(running.settings.catalog_url)
    catalog.migrate()
    people = settlers.settle(catalog)
    catalog.close()
    running.start()
    yield House(running, people)
    running.stop()


@pytest.fixture
def behind(slow: House) -> Target:
    """A profile whose imports wait behind a long one."""
    alice = slow.people.alice
    with slow.client(alice) as client:
        assert upload(client, alice.profile.id, ("long.xml", LONG)).status_code == 201
    return specification(slow, alice, "waits", tool="xlt.JUnit")


def test_who_waits_hears_that_it_goes_on_until_the_report_is_there(
    slow: House, behind: Target
) -> None:
    alice = slow.people.alice
    body = plugin_body(PLUGIN, zipped(RESULTS))
    answer = post(slow, behind.internal, body, who=who(alice), chunk=4_096)
    assert answer.status == 200
    assert len(answer.interim) > 2
    assert set(answer.interim) == {100}
    assert [each["uuid"] for each in reports_of(slow, alice, behind)] == answer.json()["testRunId"]


def test_behind_a_proxy_the_answer_comes_before_the_report(slow: House, behind: Target) -> None:
    alice = slow.people.alice
    body = plugin_body(PLUGIN, zipped(RESULTS))
    answer = post(slow, behind.internal, body, who=who(alice), x_forwarded_for="10.0.0.1")
    assert answer.status == 200
    (uuid,) = answer.json()["testRunId"]
    again = post(slow, behind.internal, body, who=who(alice))
    assert again.status == 304
    while not (found := reports_of(slow, alice, behind)):
        pass
    assert [each["uuid"] for each in found] == [uuid]


def test_a_failure_is_told_however_long_it_took(slow: House, behind: Target) -> None:
    body = plugin_body(PLUGIN, zipped({"TEST-a.xml": LONG[:-20]}))
    answer = post(slow, behind.internal, body, who=who(slow.people.alice))
    assert answer.status == 422
    assert answer.interim
    assert "TEST-a.xml" in answer.json()["message"]
