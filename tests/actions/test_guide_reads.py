"""The rules of the guide that are about seeing: what the pages show, read where the pages read it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from orderwright.actions import cancel_order
from orderwright.core.actor import SYSTEM
from orderwright.reads.counts import count_open
from orderwright.reads.order_list import ListQuery, read_list


def numbers(now: Any, **query: Any) -> list[str]:
    return [row.number for row in read_list(ListQuery(**query), now=now, actor=SYSTEM).items]


def test_open_orders_counts_what_its_list_holds(clerk: Any, take_in: Any, now: Any) -> None:  # G1, G2
    take_in()
    clerk.cancel(take_in())
    clerk.change_state(take_in(), "completed", is_confirmed=True)
    take_in()

    assert count_open(actor=SYSTEM) == len(numbers(now)) == 2
    assert len(numbers(now, view="all")) == 4


def test_an_order_of_the_list_opens_whole(clerk: Any, order: Any, now: Any) -> None:  # G2
    (number,) = numbers(now)

    assert clerk.sees(number) == order


def test_pages_of_the_list_neither_repeat_nor_miss_an_order(take_in: Any, now: Any) -> None:  # G2
    taken = [take_in(held=0, placed_at=f"2026-11-1{at}T10:00:00Z").number for at in range(5)]

    seen, after = [], None
    while True:
        page = read_list(ListQuery(limit=2, after=after), now=now, actor=SYSTEM)
        seen += [row.number for row in page.items]
        after = page.next
        if after is None:
            break

    assert seen == taken[::-1]


def test_who_looks_after_update_shipment_sees_the_new_details(clerk: Any, colleague: Any, order: Any) -> None:  # G18
    clerk.asks.update_shipment(order, items=["RUG-WOL-160"], method="fedex-home")

    seen = colleague.sees(order)

    assert [seen.method(shipment.method_id).name for shipment in seen.shipments] == [
        "UPS Ground",
        "FedEx Home Delivery",
    ]


def test_current_status_and_transaction_history_tell_the_same(clerk: Any, order: Any) -> None:  # G21
    order = clerk.capture(clerk.capture(order, 30000), 900)

    (payment,) = order.payments

    captured = [row.amount_minor for row in payment.transactions if row.kind == "capture"]
    assert (payment.captured_minor, captured) == (30900, [30000, 900])


def test_cancel_order_is_there_until_the_order_is_closed(clerk: Any, viewer: Any, order: Any) -> None:  # G26
    assert cancel_order.availability(order, clerk.actor).allowed
    assert cancel_order.availability(order, viewer.actor).code == "not_permitted"

    canceled = clerk.cancel(order)

    assert cancel_order.availability(canceled, clerk.actor).reason == "The order is canceled already."


def test_afterwards_both_amounts_are_said(clerk: Any, order: Any) -> None:  # G29
    canceled = clerk.cancel(clerk.capture(order, 30900))

    told = canceled.cancellation
    assert (told.state, told.refunded_minor, told.reversed_minor) == ("done", 30900, 28994)


def test_a_hold_that_ends_soon_can_be_listed(take_in: Any, now: Any) -> None:  # G2
    soon = take_in(expires_in=timedelta(hours=9))
    take_in(expires_in=timedelta(days=7))

    assert numbers(now, hold="ending") == [soon.number]
