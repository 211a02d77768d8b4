"""Jobs through the door: a run is asked for, started elsewhere, and done when its report is in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from assay.store.catalog import Catalog, keys, open_catalog, profiles
from assay.store.catalog.keys import Scope
from assay.store.catalog.members import Role
from support import people as settlers
from support.house import House, given, upload
from support.listener import Listener, listening
from support.mailbox import until
from support.people import NOW, Person, join
from support.server import Server, ended

MADE = {"id": 41, "iid": 9, "status": "running", "web_url": "https://gitlab.example/p/41"}
UUID = "00000000-0000-0000-0000-00000000000a"


@pytest.fixture(scope="module")
def works(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A server that may call this machine."""
    running = Server(tmp_path_factory.mktemp("works") / "data", webhooks="any", knows_itself=True)
    with closing(open_catalog(running.settings.catalog_url)) as catalog:
        catalog.migrate()
        people = settlers.settle(catalog)
    running.start()
    yield House(running, people)
    running.stop()


@pytest.fixture
def gitlab() -> Iterator[Listener]:
    with listening((201, MADE), (200, MADE)) as it:
        yield it


@pytest.fixture
def profile(works: House, gitlab: Listener) -> int:
    """One with a job in that GitLab."""
    number = works.new_profile(works.people.alice, "Nightly")
    with works.client(works.people.alice) as client:
        answer = client.put(f"/api/v3/profiles/{number}/job", json=job(gitlab.url))
        assert answer.status_code == 200, answer.text
    return number


def job(url: str, **other: Any) -> dict[str, Any]:
    config = {"url": url, "project": "team/shop", "token": "glpat-x"}
    return {"runner": "gitlab", "config": config, "parameters": {"BROWSER": "firefox"}} | other


def run(house: House, profile: int, **parameters: str) -> dict[str, Any]:
    """A run that has been started."""
    with house.client(house.people.bob) as client:
        body = {"parameters": parameters} if parameters else None
        answer = client.post(f"/api/v3/profiles/{profile}/executions", json=body)
    assert answer.status_code == 201, answer.text
    return until(lambda: see(house, answer.json()["id"]), lambda it: it["state"] == "running")


def see(house: House, number: str) -> dict[str, Any]:
    with house.client(house.people.alice) as client:
        found: dict[str, Any] = client.get(f"/api/v3/executions/{number}").json()
    return found


def test_a_run_is_done_when_its_report_is_here(
    works: House, profile: int, gitlab: Listener
) -> None:
    asked = run(works, profile, BROWSER="webkit")
    told = {each["key"]: each["value"] for each in json.loads(gitlab.heard[0].body)["variables"]}
    assert told == {
        "BROWSER": "webkit",
        "ASSAY_EXECUTION": asked["id"],
        "ASSAY_PROFILE": str(profile),
        "ASSAY_URL": works.server.url,
    }
    assert (asked["job_url"], asked["user_id"]) == (MADE["web_url"], works.people.bob.user.id)
    with works.client(works.people.alice) as client:
        report = given(client, profile, execution=asked["id"])
    done = see(works, asked["id"])
    assert (done["state"], done["report_id"]) == ("done", report["id"])
    assert done["url"].endswith(f"/reports/{report['id']}")
    assert "execution" not in json.dumps(report["tags"])


@pytest.mark.parametrize(
    "options",
    [{"tags": "execution:{}"}, {"tags": "ASSAY_EXECUTION:{}"}, {"execution": "{}"}],
    ids=["tag", "variable", "option"],
)
def test_a_report_that_names_a_run_is_that_runs(
    works: House, profile: int, options: dict[str, str]
) -> None:
    first, second = run(works, profile), run(works, profile)
    named = {name: value.format(second["id"]) for name, value in options.items()}
    with works.client(works.people.alice) as client:
        report = given(client, profile, **named)
        assert see(works, second["id"])["report_id"] == report["id"]
        assert see(works, first["id"])["state"] == "running"
        given(client, profile, execution=UUID)
        assert see(works, first["id"])["state"] == "running"
        again = given(client, profile, execution=second["id"])
    assert again["id"] != see(works, second["id"])["report_id"] == report["id"]


def test_a_report_that_names_none_is_the_oldest_ones(works: House, profile: int) -> None:
    first, second = run(works, profile), run(works, profile)
    with works.client(works.people.alice) as client:
        report = given(client, profile)
        assert see(works, first["id"])["report_id"] == report["id"]
        assert see(works, second["id"])["state"] == "running"
        of_another_build = given(client, profile, build="77")
        assert see(works, second["id"])["state"] == "running"
        mine = given(client, profile, build="9")
    assert see(works, second["id"])["report_id"] == mine["id"] != of_another_build["id"]


def test_a_report_that_cannot_be_read_ends_its_run(works: House, profile: int) -> None:
    asked = run(works, profile)
    with works.client(works.people.alice) as client:
        page = ("r.xml", b"<html>502</html>")
        ended(client, upload(client, profile, page, execution=asked["id"]).json())
    failed = see(works, asked["id"])
    assert failed["state"] == "failed"
    assert failed["message"].startswith("Its report could not be read. No file of this upload")


def test_who_no_longer_waits_can_still_get_the_report(works: House, profile: int) -> None:
    asked = run(works, profile)
    with works.client(works.people.bob) as client:
        assert client.delete(f"/api/v3/executions/{asked['id']}").status_code == 204
        assert see(works, asked["id"])["message"].startswith("Bob stopped waiting for it.")
        given(client, profile)
        assert see(works, asked["id"])["report_id"] is None
        late = given(client, profile, execution=asked["id"])
    assert see(works, asked["id"])["report_id"] == late["id"]


def test_what_was_asked_for_is_listed(works: House, profile: int) -> None:
    asked = [run(works, profile)["id"] for _ in range(2)]
    with works.client(works.people.alice) as client:
        found = client.get(f"/api/v3/profiles/{profile}/executions").json()["items"]
    assert [each["id"] for each in found] == asked[::-1]


def test_a_job_is_shown_without_its_token(works: House, profile: int, gitlab: Listener) -> None:
    with works.client(works.people.bob) as client:
        shown = client.get(f"/api/v3/profiles/{profile}/job")
        assert "glpat" not in shown.text
        assert shown.json()["where"] == "127.0.0.1: team/shop @ main"
        timed = job(gitlab.url, schedule="Daily 2:00")
        timed["config"]["token"] = ""
        changed = client.put(f"/api/v3/profiles/{profile}/job", json=timed).json()
        assert changed["schedule"] == "daily 02:00"
        assert changed["due_at"].endswith("T02:00:00Z")
        hook = {"runner": "webhook", "config": {"url": "https://ci.example.org/run"}}
        made = client.put(f"/api/v3/profiles/{profile}/job", json=hook).json()
        assert made["secrets"]["secret"].startswith("whsec_")
        assert "whsec_" not in client.get(f"/api/v3/profiles/{profile}/job").text
        kept = client.put(f"/api/v3/profiles/{profile}/job", json=hook).json()
        assert kept["secrets"] == {}
        assert client.delete(f"/api/v3/profiles/{profile}/job").status_code == 204
        assert client.get(f"/api/v3/profiles/{profile}/job").status_code == 404
        assert client.post(f"/api/v3/profiles/{profile}/executions").status_code == 422


def test_a_job_can_be_tried_without_being_started(works: House, profile: int) -> None:
    seen = (200, {"path_with_namespace": "team/shop"})
    with listening(seen, (401, b"no")) as it, works.client(works.people.bob) as client:
        client.put(f"/api/v3/profiles/{profile}/job", json=job(it.url))
        tried = client.post(f"/api/v3/profiles/{profile}/job/test")
        assert tried.json() == {"message": "The token sees the project team/shop"}
        refused = client.post(f"/api/v3/profiles/{profile}/job/test")
    assert refused.status_code == 502
    assert refused.json()["message"] == "401 Unauthorized: no. The token is not valid any more"


@pytest.mark.parametrize(
    ("wanted", "field"),
    [({"runner": "bamboo", "config": {}}, "runner"),
     ({"runner": "gitlab", "config": {}}, "project"),
     (job("https://x", schedule="now and then"), "schedule"),
     (job("https://x", parameters={"a b": ""}), "parameters")],
)  # fmt: skip
def test_a_job_that_cannot_be_is_refused(
    works: House, profile: int, wanted: dict[str, Any], field: str
) -> None:
    with works.client(works.people.alice) as client:
        answer = client.put(f"/api/v3/profiles/{profile}/job", json=wanted)
    assert (answer.status_code, answer.json()["field"]) == (422, field)


def catalog_of(house: House) -> closing[Catalog]:
    return closing(open_catalog(house.server.settings.catalog_url))


def key_of(house: House, person: Person, *scopes: Scope) -> str:
    with catalog_of(house) as catalog, catalog.write() as conn:
        return keys.make(conn, user=person.user.id, name="k", scopes=scopes, now=NOW)[1]


def test_whoever_may_import_may_run_and_nobody_else(works: House, profile: int) -> None:
    with catalog_of(works) as catalog, catalog.write() as conn:
        dora = join(conn, works.people.alice, "Dora", Role.READ_ONLY)
    path = f"/api/v3/profiles/{profile}"
    asked = run(works, profile)
    with works.client(dora) as client:
        assert client.post(f"{path}/executions").status_code == 403
        assert client.get(f"{path}/executions").status_code == 200
        assert client.get(f"/api/v3/executions/{asked['id']}").status_code == 200
        assert client.delete(f"/api/v3/executions/{asked['id']}").status_code == 403
        assert client.get(f"{path}/job").status_code == 403
        assert client.put(f"{path}/job", json=job("https://x")).status_code == 403
    with works.server.client(key_of(works, works.people.bob, Scope.IMPORT)) as machine:
        made = machine.post(f"{path}/executions")
        assert made.status_code == 201
        assert machine.get(f"/api/v3/executions/{made.json()['id']}").status_code == 200
        assert machine.get(f"{path}/executions").status_code == 403
        assert machine.get(f"{path}/job").status_code == 403
    with works.client(works.people.charlie) as client:
        assert client.get(f"/api/v3/executions/{asked['id']}").status_code == 404


def uuid_of(house: House, profile: int) -> str:
    with catalog_of(house) as catalog, catalog.read() as conn:
        found = profiles.get(conn, profile)
    assert found is not None
    return found.uuid


@pytest.mark.parametrize("place", ["{}", "Applications/Web/{}"])
def test_xl_releases_task_runs_a_test_specification(
    works: House, profile: int, gitlab: Listener, place: str
) -> None:
    name = place.format(uuid_of(works, profile))
    alice = works.people.alice
    with works.server.client(auth=(alice.email, alice.password)) as client:
        answer = client.post(f"/api/internal/execute/{name}", json={"id": name})
        assert answer.status_code == 200
        task = answer.json()
        assert set(task) == {"taskId"}
        assert until(lambda: see(works, task["taskId"]), lambda it: it["state"] == "running")


def test_its_older_clients_send_a_command_that_nobody_runs(
    works: House, profile: int, gitlab: Listener
) -> None:
    body = {"commandLine": "rm -rf /", "parameters": {"DEPTH": 3, "FAST": True}}
    with works.client(works.people.alice) as client:
        path = f"/api/internal/execute/{uuid_of(works, profile)}"
        answer = client.post(path, json=body).json()
        assert answer["message"].startswith("commandLine is ignored")
        until(lambda: gitlab.heard, bool)
        said = json.loads(gitlab.heard[0].body)["variables"]
        assert {"key": "DEPTH", "value": "3"} in said
        assert {"key": "FAST", "value": "true"} in said
        refused = client.post(path, json={"parameters": ["DEPTH"]})
    assert (refused.status_code, set(refused.json())) == (400, {"message", "status", "errorCode"})


def test_what_has_no_job_is_not_processable_there(works: House, profile: int) -> None:
    passive = uuid_of(works, works.people.alice.profile.id)
    with works.client(works.people.alice) as client:
        answer = client.post(f"/api/internal/execute/{passive}", json={"id": passive})
        assert answer.status_code == 422
        assert "has no job that could be started" in answer.json()["message"]
        assert client.post(f"/api/internal/execute/{UUID}", json={}).status_code == 404
    with works.client(works.people.charlie) as client:
        mine = uuid_of(works, profile)
        assert client.post(f"/api/internal/execute/{mine}", json={}).status_code == 404


def test_the_runners_say_what_they_need(works: House) -> None:
    with works.client(works.people.charlie) as client:
        found = client.get("/api/v3/runners").json()["items"]
    assert [each["runner"] for each in found] == ["gitlab", "github", "jenkins", "webhook"]
    fields = {each["name"]: each["secret"] for each in found[0]["fields"]}
    assert fields == {"url": False, "project": False, "ref": False, "token": True}
