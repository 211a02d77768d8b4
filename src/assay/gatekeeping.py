"""`assay gate`: asks a server whether a report passes, and ends accordingly."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote

import click
import httpx
import msgspec
from rich.console import Console

from assay.client import POLLS, Delivery, connect, deliver, persist
from assay.errors import AssayError, Invalid, NotAllowed, Unavailable

PASSED, FAILED, UNJUDGED = 0, 1, 2
"""Exit codes. A wrong command ends with 2, too: click's."""

TIMEOUT = 600.0
"""Seconds that `assay upload --gate` waits for the verdict, once the report is read."""

CODES = {"pass": PASSED, "fail": FAILED, None: UNJUDGED}

MARKS = {True: "✓", False: "✕", None: "–"}

HINTS = {
    401: "the API key is missing or not valid (--api-key, ASSAY_API_KEY)",
    403: "the API key may not ask for this",
    404: "there is no such report or profile, or none that the key may see",
}


@dataclass(frozen=True, slots=True)
class Question:
    """Which report is meant, and how many seconds to wait for it."""

    url: str
    api_key: str
    report: int | None = None
    profile: str = ""
    branch: str = ""
    commit: str = ""
    build: str = ""
    wait: bool = False
    timeout: float = TIMEOUT


class Said(msgspec.Struct, frozen=True):
    """What a rule says of the report; None for what could not be judged."""

    rule: str
    passed: bool | None
    said: str


class Verdict(msgspec.Struct, frozen=True):
    """What the server says of the report."""

    report_id: int | None
    profile_id: int
    state: str
    waiting: bool
    gate: str | None
    reason: str
    rules: list[Said]
    url: str


def ask(question: Question, *, as_json: bool = False) -> int:
    """Print what the gate says; returns the exit code. Raises `Invalid` where no report is
    meant."""
    if not question.report and not question.profile:
        raise Invalid("Say which report: --report N, or --profile ID for its newest", "report")
    try:
        with connect(question.url, question.api_key) as client:
            found = _await(client, question, Console(stderr=True))
    except (Unavailable, NotAllowed) as error:
        return _give_up(error, as_json)
    return _conclude(found, as_json)


def upload(delivery: Delivery, *, as_json: bool = False) -> int:
    """Send the files, wait until they are judged, and print what the gate says; returns the exit
    code."""
    try:
        answer = deliver(replace(delivery, wait=True))
    except (Unavailable, NotAllowed) as error:
        return _give_up(error, as_json)
    if answer.report_import_status == "failed" or not answer.report_id:
        return _give_up(NotAllowed(f"The report could not be read: {answer.message}"), as_json)
    question = Question(delivery.url, delivery.api_key, answer.report_id, wait=True)
    return ask(question, as_json=as_json)


def _await(client: httpx.Client, question: Question, console: Console) -> Verdict:
    """The verdict, or how far it is where that is not waited for, or not long enough."""
    deadline = time.monotonic() + (question.timeout if question.wait else 0)
    looks = 0
    with console.status("waiting for the gate"):
        while True:
            found = _look(client, question, console)
            rest = deadline - time.monotonic()
            if not found.waiting or rest <= 0:
                return found
            time.sleep(min(rest, POLLS[min(looks, len(POLLS) - 1)]))
            looks += 1


def _look(client: httpx.Client, question: Question, console: Console) -> Verdict:
    """What the server says now. Raises `NotAllowed` for a refusal."""
    address, asked = _address(question)
    answer = persist(lambda: client.get(address, params=asked), console)
    if not answer.is_success:
        raise NotAllowed(_refusal(answer))
    try:
        return msgspec.json.decode(answer.content, type=Verdict)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        host = answer.url.host
        raise NotAllowed(f"{host} answers, but not as an Assay does. Is the URL right?") from error


def _address(question: Question) -> tuple[str, Mapping[str, str]]:
    if question.report:
        return f"/api/v3/reports/{question.report}/gate", {}
    named = {name: getattr(question, name) for name in ("branch", "commit", "build")}
    asked = {name: value for name, value in named.items() if value}
    return f"/api/v3/profiles/{quote(question.profile, safe='')}/gate/verdict", asked


def _refusal(answer: httpx.Response) -> str:
    if answer.has_redirect_location:
        return f"The server is at another address: {answer.headers['location']}"
    hint = HINTS.get(answer.status_code, f"{answer.status_code} {answer.reason_phrase}")
    try:
        said = str(answer.json()["message"])
    except (ValueError, KeyError, TypeError):
        said = ""
    return f"The server refused: {hint}" + (f". It says: {said}" if said else "")


def _conclude(found: Verdict, as_json: bool) -> int:
    if as_json:
        click.echo(msgspec.json.encode(found))
    else:
        for each in found.rules:
            click.echo(f"{MARKS[each.passed]} {each.rule}: {each.said}")
        click.echo(_sentence(found))
        click.echo(found.url)
    return UNJUDGED if found.waiting else CODES.get(found.gate, UNJUDGED)


def _sentence(found: Verdict) -> str:
    if found.report_id is None:
        return found.reason
    if found.waiting:
        return f"Report {found.report_id} is not judged yet: it is {found.state}"
    if found.gate == "pass":
        return f"Report {found.report_id} passes its gate"
    if found.gate == "fail":
        return f"Report {found.report_id} fails its gate: {found.reason}"
    return f"Report {found.report_id} could not be judged" + (
        f": {found.reason.removeprefix('Not judged: ')}" if found.reason else ""
    )


def _give_up(error: AssayError, as_json: bool) -> int:
    """Say what is wrong, which is no verdict."""
    if as_json:
        click.echo(msgspec.json.encode({"message": str(error)}))
    else:
        click.echo(f"Error: {error}", err=True)
    return UNJUDGED
