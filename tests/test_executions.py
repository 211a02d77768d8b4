"""Runs that are asked for: started once, watched, given up, and ended by their reports."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from assay import executions, rounds
from assay.auth import Caller
from assay.errors import Invalid, NotExecutable, TooMany
from assay.settings import Settings
from assay.store import Stores, open_stores
from assay.store.catalog import executions as rows
from assay.store.catalog import profiles
from assay.store.catalog.executions import Execution, ExecutionState
from assay.store.catalog.profiles import Kind
from assay.workspace import origins
from assay.workspace.origins import WantedJob
from support.listener import Listener, listening
from support.people import NOW, People, Person

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
MADE = {"id": 41, "iid": 9, "status": "running", "web_url": "https://gitlab.example/p/41"}


@pytest.fixture
def settings(catalog_url: str, tmp_path: Path) -> Settings:
    return Settings(data=tmp_path, catalog=catalog_url, webhooks="any")


@pytest.fixture
def stores(settings: Settings, people: People) -> Iterator[Stores]:
    with_people = open_stores(settings)
    yield with_people
    with_people.close()


def give_job(stores: Stores, alice: Person, at: str, schedule: str = "") -> None:
    config = {"url": at, "project": "team/shop", "token": "glpat-x"}
    wanted = WantedJob("gitlab", config, {"BROWSER": "firefox"}, schedule)
    with stores.catalog.write() as conn:
        origins.set_job(conn, who(alice), alice.profile.id, wanted, NOW)


def who(person: Person) -> Caller:
    return person.caller()


def ask(stores: Stores, alice: Person, now: datetime = NOW) -> Execution:
    with stores.catalog.write() as conn:
        profile = profiles.get(conn, alice.profile.id)
        assert profile is not None
        return executions.ask_for(conn, profile, user=alice.user.id, parameters=None, now=now)


def see(stores: Stores, asked: Execution) -> Execution:
    with stores.catalog.read() as conn:
        found = rows.get(conn, asked.id)
    assert found is not None
    return found


def at(stores: Stores, settings: Settings, asked: Execution, now: datetime) -> Execution:
    """How it stands after everything that was due then."""
    executions.advance(stores, settings, now)
    return see(stores, asked)


def calls(it: Listener) -> list[str]:
    return [each.method for each in it.heard]


def test_a_job_is_started_once_and_looked_at_ever_less_often(
    stores: Stores, settings: Settings, alice: Person
) -> None:
    with listening((201, MADE), (200, MADE)) as it:
        give_job(stores, alice, it.url)
        asked = ask(stores, alice)
        assert asked.state is ExecutionState.WAITING
        begun = at(stores, settings, asked, NOW)
        assert (begun.state, begun.url) == (ExecutionState.RUNNING, MADE["web_url"])
        assert begun.known == {"pipeline": "41", "build": "9"}
        assert begun.due_at == NOW + 5 * SECOND
        assert at(stores, settings, asked, NOW + 2 * SECOND).due_at == NOW + 5 * SECOND
        assert calls(it) == ["POST"]
        after = NOW + 10 * MINUTE
        assert at(stores, settings, asked, after).due_at == after + 30 * SECOND
        later = NOW + 60 * MINUTE
        assert at(stores, settings, asked, later).due_at == later + MINUTE
    assert calls(it) == ["POST", "GET", "GET"]


def test_a_job_that_ended_has_some_minutes_for_its_report(
    stores: Stores, settings: Settings, alice: Person
) -> None:
    with listening((201, MADE), (200, MADE | {"status": "success"})) as it:
        give_job(stores, alice, it.url)
        asked = ask(stores, alice)
        at(stores, settings, asked, NOW)
        seen = at(stores, settings, asked, NOW + MINUTE)
        assert seen.state is ExecutionState.RUNNING
        assert seen.message == "The job has ended: success. Its report is waited for."
        assert at(stores, settings, asked, NOW + 3 * MINUTE).ended_at is None
        done = at(stores, settings, asked, NOW + 7 * MINUTE)
    assert done.state is ExecutionState.FAILED
    assert done.message.startswith("The job ended (success), and sent no report here.")
    assert done.ended_at == NOW + 7 * MINUTE


def test_a_job_that_cannot_be_started_yet_is_tried_for_ten_minutes(
    stores: Stores, settings: Settings, alice: Person
) -> None:
    give_job(stores, alice, "http://127.0.0.1:9")
    asked = ask(stores, alice)
    seen = at(stores, settings, asked, NOW)
    assert (seen.state, seen.due_at) == (ExecutionState.WAITING, NOW + 10 * SECOND)
    assert "127.0.0.1 cannot be reached" in seen.message
    assert at(stores, settings, asked, NOW + 4 * MINUTE).due_at == NOW + 8 * MINUTE
    given_up = at(stores, settings, asked, NOW + 11 * MINUTE)
    assert given_up.state is ExecutionState.FAILED
    assert given_up.message.startswith("GitLab did not start the job.")


def test_a_refusal_ends_it_at_once(stores: Stores, settings: Settings, alice: Person) -> None:
    with listening((404, b"404 Project Not Found")) as it:
        give_job(stores, alice, it.url)
        seen = at(stores, settings, ask(stores, alice), NOW)
    assert seen.state is ExecutionState.FAILED
    assert "There is no such project, or the token may not see it" in seen.message


def test_a_call_without_an_answer_is_not_made_again(
    stores: Stores, settings: Settings, alice: Person
) -> None:
    with listening((0, b"")) as it:
        give_job(stores, alice, it.url)
        asked = ask(stores, alice)
        seen = at(stores, settings, asked, NOW)
        assert seen.state is ExecutionState.RUNNING
        assert seen.message.startswith("Whether GitLab has started the job is not known.")
        seen = at(stores, settings, asked, NOW + 30 * MINUTE)
        assert seen.message.startswith("Whether GitLab has started the job is not known.")
    assert calls(it) == ["POST"]


def test_a_server_that_died_in_the_call_does_not_make_it_again(
    stores: Stores, settings: Settings, alice: Person
) -> None:
    with listening((201, MADE)) as it:
        give_job(stores, alice, it.url)
        asked = ask(stores, alice)
        with stores.catalog.write() as conn:
            [taken] = rows.claim(conn, now=NOW, lease=executions.LEASE, limit=1)
            rows.change(conn, taken, state=ExecutionState.STARTING.value)
        assert at(stores, settings, asked, NOW + MINUTE).state is ExecutionState.STARTING
        seen = at(stores, settings, asked, NOW + executions.LEASE)
        assert seen.state is ExecutionState.RUNNING
        assert "is not known" in seen.message
    assert it.heard == []


def test_two_servers_start_it_once(stores: Stores, settings: Settings, alice: Person) -> None:
    other = open_stores(settings.model_copy(update={"results": "duckdb:///:memory:"}))
    with listening((201, MADE)) as it:
        give_job(stores, alice, it.url)
        asked = [ask(stores, alice) for _ in range(6)]
        servers = [
            Thread(target=executions.advance, args=(each, settings, NOW))
            for each in (stores, other)
        ]
        for each in servers:
            each.start()
        for each in servers:
            each.join()
        assert len(it.heard) == len(asked)
        assert {see(stores, each).state for each in asked} == {ExecutionState.RUNNING}
    other.close()


def test_what_cannot_be_asked_is_said_and_asked_again(
    stores: Stores, settings: Settings, alice: Person
) -> None:
    with listening((201, MADE), (401, b"expired"), (200, MADE)) as it:
        give_job(stores, alice, it.url)
        asked = ask(stores, alice)
        at(stores, settings, asked, NOW)
        seen = at(stores, settings, asked, NOW + MINUTE)
        assert seen.message.startswith("GitLab cannot be asked how the job stands. 401")
        assert at(stores, settings, asked, NOW + 2 * MINUTE).message == ""


def test_it_is_given_up_in_the_end(stores: Stores, settings: Settings, alice: Person) -> None:
    with listening((201, MADE), (200, MADE)) as it:
        give_job(stores, alice, it.url)
        asked = ask(stores, alice)
        at(stores, settings, asked, NOW)
        seen = at(stores, settings, asked, NOW + timedelta(seconds=settings.execution_seconds))
    assert seen.state is ExecutionState.FAILED
    assert seen.message.startswith("No report came within 2 hours. Look at the job in GitLab")


def test_a_job_that_is_taken_away_is_not_started(
    stores: Stores, settings: Settings, alice: Person
) -> None:
    with listening((201, MADE)) as it:
        give_job(stores, alice, it.url)
        asked = ask(stores, alice)
        with stores.catalog.write() as conn:
            origins.remove_job(conn, who(alice), alice.profile.id, NOW)
        assert at(stores, settings, asked, NOW).state is ExecutionState.FAILED
        assert it.heard == []
    with pytest.raises(NotExecutable):
        ask(stores, alice)


def test_no_more_than_some_are_asked_for_at_once(stores: Stores, alice: Person) -> None:
    give_job(stores, alice, "http://127.0.0.1:9")
    for _ in range(executions.MOST_OPEN):
        ask(stores, alice)
    with pytest.raises(TooMany):
        ask(stores, alice)


def test_a_schedule_starts_it_when_it_comes_round_and_makes_up_for_one(
    stores: Stores, settings: Settings, alice: Person
) -> None:
    give_job(stores, alice, "http://127.0.0.1:9", "daily 02:00")
    tomorrow = NOW.replace(hour=2, minute=0) + timedelta(days=1)
    rounds.go_round(stores, settings, tomorrow - SECOND)
    assert asked_for(stores, alice) == []
    rounds.go_round(stores, settings, tomorrow + timedelta(days=3, minutes=5))
    [made] = asked_for(stores, alice)
    assert (made.user_id, made.parameters) == (None, {"BROWSER": "firefox"})
    with stores.catalog.read() as conn:
        profile = profiles.get(conn, alice.profile.id)
    assert profile is not None
    assert profile.due_at == tomorrow + timedelta(days=4)


def test_a_schedule_passes_over_while_an_earlier_run_goes_on(
    stores: Stores, settings: Settings, alice: Person
) -> None:
    give_job(stores, alice, "http://127.0.0.1:9", "hourly")
    for hours in (1, 2, 3):
        rounds.go_round(stores, settings, NOW + timedelta(hours=hours))
    assert len(asked_for(stores, alice)) == 1


def test_two_servers_go_round_once(stores: Stores, settings: Settings, alice: Person) -> None:
    give_job(stores, alice, "http://127.0.0.1:9", "hourly")
    with stores.catalog.read() as conn:
        [due] = profiles.due(conn, NOW + timedelta(hours=1), limit=5)
    with stores.catalog.write() as conn:
        assert profiles.pass_on(conn, due, NOW + timedelta(hours=2))
    with stores.catalog.write() as conn:
        assert not profiles.pass_on(conn, due, NOW + timedelta(hours=2))


def test_a_profile_without_its_job_comes_round_no_more(
    stores: Stores, settings: Settings, alice: Person
) -> None:
    give_job(stores, alice, "http://127.0.0.1:9", "hourly")
    with stores.catalog.write() as conn:
        origins.remove_job(conn, who(alice), alice.profile.id, NOW)
        profile = profiles.get(conn, alice.profile.id)
    assert profile is not None
    assert (profile.kind, profile.due_at, profile.setup) == (Kind.PASSIVE, None, {})


def asked_for(stores: Stores, alice: Person) -> list[Execution]:
    with stores.catalog.read() as conn:
        return rows.of_profile(conn, alice.profile.id, limit=50)


def test_a_token_is_not_sent_to_another_address(stores: Stores, alice: Person) -> None:
    give_job(stores, alice, "https://gitlab.example.org")
    known = {"project": "team/other", "token": ""}

    def change(url: str, **more: str) -> Any:
        wanted = WantedJob("gitlab", known | {"url": url} | more, {})
        with stores.catalog.write() as conn:
            origins.set_job(conn, who(alice), alice.profile.id, wanted, NOW)
            return profiles.get(conn, alice.profile.id)

    changed = change("https://gitlab.example.org/")
    assert changed.setup["job"]["config"]["token"] == "glpat-x"
    for other in (
        "https://evil.example",
        "http://gitlab.example.org",
        "https://gitlab.example.org:8",
    ):
        with pytest.raises(Invalid, match="has to be typed again") as caught:
            change(other)
        assert caught.value.field == "token"
    assert (
        change("https://new.example", token="glpat-y").setup["job"]["config"]["token"] == "glpat-y"
    )


@pytest.mark.parametrize(
    ("parameters", "said"),
    [({"a b": "1"}, "cannot be a parameter's name"), ({"ASSAY_EXECUTION": "1"}, "set by Assay"),
     ({"assay_url": "x"}, "set by Assay"), ({"A": "x" * 2001}, "longer than"),
     ({f"A{n}": "" for n in range(51)}, "at most")],
)  # fmt: skip
def test_parameters_that_no_job_takes_are_refused(
    stores: Stores, alice: Person, parameters: dict[str, str], said: str
) -> None:
    give_job(stores, alice, "http://127.0.0.1:9")
    with stores.catalog.read() as conn:
        profile = profiles.get(conn, alice.profile.id)
    assert profile is not None
    with stores.catalog.write() as conn, pytest.raises(Invalid, match=said):
        executions.ask_for(conn, profile, user=None, parameters=parameters, now=NOW)
