"""Two who change the same order, or the configuration under it, in the same instant: one wins, or both are merged."""

from __future__ import annotations

from functools import partial

import pytest

from orderwright.actions import add_state, delete_state, edit_site, edit_state
from orderwright.actions.site_fields import SiteFields
from orderwright.orders.errors import OrderChanged
from orderwright.orders.models import Order, OrderState, Site
from orderwright.reads.invariants.numbers import numbers_differ
from orderwright.shipping.models import ShipmentPart
from tests.factories.orders import payment
from tests.support.rivals import at_once
from tests.support.rounds import rounds

pytestmark = pytest.mark.race


def test_two_shipment_updates_at_once_leave_one_and_tell_the_other_who_was_first(
    take_in, both_at_once, clerk, colleague, journal_kinds
):
    for _ in rounds(15):
        order = take_in()

        outcomes = both_at_once(
            partial(clerk.asks.update_shipment, order, items="all", method="dhl-express", version=order.version),
            partial(
                colleague.asks.update_shipment, order, items=["RUG-WOL-160"], method="pick-up", version=order.version
            ),
        )

        assert sorted(outcomes) == ["done", "order_changed"]
        assert journal_kinds(order).count("shipment.updated") == 1


def test_the_same_pieces_sent_two_ways_at_once_go_one_way(take_in, both_at_once, clerk, colleague):  # I9
    for _ in rounds(15):
        order = take_in()

        both_at_once(
            partial(clerk.asks.update_shipment, order, items={"LMP-LIN-SND": 2}, method="dhl-express"),
            partial(colleague.asks.update_shipment, order, items={"LMP-LIN-SND": 2}, method="pick-up"),
        )

        pieces = ShipmentPart.objects.filter(line__order_id=order.id, line__sku="LMP-LIN-SND")
        assert sum(pieces.values_list("quantity", flat=True)) == 2


def test_a_shipment_update_against_a_cancellation_comes_first_or_not_at_all(
    take_in, both_at_once, clerk, colleague, practice
):
    for _ in rounds(15):
        order = take_in()

        updated, canceled = both_at_once(
            partial(clerk.asks.update_shipment, order, method="dhl-express"), partial(colleague.asks.cancel, order)
        )

        assert (updated in {"done", "order_state_locks_shipments"}, canceled) == (True, "canceled")
        assert practice.effects(order) == [("reversal", 59894)]


def test_a_delivery_state_against_a_cancellation_comes_first_or_not_at_all(
    take_in, both_at_once, clerk, colleague, practice, journal_kinds
):
    for _ in rounds(15):
        order = take_in()

        updated, canceled = both_at_once(
            partial(clerk.asks.set_delivery_state, order, "TBL-OAK-45", "shipped"),
            partial(colleague.asks.cancel, order),
        )

        assert (updated in {"done", "order_state_locks_shipments"}, canceled) == (True, "canceled")
        assert journal_kinds(order).count("item.delivery_state_changed") == (updated == "done")
        assert clerk.sees(order).shipments_sent == 0
        assert practice.effects(order) == [("reversal", 59894)]


def test_two_delivery_states_of_one_item_at_once_with_what_was_seen_leave_one(
    take_in, both_at_once, clerk, colleague, journal_kinds
):
    for _ in rounds(10):
        order = take_in()

        outcomes = both_at_once(
            partial(clerk.asks.set_delivery_state, order, "TBL-OAK-45", "shipped", version=order.version),
            partial(colleague.asks.set_delivery_state, order, "TBL-OAK-45", "failed", version=order.version),
        )

        assert sorted(outcomes) == ["done", "order_changed"]
        assert journal_kinds(order).count("item.delivery_state_changed") == 1


def test_two_states_chosen_at_once_with_what_was_seen_leave_one(take_in, both_at_once, clerk, colleague, journal_kinds):
    for _ in rounds(20):
        order = take_in()

        outcomes = both_at_once(
            partial(clerk.asks.change_state, order, "processing", version=order.version),
            partial(colleague.asks.change_state, order, "fraud", version=order.version),
        )

        assert sorted(outcomes) == ["done", "order_changed"]
        assert journal_kinds(order).count("order.state_changed") == 1


def test_the_one_who_was_too_late_is_told_who_changed_what(take_in, clerk, colleague):
    order = take_in()
    clerk.change_state(order, "processing", version=order.version)

    with pytest.raises(OrderChanged) as late:
        colleague.change_state(order, "fraud", version=order.version)

    (change,) = late.value.facts["changes"]
    assert (change["kind"], change["by"]) == ("order.state_changed", "Mia Chen")
    assert {"state", "system_state"} <= set(change["fields"])


def test_changes_to_different_fields_at_once_are_merged(take_in, clerk, colleague, journal_kinds):
    for turn in rounds(10):
        order = take_in()

        outcomes = at_once(
            [
                partial(clerk.asks.save_invoice, order, f"INV-{turn}", version=order.version),
                partial(colleague.asks.add_note, order, "Call before delivery."),
                partial(clerk.asks.change_state, order, "processing", version=order.version),
                partial(colleague.asks.set_tracking, order, 1, f"1Z{turn}", version=order.version),
            ]
        )

        assert outcomes == ["done"] * 4
        after = clerk.sees(order)
        assert (after.version, after.invoice_number, after.state.slug) == (
            order.version + 4,
            f"INV-{turn}",
            "processing",
        )
        assert sorted(journal_kinds(order)[-4:]) == [
            "order.invoice_saved",
            "order.note_added",
            "order.state_changed",
            "shipment.tracking_set",
        ]


def test_one_tracking_number_typed_for_two_shipments_at_once_stays_with_one(
    take_in, both_at_once, clerk, colleague
):  # G20
    for turn in rounds(10):
        order = clerk.update_shipment(take_in(), items=["RUG-WOL-160"], method="dhl-express")

        outcomes = both_at_once(
            partial(clerk.asks.set_tracking, order, 1, f"1Z{turn}"),
            partial(colleague.asks.set_tracking, order, 2, f"1Z{turn}"),
        )

        assert sorted(outcomes) == ["done", "tracking_number_taken"]


# Intake ---------------------------------------------------------------------------------------------------------------


def number_for(clerk, placed):
    return clerk.asks.take_in(placed).number


def test_the_same_document_handed_in_twice_at_once_is_one_order(site, both_at_once, clerk, document):  # I12
    for _ in rounds(15):
        placed = document()

        first, second = both_at_once(partial(number_for, clerk, placed))

        assert first == second
        assert Order.objects.filter(external_id=placed["external_id"]).count() == 1


def test_two_documents_under_one_external_id_at_once_are_one_order_and_a_refusal(site, both_at_once, clerk, document):
    for _ in rounds(10):
        placed = document()
        other = document(external_id=placed["external_id"], tags=["gift"])

        outcomes = both_at_once(partial(clerk.asks.take_in, placed), partial(clerk.asks.take_in, other))

        assert sorted(outcomes) == ["done", "external_id_taken"]
        assert Order.objects.filter(external_id=placed["external_id"]).count() == 1


def test_one_hold_named_by_two_orders_at_once_pays_for_one(site, both_at_once, clerk, practice, document, now):
    for _ in rounds(10):
        paid = [payment(practice.authorise(59894, at=now), 59894, at=now)]
        one, other = document(payments=paid), document(payments=paid)

        outcomes = both_at_once(partial(clerk.asks.take_in, one), partial(clerk.asks.take_in, other))

        # The first code is that of the pointer, the second that of the whole refusal.
        assert outcomes.count("done") == 1
        assert set(outcomes) - {"done"} <= {"payment_taken", "order_invalid"}


def test_orders_taken_in_at_once_get_numbers_without_a_gap(site, clerk, document):  # I13
    for _ in rounds(3):
        first = Site.objects.get().next_number

        numbers = at_once([partial(number_for, clerk, document()) for _clerk in range(8)])

        assert sorted(map(int, numbers)) == list(range(first, first + 8))


def test_no_number_is_given_twice_or_lost_while_staff_begin_another_series(site, clerk, colleague, document):  # I13
    def begin(prefix, number):
        fields = SiteFields(number_prefix=prefix, next_number=number)
        return edit_site.run(slug=site.slug, fields=fields, actor=colleague.actor, now=colleague.now)

    for turn in rounds(3):
        orders = [partial(number_for, clerk, document()) for _clerk in range(6)]

        at_once([*orders[:3], partial(begin, f"R{turn}-", 1 + turn), *orders[3:]])

        numbers = list(Order.objects.order_by("-id").values_list("number", flat=True)[:6])
        assert len(set(numbers)) == 6
        assert Site.objects.get().next_number == 1 + turn + sum(number.startswith(f"R{turn}-") for number in numbers)
        assert list(numbers_differ()) == []


# Order Configurations under orders ------------------------------------------------------------------------------------


@pytest.fixture
def custom_state(clerk):
    """Add states by name, which map to Processing."""

    def add(name, system_state="processing"):
        more = {"color": "teal", "description": "", "actor": clerk.actor, "now": clerk.now}
        return add_state.run(name=name, system_state=system_state, **more)

    return add


def test_a_state_deleted_while_an_order_moves_into_it_is_refused_to_one_of_them(  # W2
    take_in, both_at_once, clerk, colleague, custom_state
):
    for turn in rounds(10):
        order, slug = take_in(), custom_state(f"Waiting {turn}")

        moved, deleted = both_at_once(
            partial(clerk.asks.change_state, order, slug),
            partial(delete_state.run, slug=slug, actor=colleague.actor, now=colleague.now),
        )

        assert (moved, deleted) in {("done", "state_in_use"), ("order_state_unknown", "done")}
        assert OrderState.objects.filter(slug=slug).exists() == (moved == "done")


def test_a_state_mapped_elsewhere_while_an_order_moves_into_it_is_refused_to_one_of_them(  # W2
    take_in, both_at_once, clerk, colleague, custom_state
):
    for turn in rounds(10):
        order, slug = take_in(), custom_state(f"Waiting {turn}")

        moved, edited = both_at_once(
            partial(clerk.asks.change_state, order, slug, is_confirmed=True),
            partial(
                edit_state.run,
                slug=slug,
                name=f"Waiting {turn}",
                color="teal",
                description="",
                system_state="completed",
                actor=colleague.actor,
                now=colleague.now,
            ),
        )

        assert (moved, edited) in {("done", "state_in_use"), ("done", "done")}
        after = clerk.sees(order)
        assert after.is_open == (edited == "state_in_use")
        assert after.state.system_state == ("processing" if after.is_open else "completed")
