"""What money does on its way, and what the figures of payments mean (I1, I2, W6)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from orderwright.actions.refund_plan import _GOES
from orderwright.payments import states
from orderwright.payments.listing import _COUNTS, FLOWS
from orderwright.payments.rules import (
    ENDING_SOON,
    FIGURE_OF,
    POSTINGS,
    TAKES_BACK,
    Figures,
    PaymentStanding,
    hold_end,
    retry_wait,
    standing_of,
)

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "taken_from", "put_into"),
    [
        ("authorise", "customer", "held"),
        ("capture", "held", "captured"),
        ("reverse", "held", "released"),
        ("expire", "held", "released"),
        ("refund", "captured", "refunded"),
        ("dispute", "captured", "refunded"),
    ],
)
def test_money_goes_from_the_customer_to_the_shop_and_back(kind: str, taken_from: str, put_into: str) -> None:
    assert POSTINGS[kind] == (taken_from, put_into)


@pytest.mark.parametrize(
    ("taking_back", "kind"), [("capture_failed", "capture"), ("refund_failed", "refund"), ("dispute_won", "dispute")]
)
def test_what_is_taken_back_goes_the_same_way_back(taking_back: str, kind: str) -> None:
    assert POSTINGS[taking_back] == POSTINGS[kind][::-1]


def test_every_movement_that_the_ledger_knows_has_its_accounts() -> None:
    assert sorted(POSTINGS) == sorted(states.LEDGER_KINDS)


def test_only_banks_take_back_what_was_reported_done() -> None:
    assert TAKES_BACK == {"capture_failed": "capture", "refund_failed": "refund"}


# Each figure of a payment is the sum of these accounts (I1).
ACCOUNTS_OF = {
    "captured_minor": ("captured", "refunded"),
    "released_minor": ("released",),
    "refunded_minor": ("refunded",),
}


@pytest.mark.parametrize("kind", POSTINGS)
def test_a_movement_changes_the_figure_whose_accounts_it_changes(kind: str) -> None:
    source, target = POSTINGS[kind]
    changes = {
        figure: (target in accounts) - (source in accounts)
        for figure, accounts in ACCOUNTS_OF.items()
        if (target in accounts) != (source in accounts)
    }

    assert changes == dict([FIGURE_OF[kind]] if kind in FIGURE_OF else [])
    assert (kind in FIGURE_OF) == (kind != "authorise")


@pytest.mark.parametrize("kind", POSTINGS)
def test_a_capture_has_less_to_give_back_by_what_leaves_the_shop(kind: str) -> None:
    source, target = POSTINGS[kind]
    leaves = (source == "captured") - (target == "captured")

    assert _GOES.get(kind, 0) == (0 if kind == "capture" else leaves)


@pytest.mark.parametrize("kind", POSTINGS)
def test_a_days_list_counts_captures_and_refunds_as_the_ledger_does(kind: str) -> None:
    figure, sign = FIGURE_OF.get(kind, ("", 0))
    column = {"captured_minor": 0, "refunded_minor": 1}.get(figure)

    assert _COUNTS.get(kind) == (None if column is None else (column, sign))
    assert (kind in FLOWS) == (column is not None)


def test_an_operation_is_under_way_until_it_has_ended() -> None:
    assert set(states.OPERATION_STATES) - states.FINAL_STATES == states.UNDER_WAY
    assert {"succeeded", "failed"} == states.FINAL_STATES
    assert {"unknown", "manual"} == states.UNSETTLED
    assert {"open", "investigating"} == states.DRIFT_UNDECIDED


def standing(
    *, is_unsettled: bool = False, has_expired: bool = False, ends: datetime | None = None, **figures: int
) -> PaymentStanding:
    return PaymentStanding(
        figures=Figures(**figures), expires_at=ends, is_unsettled=is_unsettled, has_expired=has_expired
    )


def test_held_is_what_was_neither_captured_nor_released() -> None:
    assert Figures(authorised=100, captured=30, released=50, refunded=20).held == 20


@pytest.mark.parametrize(
    ("payments", "shown"),
    [
        ([], "none"),
        ([standing(authorised=100)], "authorised"),
        ([standing(authorised=100, captured=40)], "partly_captured"),
        ([standing(authorised=100, captured=100)], "captured"),
        ([standing(authorised=100, captured=40, released=60)], "captured"),
        ([standing(authorised=100, captured=100, refunded=1)], "partly_refunded"),
        ([standing(authorised=100, captured=40, refunded=40)], "partly_refunded"),
        ([standing(authorised=100, captured=40, released=60, refunded=40)], "refunded"),
        ([standing(authorised=100, released=100)], "reversed"),
        ([standing(authorised=100, released=100, has_expired=True)], "expired"),
        ([standing(authorised=100, captured=100, is_unsettled=True)], "unknown"),
    ],
)
def test_an_order_shows_where_its_money_is(payments: list[PaymentStanding], shown: str) -> None:
    assert standing_of(iter(payments)) == shown


@pytest.mark.parametrize(
    ("payments", "shown"),
    [
        ([standing(authorised=60, captured=60), standing(authorised=40)], "partly_captured"),
        ([standing(authorised=60, captured=60, refunded=60), standing(authorised=40, captured=40)], "partly_refunded"),
        ([standing(authorised=60, captured=60, refunded=60), standing(authorised=40)], "partly_refunded"),
        ([standing(authorised=60, released=60), standing(authorised=40)], "authorised"),
        ([standing(authorised=60, released=60, has_expired=True), standing(authorised=40, released=40)], "expired"),
        ([standing(authorised=60), standing(authorised=40, is_unsettled=True)], "unknown"),
    ],
)
def test_payments_of_one_order_are_counted_together(payments: list[PaymentStanding], shown: str) -> None:
    assert standing_of(payments) == shown


def test_the_first_hold_to_end_is_the_earliest_that_still_holds_something() -> None:
    day = timedelta(days=1)
    held, captured = {"authorised": 100}, {"authorised": 100, "captured": 100}

    assert hold_end([standing(ends=AT + 2 * day, **held), standing(ends=AT + day, **held)]) == AT + day
    assert hold_end([standing(ends=AT + 2 * day, **held), standing(ends=AT + day, **captured)]) == AT + 2 * day
    assert hold_end([standing(ends=AT + day, authorised=100, captured=99)]) == AT + day
    assert hold_end([standing(ends=None, **held), standing(ends=AT + day, **held)]) == AT + day
    assert hold_end([standing(ends=None, **held)]) is None
    assert hold_end([]) is None


def test_a_call_is_repeated_soon_at_first_and_then_at_most_every_quarter_of_an_hour() -> None:
    waits = [retry_wait(attempts).total_seconds() for attempts in range(11)]

    assert waits == [2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]
    assert retry_wait(10**6) == timedelta(minutes=15)


def test_a_hold_is_worth_a_warning_two_days_before_it_ends() -> None:
    assert timedelta(days=2) == ENDING_SOON
