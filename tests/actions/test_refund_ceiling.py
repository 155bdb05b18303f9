"""A role may carry a refund ceiling per order and per day (W11)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from orderwright.accounts.keys import create_key, find_actor
from orderwright.accounts.models import Role, User
from orderwright.core.actor import RefundCeiling
from orderwright.core.errors import Conflict
from orderwright.payments.errors import RefundAboveCeiling
from orderwright.payments.models import Refund
from tests.support.drivers import Clerk, hire

CEILINGS = {"USD": {"order": 10000, "day": 15000}}


@pytest.fixture
def careful(clerk: Any, now: Any) -> Any:
    """Hire Cara Lind, who may refund 100 dollars per order and 150 per day."""
    person = hire(
        name="Cara Lind",
        email="cara@cozy-home.example.com",
        now=now,
        role="careful",
        permissions=("orders.view", "payments.refund"),
    )
    Role.objects.filter(slug="careful").update(refund_ceilings=CEILINGS)
    user = User.objects.get(pk=person.user.pk)
    return Clerk(user.actor(), now, user)


@pytest.fixture
def paid(clerk: Any, take_in: Any) -> Callable[[], Any]:
    """Return a maker of orders whose 598.94 dollars are captured."""
    return lambda: clerk.capture(take_in())


def test_what_is_within_the_ceiling_goes_back(careful: Any, paid: Any) -> None:
    order = careful.refund(paid(), other=9999)

    assert careful.refund(order, other=1).payments[0].refunded_minor == 10000


def test_more_than_the_ceiling_of_one_order_is_refused_and_nothing_moves(
    careful: Any, clerk: Any, paid: Any, practice: Any
) -> None:
    order = careful.refund(paid(), other=6000)

    with pytest.raises(RefundAboveCeiling) as refused:
        careful.refund(order, other=4001)

    assert refused.value.facts == {"ceiling": 10000, "left": 4000, "currency": "USD"}
    assert "$100.00 per order, of which $40.00 is left" in refused.value.message
    assert practice.effects(order) == [("capture", 59894), ("refund", 6000)]
    assert clerk.refund(clerk.sees(order), other=4001).payments[0].refunded_minor == 10001


def test_a_day_ends_at_midnight_in_the_store_and_counts_every_order(careful: Any, paid: Any) -> None:
    careful.refund(paid(), other=9000)
    other = paid()

    with pytest.raises(RefundAboveCeiling, match=r"per day, of which \$60\.00 is left"):
        careful.refund(other, other=6001)
    tomorrow = Clerk(careful.actor, careful.now + timedelta(days=1), careful.user)

    assert tomorrow.refund(other, other=6001).payments[0].refunded_minor == 6001


def test_what_was_declined_does_not_count(careful: Any, paid: Any, practice: Any) -> None:
    order = paid()
    practice.fault("decline", "refund")
    careful.refund(order, other=10000)

    assert careful.refund(careful.sees(order), other=10000).payments[0].refunded_minor == 10000


def test_a_currency_without_a_ceiling_is_none_to_refund_in(careful: Any, paid: Any) -> None:
    order = paid()
    (grant,) = careful.actor.grants
    five_euros = replace(grant, refund_ceilings=(RefundCeiling(currency="EUR", per_order_minor=5),))
    in_euro = replace(careful.actor, grants=(five_euros,))

    with pytest.raises(Conflict) as refused:
        Clerk(in_euro, careful.now, careful.user).refund(order, other=1)

    assert refused.value.code == "refund_ceiling_missing"


def test_two_refunds_at_once_do_not_both_fit_the_same_day(careful: Any, paid: Any, both_at_once: Any) -> None:
    first, second = paid(), paid()

    outcomes = both_at_once(
        partial(careful.asks.refund, first, other=9000), partial(careful.asks.refund, second, other=9000)
    )

    assert sorted(outcomes) == ["refund_above_ceiling", "refunded"]
    assert Refund.objects.count() == 1


def test_a_key_has_the_ceilings_of_its_role(careful: Any, now: Any) -> None:
    key = create_key(name="Returns desk", role=Role.objects.get(slug="careful"))

    actor = find_actor(key, now=now)

    assert actor is not None
    assert actor.at(None).refund_ceilings == (
        RefundCeiling(currency="USD", per_order_minor=10000, per_day_minor=15000),
    )


def test_a_key_is_held_to_what_it_refunded_itself(careful: Any, paid: Any, now: Any) -> None:
    actor = find_actor(create_key(name="Returns desk", role=Role.objects.get(slug="careful")), now=now)
    assert actor is not None
    program = Clerk(actor, now)
    careful.refund(paid(), other=10000)
    program.refund(paid(), other=9000)

    with pytest.raises(RefundAboveCeiling, match=r"per day, of which \$60\.00 is left"):
        program.refund(paid(), other=6001)


@pytest.mark.parametrize(
    ("ceiling", "most_of_one", "most_of_another"),
    [
        (RefundCeiling(currency="USD", per_order_minor=10000), 10000, 10000),
        (RefundCeiling(currency="USD", per_day_minor=15000), 15000, 0),
    ],
    ids=["per order", "per day"],
)
def test_one_ceiling_without_the_other_leaves_the_other_open(
    careful: Any, paid: Any, ceiling: RefundCeiling, most_of_one: int, most_of_another: int
) -> None:
    (grant,) = careful.actor.grants
    bound = replace(careful.actor, grants=(replace(grant, refund_ceilings=(ceiling,)),))
    person = Clerk(bound, careful.now, careful.user)
    one, another = paid(), paid()

    with pytest.raises(RefundAboveCeiling):
        person.refund(one, other=most_of_one + 1)
    person.refund(one, other=most_of_one)
    with pytest.raises(RefundAboveCeiling):
        person.refund(another, other=most_of_another + 1)
    if most_of_another:
        person.refund(another, other=most_of_another)

    assert sum(Refund.objects.values_list("refunded_minor", flat=True)) == most_of_one + most_of_another
