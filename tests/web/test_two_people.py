"""Two people at one order: different fields merge, the same field offers the choice, stale money is refused."""

from __future__ import annotations

import html
import re

import pytest


@pytest.fixture
def choice():
    """Return what the refused form offers: what theirs is, the field and value that keep mine, and why not."""

    def read(answer, control):
        text = answer.content.decode()
        theirs = re.search(rf'id="{control}-theirs"[^>]*><span>Take theirs: <bdi>([^<]*)</bdi>', text)
        mine = re.search(rf'id="{control}-mine"[^>]* name="([^"]+)" value="([^"]*)"><span>Keep mine: <bdi>', text)
        return theirs and html.unescape(theirs[1]), mine and (mine[1], html.unescape(mine[2]))

    return read


def version_in(answer):
    return re.search(r'name="version" value="(\d+)"', answer.content.decode())[1]


def test_changes_to_different_fields_of_one_order_all_stay(browser, clerk, colleague, order, place):
    seen, rug = str(order.version), order.lines[2]
    colleague.change_state(order, "processing")
    colleague.add_note(order, "Ring twice.")
    colleague.edit_customer(order, phone="+16135550175")
    colleague.set_delivery_state(order, "TBL-OAK-45", "ready-to-ship")

    answers = [
        browser.tap(place(order, "invoice-number"), invoice_number="INV-2", version=seen),
        browser.tap(place(order, "notes"), text="Called.", version=seen),
        browser.tap(place(order, "shipments", 1, "tracking-number"), tracking_number="1Z", version=seen),
        browser.tap(
            place(order, "items", rug.id, "delivery-state"), delivery_state="shipped", shipment="1", version=seen
        ),
    ]

    after = clerk.sees(order)
    assert [answer.status_code for answer in answers] == [200] * 4
    assert (after.state.slug, after.invoice_number, after.customer_phone) == ("processing", "INV-2", "+16135550175")
    assert {note.text for note in after.notes} == {"Ring twice.", "Called."}
    assert after.shipments[0].parcels[0].tracking_number == "1Z"
    states = {part.line_id: after.delivery_state(part.delivery_state_id).slug for part in after.shipments[0].parts}
    assert (states[order.lines[0].id], states[rug.id]) == ("ready-to-ship", "shipped")


def test_the_invoice_number_that_both_set_is_kept_or_taken(browser, clerk, colleague, order, place, words, choice):
    colleague.save_invoice(order, "INV-1")

    late = browser.tap(place(order, "invoice-number"), invoice_number="INV-2", version=str(order.version))

    assert late.status_code == 412
    assert "Ravi Patel changed this order since you opened it, 21 Nov 04:00." in words(late)
    assert clerk.sees(order).invoice_number == "INV-1"
    theirs, (name, mine) = choice(late, "invoice-number")
    assert (theirs, name, mine) == ("INV-1", "invoice_number", "INV-2")
    kept = browser.tap(place(order, "invoice-number"), **{name: mine, "version": version_in(late)})
    assert (kept.status_code, clerk.sees(order).invoice_number) == (200, "INV-2")


def test_taking_theirs_shows_the_order_as_it_is(browser, colleague, order, place, element, choice):
    colleague.save_invoice(order, "INV-1")
    browser.tap(place(order, "invoice-number"), invoice_number="INV-2", version=str(order.version))

    taken = browser.peek(place(order))

    assert 'value="INV-1"' in element(taken, "invoice-number")
    assert choice(taken, "invoice-number") == (None, None)


def test_what_both_set_to_the_same_leaves_nothing_to_choose(browser, colleague, order, place, words, choice):
    colleague.save_invoice(order, "INV-1")

    late = browser.tap(place(order, "invoice-number"), invoice_number="INV-1 ", version=str(order.version))

    assert "Ravi Patel changed this order since you opened it: Invoice Number." in words(late)
    assert choice(late, "invoice-number") == (None, None)


def test_the_state_that_both_changed_is_kept_or_taken(browser, clerk, colleague, order, place, words, choice):
    colleague.change_state(order, "fraud")

    late = browser.tap(place(order, "state"), state="processing", version=str(order.version))

    assert "Ravi Patel changed this order since you opened it, 21 Nov 04:00." in words(late)
    assert choice(late, "order-state") == ("Fraud", ("state", "processing"))
    assert clerk.sees(order).state.slug == "fraud"
    browser.tap(place(order, "state"), state="processing", version=version_in(late))
    assert clerk.sees(order).state.slug == "processing"


def test_a_state_that_is_out_of_reach_by_now_says_why(browser, clerk, colleague, order, place, words, element, choice):
    colleague.change_state(order, "fraud")

    late = browser.tap(place(order, "state"), state="completed", version=str(order.version))

    assert choice(late, "order-state") == ("Fraud", None)
    assert 'aria-disabled="true"' in element(late, "order-state-mine")
    assert "Keep mine: Completed" in words(late)


def test_a_state_that_is_gone_by_now_leaves_nothing_to_choose(browser, colleague, order, place, words, choice):
    colleague.change_state(order, "fraud")

    late = browser.tap(place(order, "state"), state="never-was", version=str(order.version))

    assert "Ravi Patel changed this order since you opened it: Order State." in words(late)
    assert choice(late, "order-state") == (None, None)


def test_the_tracking_number_that_both_typed_is_kept_or_taken(browser, clerk, colleague, order, place, words, choice):
    colleague.set_tracking(order, 1, "RAVI 1")

    late = browser.tap(
        place(order, "shipments", 1, "tracking-number"), tracking_number="MIA 1", version=str(order.version)
    )

    assert "Ravi Patel changed this order since you opened it, 21 Nov 04:00." in words(late)
    assert choice(late, "tracking-1-1") == ("RAVI 1", ("tracking_number", "MIA 1"))
    assert 'form="tracking-1-1-form"' in late.content.decode()


def test_the_delivery_state_that_both_set_is_kept_or_taken(browser, clerk, colleague, order, place, words, choice):
    table = order.lines[0]
    colleague.set_delivery_state(order, table.sku, "ready-to-ship")
    asked = {"delivery_state": "shipped", "shipment": "1", "control": f"item-1-{table.id}-1-delivery"}

    late = browser.tap(
        place(order, "items", table.id, "delivery-state"), **asked, from_state="pending", version=str(order.version)
    )

    assert "Ravi Patel changed this order since you opened it, 21 Nov 04:00." in words(late)
    assert choice(late, asked["control"]) == ("Ready to ship", ("delivery_state", "shipped"))
    browser.tap(
        place(order, "items", table.id, "delivery-state"),
        **asked,
        from_state="ready-to-ship",
        version=version_in(late),
    )
    part = clerk.sees(order).shipments[0].parts[0]
    assert clerk.sees(order).delivery_state(part.delivery_state_id).slug == "shipped"


def test_a_field_that_somebody_moved_away_says_so_above_the_order(browser, colleague, order, place, words):
    colleague.update_shipment(order, items=["TBL-OAK-45"], method="courier-same-day")

    late = browser.tap(
        place(order, "items", order.lines[0].id, "delivery-state"),
        delivery_state="shipped",
        shipment="1",
        from_state="pending",
        control=f"item-1-{order.lines[0].id}-1-delivery",
        version=str(order.version),
    )

    assert 'class="banner tone-red" role="alert"' in late.content.decode()
    assert "Ravi Patel changed this order since you opened it: shipments." in words(late)


def test_update_shipment_over_somebody_else_s_says_what_they_made(browser, clerk, colleague, order, place, words):
    colleague.update_shipment(order, items=["TBL-OAK-45"], method="courier-same-day")

    late = browser.tap(
        place(order, "shipments", "update"),
        item=f"1-{order.lines[2].id}",
        method="fedex-home",
        version=str(order.version),
    )

    assert late.status_code == 412
    assert "Ravi Patel changed this order since you opened it: shipments. 21 Nov 04:00: Shipments changed" in words(
        late
    )
    assert len(clerk.sees(order).shipments) == 2


@pytest.mark.parametrize("act", ["capture", "reversal", "refund", "cancel", "capture over"])
def test_money_that_somebody_moved_meanwhile_is_not_moved_and_what_was_done_is_said(
    browser, clerk, colleague, order, place, words, practice, act
):
    order = clerk.capture(order, 30900)
    colleague.capture(order, 10000)
    payment, before = order.payments[0], practice.effects(order)
    address, values = {
        "capture": (place(order, "payments", payment.id, "capture"), {"amount": "289.94"}),
        "capture over": (place(order, "capture"), {"amount": "189.94"}),
        "reversal": (place(order, "payments", payment.id, "reversal"), {}),
        "refund": (place(order, "refund"), {"other": "5.00", "reason": "goodwill"}),
        "cancel": (place(order, "cancel"), {"email_customer": "no"}),
    }[act]

    late = browser.tap(address, **values, request_ref="late-1", version=str(order.version))

    assert late.status_code == 412
    said = words(late)
    assert "Ravi Patel changed this order since you opened it: payments. 21 Nov 04:00: Captured $100.00" in said
    assert practice.effects(order) == before
    assert clerk.sees(order).payments[0].captured_minor == 40900


def test_of_more_than_three_changes_the_last_three_are_told(browser, colleague, order, place):
    payment = order.payments[0]
    for amount in (1000, 2000, 3000, 4000):
        colleague.capture(order, amount)

    late = browser.tap(
        place(order, "payments", payment.id, "capture"), amount="5.00", request_ref="late-1", version=str(order.version)
    )

    error = re.search(rf'id="capture-{payment.id}-error".*?</p>', late.content.decode(), re.DOTALL)[0]
    assert re.findall(r"Captured \$(\d+)", error) == ["40", "30", "20"]
