"""A burst of mails, more than workers get done: the longest waiting first, each once, and a poisoned one passed by."""

from __future__ import annotations

import itertools
import time
from datetime import timedelta

import pytest
import time_machine

from orderwright.actions import send_mail
from orderwright.outbox.models import Mail
from orderwright.worker.duties import Mails
from tests.support.rivals import at_once
from tests.support.rounds import rounds

WORKERS = 4
DUE = 10_000
# So many of them are watched being sent; how long one takes must not depend on how many wait behind it.
WATCHED = 200


@pytest.fixture
def burst(now, site):
    """Put as many mails into the outbox as `rounds` says, one due every second, the last one now; the oldest first."""
    count = len(rounds(DUE))
    rows = (
        Mail(
            sequence=1,
            kind="invitation",
            sender="Cozy Home US <orders@cozy-home.example.com>",
            recipient=f"customer-{place}@mail.example.com",
            subject="Hello",
            text="Hello",
            message_id=f"<{place}@cozy-home.example.com>",
            due_at=now - timedelta(seconds=count - place),
            created_at=now,
        )
        for place in range(count)
    )
    while some := list(itertools.islice(rows, 1000)):
        Mail.objects.bulk_create(some)
    return count


@pytest.mark.fault
@pytest.mark.race
def test_workers_send_the_longest_waiting_of_a_burst_each_once(  # FJ2
    burst, server, now, monkeypatch, caplog, figure
):
    poisoned, plain, took_ms = "<0@cozy-home.example.com>", send_mail._hand_to_server, []

    def hand_over(leased):
        if leased.message_id == poisoned:
            raise RuntimeError("what this row holds makes no sense")
        plain(leased)

    def timed(**known):
        began = time.perf_counter_ns()
        done = run(**known)
        took_ms.append((time.perf_counter_ns() - began) // 1_000_000)
        return done

    run = send_mail.run
    monkeypatch.setattr(send_mail, "_hand_to_server", hand_over)
    monkeypatch.setattr(send_mail, "run", timed)

    def work(name):
        duty = Mails(worker=name)
        while len(server.messages) < WATCHED:
            duty.turn(is_stopping=lambda: len(server.messages) >= WATCHED)

    with time_machine.travel(now, tick=False):
        at_once([lambda name=f"worker {each}": work(name) for each in range(WORKERS)])

    sent = server.message_ids
    places = sorted(int(each.strip("<").partition("@")[0]) for each in sent)
    oldest = Mail.objects.filter(state="due", leased_until__isnull=True).earliest("due_at", "id")
    figure(
        "FJ2",
        "a burst of mails, four workers and a poisoned one",
        due=burst,
        sent=len(sent),
        twice=len(sent) - len(set(sent)),
        one_took_ms=took_ms,
        oldest_left_waits_s=int((now - oldest.due_at).total_seconds()),
    )
    # Every mail but the poisoned one, from the oldest on; nobody went past another, and nobody was passed over.
    assert places == list(range(1, len(sent) + 1))
    assert oldest.message_id == f"<{len(sent) + 1}@cozy-home.example.com>"
    assert Mail.objects.get(message_id=poisoned).attempts == 1
    assert Mail.objects.filter(state="sent").count() == len(sent)
