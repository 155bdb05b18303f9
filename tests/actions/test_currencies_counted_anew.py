"""Amounts that were stored by another count of decimals stop the migration instead of changing their meaning."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from orderwright.core.money import exponent
from orderwright.orders.models import Order

migration = import_module("orderwright.payments.migrations.0017_decimals_by_iso_4217")


def check() -> None:
    with connection.schema_editor() as editor:
        migration.stop_where_meaning_would_change(apps, editor)


def test_other_currencies_let_the_migration_pass(order: Any) -> None:
    check()

    assert all(exponent(currency) in (2, 3) for currency in migration.COUNTED_ANEW)


@pytest.mark.breaks_invariants  # the order is moved to another currency than its payment's
def test_an_order_in_one_of_them_stops_it_and_nothing_is_changed(order: Any) -> None:
    Order.objects.update(currency="RSD")
    before = list(Order.objects.values())

    with pytest.raises(migration.StoredOtherwise, match="There are amounts in RSD"):
        check()

    assert list(Order.objects.values()) == before
