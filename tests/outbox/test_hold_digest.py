"""The digest of holds that end soon: once a day, to whom the settings name, and only when there is something to say."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

from orderwright.actions import send_hold_digest
from orderwright.orders.models import Site
from orderwright.outbox.models import Mail
from orderwright.worker.duties import HoldDigest


def test_nobody_is_told_unless_named(take_in: Any, now: Any) -> None:
    take_in(expires_in=timedelta(hours=10))

    assert send_hold_digest.run(now=now) == 0


def test_it_names_the_holds_that_end_within_three_days(take_in: Any, settings: Any, now: Any) -> None:
    settings.HOLD_DIGEST_TO = ["finance@cozy-home.example.com"]
    later, sooner = take_in(expires_in=timedelta(hours=60)), take_in(expires_in=timedelta(hours=10))
    take_in(expires_in=timedelta(days=6))

    assert send_hold_digest.run(now=now) == 1

    mail = Mail.objects.get()
    assert (mail.recipient, mail.subject) == ("finance@cozy-home.example.com", "2 holds end soon")
    assert mail.sender == "Orderwright <orders@cozy-home.example.com>"
    lines = [line for line in mail.text.splitlines() if "#" in line]
    assert "Bob Norman" not in mail.text  # I17: it stays when he is erased
    assert lines == [
        f"2026-11-21 14:00 EST  $598.94  #{sooner.number}  Cozy Home US",
        f"2026-11-23 16:00 EST  $598.94  #{later.number}  Cozy Home US",
    ]


def test_it_is_written_once_a_day_whoever_writes_it(take_in: Any, settings: Any, both_at_once: Any, now: Any) -> None:
    settings.HOLD_DIGEST_TO = ["finance@cozy-home.example.com"]
    take_in(expires_in=timedelta(days=3))

    both_at_once(partial(send_hold_digest.run, now=now))

    assert Mail.objects.count() == 1
    assert send_hold_digest.run(now=now) == 0
    assert send_hold_digest.run(now=now + timedelta(days=1)) == 1


def test_nothing_to_say_is_not_said(take_in: Any, settings: Any, now: Any) -> None:
    settings.HOLD_DIGEST_TO = ["finance@cozy-home.example.com"]
    take_in(expires_in=timedelta(days=6))

    assert send_hold_digest.run(now=now) == 0


def test_it_waits_for_the_morning(take_in: Any, settings: Any, now: Any) -> None:
    settings.HOLD_DIGEST_TO = ["finance@cozy-home.example.com"]
    take_in(expires_in=timedelta(days=2))

    assert send_hold_digest.run(now=now.replace(hour=4)) == 0


def test_the_worker_writes_it_without_being_asked_twice(take_in: Any, settings: Any) -> None:
    settings.HOLD_DIGEST_TO = ["finance@cozy-home.example.com"]
    take_in(expires_in=timedelta(days=2))
    duty = HoldDigest()

    assert [duty.turn(is_stopping=lambda: False) for _ in range(2)] == [1, 0]


def test_without_a_sender_s_address_nothing_is_written(take_in: Any, settings: Any, now: Any) -> None:
    settings.HOLD_DIGEST_TO = ["finance@cozy-home.example.com"]
    take_in(expires_in=timedelta(days=2))
    Site.objects.update(sender="nobody")

    assert send_hold_digest.run(now=now) == 0
