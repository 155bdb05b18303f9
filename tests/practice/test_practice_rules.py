"""The provider's rules on plain facts: every refusal, every state."""

from __future__ import annotations

from typing import Any

import pytest

from practice_provider import engine
from practice_provider.currencies import DECIMALS, format_amount, parse_amount
from practice_provider.engine import Capture, Hold
from practice_provider.instants import SECOND_US, parse_instant, text_of
from practice_provider.pages.parts import brand_name
from practice_provider.refusals import Refusal

MADE = parse_instant("2026-11-20T21:42:12Z")
ENDS = parse_instant("2026-11-27T21:42:12Z")
MEANWHILE = parse_instant("2026-11-21T09:00:00Z")


def hold(**facts: Any) -> Hold:
    return Hold(
        **{
            "id": "auth_1",
            "amount": 10000,
            "currency": "USD",
            "card_brand": "visa",
            "card_last4": "4242",
            "authorised_at": MADE,
            "expires_at": ENDS,
            **facts,
        }
    )


def captured(amount: int, *, refunded: int = 0) -> Capture:
    return Capture(id="cap_1", authorisation="auth_1", amount=amount, refunded=refunded, at=MEANWHILE)


def test_captures_add_up_to_the_hold_and_no_further():
    after = engine.capture(hold(), amount=4000, at=MEANWHILE)
    after = engine.capture(after, amount=6000, at=MEANWHILE)

    assert (after.captured, after.rest) == (10000, 0)


@pytest.mark.parametrize(
    ("before", "amount", "at", "code"),
    [
        ({}, 10001, MEANWHILE, "amount_exceeds_hold"),
        ({"captured": 4000}, 6001, MEANWHILE, "amount_exceeds_hold"),
        ({"captured": 10000}, 1, MEANWHILE, "amount_exceeds_hold"),
        ({"released": 10000}, 1, MEANWHILE, "hold_reversed"),
        ({"captured": 4000, "released": 1000}, 1, MEANWHILE, "hold_reversed"),
        ({}, 1, ENDS, "hold_expired"),
        ({"released": 10000}, 1, ENDS, "hold_reversed"),
        ({}, 0, MEANWHILE, "amount_invalid"),
        ({}, -1, MEANWHILE, "amount_invalid"),
        ({}, 10**12 + 1, MEANWHILE, "amount_invalid"),
        ({}, 1, MADE - 1, "invalid_request"),
    ],
)
def test_a_capture_is_refused_with_its_reason(before, amount, at, code):
    with pytest.raises(Refusal) as refused:
        engine.capture(hold(**before), amount=amount, at=at)

    assert refused.value.code == code


def test_a_capture_in_the_last_microsecond_of_the_hold_is_in_time():
    assert engine.capture(hold(), amount=10000, at=ENDS - 1).captured == 10000


def test_a_reversal_without_an_amount_releases_the_rest():
    after = engine.reverse(hold(captured=4000), amount=None, at=MEANWHILE)

    assert (after.captured, after.released, after.rest) == (4000, 6000, 0)


def test_two_reversals_may_share_the_rest():
    after = engine.reverse(hold(), amount=3000, at=MEANWHILE)
    after = engine.reverse(after, amount=7000, at=MEANWHILE)

    assert after.released == 10000


@pytest.mark.parametrize(
    ("before", "amount", "at", "code"),
    [
        ({"captured": 10000}, None, MEANWHILE, "nothing_to_release"),
        ({"released": 10000}, None, MEANWHILE, "nothing_to_release"),
        ({"released": 10000}, 1, ENDS, "nothing_to_release"),
        ({}, None, ENDS, "hold_expired"),
        ({"captured": 4000}, 6001, MEANWHILE, "amount_exceeds_hold"),
        ({}, 0, MEANWHILE, "amount_invalid"),
        ({}, None, MADE - 1, "invalid_request"),
    ],
)
def test_a_reversal_is_refused_with_its_reason(before, amount, at, code):
    with pytest.raises(Refusal) as refused:
        engine.reverse(hold(**before), amount=amount, at=at)

    assert refused.value.code == code


def test_refunds_add_up_to_their_capture_also_after_the_hold_ended():
    after = engine.refund(hold(captured=4000), captured(4000, refunded=1000), amount=3000, at=ENDS)

    assert after.refunded == 3000


@pytest.mark.parametrize(
    ("amount", "at", "code"),
    [
        (3001, MEANWHILE, "amount_exceeds_capture"),
        (0, MEANWHILE, "amount_invalid"),
        (1, MEANWHILE - 1, "invalid_request"),
    ],
)
def test_a_refund_is_refused_with_its_reason(amount, at, code):
    with pytest.raises(Refusal) as refused:
        engine.refund(hold(captured=9000), captured(4000, refunded=1000), amount=amount, at=at)

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("facts", "now", "state"),
    [
        ({}, MEANWHILE, "held"),
        ({}, ENDS, "expired"),
        ({"captured": 10000}, MEANWHILE, "captured"),
        ({"captured": 10000, "refunded": 10000}, MEANWHILE, "captured"),
        ({"captured": 1}, MEANWHILE, "part_captured"),
        ({"captured": 1, "released": 9999}, MEANWHILE, "part_captured"),
        ({"captured": 1}, ENDS, "part_captured"),
        ({"released": 10000}, MEANWHILE, "reversed"),
        ({"released": 1}, ENDS, "reversed"),
    ],
)
def test_the_state_says_where_a_hold_stands(facts, now, state):
    assert engine.state_of(hold(**facts), now=now) == state


@pytest.mark.parametrize(("amount", "code"), [(0, "amount_invalid"), (10**12 + 1, "amount_invalid")])
def test_a_hold_has_an_amount_that_can_be_moved(amount, code):
    with pytest.raises(Refusal) as refused:
        engine.authorise(hold(amount=amount))

    assert refused.value.code == code


@pytest.mark.parametrize("currency", ["XXX", "usd", "US", ""])
def test_a_hold_has_a_currency_that_exists(currency):
    with pytest.raises(Refusal) as refused:
        engine.authorise(hold(currency=currency))

    assert refused.value.code == "currency_unknown"


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [
        (128994, "USD", "USD 1,289.94"),
        (5, "EUR", "EUR 0.05"),
        (1250, "JPY", "JPY 1,250"),
        (1234567, "BHD", "BHD 1,234.567"),
    ],
)
def test_amounts_are_shown_with_the_decimals_of_their_currency(amount, currency, shown):
    assert format_amount(amount, currency=currency) == shown
    assert parse_amount(shown.split()[1], currency=currency) == amount


@pytest.mark.parametrize(
    "typed", ["", ".", "12.", ".5", "12.345", "-1", "1e3", "\uff11\uff12", "12 3", "NaN", "9" * 20]
)
def test_what_is_no_amount_of_dollars_is_not_read_as_one(typed):
    with pytest.raises(ValueError, match=r"^"):
        parse_amount(typed, currency="USD")


def test_every_currency_of_the_desk_is_known():
    assert {"USD", "CAD", "EUR", "GBP", "JPY", "BHD", "KWD", "CHF"} <= set(DECIMALS)


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("2026-11-20T21:42:12Z", "2026-11-20T21:42:12Z"),
        ("2026-11-20T16:42:12-05:00", "2026-11-20T21:42:12Z"),
        ("2026-11-20t21:42:12.5z", "2026-11-20T21:42:12.500000Z"),
    ],
)
def test_times_are_read_with_any_offset_and_shown_in_utc(given, read):
    assert text_of(parse_instant(given)) == read


@pytest.mark.parametrize("given", ["", "2026-11-20", "2026-11-20T21:42:12", "2026-02-30T00:00:00Z", "20261120T214212Z"])
def test_what_is_no_time_of_rfc_3339_is_refused(given):
    with pytest.raises(ValueError, match=r"^"):
        parse_instant(given)


def test_seconds_are_counted_in_microseconds():
    assert parse_instant("2026-11-20T21:42:13Z") - MADE == SECOND_US


def test_a_card_s_brand_is_written_as_it_writes_itself():
    assert [brand_name(brand) for brand in ("visa", "JCB", "jcb", "amex")] == ["Visa", "JCB", "JCB", "American Express"]
