"""A hold that is handed in without its end has the one that the provider's manual names, until a look knows better."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from orderwright.core.errors import Conflict
from orderwright.payments.models import ProviderAccount
from tests.factories.orders import payment


def without_end(reference: str, *, at: Any, provider: str = "practice") -> dict[str, Any]:
    return {**payment(reference, 59894, at=at), "provider": provider, "expires_at": None}


@pytest.mark.parametrize(
    ("gateway", "days"), [("practice", 7), ("stripe", 7), ("adyen", 28), ("manual", None), ("external", None)]
)
def test_the_hold_ends_when_the_providers_manual_says(clerk: Any, take_in: Any, gateway: str, days: int | None) -> None:
    account, _is_new = ProviderAccount.objects.get_or_create(slug="own", name="Own", gateway=gateway)

    order = take_in(payments=[without_end("hold_1", at=clerk.now, provider=account.slug)])

    ends = None if days is None else clerk.now + timedelta(days=days)
    assert (order.payments[0].expires_at, order.hold_ends_at) == (ends, ends)


def test_after_that_a_capture_is_refused_with_the_day(clerk: Any, take_in: Any, practice: Any) -> None:  # W6
    reference = practice.authorise(59894, at=clerk.now, expires_in=timedelta(days=30))
    order = take_in(payments=[without_end(reference, at=clerk.now)])

    with pytest.raises(Conflict) as refused:
        clerk.at(timedelta(days=8)).capture(order)

    assert (refused.value.code, practice.effects(order)) == ("hold_expired", [])


def test_what_the_provider_says_counts_for_more(clerk: Any, take_in: Any, practice: Any) -> None:
    reference = practice.authorise(59894, at=clerk.now, expires_in=timedelta(days=30))
    order = take_in(payments=[without_end(reference, at=clerk.now)])

    after = clerk.sync_payments(order)

    assert after.payments[0].expires_at == clerk.now + timedelta(days=30)
    assert clerk.at(timedelta(days=8)).capture(after).payments[0].captured_minor == 59894
