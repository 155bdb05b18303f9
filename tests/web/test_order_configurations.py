"""Order Configurations: the list, Add Status, edit with its confirmation, delete."""

from __future__ import annotations

import pytest

from orderwright.outbox.models import Mail
from orderwright.reads.order_states import list_states, read_state

STATE = {
    "name": "On hold: stock",
    "colour": "violet",
    "description": "Waits for a supplier.",
    "system_state": "processing",
    "allows_cancel": "yes",
    "allows_shipments": "yes",
}


def test_the_list_shows_mapping_and_whether_a_state_is_used(browser, order, words) -> None:  # G5 W2
    shown = words(browser.open("/order-configurations"))

    assert "New New A new order is received. Yes 1 order" in shown
    assert "Processing Processing The order is currently being processed. — No" in shown
    assert "Being Used in System" in shown


def test_an_added_state_is_in_every_order_s_dropdown_at_once(browser, order, place, words) -> None:  # G6 W1
    answer = browser.tap("/order-configurations/add", **STATE)

    assert answer["HX-Trigger-After-Swap"] == '{"dialog:close": {}}'
    assert "On hold: stock Processing Waits for a supplier. — No" in words(answer)
    assert "On hold: stock" in words(browser.open(place(order)))


def test_without_script_adding_leads_back_to_the_list(browser, words) -> None:
    answer = browser.press("/order-configurations/add", **STATE)

    assert answer["Location"] == "/order-configurations"
    assert "On hold: stock added" in words(browser.open("/order-configurations"))


@pytest.mark.parametrize(
    ("changed", "control", "status"),
    [
        ({"name": "new"}, "state-name", 409),
        ({"name": " "}, "state-name", 422),
        ({"name": "x" * 41}, "state-name", 422),
        ({"description": "x" * 201}, "state-about", 422),
        ({"system_state": "canceled"}, "state-system", 422),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_the_rest_is_kept(browser, element, changed, control, status) -> None:
    before = len(list_states())

    answer = browser.tap("/order-configurations/add", **{**STATE, **changed})

    assert answer.status_code == status
    assert 'aria-invalid="true"' in element(answer, control)
    assert 'value="violet" checked' in answer.content.decode()
    assert len(list_states()) == before


def test_a_state_in_use_changes_only_after_a_confirmation_that_names_the_orders(browser, take_in, words) -> None:  # W2
    take_in(), take_in()
    form = {"name": "Fresh", "colour": "teal", "description": "", "version": "1"}

    asked = browser.tap("/order-configurations/new", **form)

    assert "2 orders are in this state" in words(asked)
    assert "Save for 2 orders" in words(asked)
    assert read_state(slug="new").name == "New"

    browser.tap("/order-configurations/new", **form, confirmed="yes")

    assert read_state(slug="new").name == "Fresh"


def test_the_mapping_of_a_default_state_stays(browser, words, element) -> None:  # W2
    form = browser.peek("/order-configurations/new")

    assert 'aria-disabled="true"' in element(form, "state-system")
    assert "A default state keeps its system state." in words(form)


def test_an_unused_state_is_deleted_after_a_question(browser, words) -> None:  # W2
    browser.press("/order-configurations/add", **STATE)

    asked = browser.peek("/order-configurations/on-hold-stock/delete")
    answer = browser.tap("/order-configurations/on-hold-stock/delete")

    assert "Delete On hold: stock?" in words(asked)
    assert "On hold: stock deleted" in words(answer)
    assert "on-hold-stock" not in {state.slug for state in list_states()}


def test_a_state_in_use_is_not_deleted(browser, clerk, order, words) -> None:  # W2
    browser.press("/order-configurations/add", **STATE)
    clerk.change_state(order, "on-hold-stock")

    answer = browser.tap("/order-configurations/on-hold-stock/delete")

    assert answer.status_code == 409
    assert "1 order is in this state." in words(answer)
    assert "on-hold-stock" in {state.slug for state in list_states()}


def test_a_state_that_is_not_there_says_so(browser) -> None:
    assert browser.open("/order-configurations/nothing-here").status_code in (404, 422)


def test_what_a_state_narrows_is_a_box_in_its_form_and_stands_in_the_list(browser, words, element) -> None:  # G13
    form = browser.peek("/order-configurations/add")
    assert " checked" in element(form, "state-allows_cancel")

    shown = words(browser.tap("/order-configurations/add", **(STATE | {"allows_cancel": ""})))

    assert "Waits for a supplier. Not canceled from here" in shown
    assert "Shipments closed" not in shown
    state = read_state(slug="on-hold-stock")
    assert (state.allows_cancel, state.allows_shipments) == (False, True)


def test_a_default_state_has_no_such_boxes(browser, words) -> None:
    form = browser.peek("/order-configurations/processing")

    assert "A default state allows all that its system state does." in words(form)
    assert "allows_cancel" not in form.content.decode()


def test_the_confirmation_keeps_what_the_state_narrows(browser, clerk, order) -> None:  # W2
    browser.press("/order-configurations/add", **(STATE | {"allows_cancel": ""}))
    clerk.change_state(order, "on-hold-stock")
    form = {"name": "Held", "colour": "teal", "description": "", "version": "1", "allows_shipments": "yes"}

    asked = browser.tap("/order-configurations/on-hold-stock", **form).content.decode()

    assert '<input type="hidden" name="allows_shipments" value="yes">' in asked
    assert 'name="allows_cancel"' not in asked


def test_a_state_that_emails_says_so_in_the_dropdown_and_can_be_kept_silent(browser, order, place, words) -> None:
    assert "Do not email" not in words(browser.open(place(order)))
    told = {"emails_customer": "yes", "email_text": "We wait for your lamp."}
    shown = words(browser.tap("/order-configurations/add", **STATE, **told))
    page = words(browser.open(place(order)))

    silent = browser.tap(place(order, "state"), state="on-hold-stock", no_email="yes")
    browser.press(place(order, "state"), state="processing")
    told = browser.tap(place(order, "state"), state="on-hold-stock")

    assert "Waits for a supplier. Emails the customer" in shown
    assert "On hold: stock (emails the customer)" in page
    assert "Do not email" in page
    assert "the customer is emailed" not in words(silent)
    assert "Order State is now On hold: stock; the customer is emailed" in words(told)
    assert Mail.objects.count() == 1


def test_a_mail_that_says_nothing_is_refused_beside_its_field(browser, element) -> None:
    answer = browser.tap("/order-configurations/add", **STATE, emails_customer="yes", email_text=" ")

    assert answer.status_code == 422
    assert 'aria-invalid="true"' in element(answer, "state-email_text")


def test_the_question_before_completing_remembers_that_nobody_is_to_be_emailed(browser, order, place) -> None:
    asked = browser.tap(place(order, "state"), state="completed", no_email="yes").content.decode()

    assert '<input type="hidden" name="no_email" value="yes">' in asked
