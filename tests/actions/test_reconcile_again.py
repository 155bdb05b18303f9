"""Reconciliation and the unexpected: a difference that changes, a rival's trial, a comparison that breaks off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from orderwright.actions import decide_drift, reconcile_provider
from orderwright.journal.models import Entry
from orderwright.payments.gateways.port import Listed, Movement
from orderwright.payments.gateways.practice import PracticeGateway
from orderwright.payments.models import Drift, Reconciliation
from tests.support.practice import Practice
from tests.support.rivals import look_too_early, meanwhile

TODAY = date(2026, 11, 21)  # in New York, where it is four in the morning
TOMORROW = timedelta(days=1)


@pytest.fixture(autouse=True)
def _on_its_own(fresh_practice: Practice) -> None:
    """List nothing that another test has moved."""


@pytest.fixture
def reconcile(clerk: Any, site: Any, now: datetime) -> Callable[..., Any]:
    """Compare today with the provider's list, once the day is over."""
    return partial(reconcile_provider.run, account="practice", day=TODAY, actor=clerk.actor, now=now + TOMORROW)


@pytest.fixture
def lists(monkeypatch: pytest.MonkeyPatch, now: datetime) -> Callable[[int], None]:
    """Let the provider list one capture, of this amount, on a payment that no order knows."""

    def say(amount: int) -> None:
        facts: dict[str, Any] = {"parent_ref": "", "currency": "USD", "key": "", "at": now}
        movement = Movement(kind="capture", provider_ref="cap_1", amount_minor=amount, **facts)
        listed = [Listed(reference="auth_nobody", movement=movement)]
        monkeypatch.setattr(PracticeGateway, "movements_between", lambda *_asked: iter(listed))

    return say


def test_a_difference_that_was_accepted_and_changes_is_open_again(
    clerk: Any, lists: Any, reconcile: Any, now: datetime
) -> None:
    lists(4000)
    reconcile()
    note = {"decision": "accept", "note": "Sold over the counter."}
    decide_drift.run(drift_id=Drift.objects.get().pk, actor=clerk.actor, now=now, **note)
    lists(4500)

    assert reconcile().differences == 1

    row = Drift.objects.get()
    assert (row.state, row.there_minor, row.found_at) == ("open", 4500, now + TOMORROW)
    assert (row.decided_at, row.decided_by, row.note) == (None, "", "")
    kinds = list(Entry.objects.order_by("id").values_list("kind", flat=True))
    assert kinds.count("provider_account.differs_at_provider") == 2


def test_while_somebody_else_tries_a_provider_that_rested_it_is_not_asked(
    reconcile: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    look_too_early(monkeypatch, reconcile_provider, "take_turn", seeing=False)
    asked: list[Any] = []
    monkeypatch.setattr(PracticeGateway, "movements_between", lambda *_asked: asked.append(_asked) or iter(()))

    done = reconcile()

    assert (done.failure, asked) == ("Practice provider is left alone for a while.", [])
    assert Reconciliation.objects.get().finished_at is None
    assert reconcile().failure == ""


def test_a_provider_that_comes_to_rest_after_its_list_is_asked_about_no_payment(
    take_in: Any, practice: Any, reconcile: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    practice.capture_by_hand(take_in().payments[0].reference, 500)
    rest = partial(look_too_early, monkeypatch, reconcile_provider, "take_turn", seeing=False)
    meanwhile(monkeypatch, reconcile_provider, "list_movements", rest)

    done = reconcile()

    assert (done.failure, done.differences) == ("Practice provider is left alone for a while.", 0)
    assert (Reconciliation.objects.get().finished_at, Drift.objects.count()) == (None, 0)


def test_a_comparison_that_breaks_off_gives_its_day_back_and_says_so(
    take_in: Any, practice: Any, reconcile: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    practice.capture_by_hand(take_in().payments[0].reference, 500)

    def break_off(*_asked: Any, **_more: Any) -> None:
        raise RuntimeError("nobody anticipated this")

    with monkeypatch.context() as broken:
        broken.setattr(reconcile_provider, "settle", break_off)
        with pytest.raises(RuntimeError, match="nobody anticipated this"):
            reconcile()

    row = Reconciliation.objects.get()
    assert (row.failure, row.finished_at, row.leased_until) == ("It broke off.", None, now + TOMORROW)
    assert reconcile().differences == 1
