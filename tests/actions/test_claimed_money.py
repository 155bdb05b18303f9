"""An order that is handed in with money that is another payment's: no hold and no movement stands on two payments."""

from __future__ import annotations

from typing import Any

import pytest

from orderwright.core.errors import Invalid
from orderwright.orders.models import Order
from orderwright.payments.models import ProviderAccount
from tests.factories.orders import payment
from tests.support.refusals import pointers
from tests.support.rivals import at_once


def test_one_payment_cannot_settle_two_orders(clerk: Any, order: Any, document: Any) -> None:
    made = document()
    made["payments"] = [
        {
            "provider": "practice",
            "reference": order.payments[0].reference,
            "authorised": 59894,
            "authorised_at": "2026-11-20T21:42:12Z",
        }
    ]

    with pytest.raises(Invalid) as refused:
        clerk.asks.take_in(made)

    assert pointers(refused) == [("/payments/0/reference", "payment_taken")]
    assert Order.objects.count() == 1


def test_two_accounts_at_one_provider_do_not_share_a_payment(clerk: Any, order: Any, document: Any) -> None:
    """They may be one merchant's: canceling the second order would give back what the first one's customer paid."""
    booked = clerk.capture(order).payments[0].transactions[-1].provider_ref
    ProviderAccount.objects.create(slug="practice-2", name="The same merchant", gateway="practice")
    hold = {"provider": "practice-2", "authorised": 59894, "authorised_at": "2026-11-20T21:42:12Z"}
    capture = {"kind": "capture", "amount": 59894, "reference": booked, "at": "2026-11-20T22:00:00Z"}
    holds, captures = document(), document()
    holds["payments"] = [{**hold, "reference": order.payments[0].reference}]
    captures["payments"] = [{**hold, "reference": "auth_other", "transactions": [capture]}]

    with pytest.raises(Invalid) as refused_hold:
        clerk.asks.take_in(holds)
    with pytest.raises(Invalid) as refused_capture:
        clerk.asks.take_in(captures)

    assert pointers(refused_hold) == [("/payments/0/reference", "payment_taken")]
    assert pointers(refused_capture) == [("/payments/0/transactions/0/reference", "payment_taken")]
    assert Order.objects.count() == 1


def test_what_staff_record_may_be_called_alike_at_two_accounts(take_in: Any, clerk: Any) -> None:
    """A bank's reference is what somebody typed; another bank's customer may have written the same."""
    for slug in ("bank", "other-bank"):
        ProviderAccount.objects.create(slug=slug, name=slug, gateway="manual")
        take_in(payments=[{**payment("R-1", 59894, at=clerk.now), "provider": slug}])

    assert Order.objects.count() == 2


@pytest.mark.parametrize("where", ["another order", "another payment of the same order"])
def test_one_capture_cannot_stand_on_two_payments(
    clerk: Any, order: Any, document: Any, practice: Any, where: str
) -> None:
    """Else canceling the second order would give back what the first one's customer paid."""
    booked = clerk.capture(order).payments[0].transactions[-1].provider_ref
    taken = booked if where == "another order" else "cap_elsewhere"
    made = document()
    made["payments"] = [
        {
            "provider": "practice",
            "reference": reference,
            "authorised": amount,
            "authorised_at": "2026-11-20T21:42:12Z",
            "transactions": [{"kind": "capture", "amount": amount, "reference": capture, "at": "2026-11-20T22:00:00Z"}],
        }
        for reference, amount, capture in (("auth_one", 50000, "cap_elsewhere"), ("auth_two", 9894, taken))
    ]

    with pytest.raises(Invalid) as refused:
        clerk.asks.take_in(made)

    assert pointers(refused) == [("/payments/1/transactions/0/reference", "payment_taken")]
    assert Order.objects.count() == 1


def test_a_capture_of_somebody_elses_hold_is_not_given_back(
    clerk: Any, site: Any, document: Any, practice: Any, now: Any
) -> None:
    """No order of ours has that hold, so nothing here knows whose the capture is. The provider does."""
    mine, others = practice.authorise(at=now), practice.authorise(at=now)
    capture = practice.capture_by_hand(others, 59894)
    made = document()
    made["payments"] = [
        {
            "provider": "practice",
            "reference": mine,
            "authorised": 59894,
            "authorised_at": "2026-11-20T21:42:12Z",
            "transactions": [{"kind": "capture", "amount": 59894, "reference": capture, "at": "2026-11-20T22:00:00Z"}],
        }
    ]
    order = clerk.asks.take_in(made)

    clerk.cancel(order.number)

    assert practice.effects(others) == [("capture", 59894)]
    assert clerk.sees(order.number).state.slug == "cancel-requested"


@pytest.mark.race
def test_of_two_who_claim_one_hold_at_once_at_two_accounts_one_gets_it(
    clerk: Any, site: Any, document: Any, practice: Any
) -> None:
    ProviderAccount.objects.create(slug="practice-2", name="The same merchant", gateway="practice")
    hold = practice.authorise(at=clerk.now)
    claims = [
        document(external_id=account, payments=[{**payment(hold, 59894, at=clerk.now), "provider": account}])
        for account in ("practice", "practice-2")
    ]

    outcomes = at_once([lambda claim=claim: clerk.asks.take_in(claim) for claim in claims])

    assert sorted(outcomes) == ["done", "payment_taken"]
    assert Order.objects.count() == 1
