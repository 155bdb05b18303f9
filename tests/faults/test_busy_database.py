"""A database that is locked, deadlocked or asks for another try: bounded tries, one effect or none (FC6)."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import contextmanager
from functools import partial

import pytest
from django.db import OperationalError, connection

from orderwright.core.actor import SYSTEM
from orderwright.core.db import DatabaseBusy, in_write_transaction
from orderwright.orders.models import Order
from orderwright.orders.writes import lock_order
from orderwright.payments.errors import OutcomeUnsaved
from orderwright.payments.models import Operation
from tests.support.rivals import at_once
from tests.support.rounds import rounds
from tests.support.settling import settle_until_quiet

pytestmark = pytest.mark.fault

# What a database says when a transaction has to begin anew: serialization_failure and deadlock_detected.
STATES = ("40001", "40P01")
MOST_TRIES = 5


@contextmanager
def failing(times, *, state, after=0):
    """Let the database refuse so many changes of orders with this state, after some that went well.

    PostgreSQL raises the error itself; for SQLite, which has no such states, it is the words of its own refusal.
    """
    seen = {"refused": 0, "passed": 0}

    def refuse(execute, sql, params, many, context):
        if not sql.startswith('UPDATE "orders_order"') or seen["refused"] == times:
            return execute(sql, params, many, context)
        if seen["passed"] < after:
            seen["passed"] += 1
            return execute(sql, params, many, context)
        seen["refused"] += 1
        if connection.vendor == "postgresql":
            raising = f"DO $$ BEGIN RAISE EXCEPTION 'made by a test' USING ERRCODE = '{state}'; END $$"
            return execute(raising, None, False, context)
        raise OperationalError("database is locked")

    with connection.execute_wrapper(refuse):
        yield seen


@pytest.mark.parametrize("state", STATES)
def test_a_capture_that_has_to_begin_anew_happens_once(take_in, clerk, practice, figure, state):  # FC6
    for turn in rounds(10):
        order = take_in()

        # The first update reserves, the second books what came of the call: each of them has to be tried again.
        with failing(1 + turn % (MOST_TRIES - 1), state=state, after=turn % 2) as seen:
            after = clerk.capture(order, 20000)

        doubles = len(practice.effects(order)) - 1
        figure("FC6", "the database asks for another try", captures=1, tries=seen["refused"], doubles=doubles)
        assert practice.effects(order) == [("capture", 20000)]
        assert (after.payments[0].captured_minor, after.payments[0].pending_minor) == (20000, 0)


def test_after_five_tries_it_is_refused_and_nothing_was_written(order, clerk, practice):
    with failing(100, state="40001") as seen, pytest.raises(DatabaseBusy):
        clerk.capture(order, 20000)

    assert seen["refused"] == MOST_TRIES
    assert clerk.sees(order) == order
    assert practice.effects(order) == []


def test_an_outcome_that_the_database_does_not_take_is_found_out_later_and_happens_once(order, clerk, practice):
    with failing(MOST_TRIES, state="40P01", after=1), pytest.raises(OutcomeUnsaved):
        clerk.capture(order, 20000)
    assert Operation.objects.get().state == "sent"

    settle_until_quiet(clerk.now)

    assert practice.effects(order) == [("capture", 20000)]
    assert clerk.sees(order).payments[0].captured_minor == 20000


def test_an_error_that_no_second_try_mends_is_not_tried_again(order, clerk):
    def refuse(execute, sql, params, many, context):
        if sql.startswith("UPDATE"):
            tries.append(sql)
            raise OperationalError("disk I/O error")
        return execute(sql, params, many, context)

    tries: list[str] = []
    with connection.execute_wrapper(refuse), pytest.raises(OperationalError, match="disk"):
        clerk.save_invoice(order, "INV-1")

    assert len(tries) == 1


@pytest.mark.race
def test_two_who_lock_two_orders_in_opposite_order_both_get_there(take_in, figure):  # FC6
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one lock for the whole file, so nobody waits crosswise")
    for _ in rounds(2):
        first, second = take_in(), take_in()
        meeting = threading.Barrier(2)
        tries = []

        def lock(one, other, meeting=meeting, tries=tries):
            def change():
                tries.append(one)
                row = lock_order(number=one, actor=SYSTEM)
                if len(tries) <= 2:
                    meeting.wait(10)
                lock_order(number=other, actor=SYSTEM)
                change_order_quietly(row)

            in_write_transaction(change)

        outcomes = at_once([partial(lock, first.number, second.number), partial(lock, second.number, first.number)])

        figure("FC6", "two lock two orders crosswise", deadlocks=1, tries=len(tries) - 2)
        assert outcomes == ["done", "done"]
        assert len(tries) == 3


def change_order_quietly(row):
    """Write something without a meaning, so that the transaction has something to lose."""
    Order.objects.filter(pk=row.pk).update(version=row.version)


def test_a_database_file_that_somebody_else_holds_is_waited_for(order, clerk, practice, figure):  # FC6
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL locks rows, not the whole file")
    connection.ensure_connection()
    connection.connection.execute("PRAGMA busy_timeout = 20")
    other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    letting_go = threading.Timer(0.1, lambda: other.execute("ROLLBACK"))
    letting_go.start()

    after = clerk.capture(order, 20000)

    letting_go.join()
    other.close()
    figure("FC6", "the database file is held by somebody else", captures=1, doubles=len(practice.effects(order)) - 1)
    assert practice.effects(order) == [("capture", 20000)]
    assert after.payments[0].captured_minor == 20000


def test_a_database_file_that_is_held_for_long_is_a_refusal_without_a_trace(order, clerk, practice):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL locks rows, not the whole file")
    connection.ensure_connection()
    connection.connection.execute("PRAGMA busy_timeout = 20")
    other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(DatabaseBusy):
        clerk.capture(order, 20000)

    other.execute("ROLLBACK")
    other.close()
    assert practice.effects(order) == []
    assert clerk.sees(order) == order
