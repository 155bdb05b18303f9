"""What the other tests rely on: a database that begins afresh with its triggers in force, and real transactions."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from orderwright.core.clock import now as machine_now
from orderwright.journal.models import Entry
from orderwright.orders.models import OrderState, Site
from orderwright.payments.models import Operation
from tests.factories.journal import append
from tests.support.books import differences


@pytest.mark.parametrize("turn", [1, 2])
def test_every_test_finds_the_database_as_migrated_and_ids_start_at_one(turn, site):
    assert (site.pk, OrderState.objects.count(), Entry.objects.count()) == (1, 7, 0)

    append("desk:1", after={"turn": turn})
    OrderState.objects.filter(slug="new").update(name=f"Turn {turn}")


def test_triggers_are_in_force_after_the_database_was_put_back(db):
    append("desk:1")

    with pytest.raises(DatabaseError, match="append-only"):
        Entry.objects.update(kind="other")


def test_transactions_are_real(db):
    with transaction.atomic(durable=True):
        Site.objects.create(slug="gone", name="Gone", currency="USD", sender="a@shop.example.com")
        transaction.set_rollback(True)

    assert not Site.objects.filter(slug="gone").exists()
    assert not connection.in_atomic_block


def test_the_machines_clock_stands_still_at_now(db, now):
    assert machine_now() == now


def test_books_that_agree_with_the_provider_have_no_differences(order, clerk, practice):
    clerk.capture(order, 20000)

    assert differences(practice) == []


@pytest.mark.breaks_invariants
@pytest.mark.parametrize(
    ("state", "amount", "words"),
    [
        ("failed", 20000, "is failed, the provider has"),
        ("succeeded", 30000, "is succeeded, the provider has"),
        ("unknown", 30000, "is unknown, the provider has"),
    ],
)
def test_an_operation_that_the_provider_tells_otherwise_is_noticed(order, clerk, practice, state, amount, words):  # I3
    clerk.capture(order, 20000)
    Operation.objects.update(state=state, amount_minor=amount)

    (difference,) = differences(practice)
    assert words in difference


@pytest.mark.breaks_invariants
def test_an_effect_that_no_operation_asked_for_is_noticed(order, clerk, practice):  # I3
    clerk.capture(order, 20000)
    Operation.objects.update(key="op_other")

    assert [difference.split(" under ")[0].split(" is ")[0] for difference in differences(practice)] == [
        "I3: capture op_other",
        f"I3: the provider has [('capture', 20000, 'USD', {order.payments[0].id})]",
    ]
