"""The clients that Calliope has, unchanged but for the address: each row a real curl, or the exact
bytes of a client that curl cannot play.
"""

from __future__ import annotations

import json
import shlex
import shutil
import socket
import subprocess
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import pytest

from support.house import REPORT, House, upload
from support.server import ended

pytestmark = pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed")

FEATURE = json.dumps(
    [
        {
            "uri": "features/pay.feature",
            "keyword": "Feature",
            "name": "Pay",
            "elements": [
                {
                    "keyword": "Scenario",
                    "type": "scenario",
                    "name": "by card",
                    "steps": [
                        {"keyword": "When ", "name": "I pay", "result": {"status": "passed"}},
                        {"keyword": "Then ", "name": "it is paid", "result": {"status": "failed"}},
                    ],
                }
            ],
        }
    ],
    indent=2,
).encode()
PICTURE = b"\x89PNG\r\n\x1a\n"
FORM = (
    b'------XX\r\nContent-Disposition: form-data; name="file[]"; filename="r.xml"\r\n'
    b"Content-Type: application/xml\r\n\r\n" + REPORT + b"\r\n------XX--\r\n"
)

KEY = '-H "x-api-key:KEY"'
CLIENTS: dict[str, tuple[str, int]] = {
    "form-data, as the docs recommend": (
        'curl -X POST -H "Content-Type:multipart/form-data" -F "file[]=@r.xml" '
        '-F "tag[]=a" -F "tag[]=b" URL/import/junit',
        4,
    ),
    "several files": (
        'curl -F "file[]=@r.xml" -F "file[]=@cucumber.json" URL/import',
        5,
    ),
    "a header without its name, which curl drops": (
        'curl -H "multipart/form-data" -F "file[]=@r.xml" URL/import/junit',
        4,
    ),
    "raw: -d takes every line break out": (
        'curl -H "Content-Type:text/xml" -d @r.xml URL/import/junit',
        4,
    ),
    "raw, detected": ('curl -H "Content-Type:text/xml" -d @r.xml URL/import', 4),
    "binary": ('curl -H "Content-Type:text/xml" --data-binary @r.xml URL/import/junit', 4),
    "binary, detected": ('curl -H "Content-Type:text/xml" --data-binary @r.xml URL/import', 4),
    "spriteCloud's uploader: any type, the older path, and its facts": (
        'curl -X POST -H "x-api-key: KEY" -H "Content-Type: application/*" --data "@cucumber.json" '
        '"URL/report/import?os=undefined&platform=undefined&build=12"',
        1,
    ),
    "raw under a form's type": ("curl --data @r.xml URL/import/junit", 4),
    "raw JSON under a form's type": ("curl --data @cucumber.json URL/import/cucumber", 1),
    "urlencoded, as documented: really multipart, and an attachment": (
        'curl -H "Content-Type: application/x-www-form-urlencoded" -F "file[]=<r.urlencoded" '
        "URL/import/junit",
        4,
    ),
    "urlencoded, spaces as plus signs": (
        'curl -H "Content-Type: application/x-www-form-urlencoded" -F "file[]=<r.formencoded" '
        "URL/import/junit",
        4,
    ),
    "urlencoded, not encoded at all": (
        'curl -H "Content-Type: application/x-www-form-urlencoded" -F "file[]=<r.xml" URL/import',
        4,
    ),
    "urlencoded, for real": (
        'curl --data-urlencode "file[]@r.xml" --data-urlencode "tag[]=a" URL/import/junit',
        4,
    ),
    "the field is called file": ('curl -F "file=@r.xml" URL/import/junit', 4),
    "options sent as files": (
        'curl -F "file[]=@r.xml" -F "smart=True;filename=smart" '
        '-F "ignore_empty_report=True;filename=ignore_empty_report" URL/import/junit',
        4,
    ),
    "a file's name is a path of the machine": (
        r"""curl -F 'file[]=@r.xml;filename=C:\ci\out\r.xml' URL/import/junit""",
        4,
    ),
    "… of another": (
        'curl -F "file[]=@r.xml;filename=./mochawesome-report/r.xml" URL/import/junit',
        4,
    ),
    "… as a URL has it": ('curl -F "file[]=@r.xml;filename=/C:/ci/r.xml" URL/import/junit', 4),
    "a zip of reports": ('curl -F "file[]=@reports.zip" URL/import', 5),
    "a zip of reports in one format": ('curl -F "file[]=@features.zip" URL/import/cucumber', 2),
    "a screenshot among the files": (
        'curl -F "file[]=@r.xml" -F "file[]=@pay.png" URL/import',
        4,
    ),
    "… and the format is named": (
        'curl -F "file[]=@r.xml" -F "file[]=@pay.png" URL/import/junit',
        4,
    ),
    "a form without its boundary in the header": (
        'curl -H "Content-Type: multipart/form-data" --data-binary @form URL/import/junit',
        4,
    ),
    "tags in the address, brackets as they are": (
        'curl -F "file[]=@r.xml" "URL/import/junit?tag[]=a&tag[]=b"',
        4,
    ),
    "tags in the address, brackets escaped": (
        'curl -F "file[]=@r.xml" "URL/import/junit?tag%5B%5D=a&tag%5B%5D=b"',
        4,
    ),
    "tags in the address and the form": (
        'curl -F "file[]=@r.xml" -F "tag[]=b" "URL/import/junit?tag[]=a"',
        4,
    ),
    "a slash at the end": ('curl -F "file[]=@r.xml" URL/import/', 4),
    "a slash at the end, format named": ('curl -F "file[]=@r.xml" URL/import/junit/', 4),
    "the format as a parameter": ('curl -F "file[]=@r.xml" "URL/import?formatter=junit"', 4),
    "… after a slash": ('curl -F "file[]=@r.xml" "URL/import/?formatter=junit"', 4),
    "… in the form": ('curl -F "file[]=@r.xml" -F "formatter=junit" URL/import', 4),
    "the format in capitals": ('curl -F "file[]=@r.xml" URL/import/JUnit', 4),
    "an older path": ('curl -F "file=@r.xml" "URL/report/import?os=myos&build=mybuild"', 4),
    "an older path, a slash and a format": (
        'curl -F "file=@r.xml" "URL/report/import/?formatter=junit"',
        4,
    ),
    "the oldest path": (
        'curl -H "Content-Type: application/json" -d @cucumber.json "URL/testresult?os=linux"',
        1,
    ),
    "the oldest path with a slash": ("curl --data-binary @cucumber.json URL/testresult/", 1),
    "every option at once": (
        'curl -F "file[]=@r.xml" -F "attachment[]=@pay.png" -F "smart=true" -F "envelope=false" '
        '-F "date=now" -F "process_async=true" -F "merge_containers=true" '
        '-F "suppress_files_moved=true" -F "suppress_notifications=true" '
        '-F "ignore_unspecified_formatter=true" -F "ignore_empty_report=true" '
        '-F "ignore_empty_import=true" -F "ignore_max_files_limit=true" '
        '-F "ignore_old_report_date=true" -F "nobody_knows_this=1" URL/import/junit',
        4,
    ),
}
"""What people type, and how many results come of it. `URL` is the profile's address; where no key
is written, it is sent without a space after the colon."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files that the commands name."""
    where = tmp_path_factory.mktemp("client")
    (where / "r.xml").write_bytes(REPORT)
    (where / "r.urlencoded").write_text(quote(REPORT.decode()))
    (where / "r.formencoded").write_text(quote_plus(REPORT.decode()))
    (where / "cucumber.json").write_bytes(FEATURE)
    (where / "pay.png").write_bytes(PICTURE)
    (where / "form").write_bytes(FORM)
    with zipfile.ZipFile(where / "reports.zip", "w") as archive:
        archive.writestr("build/junit/r.xml", REPORT)
        archive.writestr("build/cucumber.json", FEATURE)
        archive.writestr("build/log.txt", "all went well")
    with zipfile.ZipFile(where / "features.zip", "w") as archive:
        archive.writestr("a.json", FEATURE)
        archive.writestr("b.json", FEATURE.replace(b"by card", b"by voucher"))
    return where


def run(command: str, house: House, profile: int, folder: Path) -> dict[str, Any]:
    """The answer to a curl command, which has to be 201."""
    url = f"{house.server.url}/api/v2/profile/{profile}"
    secret = house.people.alice.secret
    command = command if "x-api-key" in command else command.replace("curl", f"curl {KEY}", 1)
    words = shlex.split(command.replace("URL", url).replace("KEY", secret))
    told = ["-sS", "-w", "\n%{http_code}"]
    answer = subprocess.run(
        [words[0], *told, *words[1:]], cwd=folder, capture_output=True, text=True, check=True
    )
    text, _, code = answer.stdout.rpartition("\n")
    assert code == "201", text
    found: dict[str, Any] = json.loads(text)
    return found


@pytest.mark.parametrize("client", CLIENTS)
def test_a_client_is_understood(house: House, folder: Path, client: str) -> None:
    command, results = CLIENTS[client]
    profile = house.new_profile(house.people.alice, "clients")
    answer = run(command, house, profile, folder)
    with house.client(house.people.alice) as alice:
        status = ended(alice, answer)
        assert status["report_import_status"] == "success", status
        report = alice.get(f"/api/v3/reports/{status['report_id']}").json()
        assets = alice.get(f"/api/v3/reports/{status['report_id']}/assets").json()["items"]
    assert report["counts"]["total"] == results
    if "tag[]=b" in command or "tag%5B%5D=b" in command:
        assert report["tags"] == ["a", "b"]
    if "pay.png" in command:
        assert [each["name"] for each in assets] == ["pay.png"]


def test_a_files_name_is_kept_whole(house: House, folder: Path) -> None:
    profile = house.new_profile(house.people.alice, "paths")
    command, _ = CLIENTS["a file's name is a path of the machine"]
    answer = run(command, house, profile, folder)
    with house.client(house.people.alice) as alice:
        report = alice.get(f"/api/v3/reports/{ended(alice, answer)['report_id']}").json()
        files = alice.get(f"/api/v3/imports/{report['import_id']}").json()["files"]
    assert files[0]["name"] == "C:\\ci\\out\\r.xml"


def test_the_shell_uploaders_facts_become_tags(house: House, folder: Path) -> None:
    profile = house.new_profile(house.people.alice, "facts")
    command = next(command for command, _ in CLIENTS.values() if "application/*" in command)
    answer = run(command, house, profile, folder)
    with house.client(house.people.alice) as alice:
        report = alice.get(f"/api/v3/reports/{ended(alice, answer)['report_id']}").json()
    assert report["tags"] == ["os:undefined", "platform:undefined", "build:12"]
    assert report["build"] == "12"


RUBY_GET = """\
GET /api/v2/profile/{profile} HTTP/1.1\r
Content-Type: application/json\r
X-Api-Key: {key}\r
Accept-Encoding: gzip;q=1.0,deflate;q=0.6,identity;q=0.3\r
Accept: */*\r
User-Agent: Ruby\r
Host: {host}\r
Connection: close\r
\r
"""
RUBY_POST = """\
POST /api/v2/profile/{profile}/testresult?os=x86_64-linux-gnu&platform=&build= HTTP/1.1\r
Content-Type: application/json\r
X-Api-Key: {key}\r
Accept-Encoding: gzip;q=1.0,deflate;q=0.6,identity;q=0.3\r
Accept: */*\r
User-Agent: Ruby\r
Host: {host}\r
Connection: close\r
Content-Length: {length}\r
\r
"""
"""What Net::HTTP of Ruby 3.1 sends for the published gem cucumber-calliope_importer, which asks
whether it may use the profile before the first test, and uploads after the last."""


def exchange(house: House, head: str, body: bytes, profile: int, key: str) -> tuple[int, bytes]:
    """Send these very bytes; the answer's status and body."""
    address = ("127.0.0.1", house.server.port)
    head = head.format(profile=profile, key=key, host=f"127.0.0.1:{address[1]}", length=len(body))
    with socket.create_connection(address, timeout=60) as connection:
        connection.sendall(head.encode() + body)
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    top, _, rest = answer.partition(b"\r\n\r\n")
    return int(top.split(b" ")[1]), rest


def test_the_ruby_gem_asks_and_then_uploads(house: House) -> None:
    alice = house.people.alice
    profile = house.new_profile(alice, "gem")
    code, _ = exchange(house, RUBY_GET, b"", profile, alice.secret)
    assert code == 200
    code, body = exchange(house, RUBY_POST, FEATURE, profile, alice.secret)
    assert code == 201
    with house.client(alice) as client:
        status = ended(client, json.loads(body))
        report = client.get(f"/api/v3/reports/{status['report_id']}").json()
    assert report["origin"] == "cucumber"
    assert report["counts"]["failed"] == 1
    assert report["tags"] == ["os:x86_64-linux-gnu"]


def test_the_ruby_gem_stops_where_it_may_not(house: House) -> None:
    alice, charlie = house.people.alice, house.people.charlie
    for key in ("nobody's", charlie.secret):
        code, _ = exchange(house, RUBY_GET, b"", alice.profile.id, key)
        assert code in (401, 404)


def test_six_keys_answer_every_client(house: House) -> None:
    with house.client(house.people.alice) as alice:
        answer = upload(alice, house.people.alice.profile.id, ("r.xml", REPORT))
        assert list(answer.json()) == [
            "report_id",
            "report_url",
            "report_status_url",
            "report_import_status",
            "report_import_progress",
            "message",
        ]
        assert isinstance(answer.json()["report_id"], int)
        assert all(isinstance(each, str) for each in list(answer.json().values())[1:])
