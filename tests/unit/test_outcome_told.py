"""How a call of ours went, by the provider's account of the payment."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from orderwright.actions.settle_operation import outcome_told
from orderwright.payments.gateways.port import Failed, Movement, Observed, Succeeded
from orderwright.payments.models import Operation
from orderwright.payments.states import TAKEN_BACK

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def call(kind: str, **changes: Any) -> Operation:
    return Operation(kind=kind, key="op_1", amount_minor=4000, currency="USD", **changes)


def moved(kind: Any, reference: str, **changes: Any) -> Movement:
    known = {"parent_ref": "", "amount_minor": 4000, "currency": "USD", "key": "", "at": AT}
    return Movement(kind=kind, provider_ref=reference, **(known | changes))


def shown(*movements: Movement, **changes: Any) -> Observed:
    return Observed(
        reference="auth_1", currency="USD", authorised_minor=10000, expires_at=None, movements=movements, **changes
    )


def test_what_carries_our_key_is_ours_whatever_it_came_to() -> None:
    observed = shown(moved("capture", "cap_0", key="op_0"), moved("capture", "cap_1", key="op_1", amount_minor=3999))

    assert outcome_told(call("capture"), observed) == Succeeded(
        provider_ref="cap_1", amount_minor=3999, currency="USD", at=AT
    )


def test_what_is_not_shown_is_not_told() -> None:
    assert outcome_told(call("capture"), shown(moved("capture", "cap_0"), moved("refund", "ref_1", key="op_1"))) is None


def test_a_refusal_under_our_key_is_told() -> None:
    refusal = Failed(code="canceled", message="The refund was canceled.")

    assert outcome_told(call("refund"), shown(refused={"op_0": refusal})) is None
    assert outcome_told(call("refund"), shown(refused={"op_1": refusal})) == refusal


@pytest.mark.parametrize(("amount", "is_ours"), [(4000, True), (0, True), (3999, False)])
def test_a_reversal_without_a_key_is_ours_where_it_let_go_of_what_we_asked_for(amount: int, is_ours: bool) -> None:
    told = outcome_told(call("reverse"), shown(moved("reverse", "rev_1", amount_minor=amount)))

    assert (told is not None) is is_ours


@pytest.mark.parametrize("kind", ["capture", "refund"])
def test_what_was_done_and_taken_back_has_failed(kind: str) -> None:
    undone = moved(f"{kind}_failed", "x-failed", parent_ref="x")

    seen = outcome_told(call(kind), shown(moved(kind, "x", key="op_1"), undone))
    accepted = outcome_told(call(kind, provider_ref="x"), shown(undone))
    anothers = outcome_told(call(kind, provider_ref="y"), shown(moved(kind, "y", key="op_1"), undone))

    assert (seen.code, seen.message) == (TAKEN_BACK, "The provider did it, and took it back.")
    assert (accepted.code, accepted.message) == (TAKEN_BACK, "The provider accepted it, and could not carry it out.")
    assert isinstance(anothers, Succeeded)
