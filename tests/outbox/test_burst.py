"""A burst of mails, more than workers get done: the longest waiting first, each once, and a poisoned one passed by."""

from __future__ import annotations

import json
import time
from copy import copy
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.db.models.base import ModelState

from orderwright.actions import send_mail
from orderwright.core.db import in_write_transaction, is_postgresql, walk_indexes
from orderwright.orders.models import Order
from orderwright.outbox import leases
from orderwright.outbox.models import Mail
from orderwright.worker.duties import Mails
from tests.support.rivals import at_once
from tests.support.rounds import rounds

WORKERS = 4
DUE = 10_000
SENT = 10_000
AT_ONCE = 1000
# So many of them are watched being sent.
WATCHED = 200

# The orders of a burst are copies of one, without a journal.
pytestmark = pytest.mark.breaks_invariants


@pytest.fixture
def burst(now, order):
    """Put a mail into the outbox for each of many orders, as many as `rounds` says; one due every second."""
    count = len(rounds(DUE))
    was = now - timedelta(days=1)
    Mail.objects.bulk_create(
        _mail(f"sent-{place}", state="sent", due_at=was, created_at=was, sent_at=was) for place in range(SENT)
    )
    if is_postgresql():
        _count_before_the_burst()
    plain = Order.objects.get(pk=order.id)
    for start in range(0, count, AT_ONCE):
        places = range(start, min(start + AT_ONCE, count))
        orders = Order.objects.bulk_create(_another(plain, place) for place in places)
        Mail.objects.bulk_create(
            _mail(place, order=each, due_at=now - timedelta(seconds=count - place), created_at=now)
            for place, each in zip(places, orders, strict=True)
        )
    return count


def _count_before_the_burst():
    """Let PostgreSQL count the mails as long as none waits among thousands, and not again before the test has ended."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE outbox_mail SET (autovacuum_enabled = false)")
        cursor.execute("ANALYZE outbox_mail, orders_order")


def _mail(place, **more):
    facts = {
        "sequence": 1,
        "kind": "order_canceled",
        "sender": "Cozy Home US <orders@cozy-home.example.com>",
        "recipient": f"customer-{place}@mail.example.com",
        "subject": "Hello",
        "text": "Hello",
        "message_id": f"<{place}@cozy-home.example.com>",
    }
    return Mail(**facts | more)


def _another(plain, place):
    made = copy(plain)
    made.pk, made.number, made.external_id, made._state = None, f"B{place}", f"burst-{place}", ModelState()
    return made


def test_whoever_looks_for_the_next_mail_reads_a_few_rows_of_many(burst, now):
    """Right after a burst PostgreSQL has not counted it yet, and believes that next to nothing waits."""

    def look():
        walk_indexes()
        shape = {"format": "json", "analyze": True} if is_postgresql() else {}
        return leases.longest_due(now).explain(**shape)

    plan = in_write_transaction(look)

    if is_postgresql():
        (whole,) = json.loads(plan)
        assert 0 < sum(_rows_read(whole["Plan"])) < 20
    else:
        assert "USING INDEX mail_due" in plan
        assert "TEMP B-TREE" not in plan


def _rows_read(node):
    if node.get("Relation Name") == "outbox_mail":
        yield (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]
    for each in node.get("Plans", ()):
        yield from _rows_read(each)


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
        seconds_that_the_oldest_left_waits=int((now - oldest.due_at).total_seconds()),
    )
    # Every mail but the poisoned one, from the oldest on; nobody went past another, and nobody was passed over.
    assert places == list(range(1, len(sent) + 1))
    assert oldest.message_id == f"<{len(sent) + 1}@cozy-home.example.com>"
    assert Mail.objects.get(message_id=poisoned).attempts == 1
    assert Mail.objects.filter(state="sent").count() == SENT + len(sent)
