"""From an upload to the mail about it."""

from __future__ import annotations

import re
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
from click.testing import CliRunner
from sqlalchemy import update

from assay.cli import main
from assay.store.catalog import imports, open_catalog, tables
from support.house import House, given, upload
from support.mailbox import Mailbox, until
from support.people import Person
from support.server import ended

NOW = datetime.now(UTC).replace(microsecond=0)


def report(*failing: str, of: int = 4, at: datetime | None = None) -> bytes:
    """A report in which tests a, b, c … pass but for those `failing`."""
    cases = "".join(
        f'<testcase classname="shop" name="{name}" time="0.5">'
        + (f'<failure type="AssertionError" message="{name} &lt;is&gt; off"/>' * (name in failing))
        + "</testcase>"
        for name in "abcdefghijkl"[:of]
    )
    moment = f' timestamp="{at:%Y-%m-%dT%H:%M:%S}"' if at else ""
    return f'<testsuite name="s"{moment}>{cases}</testsuite>'.encode()


def subscribe(house: House, person: Person, profile: int, condition: str) -> None:
    with house.client(person) as client:
        path = f"/api/v3/profiles/{profile}/subscription"
        answer = client.put(path, json={"condition": condition})
        assert (answer.status_code, answer.json()["condition"]) == (200, condition)


def body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())


@pytest.fixture
def profile(sender: House) -> int:
    return sender.new_profile(sender.people.alice, "Web <UI> tests")


def about(mailbox: Mailbox, profile: int) -> list[EmailMessage]:
    """The mails about the profile, by the number of their report: what is sent at the same time
    may arrive in any order."""
    mine = [mail for mail in mailbox.mails if f"<profile-{profile}." in str(mail["list-id"])]
    return sorted(
        mine, key=lambda mail: [int(n) for n in re.findall(r"#(\d+)", str(mail["subject"]))]
    )


def send(house: House, profile: int, data: bytes, **options: str) -> int:
    with house.client(house.people.alice) as client:
        return int(given(client, profile, data, **options)["id"])


def told(house: House, mailbox: Mailbox, profile: int) -> list[str]:
    """The subjects of all mails so far: an upload of another profile comes after them."""
    last = house.new_profile(house.people.alice, "last")
    subscribe(house, house.people.bob, last, "always")
    number = send(house, last, report())
    until(lambda: about(mailbox, last), lambda found: len(found) == 1)
    with house.client(house.people.alice) as client:
        path = f"/api/v3/profiles/{profile}/deliveries"
        until(
            lambda: client.get(path).json()["items"],
            lambda found: all(each["state"] == "sent" for each in found),
        )
    assert number
    return [str(mail["subject"]) for mail in about(mailbox, profile)]


def test_a_mail_compares_with_the_report_before(
    sender: House, mailbox: Mailbox, profile: int
) -> None:
    subscribe(sender, sender.people.bob, profile, "errors")
    first = send(sender, profile, report("d"))
    second = send(sender, profile, report("a", "b", of=6), branch="main", build="77")
    told(sender, mailbox, profile)
    mail = about(mailbox, profile)[-1]
    assert mail["to"] == "bob@example.org"
    assert re.fullmatch(r"✕ 2 new failures in Web <UI> tests .* \(#\d+\)", str(mail["subject"]))
    text = " ".join(body(mail, "plain").split())
    assert "● 4 passed (+1) ✕ 2 failed (+1)" in text
    assert f"2 new failures · 1 fixed · 2 new tests since #{first}" in text
    assert f"{sender.server.url}/reports/{second}" in text
    assert "shop › a AssertionError: a <is> off" in text
    assert "main" in text


def test_a_mail_reads_as_html_too(sender: House, mailbox: Mailbox, profile: int) -> None:
    subscribe(sender, sender.people.bob, profile, "always")
    number = send(sender, profile, report("a"))
    told(sender, mailbox, profile)
    html = body(about(mailbox, profile)[0], "html")
    assert "Web &lt;UI&gt; tests" in html
    assert "a &lt;is&gt; off" in html
    assert f'href="{sender.server.url}/reports/{number}/results/0"' in html
    assert "prefers-color-scheme: dark" in html
    assert "<script" not in html


def test_a_mail_says_where_to_end_it(sender: House, mailbox: Mailbox, profile: int) -> None:
    subscribe(sender, sender.people.bob, profile, "always")
    send(sender, profile, report())
    told(sender, mailbox, profile)
    mail = about(mailbox, profile)[0]
    bell = f"{sender.server.url}/profiles/{profile}/notifications"
    assert mail["list-unsubscribe"] == f"<{bell}>"
    assert bell in body(mail, "plain")
    assert mail["auto-submitted"] == "auto-generated"
    assert mail["from"] == "Assay <assay@localhost>"


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("never", []),
        ("errors", ["1 new", "1 failure"]),
        ("changes", ["All 4 tests passed in", "1 new", "All 4 tests passed, 1 fixed"]),
        ("errors_and_changes", ["1 new"]),
        ("errors_or_changes", ["All 4 tests passed in", "1 new", "1 failure", "1 fixed"]),
        ("always", ["All 4 tests passed in", "All 4", "1 new", "1 failure", "1 fixed", "All 4"]),
    ],
)
def test_each_hears_what_they_have_asked_for(
    sender: House, mailbox: Mailbox, profile: int, condition: str, expected: list[str]
) -> None:
    """All pass, all pass again, one fails, it still fails, it is fixed, all pass again."""
    subscribe(sender, sender.people.bob, profile, condition)
    for data in (report(), report(), report("c"), report("c"), report(), report()):
        send(sender, profile, data)
    subjects = told(sender, mailbox, profile)
    assert len(subjects) == len(expected), subjects
    for number, words in enumerate(expected):
        assert any(words in each for each in subjects), (number, words, subjects)


def test_a_test_that_passes_where_it_was_skipped_is_a_change(
    sender: House, mailbox: Mailbox, profile: int
) -> None:
    subscribe(sender, sender.people.bob, profile, "changes")
    skipped = report().replace(
        b'name="a" time="0.5"></testcase>', b'name="a"><skipped/></testcase>'
    )
    for data in (skipped, skipped, report()):
        send(sender, profile, data)
    assert len(told(sender, mailbox, profile)) == 2


def test_an_import_can_ask_for_silence(sender: House, mailbox: Mailbox, profile: int) -> None:
    subscribe(sender, sender.people.bob, profile, "always")
    send(sender, profile, report("a"), suppress_notifications="true")
    with sender.client(sender.people.alice) as client:
        answer = upload(client, profile, ("x.txt", b"no report"), suppress_notifications="true")
        assert ended(client, answer.json())["report_import_status"] == "failed"
    assert told(sender, mailbox, profile) == []


def test_a_report_from_the_past_is_told_to_those_who_want_all(
    sender: House, mailbox: Mailbox, profile: int
) -> None:
    subscribe(sender, sender.people.bob, profile, "errors_or_changes")
    subscribe(sender, sender.people.alice, profile, "always")
    send(sender, profile, report(at=NOW))
    send(sender, profile, report("a", at=NOW - timedelta(days=3)))
    subjects = told(sender, mailbox, profile)
    past = [mail for mail in about(mailbox, profile) if "1 failure" in str(mail["subject"])]
    assert len(subjects) == 3
    assert [mail["to"] for mail in past] == ["alice@example.org"]


def test_a_job_that_was_overtaken_is_not_the_past(
    sender: House, mailbox: Mailbox, profile: int
) -> None:
    subscribe(sender, sender.people.bob, profile, "errors")
    send(sender, profile, report(at=NOW))
    send(sender, profile, report("a", at=NOW - timedelta(minutes=20)))
    assert len(told(sender, mailbox, profile)) == 1


def test_a_failed_import_is_told_to_the_owner(
    sender: House, mailbox: Mailbox, profile: int
) -> None:
    subscribe(sender, sender.people.bob, profile, "changes")
    with sender.client(sender.people.bob) as client:
        answer = upload(client, profile, ("junit.xml", b"<html><body>502</body></html>"))
        assert ended(client, answer.json())["report_import_status"] == "failed"
    told(sender, mailbox, profile)
    [mail] = about(mailbox, profile)
    assert mail["to"] == "alice@example.org"
    assert "An import into Web <UI> tests" in str(mail["subject"])
    assert "No file of this upload is a report" in body(mail, "plain")
    assert f"{sender.server.url}/imports/" in body(mail, "plain")


def test_an_import_that_killed_its_workers_is_told_to_the_owner(
    sender: House, mailbox: Mailbox, profile: int
) -> None:
    now = datetime.now(UTC)
    died = {"state": "processing", "tries": 3, "lease_until": now - timedelta(minutes=1)}
    with (
        closing(open_catalog(sender.server.settings.catalog_url)) as catalog,
        catalog.write() as conn,
    ):
        found = imports.record(
            conn, profile=profile, user=None, key=None, formatter="", options={}, files=(), now=now
        )
        conn.execute(update(tables.imports).where(tables.imports.c.id == found.id).values(died))
    [mail] = until(lambda: about(mailbox, profile), bool)
    assert mail["to"] == "alice@example.org"
    assert "Given up after 3 tries" in body(mail, "plain")


def test_what_is_read_again_is_not_told_again(
    sender: House, mailbox: Mailbox, profile: int
) -> None:
    number = send(sender, profile, report("a"))
    subscribe(sender, sender.people.bob, profile, "always")
    data = str(sender.server.data)
    answer = CliRunner().invoke(
        main, ["admin", "reprocess", "--data", data, "--report", str(number)]
    )
    assert answer.exit_code == 0, answer.output
    with sender.client(sender.people.alice) as client:
        ended(client, {"report_status_url": f"/api/v2/report/{number}/status"})
    assert told(sender, mailbox, profile) == []


def test_nobody_hears_of_what_they_may_not_see(
    sender: House, mailbox: Mailbox, profile: int
) -> None:
    with sender.client(sender.people.charlie) as charlie:
        path = f"/api/v3/profiles/{profile}/subscription"
        assert charlie.put(path, json={"condition": "always"}).status_code == 404
    send(sender, profile, report("a"))
    assert told(sender, mailbox, profile) == []


def test_a_gate_that_fails_or_passes_again_is_told_to_those_who_asked(
    sender: House, mailbox: Mailbox, profile: int
) -> None:
    subscribe(sender, sender.people.bob, profile, "gate")
    with sender.client(sender.people.alice) as client:
        rules = {"rules": "only: {branches: main}\nfailures: 1\ntests: 4"}
        assert client.put(f"/api/v3/profiles/{profile}/gate", json=rules).status_code == 200
    runs = (
        (report("a"), "main"),  # passes
        (report(of=2), "main"),  # fails: too few tests
        (report(of=2), "fix"),  # is not judged
        (report(), "main"),  # passes again
        (report("a"), "main"),  # passes still
    )
    sent = [
        send(sender, profile, data, branch=branch, date=f"2026-03-{day:02}")
        for day, (data, branch) in enumerate(runs, 1)
    ]
    subjects = told(sender, mailbox, profile)
    assert len(subjects) == 2
    assert re.fullmatch(rf"✕ The gate failed without a failure in .* \(#{sent[1]}\)", subjects[0])
    assert re.fullmatch(rf"● All 4 tests passed in .* \(#{sent[3]}\)", subjects[1])
    first, second = (" ".join(body(m, "plain").split()) for m in about(mailbox, profile))
    assert "failed: tests: 2 < 4" in first
    assert re.search(r"Gate:? passed", second)
