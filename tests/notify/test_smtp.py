"""Mails as a real mail server takes them, or does not."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from click.testing import CliRunner

from assay.cli import main
from assay.errors import Invalid, Undeliverable
from assay.notify.mail import Mail
from assay.notify.smtp import hand_over, read_server
from assay.settings import Settings
from support.mailbox import USER, Mailbox, make_certificate, receiving
from support.people import NOW

MAIL = Mail("bob@example.org", "Grüße\n aus dem Test ✕", "Ein Text\nmit € und ✕", "<p>✕</p>")


def settings(smtp: str, **others: str) -> Settings:
    return Settings(smtp=smtp, url="https://assay.example", **others)


def body(part: EmailMessage) -> str:
    return "\n".join(str(part.get_content()).split("\r\n")).strip()


def send(smtp: str, mail: Mail = MAIL, **others: str) -> str:
    return hand_over(mail, settings(smtp, **others), key="report:1:user:2", now=NOW)


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with receiving() as found:
        yield found


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("certificate"))


def test_a_mail_arrives_as_it_was_meant(box: Mailbox) -> None:
    assert send(box.url, mail_from="Die Prüfer <pruefer@example.org>") == "Taken by 127.0.0.1"
    [mail] = box.mails
    assert mail["subject"] == "Grüße aus dem Test ✕"
    assert mail["from"] == "Die Prüfer <pruefer@example.org>"
    assert mail["date"].datetime == NOW
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert html is not None
    assert (body(text), body(html)) == (MAIL.text, MAIL.html)
    assert box.secret == [False]


def test_the_same_mail_has_the_same_message_id(box: Mailbox) -> None:
    send(box.url)
    send(box.url)
    hand_over(MAIL, settings(box.url), key="report:1:user:3", now=NOW)
    first, second, other = (str(mail["message-id"]) for mail in box.mails)
    assert first == second != other
    assert first.endswith("@assay.example>")


def test_it_uses_starttls_and_shows_its_password(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with receiving(certificate, password=True) as box:
        send(box.signed_in("localhost"))
    assert box.secret == [True]
    assert box.users == [USER]


def test_it_does_not_trust_any_certificate(certificate: Path) -> None:
    with receiving(certificate, password=True) as box, pytest.raises(Undeliverable) as caught:
        send(box.signed_in("localhost"))
    assert "certificate" in str(caught.value)
    assert not caught.value.permanent
    assert box.users == []


def test_a_password_is_not_sent_in_the_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    with receiving(password=True) as box:
        with pytest.raises(Undeliverable, match="offers no STARTTLS") as caught:
            send(box.signed_in() + "?tls=required")
        assert not caught.value.permanent
        assert box.users == []
        send(box.signed_in() + "?tls=never")
    assert box.users == [USER]


def test_a_wrong_password_may_be_put_right(box: Mailbox) -> None:
    with receiving(password=True) as guarded, pytest.raises(Undeliverable) as caught:
        send(guarded.signed_in().replace("ss%2Fword", "wrong"))
    assert "535" in str(caught.value)
    assert not caught.value.permanent


@pytest.mark.parametrize(("code", "permanent"), [("550 No such user", True), ("450 Busy", False)])
def test_a_refused_recipient_is_told(box: Mailbox, code: str, permanent: bool) -> None:
    box.refuse_recipients.append(code)
    with pytest.raises(Undeliverable) as caught:
        send(box.url)
    assert code in str(caught.value)
    assert caught.value.permanent is permanent


@pytest.mark.parametrize(("code", "permanent"), [("554 Spam", True), ("452 Disk full", False)])
def test_a_refused_mail_is_told(box: Mailbox, code: str, permanent: bool) -> None:
    box.refuse_mails.append(code)
    with pytest.raises(Undeliverable) as caught:
        send(box.url)
    assert code in str(caught.value)
    assert caught.value.permanent is permanent


def test_a_server_that_is_away_may_come_back() -> None:
    with pytest.raises(Undeliverable, match="cannot be used") as caught:
        send("smtp://127.0.0.1:9")
    assert not caught.value.permanent


@pytest.mark.parametrize("to", ["a@b@c.d, e@f", "no address", "x@example.org\nBcc: y@example.org"])
def test_an_impossible_address_is_never_tried_again(box: Mailbox, to: str) -> None:
    with pytest.raises(Undeliverable) as caught:
        send(box.url, Mail(to, "Hello", "Hello"))
    assert caught.value.permanent
    assert box.mails == []


def test_an_address_in_other_letters_is_reached(box: Mailbox) -> None:
    send(box.url, Mail("anna@bücher.example", "Hello", "Hello"))
    assert box.recipients == ["anna@xn--bcher-kva.example"]


@pytest.mark.parametrize(
    "url", ["mail.example.org", "http://x", "smtp://", "smtp://h:x", "smtp://h?tls=no"]
)
def test_an_address_of_no_mail_server_is_refused(url: str) -> None:
    with pytest.raises(Invalid, match="ASSAY_SMTP"):
        read_server(url)


def test_a_server_is_read_from_its_address() -> None:
    far = read_server("smtp://me%40x.org:p%40ss@mail.example.org")
    assert (far.host, far.port, far.user, far.password) == (
        "mail.example.org",
        587,
        "me@x.org",
        "p@ss",
    )
    assert (far.implicit, far.tls) == (False, "required")
    assert read_server("smtps://mail.example.org").implicit
    assert read_server("smtps://mail.example.org").port == 465
    assert read_server("smtp://mail.example.org").tls == "offered"
    assert "p@ss" not in repr(far)


def test_an_administrator_tries_the_settings(box: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSAY_SMTP", box.url)
    monkeypatch.setenv("ASSAY_URL", "https://assay.example")
    answer = CliRunner().invoke(main, ["admin", "mail-test", "me@example.org"])
    assert (answer.exit_code, answer.output) == (0, "Taken by 127.0.0.1\n")
    assert [mail["to"] for mail in box.mails] == ["me@example.org"]
    box.refuse_recipients.append("550 No such user")
    answer = CliRunner().invoke(main, ["admin", "mail-test", "you@example.org"])
    assert answer.exit_code == 1
    assert "550 No such user" in answer.output


def test_without_a_mail_server_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ASSAY_SMTP", raising=False)
    answer = CliRunner().invoke(main, ["admin", "mail-test", "me@example.org"])
    assert answer.exit_code == 1
    assert "ASSAY_SMTP" in answer.output
