"""What customers are told and when: received, shipped, refunded, delayed, each once."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError

from orderwright.actions import tell_delayed, tell_shipped
from orderwright.actions.write_mail import write_mail
from orderwright.core.db import in_write_transaction
from orderwright.core.errors import Conflict, Invalid, NotFound, Refused
from orderwright.journal.models import Entry
from orderwright.orders.models import Site
from orderwright.orders.writes import lock_order
from orderwright.outbox.models import Mail
from orderwright.outbox.writes import enqueue_mail
from orderwright.outbox.writing.values import Received
from orderwright.outbox.writing.vocabulary import RECEIVED
from orderwright.reads.order_detail import read_whole_order

NUMBER = "1Z999AA10123456784"


def mails(kind: str = "") -> list[Any]:
    found = Mail.objects.order_by("id")
    return list(found.filter(kind=kind) if kind else found)


def ship(clerk: Any, order: Any, state: str = "shipped") -> Any:
    for line in order.lines:
        if line.requires_shipping:
            order = clerk.set_delivery_state(order, line.sku, state)
    return order


@pytest.fixture
def telling(site: Any) -> Any:
    """Let the site tell of shipments by itself."""
    Site.objects.update(mails_shipped=True)
    return site


# Shipped


def test_a_store_that_tells_by_itself_does_so_once_the_shipment_has_left_and_has_its_number(clerk, telling, order):
    order = ship(clerk, order)
    before = len(mails())

    clerk.set_tracking(order, 1, NUMBER)

    [mail] = mails()
    assert before == 0
    assert (mail.kind, mail.about, mail.recipient) == ("order_shipped", "shipment:1", "bob.norman@mail.example.com")
    assert f"Tracking number {NUMBER}\nhttps://" in mail.text


def test_a_number_that_came_first_waits_for_the_shipment_to_leave(clerk, telling, order):
    order = clerk.set_tracking(order, 1, NUMBER)
    before = len(mails())

    ship(clerk, order)

    assert (before, [mail.about for mail in mails()]) == (0, ["shipment:1"])


def test_a_shipment_that_left_in_part_is_not_told_of_yet(clerk, telling, order):
    order = clerk.set_tracking(order, 1, NUMBER)

    clerk.set_delivery_state(order, order.lines[0].sku, "shipped")

    assert mails() == []


def test_a_method_whose_parcels_nobody_can_follow_needs_no_number(clerk, telling, order):
    order = clerk.update_shipment(order, method="courier-same-day")

    ship(clerk, order)

    [mail] = mails()
    assert "Tracking number" not in mail.text


def test_whatever_changes_later_the_customer_is_told_once(clerk, telling, order):
    order = ship(clerk, clerk.set_tracking(order, 1, NUMBER))

    order = clerk.set_tracking(order, 1, "1Z999AA10123456785")
    order = ship(clerk, order, "in-transit")
    ship(clerk, ship(clerk, order, "pending"))

    assert len(mails()) == 1


def test_each_shipment_is_told_of_and_the_last_says_that_nothing_is_left(clerk, telling, order):
    first, *rest = [line.sku for line in order.lines]
    order = clerk.update_shipment(order, items=[first], method="courier-same-day")
    order = clerk.set_delivery_state(order, first, "shipped")
    for sku in rest:
        order = clerk.set_delivery_state(order, sku, "shipped")
    clerk.set_tracking(order, next(each.number for each in order.shipments if each.number != 2), NUMBER)

    told = [("The rest follows." in mail.text, mail.about) for mail in mails()]
    assert told == [(True, "shipment:2"), (False, "shipment:1")]


def test_a_store_that_does_not_tell_by_itself_leaves_it_to_staff(clerk, order):
    order = ship(clerk, clerk.set_tracking(order, 1, NUMBER))
    before = len(mails())

    mail = tell_shipped.run(number=order.number, shipment=1, actor=clerk.actor, now=clerk.now)

    assert (before, mail.kind, mail.about) == (0, "order_shipped", "shipment:1")
    assert clerk.sees(order).shipments[0].told.id == mail.pk
    assert clerk.sees(order).version == order.version


def test_one_can_choose_for_a_shipment_what_its_store_does_not_do(clerk, order, journal_kinds):
    tell_shipped.choose(number=order.number, shipment=1, emails_customer=True, actor=clerk.actor, now=clerk.now)

    ship(clerk, clerk.set_tracking(clerk.sees(order), 1, NUMBER))

    assert [mail.about for mail in mails()] == ["shipment:1"]
    assert "shipment.email_chosen" in journal_kinds(order)


def test_one_can_keep_a_shipment_from_being_told_of(clerk, telling, order):
    tell_shipped.choose(number=order.number, shipment=1, emails_customer=False, actor=clerk.actor, now=clerk.now)

    ship(clerk, clerk.set_tracking(clerk.sees(order), 1, NUMBER))

    assert mails() == []


def test_the_same_choice_again_changes_nothing(clerk, order):
    tell_shipped.choose(number=order.number, shipment=1, emails_customer=False, actor=clerk.actor, now=clerk.now)

    assert clerk.sees(order).version == order.version


def test_once_the_customer_was_told_there_is_nothing_to_choose(clerk, order, journal_kinds):
    order = ship(clerk, order)
    tell_shipped.run(number=order.number, shipment=1, actor=clerk.actor, now=clerk.now)
    before = journal_kinds(order)

    with pytest.raises(Conflict) as refused:
        tell_shipped.choose(number=order.number, shipment=1, emails_customer=True, actor=clerk.actor, now=clerk.now)

    assert refused.value.code == "told_already"
    assert journal_kinds(order) == before


def test_two_who_tell_at_once_tell_once(clerk, colleague, order, both_at_once):
    order = ship(clerk, order)
    both = iter((clerk, colleague))

    def tell():
        who = next(both)
        tell_shipped.run(number=order.number, shipment=1, actor=who.actor, now=who.now)

    assert sorted(both_at_once(tell)) == ["done", "told_already"]
    assert len(mails()) == 1


def test_what_is_told_once_is_not_written_again(clerk, order):
    def write() -> Mail | None:
        asked = {"number": order.number, "actor": clerk.actor}
        row, detail = lock_order(**asked), read_whole_order(**asked)
        about: dict[str, Any] = {"kind": RECEIVED, "occasion": Received(), "about": "order"}
        return write_mail(row, detail, actor=clerk.actor, now=clerk.now, **about)

    assert in_write_transaction(write) is not None
    assert in_write_transaction(write) is None

    assert len(mails()) == 1


def test_the_database_itself_keeps_a_shipment_from_being_told_of_twice(clerk, order):
    facts = {
        "order_id": order.id, "kind": "order_shipped", "about": "shipment:1", "subject": "x", "text": "x", "html": "",
        "sender": "orders@cozy-home.example.com", "recipient": "bob@mail.example.com", "now": clerk.now,
    }  # fmt: skip
    in_write_transaction(lambda: enqueue_mail(**facts))

    with pytest.raises(IntegrityError):
        in_write_transaction(lambda: enqueue_mail(**facts))

    assert len(mails()) == 1


@pytest.mark.parametrize(
    ("arrange", "code"),
    [
        (lambda clerk, order: order, "not_sent_yet"),
        (ship, "no_address"),
    ],
)
def test_what_cannot_be_told_is_refused_and_nothing_is_written(clerk, take_in, arrange, code):
    customer = {"name": "Bob", "email": "" if code == "no_address" else "b@mail.example.com"}
    order = arrange(clerk, take_in(customer=customer))
    entries = Entry.objects.count()

    with pytest.raises(Conflict) as refused:
        tell_shipped.run(number=order.number, shipment=1, actor=clerk.actor, now=clerk.now)

    assert refused.value.code == code
    assert (mails(), Entry.objects.count()) == ([], entries)


@pytest.mark.parametrize(
    ("stop", "code"),
    [
        (lambda clerk, order: clerk.cancel(order), "order_canceled"),
        (lambda clerk, order: clerk.change_state(order, "fraud"), "order_is_fraud"),
        (lambda clerk, order: clerk.request_cancellation(order), "cancellation_requested"),
    ],
)
def test_nobody_is_told_of_a_shipment_that_may_not_be_theirs_any_more(clerk, order, stop, code):
    stop(clerk, ship(clerk, order))
    before = (len(mails("order_shipped")), Entry.objects.count())

    for attempt in (
        lambda: tell_shipped.run(number=order.number, shipment=1, actor=clerk.actor, now=clerk.now),
        lambda: tell_shipped.choose(
            number=order.number, shipment=1, emails_customer=True, actor=clerk.actor, now=clerk.now
        ),
    ):
        with pytest.raises(Conflict) as refused:
            attempt()
        assert refused.value.code == code

    assert before == (0, Entry.objects.count())
    assert mails("order_shipped") == []


def test_a_shipment_that_there_is_not_is_not_found(clerk, order):
    with pytest.raises(NotFound):
        tell_shipped.run(number=order.number, shipment=7, actor=clerk.actor, now=clerk.now)
    with pytest.raises(NotFound):
        tell_shipped.choose(number=order.number, shipment=7, emails_customer=True, actor=clerk.actor, now=clerk.now)

    assert mails() == []


def test_whoever_may_not_update_shipments_tells_nobody(clerk, viewer, order):
    order = ship(clerk, order)

    for attempt in (
        lambda: tell_shipped.run(number=order.number, shipment=1, actor=viewer.actor, now=clerk.now),
        lambda: tell_shipped.choose(
            number=order.number, shipment=1, emails_customer=True, actor=viewer.actor, now=clerk.now
        ),
        lambda: tell_delayed.run(number=order.number, message="x", actor=viewer.actor, now=clerk.now),
    ):
        with pytest.raises(Refused):
            attempt()

    assert mails() == []


# Received


def test_a_store_that_confirms_orders_does_so_in_the_same_moment(clerk, site, take_in, journal_kinds):
    Site.objects.update(mails_received=True)

    order = take_in()

    [mail] = mails()
    assert (mail.kind, mail.subject) == ("order_received", f"Your order #{order.number} at Cozy Home US")
    assert journal_kinds(order)[-1] == "mail.written"


def test_by_default_the_storefront_confirms_orders_and_the_desk_does_not(order):
    assert mails() == []


def test_an_order_that_is_brought_over_from_elsewhere_is_not_confirmed_anew(site, take_in):
    Site.objects.update(mails_received=True)

    take_in(source="shopify")

    assert mails() == []


def test_an_order_that_is_handed_in_twice_is_confirmed_once(clerk, site, document):
    Site.objects.update(mails_received=True)
    made = document()

    clerk.asks.take_in(made)
    clerk.asks.take_in(made)

    assert len(mails()) == 1


# Refunded


def test_a_refund_tells_the_customer_what_went_back_if_so_wished(clerk, order):
    order = clerk.capture(order)
    clerk.refund(order, items={order.lines[0].sku: 1}, email_customer=True)

    [mail] = mails()
    assert (mail.kind, mail.about) == ("order_refunded", "refund:1")
    assert f"1 × {order.lines[0].name}" in mail.text
    assert "goes back to Visa ending in 4242" in mail.text


def test_a_refund_by_itself_tells_nobody(clerk, order):
    clerk.refund(clerk.capture(order), other=100)

    assert mails() == []


def test_a_refund_that_was_declined_is_not_told(clerk, order, practice):
    order = clerk.capture(order)
    practice.fault("decline", on="refund")

    clerk.refund(order, other=100, email_customer=True)

    assert mails() == []


# Delayed


def delay(clerk: Any, order: Any, **changes: Any) -> Any:
    facts = {"message": "The oak is late.\nWe are sorry.", "actor": clerk.actor, "now": clerk.now, **changes}
    return tell_delayed.run(number=order.number, **facts)


def test_staff_tell_of_a_delay_in_their_own_words(clerk, order, journal_kinds):
    mail = delay(clerk, order, expected_on=date(2026, 12, 4))

    assert mail.subject == f"Your order #{order.number} from Cozy Home US takes longer"
    assert "We expect it to leave by 4 December 2026.\n\nThe oak is late.\nWe are sorry.\n" in mail.text
    assert "The oak is late.<br>We are sorry." in mail.html
    assert journal_kinds(order)[-1] == "mail.written"
    assert clerk.sees(order).version == order.version


def test_a_form_that_is_sent_twice_tells_once_and_a_second_delay_is_told_too(clerk, order):
    first = delay(clerk, order, request_ref="form_1")
    again = delay(clerk, order, request_ref="form_1", message="Sent twice")
    other = delay(clerk, order, request_ref="form_2")

    assert (again.pk, len(mails())) == (first.pk, 2)
    assert other.pk != first.pk


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"message": " "}, "/message"),
        ({"message": "x" * 2_001}, "/message"),
        ({"message": "x\x00"}, "/message"),
        ({"message": "Card 4242 4242 4242 4242"}, "/message"),  # W14
        ({"expected_on": date(2020, 1, 1)}, "/expected_on"),
    ],
)
def test_words_that_cannot_be_sent_are_refused(clerk, order, changes, pointer):
    with pytest.raises(Invalid) as refused:
        delay(clerk, order, **changes)

    assert refused.value.fields[0].pointer == pointer
    assert mails() == []


def test_what_has_been_sent_or_is_closed_is_not_delayed(clerk, take_in):
    sent, canceled = ship(clerk, take_in()), clerk.cancel(take_in(external_id="other"))

    codes = []
    for order in (sent, canceled):
        with pytest.raises(Conflict) as refused:
            delay(clerk, order)
        codes.append(refused.value.code)

    assert codes == ["all_sent", "order_closed"]
    assert mails() == []


def test_nobody_is_told_of_a_delay_who_has_no_address(clerk, take_in, journal_kinds):
    order = take_in(customer={"name": "Bob", "email": ""})
    before = journal_kinds(order)

    with pytest.raises(Conflict) as refused:
        delay(clerk, order)

    assert refused.value.code == "no_address"
    assert (mails(), journal_kinds(order)) == ([], before)
