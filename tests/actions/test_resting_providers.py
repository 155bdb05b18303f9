"""A provider that gives no answer rests: nothing new is sent, nothing is lost, one call tries it again (W8)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest

from orderwright.actions import check_operation, settle_operation, sync_payments
from orderwright.core.errors import Unavailable
from orderwright.journal.models import Entry
from orderwright.payments.gateways.practice import PracticeGateway
from orderwright.payments.models import Operation, ProviderAccount, Refund
from orderwright.worker.duties import Operations
from tests.factories.orders import payment as payment_document
from tests.support.rounds import rounds

COOL_DOWN = timedelta(seconds=15)


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """List the calls that reached the gateway, by what they were to do."""
    seen: list[str] = []
    send, ask = PracticeGateway.send, PracticeGateway.look_up

    def counted_send(self: PracticeGateway, call: Any) -> Any:
        seen.append(call.kind)
        return send(self, call)

    def counted_ask(self: PracticeGateway, reference: str) -> Any:
        seen.append("look-up")
        return ask(self, reference)

    monkeypatch.setattr(PracticeGateway, "send", counted_send)
    monkeypatch.setattr(PracticeGateway, "look_up", counted_ask)
    return seen


@pytest.fixture
def rest(now: datetime) -> Callable[..., ProviderAccount]:
    """Let the practice account rest, since now unless another time is given."""

    def put_to_rest(at: datetime | None = None) -> ProviderAccount:
        opened_at = at or now
        ProviderAccount.objects.filter(slug="practice").update(
            failures_in_row=3, opened_at=opened_at, next_try_at=opened_at + COOL_DOWN, tried_by=""
        )
        return account()

    return put_to_rest


def account() -> ProviderAccount:
    return ProviderAccount.objects.get(slug="practice")


def kinds() -> list[str]:
    rows = Entry.objects.filter(stream=f"provider_account:{account().pk}").order_by("sequence")
    return list(rows.values_list("kind", flat=True))


def test_three_calls_without_an_answer_open_it_and_say_why(clerk: Any, take_in: Any, practice: Any) -> None:
    for _ in range(3):
        order = take_in()
        practice.fault("drop_before", "capture")
        clerk.capture(order, 100)

    row = account()
    assert (row.failures_in_row, row.opened_at is not None) == (3, True)
    assert row.next_try_at - row.opened_at == COOL_DOWN
    assert "broke off" in row.last_failure
    assert kinds() == ["provider_account.rested"]


def test_a_refusal_is_an_answer_and_begins_the_count_anew(clerk: Any, take_in: Any, practice: Any) -> None:
    for fault in ("drop_before", "drop_before", "decline", "drop_before", "drop_before"):
        order = take_in()
        practice.fault(fault, "capture")
        clerk.capture(order, 100)

    assert (account().failures_in_row, account().opened_at) == (2, None)
    assert kinds() == []


def test_look_ups_count_too_and_a_payment_that_is_unknown_there_does_not(
    clerk: Any, take_in: Any, order: Any, practice: Any
) -> None:
    unknown = take_in(payments=[payment_document("auth_nobody", 59894, at=clerk.now)])
    for _ in range(4):
        clerk.sync_payments(unknown)
    assert account().opened_at is None

    practice.fault("server_error", "lookup", times=3)
    for _ in range(3):
        clerk.sync_payments(order)

    assert account().opened_at is not None


ACTS = {
    "capture": lambda desk, order: desk.capture(order, 100),
    "refund": lambda desk, order: desk.refund(order, other=100),
    "reverse": lambda desk, order: desk.reverse_hold(order),
    "sync": lambda desk, order: desk.sync_payments(order),
}


@pytest.mark.parametrize("act", ACTS)
def test_nothing_new_is_written_or_sent_while_it_rests(
    act: str, clerk: Any, order: Any, rest: Any, calls: list[str], journal_kinds: Any
) -> None:
    order = clerk.capture(order, 30000)
    rest()
    before = (Operation.objects.count(), Refund.objects.count(), journal_kinds(order))
    calls.clear()

    with pytest.raises(Unavailable) as refused:
        ACTS[act](clerk.asks, order)

    told = refused.value
    assert (told.code, told.status, told.facts["retry_after"]) == ("provider_resting", 503, 15)
    assert "until 04:00:15 EST" in refused.value.message  # the site's own time
    assert (Operation.objects.count(), Refund.objects.count(), journal_kinds(order)) == before
    assert calls == []


def test_a_cancellation_is_taken_and_goes_on_when_the_provider_answers(
    clerk: Any, order: Any, rest: Any, practice: Any, calls: list[str]
) -> None:
    order = clerk.capture(order, 30000)
    calls.clear()
    rest()

    waiting = clerk.cancel(order)

    assert clerk.result.state == "running"
    assert calls == []
    legs = Operation.objects.filter(cancellation__isnull=False)
    assert {(leg.state, leg.attempts, leg.due_at) for leg in legs} == {("prepared", 0, clerk.now + COOL_DOWN)}
    later = clerk.now + COOL_DOWN
    for key in settle_operation.due(now=later):
        settle_operation.run(key=key, now=later)
    assert clerk.sees(waiting).state.slug == "canceled"
    assert sorted(practice.effects(order)) == [("capture", 30000), ("refund", 30000), ("reversal", 29894)]
    assert account().opened_at is None
    assert kinds() == ["provider_account.answered"]


def test_the_worker_spends_no_tries_on_a_provider_that_rests(
    clerk: Any, take_in: Any, practice: Any, rest: Any, calls: list[str]
) -> None:
    practice.fault("drop_before", "capture", times=2)
    for _ in range(2):
        clerk.capture(take_in(), 100)
    tries = list(Operation.objects.order_by("pk").values_list("attempts", flat=True))
    later = clerk.now + timedelta(minutes=5)
    rest(later)
    calls.clear()

    for key in settle_operation.due(now=later):
        settle_operation.run(key=key, now=later)

    assert calls == []
    assert list(Operation.objects.order_by("pk").values_list("attempts", flat=True)) == tries
    assert set(Operation.objects.values_list("due_at", flat=True)) == {later + COOL_DOWN}
    assert settle_operation.due(now=later) == []


@pytest.mark.real_time
def test_the_worker_settles_everything_once_the_provider_answers(clerk: Any, take_in: Any, practice: Any) -> None:
    ProviderAccount.objects.filter(slug="practice").update(breaker_failures=1)
    practice.fault("drop_after", "capture")
    lost = take_in()
    clerk.capture(lost, 100)
    Operation.objects.update(due_at=clerk.now - timedelta(seconds=1))
    ProviderAccount.objects.filter(slug="practice").update(next_try_at=clerk.now - timedelta(seconds=1))

    while Operations().turn(is_stopping=lambda: False):
        pass

    assert practice.effects(lost) == [("capture", 100)]
    assert clerk.sees(lost).payments[0].captured_minor == 100


def test_a_trial_without_an_answer_begins_the_cool_down_anew(
    clerk: Any, take_in: Any, order: Any, practice: Any, rest: Any
) -> None:
    rest()
    later = clerk.at(COOL_DOWN)
    practice.fault("drop_before", "capture")

    later.asks.capture(order, 100)

    row = account()
    assert (row.failures_in_row, row.tried_by) == (4, "")
    assert row.next_try_at == later.now + COOL_DOWN
    assert row.opened_at == clerk.now
    with pytest.raises(Unavailable):
        later.asks.capture(take_in(), 100)


def test_at_half_open_one_of_two_rivals_tries_and_the_other_is_told_to_wait(
    clerk: Any, colleague: Any, take_in: Any, practice: Any, rest: Any, both_at_once: Any
) -> None:
    for _ in rounds(15):
        mine, yours = take_in(), take_in()
        rest(clerk.now - COOL_DOWN)

        outcomes = both_at_once(partial(clerk.asks.capture, mine, 100), partial(colleague.asks.capture, yours, 200))

        # Whoever comes after the trial has answered finds a provider that works.
        assert outcomes.count("captured") >= 1
        assert set(outcomes) <= {"captured", "provider_resting"}
        moved = practice.effects(mine) + practice.effects(yours)
        assert len(moved) == outcomes.count("captured")
        assert Operation.objects.exclude(state="succeeded").count() == 0
        assert account().opened_at is None


def test_while_a_trial_is_out_nobody_else_calls(
    clerk: Any, colleague: Any, take_in: Any, rest: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = take_in(), take_in()
    rest(clerk.now - COOL_DOWN)
    told: list[str] = []
    send = PracticeGateway.send

    def send_and_let_a_rival_try(self: PracticeGateway, call: Any) -> Any:
        monkeypatch.setattr(PracticeGateway, "send", send)
        with pytest.raises(Unavailable) as refused:
            colleague.asks.capture(second, 100)
        told.append(refused.value.code)
        return send(self, call)

    monkeypatch.setattr(PracticeGateway, "send", send_and_let_a_rival_try)

    assert clerk.asks.capture(first, 100).state == "succeeded"
    assert told == ["provider_resting"]
    assert colleague.asks.capture(second, 100).state == "succeeded"


def test_a_trial_whose_process_died_gives_its_turn_up(clerk: Any, order: Any, rest: Any, now: datetime) -> None:
    rest()
    ProviderAccount.objects.filter(slug="practice").update(
        tried_by="op_of_a_dead_process", next_try_at=now + timedelta(seconds=90)
    )

    with pytest.raises(Unavailable):
        clerk.at(timedelta(seconds=89)).asks.capture(order, 100)

    assert clerk.at(timedelta(seconds=90)).asks.capture(order, 100).state == "succeeded"


def test_refunds_over_several_payments_of_an_account_that_is_tried_all_go(clerk: Any, take_in: Any, rest: Any) -> None:
    order = take_in(held=[30000, 29894])
    for payment in order.payments:
        order = clerk.capture(order, payment=payment)
    rest(clerk.now - COOL_DOWN)

    refunded = clerk.refund(order, other=1000)

    assert clerk.result.state == "done"
    assert sum(payment.refunded_minor for payment in refunded.payments) == 1000


def test_a_capture_over_several_payments_is_one_trial_and_waits_while_another_is_out(
    clerk: Any, colleague: Any, take_in: Any, rest: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = take_in(), take_in(held=[30000, 29894])
    rest(clerk.now - COOL_DOWN)
    told: list[str] = []
    send = PracticeGateway.send

    def send_and_let_a_rival_try(self: PracticeGateway, call: Any) -> Any:
        monkeypatch.setattr(PracticeGateway, "send", send)
        with pytest.raises(Unavailable) as refused:
            colleague.asks.capture_order(second, 40000)
        told.append(refused.value.code)
        return send(self, call)

    monkeypatch.setattr(PracticeGateway, "send", send_and_let_a_rival_try)
    clerk.asks.capture(first, 100)

    assert told == ["provider_resting"]
    assert not Operation.objects.filter(payment__order=second.id).exists()
    rest(clerk.now - COOL_DOWN)
    after = clerk.capture_order(second, 40000)
    assert [payment.captured_minor for payment in after.payments] == [30000, 10000]


def test_checking_again_waits_too(clerk: Any, order: Any, practice: Any, rest: Any, calls: list[str]) -> None:
    practice.fault("drop_before", "capture")
    clerk.capture(order, 100)
    rest()
    calls.clear()

    with pytest.raises(Unavailable) as refused:
        check_operation.run(key=Operation.objects.get().key, actor=clerk.actor, now=clerk.now)

    assert (refused.value.code, calls) == ("provider_resting", [])


def test_a_call_without_an_answer_is_repeated_after_the_account_s_wait(clerk: Any, order: Any, practice: Any) -> None:
    ProviderAccount.objects.filter(slug="practice").update(breaker_wait_s=120)
    practice.fault("drop_before", "capture")

    clerk.capture(order, 100)

    assert Operation.objects.get().due_at == clerk.now + timedelta(seconds=120)


def test_an_account_that_is_off_captures_nothing_and_gives_back_all_the_same(clerk: Any, take_in: Any) -> None:
    order, held = clerk.capture(take_in(), 30000), take_in()
    ProviderAccount.objects.filter(slug="practice").update(is_enabled=False)

    outcomes = {name: _outcome(act, clerk, order) for name, act in ACTS.items()}

    assert outcomes == {"capture": "provider_off", "refund": "done", "reverse": "succeeded", "sync": "done"}
    assert sync_payments.availability(clerk.sees(held), clerk.actor, now=clerk.now).allowed


def _outcome(act: Callable[[Any, Any], Any], clerk: Any, order: Any) -> str:
    try:
        return getattr(act(clerk.asks, clerk.sees(order)), "state", "done")
    except Exception as error:  # noqa: BLE001 - its code is compared
        return str(getattr(error, "code", error))


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"is_enabled": False}, ("/payments/0/provider", "provider_off")),
        ({"site": "other"}, ("/payments/0/provider", "provider_not_of_site")),
        ({"site": "cozy-home-us"}, None),
    ],
)
def test_an_order_names_only_an_account_that_is_on_and_of_its_site(
    take_in: Any, site: Any, changes: dict[str, Any], fault: Any
) -> None:
    row = account()
    if wanted := changes.pop("site", ""):
        row.sites.set(
            [
                site
                if wanted == site.slug
                else type(site).objects.create(
                    slug="other", name="Other", currency="EUR", number_prefix="X", sender="x@example.com"
                )
            ]
        )
    ProviderAccount.objects.filter(pk=row.pk).update(**changes) if changes else None

    if fault is None:
        assert take_in().payments[0].account_slug == "practice"
        return
    with pytest.raises(Exception) as refused:  # noqa: PT011 - its fields are compared
        take_in()
    assert [(field.pointer, field.code) for field in refused.value.fields] == [fault]


def test_payments_are_listed_by_the_priority_of_their_account(clerk: Any, take_in: Any) -> None:
    order = take_in(held=[30000])
    ProviderAccount.objects.filter(slug="invoice").update(priority=1)
    mixed = take_in(
        payments=[
            payment_document(order.payments[0].reference + "x", 30000, at=clerk.now),
            {**payment_document("INV-1", 29894, at=clerk.now), "provider": "invoice"},
        ]
    )

    assert [(row.account_slug, row.position) for row in mixed.payments] == [("invoice", 2), ("practice", 1)]
