"""What another platform keeps is shown and never moved from here: the refusal says who keeps it (G23, W6)."""

from __future__ import annotations

from typing import Any

import pytest

from orderwright.actions import cancel_order, refund, reverse_hold
from orderwright.core.errors import Conflict
from orderwright.payments.errors import ProviderUnreachable
from orderwright.payments.gateways.external import ExternalGateway
from orderwright.payments.gateways.port import Account, Failed, NoticeRefused
from orderwright.payments.models import Operation
from tests.factories.orders import payment
from tests.gateways.calls import capture
from tests.support.practice import rfc3339


@pytest.fixture
def imported(take_in: Any, now: Any) -> Any:
    """Take in an order of 598.94 dollars that Shopify keeps, with 300 dollars captured there."""
    captured = {"kind": "capture", "amount": 30000, "reference": "5002", "at": rfc3339(now)}
    return take_in(payments=[payment("5001", 59894, at=now, provider="shopify", transactions=[captured])])


ACTS = {
    "capture": lambda desk, order: desk.capture(order, 100),
    "reverse": lambda desk, order: desk.reverse_hold(order),
    "refund": lambda desk, order: desk.refund(order, other=100),
    "cancel": lambda desk, order: desk.cancel(order),
}


@pytest.mark.parametrize("act", ACTS)
def test_money_that_another_platform_keeps_is_not_moved_here(
    clerk: Any, imported: Any, journal_kinds: Any, act: str
) -> None:
    before = journal_kinds(imported)

    with pytest.raises(Conflict) as refused:
        ACTS[act](clerk.asks, imported)

    assert refused.value.code == "kept_elsewhere"
    assert refused.value.message.startswith("Shopify keeps ")
    assert journal_kinds(imported) == before
    assert not Operation.objects.exists()
    assert clerk.sees(imported).state.slug == "new"


def test_the_page_knows_it_beforehand(clerk: Any, imported: Any) -> None:
    answers = [
        cancel_order.availability(imported, clerk.actor),
        refund.availability(imported, clerk.actor, now=clerk.now),
        reverse_hold.availability(imported, clerk.actor, payment_id=imported.payments[0].id, now=clerk.now),
    ]

    assert [answer.code for answer in answers] == ["kept_elsewhere"] * 3


def test_the_gateway_moves_nothing_asks_nobody_and_believes_nobody(now: Any) -> None:
    gateway = ExternalGateway(Account())

    outcome = gateway.send(capture("5001", 100))

    assert outcome == Failed(code="kept_elsewhere", message="5001 is kept by the platform it came from.")
    with pytest.raises(ProviderUnreachable, match="5001 is kept by the platform it came from"):
        gateway.look_up("5001")
    with pytest.raises(ProviderUnreachable, match="is not asked for a list"):
        gateway.movements_between(now, now)
    with pytest.raises(NoticeRefused):
        gateway.read_notices(headers={}, body=b"{}", now=now)
