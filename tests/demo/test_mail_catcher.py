"""The demo's mail catcher: what it takes stands in a folder, for its owner's eyes alone."""

from __future__ import annotations

import smtplib
import stat
from email import message_from_bytes
from email.policy import default

import pytest

from orderwright.cli.demo_data.particular import GONE_DOMAIN
from orderwright.cli.mail_catcher import mail_catcher
from tests.demo.ports import unused_port

LINK = "http://127.0.0.1:8000/invitations/aGVsbG8"
MAIL = f"Subject: You are invited\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nGo to {LINK}\r\n"


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "mails"


def send(port, *, to="ben@cozy-home.example", mails=1):
    with smtplib.SMTP("127.0.0.1", port) as server:
        for _each in range(mails):
            server.sendmail("orders@cozy-home.example", to, MAIL)


def test_a_mail_that_is_caught_can_be_read_with_its_link(folder) -> None:
    with mail_catcher(port=(port := unused_port()), folder=folder) as catcher:
        send(port)

    [file] = folder.iterdir()
    assert (catcher.caught, file.name) == (1, "000001.eml")
    mail = message_from_bytes(file.read_bytes(), policy=default)
    assert (mail["Subject"], mail.get_content().split()) == ("You are invited", ["Go", "to", LINK])


def test_nobody_but_the_owner_reads_what_was_caught(folder) -> None:
    folder.mkdir(mode=0o755)
    with mail_catcher(port=(port := unused_port()), folder=folder):
        send(port)

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()] == [0o600]


def test_the_newest_are_kept_and_a_second_run_numbers_on(folder, monkeypatch) -> None:
    monkeypatch.setattr("orderwright.cli.mail_catcher.KEPT", 2)
    for _run in range(2):
        with mail_catcher(port=(port := unused_port()), folder=folder):
            send(port, mails=2)

    assert sorted(file.name for file in folder.iterdir()) == ["000003.eml", "000004.eml"]


def test_files_of_somebody_else_are_left_alone(folder) -> None:
    folder.mkdir()
    (folder / "kept by hand.eml").write_text("mine")

    with mail_catcher(port=(port := unused_port()), folder=folder):
        send(port)

    assert sorted(file.name for file in folder.iterdir()) == ["000001.eml", "kept by hand.eml"]


def test_who_is_said_to_have_moved_away_is_sent_nothing(folder) -> None:
    with mail_catcher(port=(port := unused_port()), folder=folder) as catcher, pytest.raises(smtplib.SMTPException):
        send(port, to=f"nobody@{GONE_DOMAIN}")

    assert (catcher.caught, list(folder.iterdir())) == (0, [])
