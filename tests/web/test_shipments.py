"""Items: delivery states, tracking numbers and the Update Shipment dialog."""

from __future__ import annotations

import re


def keys(answer) -> list[str]:
    return re.findall(r'name="item" value="([^"]+)"', answer.content.decode())


def methods(order) -> list[tuple[int, str, list[str]]]:
    names = {line.id: line.sku for line in order.lines}
    return [
        (
            each.number,
            order.method(each.method_id).slug,
            [f"{part.quantity} {names[part.line_id]}" for part in each.parts],
        )
        for each in order.shipments
    ]


def line(order, sku):
    return next(each for each in order.lines if each.sku == sku)


def test_the_delivery_state_of_one_item_is_set_from_its_row(browser, clerk, order, place, words) -> None:  # G11 G12
    rug = line(order, "RUG-WOL-160")

    answer = browser.tap(
        place(order, "items", rug.id, "delivery-state"),
        delivery_state="shipped",
        shipment="1",
        from_state="pending",
        version=str(order.version),
    )

    assert "Delivery State of Wool rug 160 x 230 Pending → Shipped · Mia Chen" in words(answer)
    after = clerk.sees(order)
    states = {part.line_id: after.delivery_state(part.delivery_state_id).slug for part in after.shipments[0].parts}
    assert states == {each.id: "shipped" if each.id == rug.id else "pending" for each in order.lines}


def test_a_locked_order_says_why_on_each_control(browser, clerk, order, place, element, words) -> None:  # G13 G14
    clerk.change_state(order, "fraud")

    page = browser.open(place(order))

    reason = "Shipments can be changed while the order is New or Processing; this one is Fraud."
    for control in ("update-shipment", f"item-1-{order.lines[0].id}-1-delivery"):
        assert 'aria-disabled="true"' in element(page, control)
        assert f'{control}-why"' in page.content.decode()
    assert words(page).count(reason) >= 2


def test_a_locked_order_refuses_all_the_same(browser, clerk, order, place, words, journal_kinds) -> None:  # G13 G14
    clerk.change_state(order, "fraud")
    before = journal_kinds(order)

    delivery = browser.tap(place(order, "items", order.lines[0].id, "delivery-state"), delivery_state="shipped")
    update = browser.tap(place(order, "shipments/update"), all="yes", method="fedex-home")

    assert (delivery.status_code, update.status_code) == (409, 409)
    assert "Shipments can be changed while the order is New or Processing" in words(update)
    assert journal_kinds(order) == before


def test_a_tracking_number_is_set_with_the_shipment_s_field(browser, clerk, order, place, words) -> None:  # G15
    answer = browser.tap(place(order, "shipments/1/tracking-number"), tracking_number="1Z999AA10123456784", parcel="1")

    assert [parcel.tracking_number for parcel in clerk.sees(order).shipments[0].parcels] == ["1Z999AA10123456784"]
    assert 'href="https://www.ups.com/track?tracknum=1Z999AA10123456784"' in answer.content.decode()
    assert "Tracking Number saved" in words(answer)


def test_a_second_parcel_gets_a_field_of_its_own(browser, clerk, order, place, element) -> None:
    clerk.set_tracking(order, 1, "FIRST-1")

    answer = browser.tap(place(order, "shipments/1/tracking-number"), tracking_number="SECOND-2", parcel="2")

    assert 'value="FIRST-1"' in element(answer, "tracking-1-1")
    assert 'value="SECOND-2"' in element(answer, "tracking-1-2")


def test_a_number_that_another_shipment_has_is_refused_and_kept(
    browser, clerk, order, place, element, words
) -> None:  # G20
    order = clerk.update_shipment(order, items=["RUG-WOL-160"], method="fedex-home")
    clerk.set_tracking(order, 1, "1Z-1")

    answer = browser.tap(place(order, "shipments/2/tracking-number"), tracking_number="1z-1", parcel="1")

    assert answer.status_code == 409
    assert 'value="1z-1"' in element(answer, "tracking-2-1")
    assert "Shipment 1 has the tracking number 1Z-1 already." in words(answer)
    assert clerk.sees(order).shipments[1].parcels == []


def test_the_dialog_is_a_page_of_its_own_without_script(browser, order, place, words) -> None:  # G16
    page = browser.open(place(order, "shipments/update"))

    assert "<html" in page.content.decode()
    assert "Update Shipment Select all items Oak side table Shipment 1 · UPS Ground · pending" in words(page)
    assert keys(page) == [f"1-{each.id}" for each in order.lines]


def test_some_items_go_by_another_method(browser, clerk, order, place, words) -> None:  # G17 G18 G19 G20
    rug, lamp = line(order, "RUG-WOL-160"), line(order, "LMP-LIN-SND")

    answer = browser.tap(
        place(order, "shipments/update"),
        **{"item": [f"1-{rug.id}", f"1-{lamp.id}"], f"quantity-1-{lamp.id}": "1", "method": "courier-same-day"},
    )

    assert methods(clerk.sees(order)) == [
        (1, "ups-ground", ["1 TBL-OAK-45", "1 LMP-LIN-SND"]),
        (2, "courier-same-day", ["1 LMP-LIN-SND", "1 RUG-WOL-160"]),
    ]
    assert "Shipment 2 · Courier, same day" in words(answer)
    assert answer["HX-Trigger-After-Swap"] == '{"dialog:close": {}}'


def test_select_all_alone_means_every_item(browser, clerk, order, place) -> None:  # G17
    answer = browser.press(place(order, "shipments/update"), all="yes", method="fedex-home")

    assert answer["Location"] == place(order)
    assert methods(clerk.sees(order)) == [(1, "fedex-home", ["1 TBL-OAK-45", "2 LMP-LIN-SND", "1 RUG-WOL-160"])]


def test_the_dialog_says_what_update_would_do(browser, order, place, words) -> None:
    rug = line(order, "RUG-WOL-160")

    said = browser.peek(place(order, "shipments/consequence"), item=f"1-{rug.id}", method="courier-same-day")

    assert words(said).strip() == "This item becomes shipment 2 with its own tracking number."


def test_update_without_a_selection_stays_open_and_says_so(browser, clerk, order, place, words) -> None:
    answer = browser.tap(place(order, "shipments/update"), method="courier-same-day")
    nothing = browser.tap(place(order, "shipments/update"), method="")

    assert (answer.status_code, nothing.status_code) == (422, 422)
    assert 'id="items-error" role="alert"' in nothing.content.decode()
    assert "Select at least one item." in words(nothing)
    assert answer["HX-Retarget"] == "#dialog"
    assert "Select the items that go by another method." not in words(answer), "one sentence says what is missing"
    assert methods(clerk.sees(order)) == methods(order)


def test_a_quantity_that_is_no_number_is_kept_with_its_selection(browser, clerk, order, place, words) -> None:
    lamp = line(order, "LMP-LIN-SND")

    answer = browser.tap(
        place(order, "shipments/update"),
        **{"item": f"1-{lamp.id}", f"quantity-1-{lamp.id}": "two", "method": "courier-same-day"},
    )

    assert answer.status_code == 422
    assert "“two” is not a number of pieces." in words(answer)
    assert f'value="1-{lamp.id}" checked' in answer.content.decode()
    assert 'value="two"' in answer.content.decode()


def test_a_shipment_of_which_some_pieces_have_left_is_partly_sent(browser, clerk, order, place, words) -> None:
    order = clerk.set_delivery_state(order, "TBL-OAK-45", "shipped")

    page = words(browser.open(place(order)))

    assert "Partly sent" in page
    assert "0 of 1 shipment sent" not in page


def test_the_dialog_asks_for_a_method_instead_of_guessing_one(browser, order, place, words) -> None:
    shown = browser.peek(place(order, "shipments/update")).content.decode()
    refused = browser.tap(place(order, "shipments/update"), all="yes", method="")

    assert '<option value="" selected>Choose…</option>' in shown
    assert "Choose the shipment method." in words(refused)


def test_a_locked_order_says_that_tracking_numbers_can_still_be_set(browser, clerk, order, place, words) -> None:
    page = words(browser.open(place(clerk.change_state(order, "fraud"))))

    assert "this one is Fraud. Tracking numbers can still be set." in page


# What is remarked about a number -------------------------------------------------------------------------------------


def test_a_number_of_another_carrier_offers_its_methods_and_one_press_sets_them(
    browser, clerk, order, place, element, words
) -> None:  # W9
    order = clerk.update_shipment(order, method="fedex-home")

    answer = browser.tap(place(order, "shipments/1/tracking-number"), tracking_number="1Z999AA10123456784", parcel="1")

    assert answer.status_code == 200
    assert "Looks like UPS. Set method: UPS Ground UPS Next Day Air" in words(answer)
    assert "tracking-1-1-remarks" in element(answer, "tracking-1-1")

    rows = re.findall(r'<input type="hidden" name="item" value="([^"]+)"', answer.content.decode())
    done = browser.tap(place(order, "shipments/update"), item=rows, method="ups-ground", version="3")

    assert "Looks like" not in words(done)
    assert methods(clerk.sees(order)) == [(1, "ups-ground", ["1 TBL-OAK-45", "2 LMP-LIN-SND", "1 RUG-WOL-160"])]
    assert [parcel.tracking_number for parcel in clerk.sees(order).shipments[0].parcels] == ["1Z999AA10123456784"]


def test_a_check_digit_that_does_not_fit_is_a_warning_and_the_number_is_saved(
    browser, clerk, order, place, words
) -> None:  # W9
    answer = browser.tap(place(order, "shipments/1/tracking-number"), tracking_number="1Z999AA10123456785", parcel="1")

    assert (answer.status_code, "Tracking Number saved" in words(answer)) == (200, True)
    assert "The check digit does not fit UPS. Compare the number with the label." in words(answer)
    assert [parcel.tracking_number for parcel in clerk.sees(order).shipments[0].parcels] == ["1Z999AA10123456785"]


def test_a_locked_order_remarks_and_offers_nothing(browser, clerk, order, place, words) -> None:  # G13
    clerk.set_tracking(clerk.change_state(order, "fraud"), 1, "9400 1112 0255 5842 3326 69")

    page = words(browser.open(place(order)))

    assert "Looks like USPS." in page
    assert "Set method:" not in page


def test_a_number_that_goes_away_is_named_in_the_toast_and_kept_in_the_timeline(
    browser, clerk, order, place, words
) -> None:  # G20
    clerk.set_tracking(order, 1, "1Z 1")

    answer = browser.tap(place(order, "shipments/update"), all="yes", method="dhl-express")

    assert "Shipment 2 made; the tracking number 1Z 1 is removed" in words(answer)
    assert "Before: Shipment 1 · UPS Ground · 1 × Oak side table; 2 × Linen lamp shade, sand" in words(answer)
