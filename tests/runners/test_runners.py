"""What each runner says to the other side, and what it makes of the answers."""

from __future__ import annotations

import hmac
import json
from base64 import b64decode, b64encode
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from assay.errors import Invalid, Undeliverable
from assay.notify.channel import Carrier, read_config
from assay.runners import RUNNERS, by_name
from assay.runners.runner import Order, Seen, Stage, Started
from assay.settings import Settings, Webhooks
from support.listener import Listener, listening

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SECRET = "whsec_" + b64encode(b"k" * 32).decode()
ORDER = Order(
    "11111111-2222-3333-4444-555555555555",
    7,
    "Web UI",
    "https://assay.example.org",
    NOW,
    {"BROWSER": "firefox"},
)
TOLD = {
    "BROWSER": "firefox",
    "ASSAY_EXECUTION": ORDER.id,
    "ASSAY_PROFILE": "7",
    "ASSAY_URL": "https://assay.example.org",
}
FIELDS: dict[str, dict[str, str]] = {
    "gitlab": {"url": "{}", "project": "team/shop", "ref": "main", "token": "glpat-x"},
    "github": {
        "url": "{}/api/v3",
        "repository": "acme/shop",
        "workflow": "tests.yml",
        "ref": "main",
        "token": "github_pat_x",
    },
    "jenkins": {"url": "{}/job/team/job/web/", "user": "ada", "token": "11ff"},
    "webhook": {"url": "{}/run", "secret": SECRET},
}


def carrier(webhooks: Webhooks = "any") -> Carrier:
    return Carrier(Settings(webhooks=webhooks), "execution:1", NOW)


def place(name: str, at: str, **other: str) -> Any:
    given = {key: value.format(at) for key, value in (FIELDS[name] | other).items()}
    return by_name(name).config(**read_config(by_name(name), given))


def start(name: str, at: Listener, **other: str) -> Started:
    return by_name(name).start(ORDER, place(name, at.url, **other), carrier())


def look(name: str, at: Listener, known: dict[str, str], **other: str) -> Seen:
    ask = by_name(name).look
    assert ask is not None
    return ask(ORDER, known, place(name, at.url, **other), carrier())


def test_gitlab_creates_a_pipeline_and_is_asked_how_it_stands() -> None:
    made = {"id": 41, "iid": 9, "status": "created", "web_url": "https://gitlab/x/-/pipelines/41"}
    with listening(
        (201, made), (200, made | {"status": "running"}), (200, made | {"status": "failed"})
    ) as it:
        assert start("gitlab", it) == Started({"pipeline": "41", "build": "9"}, made["web_url"])
        assert look("gitlab", it, {"pipeline": "41"}).stage is Stage.RUNNING
        ended = look("gitlab", it, {"pipeline": "41"})
    assert (ended.stage, ended.good, ended.words) == (Stage.ENDED, False, "failed")
    begun, asked, _ = it.heard
    assert (begun.method, begun.path) == ("POST", "/api/v4/projects/team%2Fshop/pipeline")
    assert begun.headers["private-token"] == "glpat-x"
    said = json.loads(begun.body)
    assert said["ref"] == "main"
    assert {each["key"]: each["value"] for each in said["variables"]} == TOLD
    assert (asked.method, asked.path) == ("GET", "/api/v4/projects/team%2Fshop/pipelines/41")


def test_gitlab_is_only_triggered_with_a_trigger_token() -> None:
    with listening((201, {"id": 41, "status": "created"})) as it:
        assert start("gitlab", it, token="glptt-x").known["pipeline"] == "41"
        assert look("gitlab", it, {"pipeline": "41"}, token="glptt-x").stage is Stage.UNKNOWN
    [begun] = it.heard
    assert begun.path == "/api/v4/projects/team%2Fshop/trigger/pipeline"
    assert json.loads(begun.body) == {"token": "glptt-x", "ref": "main", "variables": TOLD}
    assert "private-token" not in begun.headers


RUN = {
    "id": 30433642,
    "status": "in_progress",
    "conclusion": None,
    "html_url": "https://github.com/acme/shop/actions/runs/30433642",
    "run_number": 562,
    "created_at": "2026-03-02T09:30:04Z",
    "display_title": "Tests",
}


def test_github_dispatches_a_workflow_and_finds_the_run_that_began() -> None:
    ended = RUN | {"status": "completed", "conclusion": "success"}
    with listening(
        (204, b""), (200, {"workflow_runs": []}), (200, {"workflow_runs": [RUN]}), (200, ended)
    ) as it:
        assert start("github", it) == Started()
        assert look("github", it, {}).stage is Stage.UNKNOWN
        seen = look("github", it, {})
        assert (seen.stage, seen.known) == (Stage.RUNNING, {"run": "30433642", "build": "562"})
        assert look("github", it, seen.known).good
    begun, listed, _, asked = it.heard
    assert begun.path == "/api/v3/repos/acme/shop/actions/workflows/tests.yml/dispatches"
    assert begun.headers["authorization"] == "Bearer github_pat_x"
    inputs = {"BROWSER": "firefox", "ASSAY_EXECUTION": ORDER.id}
    assert json.loads(begun.body) == {"ref": "main", "inputs": inputs}
    query = parse_qs(listed.path.partition("?")[2])
    assert query["event"] == ["workflow_dispatch"]
    assert query["created"] == [">=2026-03-02T09:29:50Z"]
    assert asked.path == "/api/v3/repos/acme/shop/actions/runs/30433642"


def test_github_is_not_guessed_at_where_two_runs_began() -> None:
    mine = RUN | {"id": 2, "display_title": f"Tests for {ORDER.id}"}
    with listening(
        (200, {"workflow_runs": [RUN, RUN | {"id": 3}]}), (200, {"workflow_runs": [RUN, mine]})
    ) as it:
        assert look("github", it, {}).stage is Stage.UNKNOWN
        assert look("github", it, {}).known["run"] == "2"


def test_github_may_tell_the_run_at_once() -> None:
    told = {"workflow_run_id": 5, "html_url": "https://github.com/acme/shop/actions/runs/5"}
    with listening((200, told)) as it:
        assert start("github", it) == Started({"run": "5"}, told["html_url"])


def test_jenkins_queues_a_build_that_gets_a_number_later() -> None:
    item = {"location": "https://elsewhere.example/queue/item/88/"}
    page = "https://jenkins/job/team/job/web/12/"
    answers: list[tuple[Any, ...]] = [
        (201, b"", item),
        (200, {"why": "Waiting for an executor", "cancelled": False}),
        (200, {"executable": {"number": 12, "url": page}}),
        (200, {"building": True, "result": None, "url": page}),
        (200, {"building": False, "result": "UNSTABLE", "url": page}),
    ]
    with listening(*answers) as it:
        known = start("jenkins", it).known
        assert known == {"item": "88"}
        waits = look("jenkins", it, known)
        assert (waits.stage, waits.words) == (Stage.RUNNING, "Waiting for an executor")
        known = look("jenkins", it, known).known
        assert look("jenkins", it, known).stage is Stage.RUNNING
        ended = look("jenkins", it, known)
    assert (ended.stage, ended.good, ended.words, ended.url) == (
        Stage.ENDED,
        False,
        "unstable",
        page,
    )
    begun, queued, _, built, _ = it.heard
    assert (begun.method, begun.path) == ("POST", "/job/team/job/web/buildWithParameters")
    assert begun.headers["authorization"] == f"Basic {b64encode(b'ada:11ff').decode()}"
    assert {name: value for name, [value] in parse_qs(begun.body.decode()).items()} == TOLD
    assert queued.path == "/queue/item/88/api/json"
    assert built.path == "/job/team/job/web/12/api/json?tree=building,result,url"


def test_a_build_that_was_cancelled_in_the_queue_has_ended() -> None:
    with listening((200, {"cancelled": True}), (404, b"gone")) as it:
        assert look("jenkins", it, {"item": "88"}).stage is Stage.ENDED
        assert look("jenkins", it, {"item": "88"}).stage is Stage.UNKNOWN


def test_a_webhook_is_signed_and_may_say_where_the_job_is_seen() -> None:
    with listening((202, {"url": "https://ci.example.org/9", "build": "9"}), (200, b"ok")) as it:
        assert start("webhook", it) == Started({"build": "9"}, "https://ci.example.org/9")
        assert start("webhook", it) == Started()
    heard = it.heard[0]
    signed = f"{heard.headers['webhook-id']}.{heard.headers['webhook-timestamp']}.".encode()
    known = hmac.digest(b64decode(SECRET.removeprefix("whsec_")), signed + heard.body, "sha256")
    assert heard.headers["webhook-signature"] == f"v1,{b64encode(known).decode()}"
    said = json.loads(heard.body)
    assert said["type"] == "execution.start"
    assert said["data"]["parameters"] == {"BROWSER": "firefox"}
    assert said["data"]["import_url"].endswith(f"/profile/7/import?execution={ORDER.id}")
    assert by_name("webhook").look is None


CHECKED: dict[str, tuple[Any, str]] = {
    "gitlab": ({"path_with_namespace": "team/shop"}, "The token sees the project team/shop"),
    "github": ({"name": "Tests", "state": "active"}, "“Tests”, which is active"),
    "jenkins": ({"buildable": False, "fullName": "team/web"}, "team/web, but it is disabled"),
    "webhook": (b"pong", "answered 200 OK: pong"),
}


@pytest.mark.parametrize("name", CHECKED)
def test_a_check_says_what_it_sees_and_starts_nothing(name: str) -> None:
    answer, said = CHECKED[name]
    with listening((200, answer)) as it:
        assert said in by_name(name).check(ORDER, place(name, it.url), carrier())
    [heard] = it.heard
    assert heard.method == ("POST" if name == "webhook" else "GET")
    if name == "webhook":
        assert json.loads(heard.body)["type"] == "test"


NAMES = [each.name for each in RUNNERS]


@pytest.mark.parametrize("name", NAMES)
def test_a_refusal_is_final_and_says_what_to_do(name: str) -> None:
    with listening((401, b"no")) as it, pytest.raises(Undeliverable) as caught:
        start(name, it)
    assert (caught.value.permanent, caught.value.perhaps) == (True, False)
    assert str(caught.value).startswith("401 Unauthorized: no. The ")


@pytest.mark.parametrize("name", NAMES)
def test_being_busy_is_not(name: str) -> None:
    with listening((503, b"later")) as it, pytest.raises(Undeliverable) as caught:
        start(name, it)
    assert (caught.value.permanent, caught.value.perhaps) == (False, False)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("answer", [(0, b""), (504, b"gateway")])
def test_without_an_answer_the_job_may_have_begun(name: str, answer: tuple[int, bytes]) -> None:
    with listening(answer) as it, pytest.raises(Undeliverable) as caught:
        start(name, it)
    assert caught.value.perhaps
    assert len(it.heard) == 1


@pytest.mark.parametrize("name", NAMES)
def test_a_redirect_is_not_followed_with_the_token(name: str) -> None:
    with listening((200, {})) as elsewhere, listening((302, elsewhere.url)) as it:
        with pytest.raises(Undeliverable, match="at another address") as caught:
            start(name, it)
        assert caught.value.permanent
        assert elsewhere.heard == []


@pytest.mark.parametrize("name", NAMES)
def test_no_job_is_where_only_this_server_can_go(name: str) -> None:
    with listening((201, {})) as it:
        with pytest.raises(Undeliverable, match="where messages may not go"):
            by_name(name).start(ORDER, place(name, it.url), carrier("private"))
        with pytest.raises(Undeliverable, match="is off"):
            by_name(name).start(ORDER, place(name, it.url), carrier("off"))
        assert it.heard == []


@pytest.mark.parametrize("name", ["gitlab", "jenkins"])
def test_a_sign_in_page_is_no_answer(name: str) -> None:
    known = {"pipeline": "1", "build": "1"}
    refused = pytest.raises(Undeliverable, match=r"not what this API gives.*Sign in")
    with listening((200, b"<html>Sign in</html>")) as it, refused:
        look(name, it, known)


def test_a_link_leads_to_the_web_or_nowhere() -> None:
    with listening((201, {"id": 1, "status": "created", "web_url": "javascript:alert(1)"})) as it:
        assert start("gitlab", it).url == ""


@pytest.mark.parametrize(
    ("name", "field", "value"),
    [("jenkins", "url", "https://jenkins.example.org/"), ("github", "repository", "shop"),
     ("gitlab", "url", "ftp://gitlab"), ("webhook", "secret", "short"), ("gitlab", "token", "")],
)  # fmt: skip
def test_what_cannot_work_is_refused_with_the_field(name: str, field: str, value: str) -> None:
    with pytest.raises(Invalid) as caught:
        place(name, "https://host.example.org", **{field: value})
    assert caught.value.field == field


def test_nobody_sees_a_token_in_what_is_printed() -> None:
    for name in NAMES:
        at = place(name, "https://host.example.org")
        secrets = {"glpat-x", "github_pat_x", "11ff", SECRET}
        assert not [each for each in secrets if each in repr(at)]


@pytest.mark.parametrize("title", [each.title for each in RUNNERS])
def test_each_runner_is_explained(title: str) -> None:
    page = (Path(__file__).parents[2] / "docs/jobs.md").read_text()
    assert f"### {title}\n" in page
