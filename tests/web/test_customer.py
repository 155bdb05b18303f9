"""The customer's dialog: edit, what an edit does not reach, and two people who edit the same order."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest

from orderwright.outbox.models import Mail
from tests.web.conftest import Browser


@pytest.fixture
def form() -> Any:
    """Return what the dialog's form would send, as a browser reads it."""

    def read(answer: Any) -> dict[str, str]:
        text = answer.content.decode()
        values = {}
        for tag in re.findall(r"<input [^>]*>", text):
            got = dict(re.findall(r'(\w[\w-]*)="([^"]*)"', tag))
            is_left_out = got.get("type") in ("checkbox", "radio") and " checked" not in tag
            if "name" in got and not is_left_out and got["name"] != "csrfmiddlewaretoken":
                values[got["name"]] = html.unescape(got.get("value", ""))
        for name, options in re.findall(r'<select [^>]*name="([^"]+)"[^>]*>(.*?)</select>', text, re.DOTALL):
            chosen = re.search(r'<option value="([^"]*)" selected', options)
            values[name] = chosen[1] if chosen else ""
        return values

    return read


def test_the_card_shows_the_phone_as_its_country_writes_it_and_offers_to_edit(browser, order, place, words, element):
    page = browser.open(place(order))

    assert "+1 613-555-0174" in words(page)
    assert 'href="tel:+16135550174"' in page.content.decode()
    assert "aria-disabled" not in element(page, "edit-customer")


def test_the_dialog_holds_what_stands_there_and_saving_it_unchanged_changes_nothing(
    browser, order, place, form, journal_kinds, words
):
    sent = form(browser.peek(place(order, "customer")))
    before = journal_kinds(order)

    answer = browser.tap(place(order, "customer"), **sent)

    assert sent["email"] == order.customer_email
    assert sent["shipping_address-country"] == "CA"
    assert sent["billing-same"] == "yes"
    assert answer.status_code == 409
    assert "Nothing is different from what stands there." in words(answer)
    assert journal_kinds(order) == before


def test_saving_changes_what_was_typed_and_the_timeline_tells(browser, order, place, form, clerk, words):
    sent = form(browser.peek(place(order, "customer")))
    sent |= {"name": "Robert Norman", "shipping_address-postcode": "K1A 0B1"}

    answer = browser.tap(place(order, "customer"), **sent)

    assert answer["HX-Retarget"] == "#order"
    assert "Customer saved." in words(answer)
    assert "Customer edited · name Bob Norman → Robert Norman · shipping address" in words(answer)
    after = clerk.sees(order)
    assert (after.customer_name, after.shipping_address.postcode) == ("Robert Norman", "K1A 0B1")
    assert after.billing_address is None


def test_an_address_that_looks_wrong_is_saved_and_remarked_on(browser, order, place, form, clerk, words):
    sent = form(browser.peek(place(order, "customer"))) | {"shipping_address-postcode": "12345"}

    answer = browser.press(place(order, "customer"), **sent)

    assert answer.status_code == 302
    assert clerk.sees(order).shipping_address.postcode == "12345"
    page = words(browser.open(place(order)))
    assert page.count("Postcode does not look like one of this country or region.") == 2  # the toast and the card


def test_billing_as_shipping_is_a_tick(browser, order, place, form, clerk):
    sent = form(browser.peek(place(order, "customer")))
    del sent["billing-same"]
    sent |= {"billing_address-line1": "1 Main St", "billing_address-city": "Ottawa", "billing_address-country": "CA"}

    browser.tap(place(order, "customer"), **sent)
    assert clerk.sees(order).billing_address.line1 == "1 Main St"

    again = form(browser.peek(place(order, "customer"))) | {"billing-same": "yes"}
    browser.tap(place(order, "customer"), **again)
    assert clerk.sees(order).billing_address is None


def test_what_cannot_be_saved_is_said_beside_its_field_and_stays(browser, order, place, form, journal_kinds):
    sent = form(browser.peek(place(order, "customer"))) | {"email": "no address", "name": "Robert"}
    before = journal_kinds(order)

    answer = browser.tap(place(order, "customer"), **sent)

    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="no address"' in text
    assert 'value="Robert"' in text
    assert re.search(r'id="customer-email"[^>]*aria-invalid="true"', text)
    assert "It must be an e-mail address." in text
    assert journal_kinds(order) == before


def test_it_says_what_an_edit_does_not_reach(browser, order, place, clerk, words, now):
    seen = clerk.set_tracking(order, 1, "1Z 999 AA1 01 2345 6784")
    for place_, state in enumerate(("sent", "due", "due"), start=1):
        Mail.objects.create(
            order_id=seen.id,
            sequence=place_,
            kind="x",
            sender="a@b.example.com",
            recipient="c@d.example.com",
            subject="x",
            text="x",
            message_id=f"<{place_}@x>",
            state=state,
            due_at=now,
            created_at=now,
        )

    said = words(browser.peek(place(order, "customer")))

    assert "1 email went out and stays as it was sent." in said
    assert "2 emails wait to go out and keep their address." in said
    assert "Shipment 1 has its label already; a new address does not reach it." in said


# Two at once ----------------------------------------------------------------------------------------------------------


def test_changes_of_two_people_to_different_fields_are_both_kept(browser, order, place, form, clerk, colleague):
    mine = form(browser.peek(place(order, "customer"))) | {"name": "Robert Norman"}
    theirs = Browser(colleague.user)
    other = form(theirs.peek(place(order, "customer"))) | {"email": "ravi@mail.example.com"}

    theirs.tap(place(order, "customer"), **other)
    answer = browser.tap(place(order, "customer"), **mine)

    after = clerk.sees(order)
    assert answer.status_code == 200
    assert (after.customer_name, after.customer_email) == ("Robert Norman", "ravi@mail.example.com")


@pytest.mark.parametrize(("choice", "email"), [("mine", "mia@mail.example.com"), ("theirs", "ravi@mail.example.com")])
def test_the_same_field_shows_who_changed_it_and_offers_the_choice(
    browser, order, place, form, clerk, colleague, words, choice, email
):
    mine = form(browser.peek(place(order, "customer"))) | {"email": "mia@mail.example.com", "name": "Robert Norman"}
    colleague.edit_customer(order, email="ravi@mail.example.com")

    asked = browser.tap(place(order, "customer"), **mine)

    said = words(asked)
    assert asked.status_code == 412
    assert "Ravi Patel changed this meanwhile, 21 Nov 04:00: E-mail" in said
    assert "Keep mine: mia@mail.example.com" in said
    assert "Take theirs: ravi@mail.example.com" in said
    assert clerk.sees(order).customer_email == "ravi@mail.example.com"
    assert clerk.sees(order).customer_name == "Bob Norman"

    again = form(asked) | {"choice-email": choice}
    answer = browser.tap(place(order, "customer"), **again)

    assert answer.status_code == 200
    after = clerk.sees(order)
    assert (after.customer_email, after.customer_name) == (email, "Robert Norman")


def test_a_third_change_while_one_chooses_asks_again(browser, order, place, form, clerk, colleague):
    mine = form(browser.peek(place(order, "customer"))) | {"email": "mia@mail.example.com"}
    colleague.edit_customer(order, email="ravi@mail.example.com")
    asked = browser.tap(place(order, "customer"), **mine)
    colleague.edit_customer(order, email="ravi.2@mail.example.com")

    answer = browser.tap(place(order, "customer"), **(form(asked) | {"choice-email": "mine"}))

    assert answer.status_code == 412
    assert clerk.sees(order).customer_email == "ravi.2@mail.example.com"


@pytest.mark.parametrize("seen", ["", "no json", "[1]", '{"name": 5}'])
def test_a_form_that_came_back_broken_changes_nothing_or_only_what_it_says(browser, order, place, form, clerk, seen):
    sent = form(browser.peek(place(order, "customer"))) | {"seen": seen, "name": "Robert Norman"}

    browser.tap(place(order, "customer"), **sent)

    after = clerk.sees(order)
    assert after.customer_name == "Robert Norman"
    assert (after.customer_email, after.shipping_address) == (order.customer_email, order.shipping_address)


def test_who_may_not_edit_customers_is_shown_why_and_refused(viewer_browser, order, place, element, journal_kinds):
    before = journal_kinds(order)

    assert 'aria-disabled="true"' in element(viewer_browser.open(place(order)), "edit-customer")
    assert viewer_browser.open(place(order, "customer")).status_code == 403
    assert viewer_browser.press(place(order, "customer"), name="x", seen=json.dumps({})).status_code == 403
    assert journal_kinds(order) == before
