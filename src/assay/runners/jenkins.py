"""Jenkins: a job with parameters (its remote access API).

A build waits in the queue first, under a number of the queue's; some minutes after it has left the
queue, that number means nothing any more.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlencode, urlsplit

import msgspec

from assay.errors import Invalid
from assay.notify import outbound
from assay.notify.channel import Carrier, secret, text
from assay.runners.runner import EXECUTION, Order, Runner, Seen, Stage, Started, read, require, web

QUEUED = re.compile(r"/queue/item/(\d+)")
HINTS = {
    400: f"The job takes no parameters: give it at least the text parameter {EXECUTION}",
    401: "The user or the token is wrong",
    403: "The user may not build this job",
    404: "There is no such job, or the user may not see it",
    405: f"The job takes no parameters: give it at least the text parameter {EXECUTION}",
    409: "The job is disabled",
}


def check_job(given: str) -> str:
    url = outbound.check_url(given).split("?")[0].rstrip("/")
    if "/job/" not in url:
        raise Invalid("it is the address of the job's page, with /job/ in it", "url")
    return url


@dataclass(frozen=True, slots=True)
class Jenkins:
    url: str = text(
        "The job's page", "Its address.", "https://jenkins.example.org/job/team/job/web", check_job
    )
    user: str = text("User", "In whose name it is built.", "assay")
    token: str = secret("API token", "Of this user.")


class Executable(msgspec.Struct):
    number: int
    url: str = ""


class Item(msgspec.Struct):
    cancelled: bool = False
    executable: Executable | None = None
    why: str | None = None


class Build(msgspec.Struct):
    building: bool
    result: str | None = None
    url: str = ""


class Job(msgspec.Struct):
    buildable: bool = True
    fullName: str = ""  # noqa: N815


def start(order: Order, at: Jenkins, carrier: Carrier) -> Started:
    body = urlencode(order.variables).encode()
    answer = _ask(at, carrier, "POST", f"{at.url}/buildWithParameters", body)
    require(answer, HINTS)
    queued = QUEUED.search(answer.headers.get("location", ""))
    return Started({"item": queued[1]} if queued else {}, web(at.url))


def look(_order: Order, known: Mapping[str, str], at: Jenkins, carrier: Carrier) -> Seen:
    if "build" in known:
        return _look_at_build(known["build"], at, carrier)
    if "item" not in known:
        return Seen(Stage.UNKNOWN)
    root = at.url.split("/job/")[0]
    answer = _ask(at, carrier, "GET", f"{root}/queue/item/{known['item']}/api/json")
    if answer.status == 404:
        return Seen(Stage.UNKNOWN, words="no longer in the queue")
    item = read(answer, Item, HINTS)
    if item.cancelled:
        return Seen(Stage.ENDED, words="cancelled in the queue")
    if item.executable is None:
        return Seen(Stage.RUNNING, words=item.why or "in the queue")
    names = {"build": str(item.executable.number)}
    return Seen(Stage.RUNNING, words="building", known=names, url=web(item.executable.url))


def _look_at_build(number: str, at: Jenkins, carrier: Carrier) -> Seen:
    path = f"{at.url}/{number}/api/json?tree=building,result,url"
    found = read(_ask(at, carrier, "GET", path), Build, HINTS)
    words = (found.result or "building").lower().replace("_", " ")
    stage = Stage.RUNNING if found.building else Stage.ENDED
    return Seen(stage, found.result == "SUCCESS", words, url=web(found.url))


def check(_order: Order, at: Jenkins, carrier: Carrier) -> str:
    path = f"{at.url}/api/json?tree=buildable,fullName"
    found = read(_ask(at, carrier, "GET", path), Job, HINTS)
    rest = "and it can be built" if found.buildable else "but it is disabled"
    return f"{at.user} sees the job {found.fullName or _title(at)}, {rest}"


def _ask(
    at: Jenkins, carrier: Carrier, method: str, url: str, body: bytes = b""
) -> outbound.Answer:
    known = b64encode(f"{at.user}:{at.token}".encode()).decode()
    headers = {"authorization": f"Basic {known}", "accept": "application/json"}
    if body:
        headers["content-type"] = "application/x-www-form-urlencoded"
    return carrier.ask(method, url, headers, body)


def _title(at: Jenkins) -> str:
    return "/".join(unquote(part) for part in at.url.split("/job/")[1:])


RUNNER = Runner(
    "jenkins",
    "Jenkins",
    "The user needs Job/Build and Job/Read; the token is made on the user's page: Security → API "
    f"Token. The job is parameterized and has the text parameter {EXECUTION}.",
    Jenkins,
    start,
    look,
    check,
    lambda at: f"{urlsplit(at.url).hostname}: {_title(at)}",
)
