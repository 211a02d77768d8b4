"""Attachments: how they find their tests, and that nothing of theirs ever acts as one of us."""

from __future__ import annotations

import io
import zipfile
from base64 import b64encode
from typing import Any

import pytest

from support.house import REPORT, House, given, upload
from support.server import ended

PICTURE = b"\x89PNG\r\n\x1a\n"


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def naming(path: str) -> bytes:
    """A report of one test that names a file."""
    said = f"<system-out>[[ATTACHMENT|{path}]]</system-out>"
    return f'<testsuite name="s"><testcase name="pays">{said}</testcase></testsuite>'.encode()


def kept(house: House, profile: int, data: bytes, **options: Any) -> dict[str, Any]:
    """The report's number, and of each asset the result it belongs to."""
    with house.client(house.people.alice) as alice:
        report = given(alice, profile, data, **options)
        items = alice.get(f"/api/v3/reports/{report['id']}/assets").json()["items"]
    return {each["name"]: each["position"] for each in items}


@pytest.fixture
def profile(house: House) -> int:
    return house.new_profile(house.people.alice, "attachments")


@pytest.mark.parametrize(
    "path", ["C:\\ci\\shots\\pay.png", "C:/ci/shots/pay.png", "shots/PAY.png", "pay.png"]
)
def test_a_path_that_a_report_names_is_matched_by_its_last_part(
    house: House, profile: int, path: str
) -> None:
    sent = (("C:\\elsewhere\\pay.png", PICTURE), ("build.log", b"all went well"))
    assert kept(house, profile, naming(path), attachments=sent) == {"pay.png": 0, "build.log": None}


@pytest.mark.parametrize(
    "said",
    [
        "Screenshot saved to C:\\ci\\shots\\pay it.png.",
        "see 'shots/pay it.png' for what it looked like",
        "screenshot=/home/ci/shots/pay%20it.png, shots/pay it.png",
    ],
)
def test_a_file_that_an_error_names_in_passing_belongs_to_its_test(
    house: House, profile: int, said: str
) -> None:
    failure = f'<failure message="no such button">{said}\nat Pay.java:12</failure>'
    report = (
        f'<testsuite name="s"><testcase name="pays">{failure}</testcase>'
        '<testcase name="ships"/></testsuite>'
    ).encode()
    sent = (("pay it.png", PICTURE), ("Pay.java", b"class Pay"), ("build.log", b"x"))
    found = kept(house, profile, report, attachments=sent)
    assert found == {"pay it.png": 0, "Pay.java": None, "build.log": None}


def test_a_file_is_attached_once_however_often_it_is_named(house: House, profile: int) -> None:
    said = "[[ATTACHMENT|shots/pay.png]] shots/pay.png, again shots/pay.png"
    report = (
        f'<testsuite name="s"><testcase name="pays"><system-out>{said}</system-out></testcase>'
        "</testsuite>"
    ).encode()
    packed = zipped({"r.xml": report, "shots/pay.png": PICTURE})
    with house.client(house.people.alice) as alice:
        status = ended(alice, upload(alice, profile, ("all.zip", packed)).json())
        items = alice.get(f"/api/v3/reports/{status['report_id']}/assets").json()["items"]
    assert [(each["name"], each["position"]) for each in items] == [("pay.png", 0)]


def test_a_zip_of_attachments_is_unpacked(house: House, profile: int) -> None:
    packed = zipped({"a/pay.png": PICTURE, "b/build.log": b"x", "report.xml": REPORT})
    found = kept(house, profile, naming("pay.png"), attachments=(("all.zip", packed),))
    assert found == {"pay.png": 0, "build.log": None, "report.xml": None}


def test_a_trace_of_playwright_stays_whole(house: House, profile: int) -> None:
    trace = zipped({"trace.trace": b"{}", "trace.network": b"", "resources/x.png": PICTURE})
    named = naming("test-results/pays/trace.zip")
    assert kept(house, profile, named, attachments=(("trace.zip", trace),)) == {"trace.zip": 0}
    whole = zipped({"r.xml": named, "test-results/pays/trace.zip": trace})
    assert kept(house, profile, whole) == {"trace.zip": 0}


@pytest.mark.parametrize("formatter", ["", "junit"])
def test_a_zip_of_the_whole_project_is_sorted_out(
    house: House, profile: int, formatter: str
) -> None:
    project = zipped(
        {
            "shop/target/TEST-shop.xml": naming("target/shots/pay.png"),
            "shop/target/shots/pay.png": PICTURE,
            "shop/package.json": b'{"name": "shop"}',
            "shop/README.md": b"# Shop",
        }
    )
    found = kept(house, profile, project, formatter=formatter)
    assert found == {"pay.png": 0, "package.json": None, "README.md": None}


def test_embedded_pictures_are_files(house: House, profile: int) -> None:
    embedded = b64encode(PICTURE).decode()
    step = (
        '{"keyword": "When ", "name": "I pay", "result": {"status": "passed"}, "embeddings": '
        f'[{{"mime_type": "image/png", "data": "{embedded}"}}]}}'
    )
    feature = (
        '[{"uri": "a", "keyword": "Feature", "name": "A", "elements": [{"type": "scenario", '
        f'"keyword": "Scenario", "name": "B", "steps": [{step}]}}]}}]'
    )
    with house.client(house.people.alice) as alice:
        report = given(alice, profile, feature.encode())
        (asset,) = alice.get(f"/api/v3/reports/{report['id']}/assets").json()["items"]
        assert (asset["position"], asset["media_type"]) == (0, "image/png")
        assert alice.get(asset["url"]).content == PICTURE


PAGE = b'<link rel="stylesheet" href="css/a.css"><script src="js/a.js"></script><h1>Report</h1>'
SITE = {"html/index.html": PAGE, "html/css/a.css": b"h1 {}", "html/js/a.js": b"1", "b.txt": b"x"}


@pytest.fixture
def page(house: House, profile: int) -> str:
    """The address of a web page that came with a report."""
    with house.client(house.people.alice) as alice:
        report = given(alice, profile, attachments=(("html.zip", zipped(SITE)),))
        items = alice.get(f"/api/v3/reports/{report['id']}/assets").json()["items"]
    return next(str(each["url"]) for each in items if each["name"] == "index.html")


def test_a_web_page_is_shown_without_any_rights(house: House, page: str) -> None:
    with house.client(house.people.alice) as alice:
        moved = alice.get(page)
        assert moved.status_code == 303
    with house.stranger() as nobody:
        shown = nobody.get(moved.headers["location"])
        assert shown.content == PAGE
        policy = shown.headers["content-security-policy"]
        assert policy.startswith("sandbox allow-scripts; default-src 'none'")
        assert "allow-same-origin" not in policy
        assert nobody.get(page).status_code == 401
        folder = moved.headers["location"].rpartition("/")[0]
        style = nobody.get(f"{folder}/css/a.css")
        assert style.content == SITE["html/css/a.css"]
        assert style.headers["content-type"].startswith("text/css")
        for beyond in ("b.txt", "../b.txt", "%2e%2e/b.txt", "css/none.css"):
            answer = nobody.get(f"{folder}/{beyond}", follow_redirects=True)
            assert answer.status_code in (403, 404)


def test_of_a_web_site_only_its_start_is_listed(house: House, page: str) -> None:
    with house.client(house.people.alice) as alice:
        text = alice.get(page.partition("/assets/")[0], params={"tab": "files"}).text
    assert "and 2 files in the folder of index.html" in text
    assert ">index.html<" in text
    assert "a.css" not in text


def test_a_grant_opens_nothing_else(house: House, page: str) -> None:
    with house.client(house.people.alice) as alice:
        place = alice.get(page).headers["location"]
        other = given(alice, house.new_profile(house.people.alice, "other"))
    _, shown, report, number, grant, name = place.split("/")
    what, _, mark = grant.partition("-")
    later = f"{what[0]}{int(what[1:], 16) + 3600:x}"
    with house.stranger() as nobody:
        for forged in (
            f"/{shown}/{other['id']}/{number}/{grant}/{name}",
            f"/{shown}/{report}/{int(number) + 1}/{grant}/{name}",
            f"/{shown}/{report}/{number}/{later}-{mark}/{name}",
            f"/{shown}/{report}/{number}/g{what[1:]}-{mark}/{name}",
            f"/{shown}/{report}/{number}/mzz-{mark}/{name}",
            f"/{shown}/{report}/{number}/m{'f' * 40}-{mark}/{name}",
            f"/{shown}/{report}/{number}/x/{name}",
        ):
            assert nobody.get(forged).status_code == 403, forged


@pytest.mark.parametrize(
    ("name", "content", "shown"),
    [
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", True),
        ("a.xml", b"<a xmlns='http://www.w3.org/1999/xhtml'><script/></a>", True),
        ("a.xhtml", b"<html xmlns='http://www.w3.org/1999/xhtml'/>", False),
        ("a.pdf", b"%PDF-1.4", False),
        ("a.js", b"alert(1)", True),
        ("a.bin", b"\0\1", False),
    ],
)
def test_whatever_else_came_runs_nothing(
    house: House, profile: int, name: str, content: bytes, shown: bool
) -> None:
    with house.client(house.people.alice) as alice:
        report = given(alice, profile, attachments=((name, content),))
        (asset,) = alice.get(f"/api/v3/reports/{report['id']}/assets").json()["items"]
        answer = alice.get(asset["url"])
        download = alice.get(asset["url"], params={"download": "true"})
    assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-disposition"].startswith("inline" if shown else "attachment")
    assert download.headers["content-disposition"].startswith("attachment")


def test_a_video_is_sent_in_the_parts_that_a_player_asks_for(house: House, profile: int) -> None:
    film = bytes(range(256)) * 400
    with house.client(house.people.alice) as alice:
        report = given(alice, profile, attachments=(("pay.webm", film),))
        (asset,) = alice.get(f"/api/v3/reports/{report['id']}/assets").json()["items"]
        assert asset["media_type"] == "video/webm"

        def part(asked: str) -> tuple[int, str, bytes]:
            answer = alice.get(asset["url"], headers={"range": asked})
            return answer.status_code, answer.headers.get("content-range", ""), answer.content

        size = len(film)
        assert part("bytes=0-9") == (206, f"bytes 0-9/{size}", film[:10])
        assert part(f"bytes={size - 5}-") == (206, f"bytes {size - 5}-{size - 1}/{size}", film[-5:])
        assert part("bytes=-3") == (206, f"bytes {size - 3}-{size - 1}/{size}", film[-3:])
        assert part(f"bytes=5-{size * 2}")[2] == film[5:]
        assert part(f"bytes={size}-") == (416, f"bytes */{size}", b"")
        for whole in ("bytes=-", "bytes=0-1,5-6", "lines=1-2", "bytes=b-"):
            assert part(whole) == (200, "", film)


def test_a_log_begins_on_the_page_and_ends_behind_a_link(house: House, profile: int) -> None:
    log = b"".join(b"line %d\n" % n for n in range(20_000))
    with house.client(house.people.alice) as alice:
        answer = upload(
            alice, profile, ("r.xml", naming("run.log")), attachments=(("run.log", log),)
        )
        number = ended(alice, answer.json())["report_id"]
        page = alice.get(f"/reports/{number}/results/0").text
    assert "line 5000\n" in page
    assert "line 19999" not in page
    assert "Show the whole file" in page
