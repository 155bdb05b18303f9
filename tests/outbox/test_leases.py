"""Who sends a mail: one worker at a time, and another one when it died."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from orderwright.core.db import in_write_transaction
from orderwright.outbox import leases
from orderwright.outbox.models import Mail
from tests.support.rivals import at_once

LEASE_S = 90


@pytest.fixture
def take(now):
    """Lease the mail that is due longest, for a worker, at a given time."""

    def run(worker, *, at=now):
        return in_write_transaction(lambda: leases.take(worker=worker, now=at))

    return run


def test_a_leased_mail_is_nobody_elses_until_the_lease_runs_out(enqueue, take, now):
    enqueue()

    first = take("first")
    during = take("second", at=now + timedelta(seconds=LEASE_S - 1))
    afterwards = take("second", at=now + timedelta(seconds=LEASE_S))

    assert during is None
    assert (first.attempts, afterwards.attempts) == (1, 2)
    assert first.message_id == afterwards.message_id


def test_a_worker_that_comes_back_after_its_lease_changes_nothing(enqueue, take, now):
    mail = enqueue()
    late = take("first")
    take("second", at=now + timedelta(seconds=LEASE_S))

    outcomes = [
        leases.mark_sent(late, now=now),
        leases.mark_undelivered(late, state="dead", error="no"),
        leases.mark_due_again(late, error="no", due_at=now),
    ]

    mail.refresh_from_db()
    assert outcomes == [False, False, False]
    assert (mail.state, mail.leased_by, mail.last_error) == ("due", "second", "")


def test_the_same_worker_does_not_finish_an_earlier_lease_of_its_own(enqueue, take, now):
    enqueue()
    earlier = take("first")
    later = take("first", at=now + timedelta(seconds=LEASE_S))

    assert leases.mark_sent(earlier, now=now) is False
    assert leases.mark_sent(later, now=now) is True


def test_a_mail_whose_workers_all_died_is_given_up(*, enqueue, take, send, server, now, order, journal_kinds):  # FJ2
    mail = enqueue()
    for lost in range(8):
        take("a worker that dies", at=now + timedelta(seconds=LEASE_S * lost))

    send(at=now + timedelta(seconds=LEASE_S * 8))

    mail.refresh_from_db()
    assert (mail.state, mail.attempts, server.messages) == ("dead", 9, [])
    assert mail.last_error == "Every try ended without an answer; the workers that tried were stopped."
    assert journal_kinds(order)[-1] == "mail.dead"


def test_a_later_mail_waits_while_an_earlier_one_is_being_sent(enqueue, take, now):
    enqueue()
    second = enqueue()
    first_lease = take("first")

    while_sending = take("second")
    leases.mark_sent(first_lease, now=now)
    after_sending = take("second")

    assert while_sending is None
    assert after_sending.id == second.pk


def test_a_mail_of_the_future_is_not_due(enqueue, take, now):
    enqueue(now=now + timedelta(seconds=1))

    assert take("first") is None
    assert leases.has_due(now=now) is False
    assert leases.has_due(now=now + timedelta(seconds=1)) is True


def test_two_workers_never_hold_the_same_mail(enqueue, take, take_in):  # FJ2
    rounds = 20
    for number in range(rounds):
        order = take_in(external_id=f"round {number}")
        enqueue(order_id=order.id)

        outcomes = at_once(
            [lambda: "took it" if take("first") else "nothing", lambda: "took it" if take("second") else "nothing"]
        )

        assert sorted(outcomes) == ["nothing", "took it"]
    assert Mail.objects.filter(attempts=1).count() == rounds


@pytest.mark.parametrize(
    ("attempts", "least_s"), [(1, 10), (2, 50), (3, 250), (4, 1250), (5, 6250), (6, 28800), (40, 28800)]
)
def test_each_wait_is_five_times_longer_up_to_eight_hours_with_half_as_much_left_to_chance(attempts, least_s):
    waits = [leases.next_delay(attempts=attempts, randomness=random.Random(seed)) for seed in range(200)]

    assert min(waits) >= timedelta(seconds=least_s)
    assert max(waits) < timedelta(seconds=least_s * 3 // 2)
    assert len(set(waits)) > 4
