"""Shipping in the portal: delivery states, carriers and methods, listed, added, edited, switched and deleted (W9)."""

from __future__ import annotations

from typing import Any

import pytest

from orderwright.core.actor import SYSTEM
from orderwright.reads.shipping_configuration import read_carrier, read_delivery_state, read_method
from orderwright.shipping.models import Carrier, DeliveryState, ShippingMethod

STATES, CARRIERS, METHODS = "/shipping/delivery-states", "/shipping/carriers", "/shipping/methods"
AT_CUSTOMS = {"name": "At customs", "color": "amber", "description": "Waits for papers.", "phase": "sent"}
GLS = {"name": "GLS", "tracking_url_template": "https://gls.example/{country}?n={number}", "recognised_as": ""}


def count() -> int:
    return DeliveryState.objects.count() + Carrier.objects.count() + ShippingMethod.objects.count()


def test_the_lists_show_what_things_mean_and_where_they_are_used(browser, order, words) -> None:
    states, carriers, methods = (words(browser.open(path)) for path in (STATES, CARRIERS, METHODS))

    assert "Pending Short name pending Not sent yet Yes 1 order default" in states
    assert "Shipped Short name shipped On its way — No default" in states
    assert "UPS Short name ups Every site https://www.ups.com/track?tracknum={number} UPS" in carriers
    assert "2 methods · 1 order" in carriers
    assert "UPS Ground Short name ups-ground UPS Every site On Yes 1 order Switch off Edit UPS Ground" in methods
    assert "Pick up in store Short name pick-up — Every site On — No Switch off Edit Delete" in methods


def test_the_menu_leads_there(browser, words) -> None:
    assert 'href="/shipping/delivery-states" aria-current="page"' in browser.open(CARRIERS).content.decode()


@pytest.mark.parametrize(
    ("path", "form", "said"),
    [
        (STATES, AT_CUSTOMS, "At customs added"),
        (CARRIERS, GLS, "GLS added"),
        (METHODS, {"name": "Parcel shop", "carrier": "ups", "is_offered": "yes"}, "Parcel shop added"),
    ],
)
def test_one_is_added_in_place_and_without_script(browser, site, words, path, form, said) -> None:
    before = count()

    tapped = browser.tap(f"{path}/add", **form)
    pressed = browser.press(f"{path}/add", **(form | {"name": "Another"}))

    assert tapped["HX-Trigger-After-Swap"] == '{"dialog:close": {}}'
    assert said in words(tapped)
    assert (pressed.status_code, pressed["Location"]) == (302, path)
    assert "Another added" in words(browser.open(path))
    assert count() == before + 2


def test_every_item_s_dropdown_offers_a_new_delivery_state(browser, order, place, words) -> None:
    browser.tap(f"{STATES}/add", **AT_CUSTOMS)

    assert "Shipped In transit At customs Delivered" in words(browser.open(place(order)))


@pytest.mark.parametrize(
    ("path", "form", "control", "status"),
    [
        (STATES, {**AT_CUSTOMS, "name": "shipped"}, "shipping-name", 409),
        (STATES, {**AT_CUSTOMS, "description": "x" * 201}, "shipping-description", 422),
        (STATES, {**AT_CUSTOMS, "slug": "No"}, "shipping-slug", 422),
        (STATES, {**AT_CUSTOMS, "phase": "lost"}, "shipping-phase", 422),
        (CARRIERS, {**GLS, "tracking_url_template": "http://x"}, "shipping-tracking_url_template", 422),
        (CARRIERS, {**GLS, "recognised_as": "pigeon"}, "shipping-recognised_as", 422),
        (METHODS, {"name": " "}, "shipping-name", 422),
        (METHODS, {"name": "New", "carrier": "gone"}, "shipping-carrier", 422),
    ],
)
def test_what_is_wrong_stands_beside_its_field(browser, site, element, path, form, control, status) -> None:
    before = count()

    answer = browser.tap(f"{path}/add", **form)

    assert answer.status_code == status
    assert 'aria-invalid="true"' in element(answer, control)
    assert answer["HX-Retarget"] == "#dialog"
    assert count() == before


def test_what_was_typed_is_kept_after_a_refusal(browser, site, words) -> None:
    form = {"name": "x" * 81, "tracking_url_template": "https://c.example/{number}", "sites": ["cozy-home-us"]}

    answer = browser.tap(f"{CARRIERS}/add", **form).content.decode()

    assert 'value="https://c.example/{number}"' in answer
    assert 'value="cozy-home-us" checked' in answer


@pytest.mark.parametrize(
    ("path", "form"),
    [
        (f"{STATES}/pending", {"name": "Waiting", "color": "teal", "description": ""}),
        (f"{CARRIERS}/ups", {"name": "U.P.S.", "tracking_url_template": "", "recognised_as": "ups"}),
        (f"{METHODS}/ups-ground", {"name": "Ground", "carrier": "ups", "is_offered": "yes", "sites": ["cozy-home-us"]}),
    ],
)
def test_what_orders_show_changes_only_after_a_confirmation(browser, take_in, words, path, form) -> None:
    take_in(), take_in()
    form |= {"version": "1"}

    asked = browser.tap(path, **form)

    assert "2 orders will be shown so. Save?" in words(asked)
    assert "Save for 2 orders" in words(asked)
    for name, value in form.items():
        assert f'name="{name}" value="{value[0] if isinstance(value, list) else value}"' in asked.content.decode()

    saved = browser.tap(path, **form, confirmed="yes")

    assert f"{form['name']} saved" in words(saved)
    assert form["name"] in {
        read_delivery_state(slug="pending", actor=SYSTEM).name,
        read_carrier(slug="ups", actor=SYSTEM).name,
        read_method(slug="ups-ground", actor=SYSTEM).name,
    }


def test_a_default_delivery_state_keeps_what_it_means(browser, words, element) -> None:
    form = browser.peek(f"{STATES}/pending")

    assert 'aria-disabled="true"' in element(form, "shipping-phase")
    assert "A default delivery state keeps what it means." in words(form)


def test_a_form_that_somebody_else_was_faster_with_says_so(browser, words) -> None:
    browser.tap(f"{CARRIERS}/ups", name="UPS", tracking_url_template="", recognised_as="", version="1")

    late = browser.tap(f"{CARRIERS}/ups", name="Late", tracking_url_template="", recognised_as="", version="1")

    assert late.status_code == 412
    assert "Somebody changed this carrier since you opened it." in words(late)
    assert read_carrier(slug="ups", actor=SYSTEM).name == "UPS"


def test_a_method_is_switched_off_and_on_again(browser, order, place, words) -> None:
    off = browser.tap(f"{METHODS}/ups-ground/switch", is_on="no", version="1")

    assert "UPS Ground is not offered any more; shipments keep it" in words(off)
    assert "Off Yes 1 order Switch on" in words(off)
    assert "UPS Ground" not in words(browser.peek(place(order, "shipments/update"))).partition("Shipment method")[2]
    stale = browser.tap(f"{METHODS}/ups-ground/switch", is_on="yes", version="1")
    assert (stale.status_code, read_method(slug="ups-ground", actor=SYSTEM).is_offered) == (412, False)

    on = browser.press(f"{METHODS}/ups-ground/switch", is_on="yes", version="2")

    assert (on["Location"], read_method(slug="ups-ground", actor=SYSTEM).is_offered) == (METHODS, True)


@pytest.mark.parametrize(
    ("path", "form", "slug"),
    [(STATES, AT_CUSTOMS, "at-customs"), (CARRIERS, GLS, "gls"), (METHODS, {"name": "Parcel shop"}, "parcel-shop")],
)
def test_what_is_not_used_is_deleted_after_a_question(browser, site, words, path, form, slug) -> None:
    browser.tap(f"{path}/add", **form)
    before = count()

    asked = browser.peek(f"{path}/{slug}/delete")
    answer = browser.tap(f"{path}/{slug}/delete")

    assert f"Delete {form['name']}?" in words(asked)
    assert f"{form['name']} deleted" in words(answer)
    assert count() == before - 1


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (f"{STATES}/pending", "A default delivery state cannot be deleted."),
        (f"{CARRIERS}/ups", "2 shipping methods go by this carrier."),
        (f"{METHODS}/ups-ground", "1 order goes by this method. Switch it off instead"),
    ],
)
def test_what_is_used_is_not_deleted(browser, order, words, path, said) -> None:
    before = count()

    answer = browser.tap(f"{path}/delete")

    assert answer.status_code == 409
    assert said in words(answer)
    assert count() == before


def test_a_tracking_page_is_tried_while_it_is_typed(browser, words) -> None:  # W9
    template = "https://c.example/{country}-{language}/{number}?p={postcode}"

    shown = browser.peek("/shipping/tracking-link", tracking_url_template=template, try_number="1Z 999/../x")
    wrong = browser.peek("/shipping/tracking-link", tracking_url_template="https://c.example/", try_number="1")
    empty = browser.peek("/shipping/tracking-link", tracking_url_template=template, try_number=" ")

    assert 'href="https://c.example/ca-en/1Z999%2F..%2Fx?p=K2P0V6"' in shown.content.decode()
    assert 'rel="noopener noreferrer"' in shown.content.decode()
    assert "It needs {number}, where the tracking number goes." in words(wrong)
    assert "<a" not in wrong.content.decode() + empty.content.decode()


def test_without_script_a_button_tries_it_and_saves_nothing(browser, words) -> None:
    form = {"name": "UPS", "tracking_url_template": "https://c.example/{number}", "try_number": "1Z", "try": "yes"}

    answer = browser.press(f"{CARRIERS}/ups", **form)

    assert 'href="https://c.example/1Z"' in answer.content.decode()
    assert read_carrier(slug="ups", actor=SYSTEM).version == 1
    # With script it is tried while one types, and Enter has to save.
    assert 'name="try"' in browser.open(f"{CARRIERS}/add").content.decode()
    assert 'name="try"' not in browser.peek(f"{CARRIERS}/add").content.decode()


def test_a_viewer_sees_the_lists_and_changes_nothing(viewer_browser, element, words) -> None:
    before = count()

    for path in (STATES, CARRIERS, METHODS):
        page = viewer_browser.open(path)
        assert page.status_code == 200
        assert 'aria-disabled="true"' in element(page, f"add-{path.rpartition('/')[2]}")
        assert "Edit" not in words(page)
        assert viewer_browser.press(f"{path}/add", name="X").status_code == 403
    assert viewer_browser.press(f"{METHODS}/ups-ground/switch", is_on="no").status_code == 403

    assert count() == before


@pytest.mark.parametrize("path", [STATES, CARRIERS, METHODS])
def test_what_is_not_there_says_so(browser: Any, path: str) -> None:
    assert browser.open(f"{path}/nothing-here").status_code == 404
    assert browser.tap(f"{path}/nothing-here/delete").status_code == 404
