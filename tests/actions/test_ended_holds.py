"""Holds that ran out: a look books it, nobody has to decide, and completing an order does not ask about them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from orderwright.actions import sweep_provider
from orderwright.actions.change_state import CompletionNeedsConfirmation, open_ends
from orderwright.payments.models import Drift

EIGHT_DAYS = timedelta(days=8)


@pytest.fixture(autouse=True)
def _at_night(settings: Any) -> None:
    settings.PROVIDER_SWEEP_HOUR = 2


def movements(order: Any) -> list[tuple[str, int, str]]:
    return [(row.kind, row.amount_minor, row.origin) for row in order.payments[0].transactions]


@pytest.fixture
def ended(clerk: Any, order: Any, practice: Any) -> Any:
    """Let the rest of a hold run out at the provider, after a part of it was captured."""
    captured = clerk.capture(order, 30900)
    practice.advance(EIGHT_DAYS)
    return captured


def test_a_sync_books_that_a_hold_ran_out_on_the_day_on_which_it_did(clerk: Any, ended: Any) -> None:
    after = clerk.at(EIGHT_DAYS).sync_payments(ended)

    assert movements(after)[2:] == [("expire", 28994, "provider")]
    assert after.payments[0].transactions[-1].at == after.payments[0].expires_at
    assert (after.payment_standing, after.payments[0].held_minor) == ("captured", 0)


def test_the_nightly_sweep_books_it_too_and_leaves_nothing_to_decide(clerk: Any, ended: Any, now: Any) -> None:
    tonight = now + EIGHT_DAYS
    batch = sweep_provider.take(worker="night watch", now=tonight, limit=5)

    sweep_provider.look_at(batch, payment_id=ended.payments[0].id, now=tonight)

    assert movements(clerk.sees(ended))[2:] == [("expire", 28994, "provider")]
    assert not Drift.objects.exists()


def test_a_capture_at_the_dashboard_before_the_end_still_waits_for_a_person(
    clerk: Any, order: Any, practice: Any, now: Any
) -> None:
    taken = practice.capture_by_hand(order.payments[0].reference, 20000)
    practice.advance(EIGHT_DAYS)
    tonight = now + EIGHT_DAYS
    batch = sweep_provider.take(worker="night watch", now=tonight, limit=5)

    sweep_provider.look_at(batch, payment_id=order.payments[0].id, now=tonight)

    assert movements(clerk.sees(order))[1:] == [("expire", 39894, "provider")]
    assert list(Drift.objects.values_list("kind", "provider_ref", "state")) == [("capture", taken, "open")]


def test_while_a_call_on_the_rest_is_under_way_its_end_is_no_difference(
    clerk: Any, order: Any, practice: Any, now: Any
) -> None:
    practice.fault("drop_before", "capture")
    waiting = clerk.capture(order, 30900)
    practice.advance(EIGHT_DAYS)

    after = clerk.at(EIGHT_DAYS).sync_payments(waiting)

    assert movements(after) == [("authorise", 59894, "intake")]
    assert not Drift.objects.exists()


def test_completing_does_not_count_what_no_bank_holds_any_more(clerk: Any, order: Any, now: Any) -> None:
    assert open_ends(order, now=now).held_minor == 59894
    assert open_ends(order, now=now + EIGHT_DAYS).held_minor == 0

    with pytest.raises(CompletionNeedsConfirmation) as asked:
        clerk.at(EIGHT_DAYS).change_state(order, "completed")

    assert asked.value.facts["held"] == 0
    assert asked.value.facts["unsent_pieces"] > 0
