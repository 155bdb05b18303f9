"""kill -9 of a web process at a random moment, while eight clients place, capture and refund (FK3)."""

from __future__ import annotations

import os
import random
from datetime import timedelta

import pytest
from django.db import connection

from orderwright.orders.models import Order
from orderwright.reads.invariants import violations
from tests.factories.orders import document, payment
from tests.support.books import differences
from tests.support.rounds import rounds
from tests.support.settling import settle_until_quiet

pytestmark = pytest.mark.fault

# Each on a fresh desk, for all of its books are checked after every kill; two processes can share them.
PARTS = 4
UNDER_LOAD = "kill -9 at a random moment while eight clients place, capture and refund"
CLIENTS, ORDERS_EACH = 8, 2
# All of them together are told three times as much, and take longer than this.
MOST_TOLD, MOST_MS = 24, 100


def documents(practice, clerk):
    """Return what each client hands in: orders whose money is held."""
    return [[held(practice, clerk) for _order in range(ORDERS_EACH)] for _client in range(CLIENTS)]


def held(practice, clerk):
    made = document()
    total = made["totals"]["total"]
    made["payments"].append(payment(practice.authorise(total, at=clerk.now), total, at=clerk.now))
    return made


def torn():
    """Return what is only half there: of the file itself, and of the books in it."""
    if connection.vendor != "sqlite":
        return violations()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        return [*violations(), *(found for (found,) in cursor.fetchall() if found != "ok")]


def is_there(clerk, told):
    """Return whether what a client was told is so: `place 1001`, `capture 1001` or `refund 1001`."""
    act, number = told.split()
    if act == "place":
        return Order.objects.filter(number=number).exists()
    row = clerk.sees(number).payments[0]
    return {"capture": row.captured_minor, "refund": row.refunded_minor}[act] == {"capture": 20000, "refund": 5000}[act]


@pytest.mark.parametrize("part", range(PARTS))
def test_what_eight_clients_were_told_before_a_kill_at_any_moment_is_there_and_nothing_happens_twice(  # FK3
    nursery, site, practice, clerk, figure, part
):
    seed = int(os.environ["ORDERWRIGHT_TEST_RUN"], 16) + part
    chance = random.Random(seed)
    for _kill in rounds(5):
        ended = nursery.act(
            "serve",
            documents=documents(practice, clerk),
            capture=20000,
            refund=5000,
            kill_after_told=chance.randrange(MOST_TOLD),
            kill_after_ms=chance.randrange(MOST_MS),
            now=clerk.now,
        )

        assert ended.was_killed
        lost = [told for told in ended.acknowledged if not is_there(clerk, told)]
        half = torn()
        settle_until_quiet(clerk.now + timedelta(minutes=2))
        wrong = [*violations(), *differences(practice)]
        figure(
            "FK3",
            UNDER_LOAD,
            kills=1,
            acknowledged=len(ended.acknowledged),
            lost=len(lost) + sum(not is_there(clerk, told) for told in ended.acknowledged),
            torn=len(half),
            violations_after=len(wrong),
        )
        assert (lost, half, wrong) == ([], [], [])
    figure("FK3", UNDER_LOAD, first_seed=[seed])
    for order in map(clerk.sees, Order.objects.values_list("number", flat=True)):
        row = order.payments[0]
        moved = [("capture", row.captured_minor), ("refund", row.refunded_minor)]
        assert practice.effects(order) == [(kind, amount) for kind, amount in moved if amount]
        assert (row.captured_minor, row.refunded_minor) in ((0, 0), (20000, 0), (20000, 5000))
