"""Daily reconciliation: a day of the provider's own list against the ledger, each difference kept, no false alarm."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from orderwright.actions import decide_drift, reconcile_provider
from orderwright.core.errors import Conflict, Invalid, Refused, Unavailable
from orderwright.journal.models import Entry
from orderwright.payments.errors import DayNotOver, DriftNotFound, ProviderAccountNotFound, ReconciliationUnderWay
from orderwright.payments.gateways.practice import PracticeGateway
from orderwright.payments.models import Drift, Operation, Payment, ProviderAccount, Reconciliation
from orderwright.reads.drift import count_drift, list_drift, read_drift
from orderwright.worker.duties import Reconciliations
from tests.factories.orders import payment
from tests.support.drivers import hire
from tests.support.practice import Practice, rfc3339

TODAY = date(2026, 11, 21)  # in New York, where it is four in the morning
TOMORROW = timedelta(days=1)


@pytest.fixture(autouse=True)
def _on_its_own(fresh_practice: Practice) -> None:
    """List nothing that another test has moved."""


@pytest.fixture
def reconcile(clerk: Any, now: datetime) -> Callable[..., Any]:
    """Compare today with the provider's list, once the day is over."""
    return partial(reconcile_provider.run, account="practice", day=TODAY, actor=clerk.actor, now=now + TOMORROW)


def account_kinds() -> list[str]:
    entries = Entry.objects.filter(stream__startswith="provider_account:").order_by("id")
    return [kind.removeprefix("provider_account.") for kind in entries.values_list("kind", flat=True)]


def rows() -> list[tuple[str, str, int | None, int | None, str]]:
    found = Drift.objects.order_by("id")
    return [(row.reference, row.kind, row.there_minor, row.here_minor, row.state) for row in found]


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


def test_a_provider_that_gives_no_list_is_asked_again_later(
    clerk: Any, site: Any, practice: Any, now: datetime, settings: Any
) -> None:
    settings.PROVIDER_SWEEP_HOUR = 2
    practice.fault("server_error", "lookup")

    assert reconcile_provider.run_due(now=now)

    row = Reconciliation.objects.get()
    assert (row.finished_at, row.failure) == (None, "The provider answered 500.")
    assert not reconcile_provider.run_due(now=now + timedelta(minutes=14))
    assert reconcile_provider.run_due(now=now + timedelta(minutes=15))
    row.refresh_from_db()
    assert (row.failure, row.finished_at) == ("", now + timedelta(minutes=15))


def test_a_day_is_compared_once_two_hours_after_it_ended_and_nights_are_made_up_for(
    site: Any, practice: Any, now: datetime, settings: Any
) -> None:
    settings.PROVIDER_SWEEP_HOUR = 2
    midnight = datetime(2026, 11, 21, 5, tzinfo=UTC)

    def days(at: datetime) -> list[date]:
        before = set(Reconciliation.objects.values_list("day", flat=True))
        while reconcile_provider.run_due(now=at):
            pass
        return sorted(set(Reconciliation.objects.values_list("day", flat=True)) - before)

    assert days(midnight + timedelta(hours=1, minutes=59)) == [date(2026, 11, 19)]
    assert days(midnight + timedelta(hours=2)) == [date(2026, 11, 20)]
    assert days(midnight + timedelta(hours=3)) == []
    assert days(midnight + timedelta(days=3, hours=2)) == [date(2026, 11, day) for day in (21, 22, 23)]
    assert len(days(midnight + timedelta(days=30, hours=2))) == 7


def test_a_day_with_a_difference_is_compared_again_each_night(
    clerk: Any, site: Any, practice: Any, now: datetime, settings: Any
) -> None:
    settings.PROVIDER_SWEEP_HOUR = 2
    practice.capture_by_hand(practice.authorise(4000, at=clerk.now), 4000)
    assert reconcile_provider.run_due(now=now + TOMORROW)  # what no day before has compared, is not made up for
    assert Reconciliation.objects.get(day=TODAY).differences == 1

    assert not reconcile_provider.run_due(now=now + TOMORROW)
    night = now + 2 * TOMORROW
    while reconcile_provider.run_due(now=night):
        pass

    assert Reconciliation.objects.get(day=TODAY).finished_at == night
    Drift.objects.update(state="accepted")
    while reconcile_provider.run_due(now=night + TOMORROW):
        pass
    assert Reconciliation.objects.get(day=TODAY).finished_at == night


def test_switched_off_or_without_a_list_nothing_is_compared(
    site: Any, practice: Any, now: datetime, settings: Any
) -> None:
    assert Reconciliations().turn(is_stopping=lambda: False) == 0
    settings.PROVIDER_SWEEP_HOUR = 2
    ProviderAccount.objects.filter(slug="practice").update(is_enabled=False)

    assert not reconcile_provider.run_due(now=now)

    assert not Reconciliation.objects.exists()


def test_the_worker_compares_by_itself(site: Any, practice: Any, settings: Any) -> None:
    settings.PROVIDER_SWEEP_HOUR = 2
    duty = Reconciliations()

    assert [duty.turn(is_stopping=lambda: False) for _turn in range(3)] == [1, 0, 0]

    row = Reconciliation.objects.get()
    assert (row.day, row.asked_by) == (date(2026, 11, 20), "Daily reconciliation")


def test_two_at_once_compare_a_day_once(site: Any, practice: Any, reconcile: Any, both_at_once: Any) -> None:
    def act() -> str:
        try:
            reconcile()
        except ReconciliationUnderWay:
            return "under way"
        return "compared"

    outcomes = both_at_once(act, act)

    assert "compared" in outcomes
    assert Reconciliation.objects.count() == 1
    assert account_kinds() == ["reconciled"]


def test_only_a_day_that_is_over_can_be_compared(site: Any, practice: Any, reconcile: Any, now: datetime) -> None:
    with pytest.raises(DayNotOver) as refused:
        reconcile(now=now)

    assert refused.value.fields[0].pointer == "/day"
    assert "20 Nov 2026" in refused.value.message
    assert not Reconciliation.objects.exists()


def test_where_there_is_no_list_it_is_said(site: Any, reconcile: Any) -> None:
    ProviderAccount.objects.create(slug="bank", name="Bank transfer", gateway="manual")

    with pytest.raises(Conflict) as refused:
        reconcile(account="bank")

    assert refused.value.code == "nothing_to_list"
    with pytest.raises(ProviderAccountNotFound):
        reconcile(account="nobody")


def test_who_may_only_look_compares_nothing(site: Any, practice: Any, reconcile: Any, viewer: Any) -> None:
    with pytest.raises(Refused):
        reconcile(actor=viewer.actor)

    assert not Reconciliation.objects.exists()


def test_a_provider_that_rests_is_not_asked(site: Any, practice: Any, reconcile: Any, now: datetime) -> None:
    later = now + TOMORROW
    until = later + timedelta(seconds=15)
    ProviderAccount.objects.filter(slug="practice").update(opened_at=later, next_try_at=until)

    with pytest.raises(Unavailable) as refused:
        reconcile()

    assert refused.value.code == "provider_resting"
    assert not Reconciliation.objects.exists()


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
