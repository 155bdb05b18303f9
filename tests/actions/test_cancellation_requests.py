"""Somebody asks for a cancellation: the order waits, and who may cancel accepts or declines (W5)."""

from __future__ import annotations

import pytest

from orderwright.actions import (
    add_state,
    all_actions,
    cancel_order,
    capture,
    change_state,
    decline_cancellation,
    request_cancellation,
    retire_state,
    update_shipment,
)
from orderwright.core.errors import Conflict, Invalid, Refused
from orderwright.journal.models import Entry
from orderwright.orders.errors import OrderChanged
from orderwright.orders.models import CancellationRequest
from orderwright.outbox.models import Mail
from tests.support.drivers import hire


@pytest.fixture
def asked(clerk, take_in):
    """Ask for the cancellation of an order that is being processed."""
    return clerk.request_cancellation(clerk.change_state(take_in(), "processing"), "customer asked")


def test_asking_puts_the_order_into_cancel_requested_and_moves_no_money(asked, practice, journal_kinds):  # W5
    assert (asked.state.slug, asked.cancellation) == ("cancel-requested", None)
    assert (asked.open_request.reason, asked.open_request.from_state) == ("customer asked", "processing")
    assert practice.effects(asked) == []
    assert asked.payments[0].held_minor == 59894
    assert journal_kinds(asked)[-1] == "order.cancel_asked"


def test_the_request_of_a_program_is_the_customer_s(clerk, order):
    storefront = type(clerk.actor)(kind="key", ref="1", name="Storefront", grants=clerk.actor.grants)

    request_cancellation.run(number=order.number, reason="Ordered twice.", actor=storefront, now=clerk.now)

    asked = clerk.sees(order).open_request
    assert (asked.is_from_customer, asked.actor_name) == (True, "Storefront")


def test_a_typed_reason_is_sealed_in_the_journal_and_an_offered_one_is_not(clerk, take_in):
    clerk.request_cancellation(take_in(), "My sister bought the same.")
    clerk.request_cancellation(take_in(), "customer asked")

    typed, offered = Entry.objects.filter(kind="order.cancel_asked").order_by("id")
    assert (typed.why, offered.why) == ("", "customer asked")
    assert "sister" not in str(typed.after)


def test_meanwhile_shipments_state_refunds_and_reversals_wait_and_say_for_what(asked, clerk):  # G13
    answers = all_actions.describe(asked, clerk.actor)
    payment = asked.payments[0].id

    assert update_shipment.availability(asked, clerk.actor).code == "order_state_locks_shipments"
    for name in ("change_state", "refund", f"reverse_hold:{payment}"):
        assert (answers[name].code, answers[name].reason) == (
            "cancellation_requested",
            "A cancellation is requested; accept or decline it first.",
        )
    assert {move.reason for move in change_state.moves(asked, clerk.actor) if not move.is_current} == {
        "A cancellation is requested; accept or decline it first."
    }
    assert answers["request_cancellation"].code == "cancellation_requested"
    assert answers["cancel_order"].allowed
    assert answers["decline_cancellation"].allowed


def test_capturing_meanwhile_has_to_be_confirmed(asked, clerk, practice):
    with pytest.raises(capture.CaptureNeedsConfirmation):
        clerk.capture(asked, 1000)
    with pytest.raises(capture.CaptureNeedsConfirmation):
        clerk.capture_order(asked, 1000)
    assert practice.effects(asked) == []

    clerk.capture(asked, 1000, is_confirmed=True)

    assert practice.effects(asked) == [("capture", 1000)]
    assert clerk.sees(asked).state.slug == "cancel-requested"


def test_asking_leads_no_capture_past_the_state_that_the_order_was_in(clerk, take_in, practice):
    fraud = clerk.change_state(take_in(), "fraud")
    asked = clerk.request_cancellation(fraud, "customer asked")

    with pytest.raises(Conflict) as refused:
        clerk.capture(asked, 1000, is_confirmed=True)
    with pytest.raises(Conflict):
        clerk.capture_order(asked, 1000, is_confirmed=True)

    assert refused.value.code == "order_is_fraud"
    assert practice.effects(asked) == []


def test_accepting_is_canceling_and_closes_the_request(asked, clerk, practice, journal_kinds):  # W5, G28
    canceled = clerk.cancel(asked, email=True, version=asked.version)

    assert (canceled.state.slug, canceled.is_open) == ("canceled", False)
    assert practice.effects(asked) == [("reversal", 59894)]
    request = CancellationRequest.objects.get()
    assert (request.state, request.decided_by) == ("accepted", "Mia Chen")
    assert journal_kinds(asked)[-3:] == ["payment.reversed", "order.canceled", "mail.written"]
    entry = Entry.objects.get(kind="order.cancel_requested")
    assert (entry.before["cancellation_request"], entry.after["cancellation_request"]) == ("open", "accepted")


def test_an_accepted_cancellation_that_is_given_up_leads_back_where_the_request_came_from(asked, clerk, practice):
    practice.fault("decline", "reversal")
    stopped = clerk.cancel(asked)
    assert (stopped.state.slug, stopped.open_request) == ("cancel-requested", None)

    assert clerk.withdraw_cancellation(stopped).state.slug == "processing"


def test_declining_puts_the_order_back_where_it_came_from(asked, clerk, practice, journal_kinds):  # W5
    back = clerk.decline_cancellation(asked)

    assert (back.state.slug, back.is_open, back.open_request) == ("processing", True, None)
    assert practice.effects(asked) == []
    assert (journal_kinds(asked)[-1], Mail.objects.exists()) == ("order.cancel_declined", False)
    assert clerk.update_shipment(back, method="dhl-express").version == back.version + 1


def test_declining_tells_the_customer_if_wished(asked, clerk):
    clerk.decline_cancellation(asked, email_customer=True, message="It left us this morning.")

    mail = Mail.objects.get()
    assert (mail.kind, mail.subject) == ("cancellation_declined", "Your order #1001 from Cozy Home US goes on")
    assert "It left us this morning." in mail.text
    assert clerk.result.is_emailed


def test_a_request_is_declined_and_asked_again(asked, clerk):
    again = clerk.request_cancellation(clerk.decline_cancellation(asked), "other")

    assert again.open_request.reason == "other"
    assert list(CancellationRequest.objects.order_by("id").values_list("state", flat=True)) == ["declined", "open"]


def test_the_state_that_it_came_from_may_be_retired_meanwhile(clerk, take_in):
    slug = add_state.run(
        name="Packed", color="teal", description="", system_state="processing", actor=clerk.actor, now=clerk.now
    )
    asked = clerk.request_cancellation(clerk.change_state(take_in(), slug))
    retire_state.run(slug=slug, to="processing", actor=clerk.actor, now=clerk.now)

    assert clerk.decline_cancellation(asked).state.slug == "processing"


def test_a_state_that_forbids_canceling_forbids_asking_too(clerk, take_in):
    slug = add_state.run(
        name="At the loom",
        color="teal",
        description="",
        system_state="processing",
        allows_cancel=False,
        actor=clerk.actor,
        now=clerk.now,
    )
    order = clerk.change_state(take_in(), slug)

    with pytest.raises(Conflict) as refused:
        clerk.request_cancellation(order)

    assert refused.value.code == "order_state_locks_cancel"
    assert clerk.sees(order) == order


@pytest.mark.parametrize(("state", "code"), [("completed", "order_completed"), ("canceled", "order_canceled")])
def test_what_is_closed_is_not_asked_about(clerk, order, state, code):
    order = clerk.cancel(order) if state == "canceled" else clerk.change_state(order, state, is_confirmed=True)

    with pytest.raises(Conflict) as refused:
        clerk.request_cancellation(order)

    assert refused.value.code == code


def test_a_cancellation_that_is_under_way_is_neither_asked_for_nor_declined(clerk, order, practice):
    practice.fault("decline", "reversal")
    stopped = clerk.cancel(order)

    for act, code in (
        (clerk.request_cancellation, "cancellation_under_way"),
        (clerk.decline_cancellation, "no_cancellation_requested"),
    ):
        with pytest.raises(Conflict) as refused:
            act(stopped)
        assert refused.value.code == code


def test_who_decides_has_to_know_of_the_request(asked, clerk, colleague):
    colleague.decline_cancellation(asked)
    later = colleague.request_cancellation(clerk.sees(asked))

    with pytest.raises(OrderChanged) as stale:
        clerk.cancel(later, version=asked.version)

    assert "request for a cancellation" in stale.value.message
    assert clerk.sees(asked) == later


def test_who_may_not_cancel_asks_and_does_not_decide(clerk, order, now):  # W11
    asker = hire(name="Olga", email="olga@cozy-home.example.com", now=now, role="order-clerk")

    asked = asker.request_cancellation(order)

    assert cancel_order.availability(asked, asker.actor).code == "not_permitted"
    assert decline_cancellation.availability(asked, asker.actor).code == "not_permitted"
    with pytest.raises(Refused):
        asker.decline_cancellation(asked)
    assert clerk.sees(order).open_request is not None


def test_a_viewer_asks_for_nothing(viewer, order):
    with pytest.raises(Refused):
        viewer.request_cancellation(order)

    assert not CancellationRequest.objects.exists()


@pytest.mark.parametrize("reason", ["x" * 201, "a\x00", "4242 4242 4242 4242"])
def test_an_unfit_reason_is_refused(clerk, order, reason):
    with pytest.raises(Invalid) as refused:
        clerk.request_cancellation(order, reason)

    assert refused.value.fields[0].pointer == "/reason"
    assert clerk.sees(order) == order


def test_whoever_asked_takes_it_back_while_nobody_has_decided(clerk, asked, journal_kinds):  # W5
    back = clerk.withdraw_request(asked)

    assert (back.state.slug, back.open_request) == ("processing", None)
    request = CancellationRequest.objects.get()
    assert (request.state, request.decided_by, request.decided_at) == ("withdrawn", clerk.actor.name, clerk.now)
    assert (journal_kinds(asked)[-1], Mail.objects.exists()) == ("order.cancel_request_withdrawn", False)
    with pytest.raises(Conflict) as refused:
        clerk.withdraw_request(asked)
    assert refused.value.code == "no_cancellation_requested"


def test_nobody_takes_back_what_somebody_else_asked_for(clerk, viewer, asked, now):
    olga = hire(name="Olga", email="olga@cozy-home.example.com", now=now, role="order-clerk")

    with pytest.raises(Conflict) as refused:
        olga.withdraw_request(asked)
    with pytest.raises(Refused):
        viewer.withdraw_request(asked)

    assert refused.value.code == "not_your_request"
    assert clerk.sees(asked) == asked


def test_who_takes_it_back_after_it_was_decided_is_told(clerk, colleague, asked):
    colleague.decline_cancellation(asked)

    with pytest.raises(OrderChanged) as stale:
        clerk.withdraw_request(asked, version=asked.version)

    assert "request for a cancellation" in stale.value.message
