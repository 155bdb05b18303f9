"""When a day of the provider's list is compared, by whom, and what keeps it from being compared."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from orderwright.actions import reconcile_provider
from orderwright.core.errors import Conflict, Refused, Unavailable
from orderwright.payments.errors import DayNotOver, ProviderAccountNotFound, ReconciliationUnderWay
from orderwright.payments.models import Drift, ProviderAccount, Reconciliation
from orderwright.worker.duties import Reconciliations
from tests.support.reconciling import TODAY, TOMORROW, account_kinds

pytestmark = pytest.mark.usefixtures("fresh_practice")


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
