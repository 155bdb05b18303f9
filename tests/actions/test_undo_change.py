"""A simple change is undone for a minute, by whom it was made, while nobody has touched the same since. Never money."""

from __future__ import annotations

import json
from datetime import timedelta

import msgspec
import pytest

from orderwright.actions import undo_change
from orderwright.core.errors import Conflict, Refused
from orderwright.journal.models import Entry
from orderwright.orders.customer_keys import erase_keys
from orderwright.orders.models import Order, OrderState
from orderwright.orders.writes import stream_of
from orderwright.reads.order_list import ListQuery, read_list
from orderwright.reads.rows import OrderDetail
from orderwright.shipping.models import DeliveryState, ShippingMethod
from tests.support.told import told

NUMBER = "1Z 999 AA1 01 2345 6784"
MINUTE = timedelta(minutes=1)


def newest(order: OrderDetail) -> Entry:
    return Entry.objects.filter(stream=stream_of(order.id)).latest("sequence")


def undo(clerk, order, entry=None):
    undo_change.run(number=order.number, sequence=(entry or newest(order)).sequence, actor=clerk.actor, now=clerk.now)
    return clerk.sees(order)


def alike(order: OrderDetail, other: OrderDetail) -> bool:
    """Return whether the two differ in nothing but what counts upwards and which rows they are."""
    return _plain(order) == _plain(other)


def _plain(order: OrderDetail):
    told = msgspec.to_builtins(order)
    for shipment in told["shipments"]:
        shipment.pop("id")
        for part in shipment["parts"]:
            part.pop("id")
        shipment["parts"].sort(key=lambda part: (part["line_id"], part["delivery_state_id"]))
    return {name: value for name, value in told.items() if name not in ("version", "shipments_made")}


def split(clerk, order):
    """Put the lamp shades and the rug into shipments of their own, one of them sent, with parcels."""
    seen = clerk.set_tracking(order, 1, NUMBER)
    seen = clerk.update_shipment(seen, items={"LMP-LIN-SND": 1}, method="dhl-express")
    seen = clerk.update_shipment(seen, items=["RUG-WOL-160"], method="pick-up")
    return clerk.set_delivery_state(seen, "RUG-WOL-160", "shipped")


DEEDS = {
    "state": lambda clerk, order: clerk.change_state(order, "processing"),
    "invoice": lambda clerk, order: clerk.save_invoice(order, "INV-1"),
    "tracking": lambda clerk, order: clerk.set_tracking(order, 1, "1Z 999 AA1 01 2345 6785"),
    "tracking away": lambda clerk, order: clerk.set_tracking(order, 1, ""),
    "a second parcel": lambda clerk, order: clerk.set_tracking(order, 1, "1Z 999 AA1 01 2345 6786", parcel=2),
    "delivery": lambda clerk, order: clerk.set_delivery_state(order, "TBL-OAK-45", "shipped"),
    "delivery of a split item": lambda clerk, order: clerk.set_delivery_state(order, "LMP-LIN-SND", "delivered"),
    "back from sent": lambda clerk, order: clerk.set_delivery_state(order, "RUG-WOL-160", "pending"),
    "another method": lambda clerk, order: clerk.update_shipment(order, method="dhl-express"),
    "method of a part": lambda clerk, order: clerk.update_shipment(order, items=["TBL-OAK-45"], method="pick-up"),
    "name": lambda clerk, order: clerk.edit_customer(order, name="Robert Norman", email="robert@x.example.com"),
    "address": lambda clerk, order: clerk.edit_customer(order, billing_address={"city": "Berlin", "country": "DE"}),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_undoing_leads_back_to_what_was(order, clerk, deed, journal_kinds):
    before = split(clerk, order)
    later = clerk.at(timedelta(minutes=5))

    done = DEEDS[deed](later, before)
    assert not alike(done, before)
    entry = newest(order)
    after = undo(later.at(MINUTE), done, entry)

    assert alike(after, before), deed
    assert after.version == done.version + 1
    assert journal_kinds(after)[-1] == "order.undone"
    assert newest(order).after["_undone"] == {"kind": entry.kind, "entry": entry.sequence}


def test_what_was_undone_is_found_again_by_what_it_was_found_by(order, clerk):
    seen = clerk.edit_customer(order, email="robert@new.example.com")

    undo(clerk, seen)

    def found(words):
        return [row.number for row in read_list(ListQuery(view="all", q=words), now=clerk.now, actor=clerk.actor).items]

    assert (found("bob.norman@mail"), found("robert@new")) == ([order.number], [])


def test_the_customer_s_old_and_new_values_stay_sealed_in_the_undoing_entry(order, clerk):
    seen = clerk.edit_customer(order, name="Robert Norman")

    undo(clerk, seen)

    entry = newest(order)
    assert "Robert" not in json.dumps([entry.before, entry.after])
    row = told(entry)
    assert (row.before["customer_name"], row.after["customer_name"]) == ("Robert Norman", "Bob Norman")


def test_a_state_is_left_the_way_it_was_come_by_even_where_no_move_leads_back(order, clerk):  # I6
    seen = clerk.change_state(clerk.change_state(order, "processing"), "completed", is_confirmed=True)

    after = undo(clerk, seen)

    assert (after.state.slug, after.is_open) == ("processing", True)


# When it cannot be --------------------------------------------------------------------------------------------------


def refusal(clerk, order, entry=None):
    before = Entry.objects.count()
    with pytest.raises((Conflict, Refused)) as refused:
        undo(clerk, order, entry)
    assert Entry.objects.count() == before
    return refused.value.code


def test_a_minute_later_it_is_too_late(order, clerk):
    seen = clerk.save_invoice(order, "INV-1")

    assert refusal(clerk.at(MINUTE + timedelta(seconds=1)), seen) == "too_late_to_undo"
    assert clerk.sees(order).invoice_number == "INV-1"


def test_a_colleague_cannot_undo_it(order, clerk, colleague):
    seen = clerk.save_invoice(order, "INV-1")

    assert refusal(colleague, seen) == "not_ones_own"


@pytest.mark.parametrize(
    ("deed", "rival"),
    [
        ("state", lambda colleague, order: colleague.change_state(order, "suspended")),
        ("invoice", lambda colleague, order: colleague.save_invoice(order, "INV-2")),
        ("tracking", lambda colleague, order: colleague.update_shipment(order, items=["TBL-OAK-45"], method="pick-up")),
        ("tracking", lambda colleague, order: colleague.set_tracking(order, 1, "1Z 999 AA1 01 2345 6789")),
        ("delivery", lambda colleague, order: colleague.set_delivery_state(order, "TBL-OAK-45", "delivered")),
        ("another method", lambda colleague, order: colleague.set_delivery_state(order, "TBL-OAK-45", "shipped")),
        ("name", lambda colleague, order: colleague.edit_customer(order, name="Rob Norman")),
    ],
    ids=("state", "invoice", "tracking by method", "tracking", "delivery", "method by delivery", "name"),
)
def test_what_somebody_touched_since_stays(order, clerk, colleague, deed, rival):
    before = split(clerk, order)
    done = DEEDS[deed](clerk, before)
    entry = newest(order)
    seen = rival(colleague, done)

    assert refusal(clerk, seen, entry) == "changed_since_then"
    assert alike(clerk.sees(order), seen)


def test_what_somebody_did_elsewhere_on_the_order_does_not_stand_in_its_way(order, clerk, colleague):
    clerk.save_invoice(order, "INV-1")
    entry = newest(order)
    colleague.set_delivery_state(colleague.sees(order), "TBL-OAK-45", "shipped")

    after = undo(clerk, order, entry)

    assert after.invoice_number == ""
    assert after.shipments_partly == 1


def test_undoing_twice_undoes_once(order, clerk, both_at_once):
    seen = clerk.save_invoice(order, "INV-1")
    entry = newest(seen)

    outcomes = both_at_once(lambda: undo(clerk, seen, entry) and "undone")

    assert sorted(outcomes) == ["changed_since_then", "undone"]


def test_money_and_notes_are_final(order, clerk):
    seen = clerk.capture(order, 30900)

    assert refusal(clerk, seen) == "not_undoable"
    assert refusal(clerk, clerk.add_note(seen, "Hello")) == "not_undoable"


def test_an_undoing_is_not_undone(order, clerk):
    seen = undo(clerk, clerk.save_invoice(order, "INV-1"))

    assert refusal(clerk, seen) == "not_undoable"


def test_what_the_order_s_state_locks_meanwhile_stays(order, clerk, colleague):
    seen = clerk.set_delivery_state(order, "TBL-OAK-45", "shipped")
    entry = newest(seen)
    colleague.change_state(colleague.change_state(seen, "processing"), "suspended")

    assert refusal(clerk, seen, entry) == "order_state_locks_shipments"


def test_a_tracking_number_that_is_on_another_parcel_by_now_does_not_come_back(order, clerk, colleague):
    before = split(clerk, order)
    clerk.set_tracking(before, 1, "")
    entry = newest(order)
    seen = colleague.set_tracking(colleague.sees(order), 2, NUMBER)

    assert refusal(clerk, seen, entry) == "way_back_closed"


def test_a_state_that_is_gone_does_not_come_back(order, clerk):
    own = OrderState.objects.create(slug="own", name="Own", color="grey", system_state="new", position=99)
    seen = clerk.change_state(clerk.change_state(order, "own"), "processing")
    own.delete()

    assert refusal(clerk, seen) == "way_back_closed"


def test_a_delivery_state_that_is_gone_does_not_come_back(order, clerk):
    packed = DeliveryState.objects.create(slug="packed", name="Packed", color="teal", phase="pending", position=15)
    seen = clerk.set_delivery_state(clerk.set_delivery_state(order, "TBL-OAK-45", "packed"), "TBL-OAK-45", "shipped")
    packed.delete()

    assert refusal(clerk, seen) == "way_back_closed"
    assert clerk.sees(order).shipments_partly == 1


def test_a_shipping_method_that_is_gone_does_not_come_back(order, clerk):
    pigeon = ShippingMethod.objects.create(slug="pigeon", name="Carrier pigeon", position=99)
    seen = clerk.update_shipment(clerk.update_shipment(order, method="pigeon"), method="pick-up")
    pigeon.delete()

    assert refusal(clerk, seen) == "way_back_closed"
    assert clerk.sees(order).method(seen.shipments[0].method_id).slug == "pick-up"


def test_an_erased_customer_s_values_do_not_come_back(order, clerk, now):
    seen = clerk.edit_customer(order, name="Robert Norman")
    erase_keys([Order.objects.get(pk=order.id).customer_key_id], now=now)

    assert refusal(clerk, seen) == "way_back_closed"


def test_an_entry_that_there_is_not_is_not_found(order, clerk):
    with pytest.raises(undo_change.ChangeNotFound):
        undo_change.run(number=order.number, sequence=99, actor=clerk.actor, now=clerk.now)


def test_a_state_about_which_the_customer_is_emailed_stays(order, clerk):
    OrderState.objects.filter(slug="processing").update(emails_customer=True, email_text="We are on it.")
    seen = clerk.change_state(order, "processing")
    entry = Entry.objects.get(kind="order.state_changed")
    assert Entry.objects.filter(kind="mail.written").count() == 1

    assert refusal(clerk, seen, entry) == "customer_is_emailed"
    assert clerk.sees(order).state.slug == "processing"
