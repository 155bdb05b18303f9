"""The ledger by day: each movement on the day that the site's clock shows, with the balances at the day's end."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from orderwright.core.actor import SYSTEM
from orderwright.orders.errors import SiteUnknown
from orderwright.orders.models import Site
from orderwright.payments.errors import ProviderUnknown
from orderwright.payments.models import LedgerEntry, LedgerTransaction, Payment
from orderwright.reads.invariants import violations
from orderwright.reads.invariants.ledger_days import FIGURES, sums_by_day
from orderwright.reads.ledger_scope import DayInvalid, LedgerQuery, SpanReversed, SpanTooLong, read_scope
from tests.ledger.conftest import moves
from tests.support.moved_money import HELD


def test_a_day_tells_what_moved_by_kind_and_what_stood_at_its_end(days, moved):
    moved(
        "2026-11-20T15:00:00Z",
        ("capture", 30000, "2026-11-20T16:00:00Z"),
        ("capture", 10000, "2026-11-21T16:00:00Z"),
        ("refund", 2500, "2026-11-21T17:00:00Z"),
        ("reversal", 5000, "2026-11-21T18:00:00Z"),
    )

    first, second = days("2026-11-20", "2026-11-21").days

    assert (first.day, first.site.slug, first.account.slug, first.currency) == (
        date(2026, 11, 20),
        "cozy-home-us",
        "practice",
        "USD",
    )
    assert (first.sums.authorised_minor, first.sums.captured_minor, first.sums.transactions) == (HELD, 30000, 2)
    assert (first.sums.held_minor, first.sums.kept_minor) == (HELD - 30000, 30000)
    assert (second.sums.captured_minor, second.sums.refunded_minor, second.sums.reversed_minor) == (10000, 2500, 5000)
    assert (second.sums.authorised_minor, second.sums.expired_minor, second.sums.transactions) == (0, 0, 3)
    assert (second.sums.held_minor, second.sums.kept_minor) == (HELD - 45000, 37500)


def test_a_hold_that_ran_out_is_expired_and_no_reversal(days, order, practice, clerk):
    payment = Payment.objects.get()
    moved = LedgerTransaction.objects.create(
        payment=payment, kind="expire", provider_ref="exp_1", origin="provider", at=clerk.now
    )
    for account, amount in (("held", -HELD), ("released", HELD)):
        LedgerEntry.objects.create(transaction=moved, account=account, amount_minor=amount, currency="USD")
    Payment.objects.update(released_minor=HELD)
    order_row = payment.order
    order_row.payment_standing, order_row.hold_ends_at = "expired", None
    order_row.save()

    (row,) = days().days

    assert (row.sums.expired_minor, row.sums.reversed_minor, row.sums.held_minor) == (HELD, 0, 0)


@pytest.mark.parametrize(
    ("time_zone", "at", "day"),
    [
        ("America/New_York", "2026-11-21T04:59:59.999999Z", "2026-11-20"),
        ("America/New_York", "2026-11-21T05:00:00Z", "2026-11-21"),
        ("America/New_York", "2026-11-22T04:59:59.999Z", "2026-11-21"),
        ("America/New_York", "2026-11-22T05:00:00Z", "2026-11-22"),
        ("America/New_York", "2026-03-09T03:59:59.999Z", "2026-03-08"),  # 23 hours long
        ("America/New_York", "2026-03-08T04:59:59Z", "2026-03-07"),
        ("America/New_York", "2026-11-02T04:59:59.999Z", "2026-11-01"),  # 25 hours long
        ("America/New_York", "2026-11-01T03:59:59Z", "2026-10-31"),
        ("Pacific/Kiritimati", "2026-11-20T09:59:59.999Z", "2026-11-20"),  # UTC+14
        ("Pacific/Kiritimati", "2026-11-20T10:00:00Z", "2026-11-21"),
        ("Pacific/Niue", "2026-11-21T10:59:59.999Z", "2026-11-20"),  # UTC−11
        ("Europe/Berlin", "2026-03-29T22:00:00Z", "2026-03-30"),
        ("America/Havana", "2026-11-01T04:30:00Z", "2026-11-01"),  # the first of two half past midnights
        ("Nowhere/Here", "2026-11-20T23:59:59.999Z", "2026-11-20"),  # read as UTC
    ],
)
def test_a_movement_lies_on_the_day_that_the_store_s_clock_shows(site, days, moved, time_zone, at, day):
    Site.objects.update(time_zone=time_zone)
    moved(at)

    shown = days("2026-03-01", "2026-11-30").days

    assert [row.day.isoformat() for row in shown] == [day]
    assert [row.sums.transactions for row in days(day, day).days] == [1]


def test_the_same_moment_is_another_day_in_another_store(days, moved, open_site):
    open_site("far-east", "Pacific/Kiritimati")
    moved("2026-11-20T23:00:00Z")
    moved("2026-11-20T23:00:00Z", site="far-east")

    assert moves(days("2026-11-20", "2026-11-21")) == [
        ("2026-11-20", "cozy-home-us", HELD, 0, HELD, 0),
        ("2026-11-21", "far-east", HELD, 0, HELD, 0),
    ]


def test_a_span_ends_for_each_store_by_its_own_clock(days, moved, open_site):
    open_site("far-east", "Pacific/Kiritimati")
    moved("2026-11-20T23:00:00Z", site="far-east")  # the 21st there
    moved("2026-11-21T23:00:00Z", site="far-east")  # the 22nd there, still the 21st in New York
    moved("2026-11-21T23:00:00Z")

    ledger = days("2026-11-21", "2026-11-21")

    assert moves(ledger) == [
        ("2026-11-21", "cozy-home-us", HELD, 0, HELD, 0),
        ("2026-11-21", "far-east", HELD, 0, HELD, 0),
    ]
    assert ledger.transactions == 2
    assert [total.sums.held_minor for total in ledger.totals] == [2 * HELD]


def test_what_stood_before_the_span_is_in_the_balances_and_not_in_the_sums(days, moved):
    moved("2026-10-01T15:00:00Z", ("capture", 500, "2026-10-02T15:00:00Z"), ("capture", 50, "2026-11-20T15:00:00Z"))

    ledger = days("2026-11-20", "2026-11-21")

    assert moves(ledger) == [("2026-11-20", "cozy-home-us", 0, 50, HELD - 550, 550)]
    (total,) = ledger.totals
    assert (total.sums.authorised_minor, total.sums.captured_minor) == (0, 50)
    assert (total.sums.held_minor, total.sums.kept_minor, total.sums.transactions) == (HELD - 550, 550, 1)


def test_where_nothing_moved_there_is_no_day_but_a_total_of_what_stands(days, moved):
    moved("2026-10-01T15:00:00Z")

    ledger = days("2026-11-20", "2026-11-21")

    assert (ledger.days, ledger.transactions, ledger.last_id) == ([], 0, 0)
    assert [(total.sums.authorised_minor, total.sums.held_minor) for total in ledger.totals] == [(0, HELD)]


def test_days_and_totals_are_apart_by_account_and_currency(days, moved, open_account):
    open_account("adyen-live", is_live=True)
    moved("2026-11-20T15:00:00Z")
    moved("2026-11-20T15:00:00Z", provider="adyen-live")
    moved("2026-11-20T15:00:00Z", currency="JPY")

    ledger = days("2026-11-20", "2026-11-20")

    told = [(row.account.slug, row.account.is_live, row.currency) for row in ledger.days]
    assert told == [("adyen-live", True, "USD"), ("practice", False, "JPY"), ("practice", False, "USD")]
    assert [(total.account.slug, total.currency) for total in ledger.totals] == [
        ("adyen-live", "USD"),
        ("practice", "JPY"),
        ("practice", "USD"),
    ]


def test_it_is_narrowed_to_a_store_and_an_account(days, moved, open_site, open_account):
    open_site("far-east", "Pacific/Kiritimati")
    open_account("other")
    moved("2026-11-20T15:00:00Z")
    moved("2026-11-20T15:00:00Z", site="far-east", provider="other")

    assert [row.site.slug for row in days("2026-11-19", "2026-11-22", site="far-east").days] == ["far-east"]
    assert [row.site.slug for row in days("2026-11-19", "2026-11-22", provider="practice").days] == ["cozy-home-us"]
    assert days("2026-11-19", "2026-11-22", site="far-east", provider="practice").totals == []


def test_without_stores_there_is_nothing_and_no_error(db, now, statements):
    found = read_scope(LedgerQuery(), now=now, actor=SYSTEM)

    assert (found.first, found.last, found.cuts) == (date(2026, 10, 1), date(2026, 11, 21), {})


def test_by_itself_it_is_the_last_calendar_month_to_date_where_it_is_latest(scope, open_site):
    assert (scope().first, scope().last) == (date(2026, 10, 1), date(2026, 11, 21))
    late = datetime(2026, 12, 31, 20, 0, tzinfo=UTC)
    assert read_scope(LedgerQuery(), now=late, actor=SYSTEM).last == date(2026, 12, 31)
    open_site("far-east", "Pacific/Kiritimati")
    found = read_scope(LedgerQuery(), now=late, actor=SYSTEM)
    assert (found.first, found.last) == (date(2026, 12, 1), date(2027, 1, 1))


@pytest.mark.parametrize(
    ("first", "last", "error", "pointer"),
    [
        ("2026-11-21", "2026-11-20", SpanReversed, "/from"),
        ("2025-11-20", "2026-11-21", SpanTooLong, "/to"),
        ("2026-02-30", "2026-11-20", DayInvalid, "/from"),
        ("2026-11-20", "20261121", DayInvalid, "/to"),
        ("2026-11-20", "2026-11-21T00:00:00Z", DayInvalid, "/to"),
        ("0001-01-01", "2026-11-21", DayInvalid, "/from"),
        ("2026-11-20", "9999-12-31", DayInvalid, "/to"),
        ("٢٠٢٦-11-20", "2026-11-21", DayInvalid, "/from"),
        ("2026-12-01", "", SpanReversed, "/from"),
    ],
)
def test_a_span_that_cannot_be_is_refused_with_its_place(scope, first, last, error, pointer):
    with pytest.raises(error) as refused:
        scope(first, last)

    assert [(field.pointer, field.code) for field in refused.value.fields] == [(pointer, error.code)]


def test_the_longest_span_has_366_days(scope):
    assert scope("2025-11-21", "2026-11-21").days == 366


@pytest.mark.parametrize(("name", "error"), [("site", SiteUnknown), ("provider", ProviderUnknown)])
def test_an_unknown_store_or_account_is_refused_for_an_empty_ledger_would_lie(scope, name, error):
    with pytest.raises(error) as refused:
        scope(**{name: "nowhere"})

    assert refused.value.fields[0].pointer == f"/{name}"


def test_it_costs_the_same_for_two_movements_as_for_two_hundred(days, moved, statements):
    counts = []
    for orders in (1, 40):
        for _order in range(orders):
            moved("2026-11-19T15:00:00Z", *(("capture", 5, f"2026-11-20T1{n}:00:00Z") for n in range(4)))
        with statements() as counted:
            days("2026-11-01", "2026-11-21")
        counts.append(counted.count)

    assert counts == [3, 3]
    assert LedgerTransaction.objects.count() == 205


def test_all_days_add_up_to_what_verify_sums_by_account_and_to_the_payments(moved, open_site, open_account):
    open_site("far-east", "Pacific/Kiritimati")
    open_account("other", is_live=True)
    for at in ("1999-12-31T23:59:59.999Z", "2024-02-29T12:00:00Z", "2026-03-08T06:59:59Z", "2026-11-01T05:30:00Z"):
        for where in ({}, {"site": "far-east"}, {"provider": "other", "currency": "JPY"}):
            later = f"2026-11-2{len(where)}T10:00:00Z"
            moved(at, ("capture", 700, later), ("refund", 30, later), ("reversal", 9, later), **where)

    assert violations() == []
    summed = sums_by_day()

    for account_id, currency in (
        (LedgerTransaction.objects.first().payment.account_id, "USD"),
        (Payment.objects.last().account_id, "JPY"),
    ):
        balances: dict[str, int] = {}
        entries = LedgerEntry.objects.filter(transaction__payment__account=account_id, currency=currency)
        for account, amount in entries.values_list("account", "amount_minor"):
            balances[account] = balances.get(account, 0) + amount
        told = dict(zip(FIGURES, summed[account_id, currency], strict=True))
        captured = balances["captured"] + balances["refunded"]
        assert (told["authorised"], told["captured"]) == (-balances["customer"], captured)
        assert (told["released"], told["refunded"]) == (balances["released"], balances["refunded"])
        assert (told["held"], told["kept"]) == (balances["held"], balances["captured"])
    assert sum(sums[-1] for sums in summed.values()) == LedgerTransaction.objects.count() == 48


@pytest.mark.breaks_invariants
def test_verify_says_when_a_movement_stands_in_other_accounts_than_its_kind_says(order):
    moved = LedgerTransaction.objects.create(
        payment_id=order.payments[0].id, kind="capture", provider_ref="x", origin="provider", at=order.placed_at
    )
    for account, amount in (("customer", -5), ("held", 5)):
        LedgerEntry.objects.create(transaction=moved, account=account, amount_minor=amount, currency="USD")

    assert [said for said in violations() if said.startswith("I2: provider account")] == [
        (
            f"I2: provider account {Payment.objects.get().account_id} in USD: "
            "the ledger's days sum to [59894, 5, 0, 0, 59889, 5, 2], its accounts to [59899, 0, 0, 0, 59899, 0, 2], "
            "its payments to [59894, 0, 0, 0, 59894, 0]"
        )
    ]
