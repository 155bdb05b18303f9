"""Daily reconciliation: a day of the provider's own list against the ledger, each difference kept, no false alarm."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from orderwright.actions import decide_drift, reconcile_provider
from orderwright.core.errors import Conflict, Invalid, Refused
from orderwright.payments.errors import DriftNotFound
from orderwright.payments.gateways.practice import PracticeGateway
from orderwright.payments.models import Drift, Operation, Payment, ProviderAccount, Reconciliation
from orderwright.reads.drift import count_drift, list_drift, read_drift
from tests.factories.orders import payment
from tests.support.drivers import hire
from tests.support.practice import rfc3339
from tests.support.reconciling import TODAY, account_kinds, rows

pytestmark = pytest.mark.usefixtures("fresh_practice")


def test_a_day_on_which_both_sides_say_the_same_ties_to_the_minor_unit(
    clerk: Any, take_in: Any, reconcile: Any
) -> None:  # I16
    order = clerk.capture(take_in(), 30900)
    clerk.refund(order, other=900)
    clerk.capture(take_in(), 10001)

    done = reconcile()

    assert (done.day, done.listed, done.differences, done.under_way, done.failure) == (TODAY, 3, 0, 0, "")
    (row,) = Reconciliation.objects.all()
    assert row.totals == [
        {
            "currency": "USD",
            "captured_there": 40901,
            "captured_here": 40901,
            "refunded_there": 900,
            "refunded_here": 900,
        }
    ]
    assert (row.time_zone, row.asked_by, rows()) == ("America/New_York", "Mia Chen", [])
    assert account_kinds() == ["reconciled"]


def test_money_on_a_payment_that_no_order_knows_is_listed(
    clerk: Any, order: Any, practice: Any, reconcile: Any
) -> None:
    unknown = practice.authorise(4000, at=clerk.now)
    practice.capture_by_hand(unknown, 4000)

    assert reconcile().differences == 1

    assert rows() == [(unknown, "capture", 4000, None, "open")]
    (shown,) = list_drift(actor=clerk.actor).items
    assert (shown.is_listed, shown.order_number, shown.payment_reference) == (True, None, unknown)
    assert account_kinds() == ["differs_at_provider", "reconciled"]
    (totals,) = Reconciliation.objects.get().totals
    assert (totals["captured_there"], totals["captured_here"]) == (4000, 0)


def test_the_same_day_again_reports_nothing_twice(clerk: Any, site: Any, practice: Any, reconcile: Any) -> None:
    practice.capture_by_hand(practice.authorise(4000, at=clerk.now), 4000)
    reconcile()

    reconcile()

    assert len(rows()) == 1
    assert account_kinds() == ["differs_at_provider", "reconciled"]


def test_once_an_order_with_the_payment_comes_the_difference_is_gone(
    clerk: Any, take_in: Any, practice: Any, reconcile: Any
) -> None:
    reference = practice.authorise(59894, at=clerk.now)
    taken = practice.capture_by_hand(reference, 4000)
    reconcile()
    moved = {"kind": "capture", "amount": 4000, "reference": taken, "parent": None, "at": rfc3339(clerk.now)}
    take_in(payments=[payment(reference, 59894, at=clerk.now, transactions=[moved])])

    assert reconcile().differences == 0

    assert rows() == [(reference, "capture", 4000, None, "gone")]
    assert account_kinds()[-2:] == ["drift_gone", "reconciled"]


def test_what_was_done_at_the_dashboard_on_a_payment_of_ours_stands_on_its_order(
    clerk: Any, order: Any, practice: Any, reconcile: Any, journal_kinds: Any
) -> None:
    order = clerk.capture(order, 30900)
    practice.refund_by_hand(order.payments[0].transactions[-1].provider_ref, 500)

    assert reconcile().differences == 1

    (row,) = Drift.objects.all()
    assert (row.payment_id, row.account_id, row.kind, row.there_minor) == (
        order.payments[0].id,
        None,
        "refund",
        500,
    )
    assert journal_kinds(order)[-1] == "payment.differs_at_provider"
    assert clerk.sees(order).payments[0].refunded_minor == 0


def test_a_movement_of_ours_that_the_provider_knows_nothing_of_is_listed(
    clerk: Any, take_in: Any, practice: Any, reconcile: Any
) -> None:
    made_up = {"kind": "capture", "amount": 500, "reference": "cap_gone", "parent": None, "at": rfc3339(clerk.now)}
    reference = practice.authorise(59894, at=clerk.now)
    take_in(payments=[payment(reference, 59894, at=clerk.now, transactions=[made_up])])

    assert reconcile().differences == 1

    (row,) = Drift.objects.all()
    assert (row.kind, row.provider_ref, row.there_minor, row.here_minor) == ("capture", "cap_gone", None, 500)


def test_what_the_payment_shows_and_the_list_does_not_waits_for_the_list(
    clerk: Any, order: Any, reconcile: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = clerk.capture(order, 30900)
    with monkeypatch.context() as patched:
        patched.setattr(PracticeGateway, "movements_between", lambda *_args: iter(()))
        assert reconcile().differences == 1
    reference = order.payments[0].reference
    assert rows() == [(reference, "capture", None, 30900, "open")]
    (shown,) = list_drift(actor=clerk.actor).items
    assert shown.order_number == order.number

    assert reconcile().differences == 0

    assert rows() == [(reference, "capture", None, 30900, "gone")]


def test_a_call_of_ours_whose_answer_was_lost_is_settled_and_no_difference(
    clerk: Any, order: Any, practice: Any, reconcile: Any
) -> None:
    practice.fault("drop_after", "capture")
    clerk.capture(order, 30900)

    done = reconcile()

    assert (done.listed, done.differences, rows()) == (1, 0, [])
    assert Operation.objects.get(kind="capture").state == "succeeded"


def test_while_a_call_is_under_way_its_movement_is_no_difference(
    clerk: Any, order: Any, practice: Any, reconcile: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    practice.fault("drop_after", "capture")
    clerk.capture(order, 30900)
    monkeypatch.setattr(reconcile_provider, "settle", lambda *_args, **_more: [])

    done = reconcile()

    assert (done.listed, done.differences, done.under_way, rows()) == (1, 0, 1, [])


def test_what_the_sides_count_on_either_side_of_midnight_is_no_difference(
    clerk: Any, take_in: Any, practice: Any, reconcile: Any
) -> None:
    before, after = datetime(2026, 11, 21, 4, 59, 59, tzinfo=UTC), datetime(2026, 11, 21, 5, 0, 1, tzinfo=UTC)
    yesterday = TODAY - timedelta(days=1)
    reference = practice.authorise(59894, at=before)
    captured = practice._call("POST", f"/authorisations/{reference}/captures", {"amount": 500, "at": rfc3339(before)})[
        "id"
    ]
    moved = {"kind": "capture", "amount": 500, "reference": captured, "parent": None, "at": rfc3339(after)}
    take_in(payments=[payment(reference, 59894, at=before, transactions=[moved])])

    first, second = reconcile(day=yesterday), reconcile()

    assert [(done.listed, done.differences) for done in (first, second)] == [(1, 0), (0, 0)]
    assert [row.totals for row in Reconciliation.objects.order_by("day")][1] == []


def test_a_days_last_second_belongs_to_it_by_the_stores_clock(
    clerk: Any, site: Any, practice: Any, reconcile: Any
) -> None:
    reference = practice.authorise(4000, at=clerk.now - timedelta(days=1))
    for amount, at in ((1, "2026-11-21T04:59:59Z"), (2, "2026-11-21T05:00:00Z"), (4, "2026-11-21T08:59:59Z")):
        practice._call("POST", f"/authorisations/{reference}/captures", {"amount": amount, "at": at})

    assert reconcile(day=TODAY - timedelta(days=1)).listed == 1
    assert reconcile().listed == 2

    assert sorted(row[2] for row in rows()) == [1, 2, 4]


def test_movements_of_one_payment_that_share_an_amount_are_told_apart(
    clerk: Any, order: Any, practice: Any, reconcile: Any
) -> None:
    order = clerk.capture(clerk.capture(order, 10000), 10000)
    practice.capture_by_hand(order.payments[0].reference, 10000)

    done = reconcile()

    assert (done.listed, done.differences) == (3, 1)
    assert Drift.objects.get().there_minor == 10000


def test_a_movement_that_the_provider_counts_on_quite_another_day_is_no_difference(
    clerk: Any, take_in: Any, practice: Any, reconcile: Any
) -> None:
    earlier = clerk.now - timedelta(days=5)
    reference = practice.authorise(59894, at=earlier)
    there = {"amount": 500, "at": rfc3339(earlier)}
    captured = practice._call("POST", f"/authorisations/{reference}/captures", there)["id"]
    moved = {"kind": "capture", "amount": 500, "reference": captured, "parent": None, "at": rfc3339(clerk.now)}
    take_in(payments=[payment(reference, 59894, at=earlier, transactions=[moved])])

    done = reconcile()

    assert (done.listed, done.differences, rows()) == (0, 0, [])
    assert Reconciliation.objects.get().totals == []
    assert reconcile(day=earlier.date()).differences == 0


def test_one_payment_about_which_no_answer_comes_holds_up_no_other(
    clerk: Any, take_in: Any, practice: Any, reconcile: Any
) -> None:
    silent, other = take_in().payments[0].reference, take_in().payments[0].reference
    for reference in (silent, other):
        practice.capture_by_hand(reference, 500)
    practice.fault("server_error", "lookup", authorisation=silent)

    done = reconcile()

    assert (done.listed, done.differences, done.under_way) == (2, 1, 1)
    assert [row.payment.reference for row in Drift.objects.all()] == [other]


def test_a_provider_that_falls_silent_is_left_alone_and_the_day_stays_open(
    clerk: Any, take_in: Any, practice: Any, reconcile: Any
) -> None:
    ProviderAccount.objects.filter(slug="practice").update(breaker_failures=50)
    for _order in range(6):
        reference = take_in().payments[0].reference
        practice.capture_by_hand(reference, 500)
        practice.fault("server_error", "lookup", authorisation=reference)

    done = reconcile()

    assert (done.failure, done.differences) == ("The provider answered 500.", 0)
    assert Reconciliation.objects.get().finished_at is None
    assert rows() == []


def test_currencies_are_not_added_up(clerk: Any, site: Any, practice: Any, reconcile: Any) -> None:
    for currency in ("JPY", "USD"):
        practice.capture_by_hand(practice.authorise(4000, currency, at=clerk.now), 4000)

    reconcile()

    totals = Reconciliation.objects.get().totals
    assert [(total["currency"], total["captured_there"]) for total in totals] == [("JPY", 4000), ("USD", 4000)]


def test_a_listed_difference_is_investigated_and_accepted_with_a_reason_and_booked_never(
    clerk: Any, site: Any, practice: Any, reconcile: Any, now: datetime
) -> None:
    practice.capture_by_hand(practice.authorise(4000, at=clerk.now), 4000)
    reconcile()
    decide = partial(decide_drift.run, drift_id=Drift.objects.get().pk, actor=clerk.actor, now=now)
    with pytest.raises(Invalid):
        decide(decision="accept")

    assert not decide(decision="investigate", note="Asking the shop floor.")
    assert not decide(decision="accept", note="Sold over the counter.")

    row = Drift.objects.get()
    assert (row.state, row.note, row.decided_by) == ("accepted", "Sold over the counter.", "Mia Chen")
    assert account_kinds()[2:] == ["drift_investigated", "drift_accepted"]
    assert not Payment.objects.exists()
    with pytest.raises(Conflict) as refused:
        decide(decision="accept", note="Again.")
    assert refused.value.code == "drift_decided"
    assert reconcile().differences == 1
    assert Drift.objects.get().state == "accepted"


def test_a_list_is_of_no_one_site_so_people_of_one_neither_see_nor_decide_what_it_shows(
    clerk: Any, site: Any, practice: Any, reconcile: Any, now: datetime
) -> None:
    local = hire(name="Lena Lokal", email="lena@cozy-home.example.com", now=now, role="order-manager", sites=[site])
    practice.capture_by_hand(practice.authorise(4000, at=clerk.now), 4000)
    with pytest.raises(Refused):
        reconcile(actor=local.actor)
    reconcile()
    found = Drift.objects.get().pk

    with pytest.raises(DriftNotFound):
        decide_drift.run(drift_id=found, decision="accept", note="Mine.", actor=local.actor, now=now)

    assert list_drift(actor=local.actor).items == []
    assert (count_drift(actor=local.actor)["all"], count_drift(actor=clerk.actor)["all"]) == (0, 1)
    with pytest.raises(DriftNotFound):
        read_drift(drift_id=found, actor=local.actor)
    assert Drift.objects.get().state == "open"
