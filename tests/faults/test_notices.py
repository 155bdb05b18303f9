"""What Stripe and Adyen tell the desk: often, late, early, forged, out of order; one effect each (FW1, FW2)."""

from __future__ import annotations

import json
import random
from datetime import timedelta
from functools import partial

import pytest
from django.db.models import QuerySet

from orderwright.actions import apply_notice
from orderwright.payments import notices
from orderwright.payments.models import LedgerTransaction, ProviderAccount, ProviderNotice
from tests.gateways.adyen_bench import AdyenBench, AdyenPartsBench
from tests.gateways.mailbox import Letter
from tests.gateways.stripe_bench import StripeBench, StripeMulticaptureBench
from tests.support.rivals import meanwhile
from tests.support.rounds import rounds

pytestmark = pytest.mark.fault

EVERY = (StripeBench, StripeMulticaptureBench, AdyenBench, AdyenPartsBench)
by_all = pytest.mark.parametrize("telling", EVERY, ids=lambda bench: bench.name, indirect=True)
by_each = pytest.mark.parametrize("telling", [StripeBench, AdyenBench], ids=lambda bench: bench.name, indirect=True)
by_once = pytest.mark.parametrize("telling", [AdyenBench], ids=lambda bench: bench.name, indirect=True)
by_stripe = pytest.mark.parametrize("telling", [StripeBench], ids=lambda bench: bench.name, indirect=True)

FIVE_TIMES = "each event five times, shuffled, with forged ones between"


def figures(desk, order):
    """Return what the books say: authorised, captured, released, refunded, under way."""
    row = desk.clerk.sees(order).payments[0]
    return row.authorised_minor, row.captured_minor, row.released_minor, row.refunded_minor, row.pending_minor


def postings(order):
    """Return the kinds of the ledger's transactions, in order, the hold left out."""
    rows = LedgerTransaction.objects.filter(payment__order__number=order.number).order_by("pk")
    return [kind for kind in rows.values_list("kind", flat=True) if kind != "authorise"]


def captured(desk, amount=None):
    """Return an order of which so much, or all, is captured and told."""
    order = desk.take_in()
    desk.clerk.capture(order, amount)
    desk.receive(desk.letters_of(order, "capture"))
    return desk.clerk.sees(order)


def forged(desk, letter):
    """Return messages that look like this one and are not the provider's."""
    other = desk.signed_anew(letter, secret=desk.bench.foreign_secret)
    found = [other, desk.bench.unsigned(letter), desk.bench.tampered(letter)]
    if desk.bench.signs_bytes:
        found.append(Letter(letter.headers, json.dumps(json.loads(letter.body), indent=1).encode()))
    if desk.bench.signs_time:
        found.append(desk.signed_anew(letter, age=timedelta(minutes=6)))
    return found


@by_all
def test_each_event_five_times_shuffled_with_forged_ones_between_has_one_effect(telling, figure):  # FW1
    desk = telling
    for round_ in rounds(25):
        order = captured(desk)
        desk.clerk.refund(order, other=2500)
        letters = desk.letters_of(order, "refund")
        wrong = [letter for each in letters for letter in forged(desk, each)]
        again = [desk.signed_anew(each, secret=desk.bench.secrets[round_ % 2]) for each in letters]
        post = [(letter, 202) for letter in [*letters, *again] * 5] + [(letter, 403) for letter in wrong]
        random.Random(round_).shuffle(post)

        answered = [(desk.post(letter), wanted) for letter, wanted in post]
        desk.work()

        taken = sum(1 for status, wanted in answered if wanted == 403 and status != 403)
        doubles = postings(order).count("refund") + postings(order).count("capture") - 2
        figure("FW1", FIVE_TIMES, orders=1, messages=len(post), doubles=doubles, forged_taken=taken)
        assert all(status == wanted for status, wanted in answered)
        assert postings(order) == ["capture", "refund"]
        assert figures(desk, order) == (59894, 59894, 0, 2500, 0)
    told = list(ProviderNotice.objects.filter(account=desk.account).values_list("event_id", flat=True))
    assert len(told) == len(set(told))
    assert set(ProviderNotice.objects.values_list("state", flat=True)) == {"applied"}


@by_all
def test_a_message_from_last_year_that_was_taken_then_changes_nothing_now(telling):
    order = captured(telling)
    letters = telling.letters_of(order, "capture")
    before = (postings(order), telling.known_events())

    statuses = {telling.post(telling.signed_anew(letter, age=timedelta(days=400))) for letter in letters}
    telling.work()

    assert statuses == ({403} if telling.bench.signs_time else {202})
    assert (postings(order), telling.known_events()) == before


@by_all
@pytest.mark.parametrize("on", ["capture", "refund", "reversal"])
def test_a_message_that_comes_before_the_answer_has_one_effect(telling, practice, open_mailbox, on, figure):  # FW2
    desk = telling
    for _round in rounds(9):
        order = captured(desk) if on == "refund" else desk.take_in()
        open_mailbox.on_letter = desk.work_in_another_thread
        for _event in range(4):
            practice.fault("before_answer", "notice")

        if on == "capture":
            desk.clerk.capture(order)
        elif on == "refund":
            desk.clerk.refund(order, other=2500)
        else:
            desk.clerk.reverse_hold(order)

        open_mailbox.on_letter = lambda letter: None
        practice.clear_faults()
        kind = {"reversal": "reverse"}.get(on, on)
        desk.receive(desk.letters_of(order, kind))
        doubles = postings(order).count(kind) - 1
        figure("FW2", "a message that comes before the answer", orders=1, doubles=doubles)
        assert desk.operations(order)[-1][:2] == (kind, "succeeded")
        assert postings(order).count(kind) == 1


@by_all
@pytest.mark.parametrize("on", ["capture", "refund"])
def test_a_message_tells_what_an_answer_that_got_lost_would_have(telling, practice, on, figure):  # FW2, FG1
    desk = telling
    # Nobody answers here, many times in a row; when an account is left alone for it is another matter.
    ProviderAccount.objects.update(breaker_failures=30_000)
    for _round in rounds(3):
        order = captured(desk) if on == "refund" else desk.take_in()
        practice.fault("drop_after", on)
        if on == "capture":
            desk.clerk.capture(order)
        else:
            desk.clerk.refund(order, other=2500)
        assert desk.operations(order)[-1] == (on, "unknown", "no_answer")

        desk.receive(desk.letters_of(order, on))

        doubles = postings(order).count(on) - 1
        figure("FW2", "a message in place of an answer that got lost", orders=1, doubles=doubles)
        assert desk.operations(order)[-1] == (on, "succeeded", "")
        assert postings(order).count(on) == 1


@by_all
def test_a_message_about_an_order_that_is_handed_in_later_waits_for_it(telling, clerk):
    desk = telling
    reference = desk.bench.hold(59894)
    desk.bench.capture_by_hand(reference, 59894)
    for kind in desk.bench.kinds["capture"]:
        desk.bench.wait_for(desk.gateway, lambda notice, k=kind: (notice.reference, notice.kind) == (reference, k))
    letters = [letter for letter in desk.bench.mailbox.letters if reference.encode() in letter.body]
    assert {desk.post(letter) for letter in letters} == {202}
    desk.work()
    assert set(ProviderNotice.objects.values_list("state", flat=True)) == {"new"}

    order = desk.hand_in(reference, 59894)
    desk.work(clerk.now + timedelta(hours=1))

    assert set(ProviderNotice.objects.values_list("state", flat=True)) == {"applied"}
    assert figures(desk, order) == (59894, 59894, 0, 0, 0)


@by_all
def test_what_was_done_at_the_dashboard_is_booked_as_the_providers(telling):
    order = captured(telling)
    telling.bench.refund_by_hand(order.payments[0].reference, 2500)

    telling.receive(telling.letters_of(order, "refund"))

    assert figures(telling, order) == (59894, 59894, 0, 2500, 0)
    assert LedgerTransaction.objects.get(kind="refund").origin == "provider"


@by_all
def test_a_reversal_at_the_dashboard_lets_go_of_all_that_was_held(telling):
    order = telling.take_in()
    telling.bench.reverse_by_hand(order.payments[0].reference)

    telling.receive(telling.letters_of(order, "reverse"))

    assert figures(telling, order) == (59894, 0, 59894, 0, 0)


@by_all
def test_what_a_capture_in_part_lets_go_of_is_in_the_books_and_cannot_be_captured(telling):
    order = captured(telling, 20000)

    rest = 39894 if telling.bench.releases_rest else 0
    assert figures(telling, order) == (59894, 20000, rest, 0, 0)
    assert order.payments[0].free_minor == 39894 - rest


@by_each
def test_saleor_9504_a_late_notification_does_not_double_what_was_captured(telling, practice, clerk):
    practice.fault("late", "notice", seconds=3600, times=10)
    order = telling.take_in()
    telling.clerk.capture(order)
    if telling.bench.kind.can_be_asked:
        assert figures(telling, order)[1] == 59894

    practice.advance(timedelta(hours=2))
    letters = telling.letters_of(order, "capture")
    telling.receive(letters)
    telling.receive(letters, now=clerk.now + timedelta(days=3))

    assert postings(order) == ["capture"]
    assert figures(telling, order) == (59894, 59894, 0, 0, 0)


@by_each
def test_pretix_4911_a_refund_and_its_own_webhook_are_one_refund(telling, practice, open_mailbox):
    order = captured(telling)
    open_mailbox.on_letter = telling.work_in_another_thread
    for _event in range(4):
        practice.fault("before_answer", "notice")

    telling.clerk.refund(order, other=59894)

    open_mailbox.on_letter = lambda letter: None
    telling.receive(telling.letters_of(order, "refund"))
    assert telling.operations(order) == [("capture", "succeeded", ""), ("refund", "succeeded", "")]
    assert practice.effects(order) == [("capture", 59894), ("refund", 59894)]
    assert figures(telling, order) == (59894, 59894, 0, 59894, 0)


@by_stripe
def test_an_account_whose_payment_cannot_be_read_now_reads_it_later(telling, practice, clerk):
    order = telling.take_in()
    telling.bench.capture_by_hand(order.payments[0].reference, 59894)
    letters = telling.letters_of(order, "capture")
    practice.fault("server_error", "lookup")
    telling.receive(letters[:1])
    assert figures(telling, order)[1] == 0

    telling.work(clerk.now + timedelta(hours=1))

    assert figures(telling, order)[1] == 59894


@by_stripe
def test_while_the_account_rests_what_it_told_waits_and_no_try_is_spent(telling, clerk):
    order = telling.take_in()
    telling.bench.capture_by_hand(order.payments[0].reference, 59894)
    letters = telling.letters_of(order, "capture")
    until = clerk.now + timedelta(minutes=1)
    ProviderAccount.objects.filter(pk=telling.account.pk).update(opened_at=clerk.now, next_try_at=until)

    telling.receive(letters)

    assert figures(telling, order)[1] == 0
    assert set(ProviderNotice.objects.values_list("state", "tries", "due_at")) == {("new", 0, until)}
    telling.work(until)
    assert figures(telling, order)[1] == 59894


@by_stripe
def test_a_message_that_another_worker_is_just_taking_is_left_to_it(telling, clerk, monkeypatch):
    order = telling.take_in()
    telling.bench.capture_by_hand(order.payments[0].reference, 59894)
    telling.post(telling.letters_of(order, "capture")[0])
    notice = ProviderNotice.objects.get()
    take = partial(notices.take, notice.pk, now=clerk.now, patience=timedelta(minutes=1))
    meanwhile(monkeypatch, QuerySet, "first", take)

    assert apply_notice.run(notice_id=notice.pk, now=clerk.now) == "taken"

    notice.refresh_from_db()
    assert (notice.state, notice.tries) == ("new", 1)
    assert figures(telling, order)[1] == 0


@by_once
def test_what_a_capture_let_go_of_waits_until_the_capture_is_in_the_books(telling, clerk):
    order = telling.take_in()
    telling.bench.capture_by_hand(order.payments[0].reference, 20000)
    for letter in telling.letters_of(order, "capture"):
        telling.post(letter)
    rest = ProviderNotice.objects.get(event_id__endswith=":rest")

    assert apply_notice.run(notice_id=rest.pk, now=clerk.now) == "later"
    assert postings(order) == []
    telling.work(clerk.now + timedelta(minutes=5))

    assert figures(telling, order) == (59894, 20000, 39894, 0, 0)


@by_each
def test_the_provider_tells_a_desk_that_listens_at_its_own_address(telling, live_server, practice):
    account = telling.account
    practice.listen(
        telling.bench.face,
        url=f"{live_server.url}/api/v1/provider-notices/{account.slug}".replace("localhost", "127.0.0.1"),
        secret=telling.bench.secrets[0],
    )
    order = telling.take_in()

    telling.clerk.capture(order)

    telling.wait_for_events(at_least=1)
    telling.work()
    assert telling.operations(order) == [("capture", "succeeded", "")]
    assert figures(telling, order) == (59894, 59894, 0, 0, 0)
