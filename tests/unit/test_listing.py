"""A day of a provider's list against the books, movement by movement (I16)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from orderwright.payments.gateways.port import Listed, Movement
from orderwright.payments.listing import Booked, DayTotal, compare_day

START = datetime(2026, 11, 20, tzinfo=UTC)
NOON = START + timedelta(hours=12)
DAY: dict[str, Any] = {"start": START, "end": START + timedelta(days=1)}


def listed(amount: int, *, name: str = "cap_1", currency: str = "USD") -> Listed:
    facts: dict[str, Any] = {"parent_ref": "", "key": "", "at": NOON}
    movement = Movement(kind="capture", provider_ref=name, amount_minor=amount, currency=currency, **facts)
    return Listed(reference="auth_1", movement=movement)


def booked(amount: int, *, name: str = "cap_1", currency: str = "USD") -> Booked:
    return Booked(
        payment_id=1,
        reference="auth_1",
        kind="capture",
        provider_ref=name,
        amount_minor=amount,
        currency=currency,
        at=NOON,
    )


def total(currency: str, there: int, here: int) -> DayTotal:
    return DayTotal(currency=currency, captured_there=there, captured_here=here, refunded_there=0, refunded_here=0)


def test_one_movement_with_another_amount_is_one_gap_with_both_amounts() -> None:
    day = compare_day([listed(600)], [booked(500)], **DAY)

    assert [(gap.name, gap.there_minor, gap.here_minor) for gap in day.gaps] == [
        (("auth_1", "capture", "cap_1"), 600, 500)
    ]
    assert day.totals == (total("USD", 600, 500),)


def test_one_movement_in_another_currency_is_a_gap_though_the_amount_is_the_same() -> None:
    day = compare_day([listed(500, currency="EUR")], [booked(500)], **DAY)

    assert [(gap.currency, gap.there_minor, gap.here_minor) for gap in day.gaps] == [("EUR", 500, 500)]
    assert day.totals == (total("EUR", 500, 0), total("USD", 0, 500))


def test_an_amount_that_was_not_told_is_what_the_books_say() -> None:
    day = compare_day([listed(0, name="")], [booked(500)], **DAY)

    assert (day.gaps, day.totals) == ((), (total("USD", 500, 500),))
