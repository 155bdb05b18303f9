"""The nightly sweep: every payment is compared once a night, what differs waits for a person, nothing is booked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from orderwright.actions import sweep_provider
from orderwright.payments.gateways.practice import PracticeGateway
from orderwright.payments.models import Drift, Operation, ProviderAccount, ProviderSweep
from orderwright.worker.duties import Sweep
from tests.factories.orders import payment


@pytest.fixture(autouse=True)
def _at_night(settings: Any) -> None:
    settings.PROVIDER_SWEEP_HOUR = 2


def sweep(worker: str = "night watch") -> int:
    """Let a worker go through what is left of the night."""
    duty, looked_at = Sweep(worker=worker), 0
    while turn := duty.turn(is_stopping=lambda: False):
        looked_at += turn
    return looked_at


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """List the holds that the provider was asked about, in order."""
    seen: list[str] = []
    ask = PracticeGateway.look_up

    def look_up(self: PracticeGateway, reference: str) -> Any:
        seen.append(reference)
        return ask(self, reference)

    monkeypatch.setattr(PracticeGateway, "look_up", look_up)
    return seen


def test_what_was_done_at_the_provider_waits_for_a_person(
    clerk: Any, order: Any, practice: Any, journal_kinds: Any
) -> None:
    taken = practice.capture_by_hand(order.payments[0].reference, 20000)

    assert sweep() == 1

    (row,) = Drift.objects.all()
    assert (row.kind, row.provider_ref, row.there_minor, row.state) == ("capture", taken, 20000, "open")
    assert clerk.sees(order).payments[0].captured_minor == 0
    assert journal_kinds(order)[-1] == "payment.differs_at_provider"


def test_a_night_that_finds_nothing_writes_nothing_to_orders(clerk: Any, order: Any, journal_kinds: Any) -> None:
    before = journal_kinds(order)

    sweep()

    assert journal_kinds(order) == before
    assert clerk.sees(order).version == order.version
    night = ProviderSweep.objects.get()
    assert (night.asked, night.found, night.unreachable, night.leased_by) == (1, 0, 0, "")
    assert night.finished_at is not None


def test_it_settles_what_was_open_as_a_sync_does(clerk: Any, order: Any, practice: Any) -> None:
    practice.fault("drop_after", "capture")
    clerk.capture(order, 30900)

    sweep()

    assert Operation.objects.get(kind="capture").state == "succeeded"
    assert not Drift.objects.exists()


def test_once_a_night_is_enough(take_in: Any, asked: list[str], now: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    take_in()

    assert (sweep(), sweep("another")) == (1, 0)
    assert len(asked) == 1
    tomorrow = now + timedelta(days=1)
    assert sweep_provider.take(worker="night watch", now=tomorrow, limit=5) is not None


def test_the_next_night_does_not_report_the_same_again(order: Any, practice: Any, now: Any, journal_kinds: Any) -> None:
    practice.capture_by_hand(order.payments[0].reference, 20000)
    sweep()

    tomorrow = now + timedelta(days=1)
    batch = sweep_provider.take(worker="night watch", now=tomorrow, limit=5)
    sweep_provider.look_at(batch, payment_id=order.payments[0].id, now=tomorrow)

    assert Drift.objects.count() == 1
    assert journal_kinds(order).count("payment.differs_at_provider") == 1


def test_another_worker_goes_on_where_one_was_killed(take_in: Any, asked: list[str], now: Any) -> None:
    orders = [take_in() for _ in range(3)]
    batch = sweep_provider.take(worker="killed", now=now, limit=5)
    sweep_provider.look_at(batch, payment_id=orders[0].payments[0].id, now=now)

    assert sweep_provider.take(worker="other", now=now, limit=5) is None
    later = sweep_provider.take(worker="other", now=now + timedelta(minutes=2), limit=5)

    assert later.payments == tuple(order.payments[0].id for order in orders[1:])
    assert asked == [orders[0].payments[0].reference]


def test_two_workers_do_not_walk_the_same_account(take_in: Any, both_at_once: Any, now: Any) -> None:
    take_in()

    def take(worker: str) -> str:
        return "leased" if sweep_provider.take(worker=worker, now=now, limit=5) else "nothing"

    assert sorted(both_at_once(lambda: take("one"), lambda: take("two"))) == ["leased", "nothing"]


def test_closed_orders_are_looked_at_for_thirty_days(clerk: Any, take_in: Any, asked: list[str], now: Any) -> None:
    closed = clerk.cancel(take_in())

    assert sweep() == 1
    later = now + timedelta(days=31)
    assert sweep_provider.take(worker="night watch", now=later, limit=5) is None
    assert asked == [closed.payments[0].reference]


def test_a_silent_provider_is_left_alone_for_a_while(take_in: Any, practice: Any, now: Any) -> None:
    for _ in range(7):
        take_in()
    practice.seed_faults(seed=1, rate=1, kinds=["server_error"])

    assert sweep() == 3  # as many as its breaker takes

    assert sweep_provider.take(worker="other", now=now + timedelta(minutes=10), limit=5) is None
    later = sweep_provider.take(worker="other", now=now + timedelta(minutes=16), limit=5)
    assert len(later.payments) == 4
    assert not Drift.objects.exists()


def test_a_silent_provider_is_left_alone_however_patient_its_breaker(take_in: Any, practice: Any, now: Any) -> None:
    ProviderAccount.objects.filter(slug="practice").update(breaker_failures=50)
    for _ in range(7):
        take_in()
    practice.seed_faults(seed=1, rate=1, kinds=["server_error"])

    assert sweep() == 5

    later = sweep_provider.take(worker="other", now=now + timedelta(minutes=16), limit=5)
    assert len(later.payments) == 2


def test_an_account_that_rests_already_is_not_asked(
    take_in: Any, asked: list[str], now: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = take_in()
    batch = sweep_provider.take(worker="night watch", now=now, limit=5)
    until = now + timedelta(seconds=15)
    ProviderAccount.objects.filter(slug="practice").update(opened_at=now, next_try_at=until)

    sweep_provider.look_at(batch, payment_id=order.payments[0].id, now=now)

    assert asked == []
    assert sweep_provider.take(worker="other", now=now + timedelta(minutes=10), limit=5) is None
    assert sweep_provider.take(worker="other", now=now + timedelta(minutes=16), limit=5).payments == batch.payments


def test_switched_off_nobody_is_asked(take_in: Any, settings: Any, asked: list[str]) -> None:
    settings.PROVIDER_SWEEP_HOUR = -1
    take_in()

    assert sweep() == 0
    assert asked == []


def test_a_hold_that_ends_on_another_day_is_noted(clerk: Any, take_in: Any, practice: Any) -> None:
    reference = practice.authorise(59894, at=clerk.now, expires_in=timedelta(days=9))
    order = take_in(payments=[payment(reference, 59894, at=clerk.now, expires_in=timedelta(days=7))])

    sweep()

    assert clerk.sees(order).payments[0].expires_at == clerk.now + timedelta(days=9)
    assert clerk.sees(order).hold_ends_at == clerk.now + timedelta(days=9)


def test_a_payment_that_cannot_be_looked_at_holds_up_no_other(
    take_in: Any, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        take_in()
    settle, seen = sweep_provider.settle, []

    def fail_once(*args: Any, **more: Any) -> Any:
        seen.append(args)
        if len(seen) == 1:
            raise RuntimeError("nobody anticipated this")
        return settle(*args, **more)

    monkeypatch.setattr(sweep_provider, "settle", fail_once)

    assert sweep() == 2

    night = ProviderSweep.objects.get()
    assert (night.asked, night.unreachable, len(asked)) == (2, 1, 2)
    assert night.finished_at is not None


def test_a_worker_that_is_told_to_stop_gives_the_walk_back(take_in: Any, now: Any) -> None:
    take_in()

    assert Sweep(worker="stopping").turn(is_stopping=lambda: True) == 0

    assert sweep_provider.take(worker="other", now=now, limit=5) is not None
