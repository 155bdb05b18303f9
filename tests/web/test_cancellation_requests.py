"""A request for a cancellation in the portal: asking, the banner with Accept and Decline, the filter and the tile."""

from __future__ import annotations

import pytest

from orderwright.actions import request_cancellation
from orderwright.outbox.models import Mail
from tests.support.drivers import hire
from tests.web.conftest import Browser


@pytest.fixture
def asked(clerk, take_in):
    """Let the storefront ask for the cancellation of an order that is being processed."""
    order = take_in(state="processing")
    storefront = type(clerk.actor)(kind="key", ref="1", name="Storefront", grants=clerk.actor.grants)
    request_cancellation.run(number=order.number, reason="My sister bought the same.", actor=storefront, now=clerk.now)
    return clerk.sees(order)


def test_the_banner_says_who_asked_why_and_what_waits(browser, asked, place, words) -> None:  # W5
    page = words(browser.open(place(asked)))

    assert (
        "Cancellation requested: waiting for a decision Asked for the customer, by Storefront on 21 Nov 04:00." in page
    )
    assert "Shipments, refunds and the Order State wait for the decision; capturing asks first." in page
    assert "My sister bought the same. Accept Decline" in page
    assert "A cancellation is requested; accept or decline it first." in page


def test_accept_opens_cancel_order_and_cancels(browser, clerk, asked, place, words) -> None:  # W5, G26
    dialog = browser.peek(place(asked, "cancel"))
    answer = browser.tap(place(asked, "cancel"), email_customer="no", reason="customer asked", version=asked.version)

    assert "Cancel order, reverse $598.94" in words(dialog)
    assert "My sister bought the same." in words(dialog)  # why it was asked for, where it is decided
    assert "Order #1001 is canceled" in words(answer)
    assert "Cancellation accepted; the money goes back" in words(browser.open(place(asked)))
    assert clerk.sees(asked).cancellation_request.state == "accepted"


def test_decline_puts_the_order_back_and_tells_the_customer_if_wished(
    browser, clerk, asked, place, words, element
) -> None:
    dialog = browser.peek(place(asked, "cancellation-request", "decline"))
    assert "checked" in element(dialog, "email-yes")  # what the email says beside that can be typed below it
    answer = browser.tap(
        place(asked, "cancellation-request", "decline"),
        email_customer="yes",
        message="It left us this morning.",
        version=asked.version,
    )

    assert "The order goes back to Processing and goes on." in words(dialog)
    assert "Declined; the customer is emailed" in words(answer)
    assert "Cancellation declined · Order State Cancel Requested → Processing" in words(answer)
    assert (clerk.sees(asked).state.slug, Mail.objects.get().kind) == ("processing", "cancellation_declined")


def test_a_message_that_is_too_long_stands_beside_its_field(browser, clerk, asked, place, element) -> None:
    answer = browser.tap(
        place(asked, "cancellation-request", "decline"), email_customer="yes", message="x" * 501, version=asked.version
    )

    assert answer.status_code == 422
    assert 'aria-invalid="true"' in element(answer, "message")
    assert 'maxlength="500"' in element(answer, "message")
    assert clerk.sees(asked).open_request is not None


def test_who_may_not_cancel_asks_by_a_button_of_its_own(clerk, order, place, words, element, now) -> None:
    asker = hire(name="Olga", email="olga@cozy-home.example.com", now=now, role="order-clerk")
    desk = Browser(asker.user)

    element(desk.open(place(order)), "ask-cancel")
    dialog = desk.peek(place(order, "cancellation-request"))
    answer = desk.tap(place(order, "cancellation-request"), reason="duplicate order", words="", version="1")

    assert "No money moves." in words(dialog)
    assert 'maxlength="200"' in element(dialog, "words")
    assert "Cancellation requested; the order waits for a decision" in words(answer)
    assert "Ordered twice by mistake" in words(answer)
    assert 'aria-disabled="true"' in element(answer, "accept-cancellation")
    assert 'aria-disabled="true"' in element(answer, "decline-cancellation")
    assert desk.press(place(order, "cancellation-request", "decline")).status_code == 403
    assert clerk.sees(order).open_request.reason == "duplicate order"


def test_who_may_cancel_is_led_from_cancel_order_to_asking(browser, order, place, words) -> None:
    page, dialog = browser.open(place(order)), browser.peek(place(order, "cancel"))

    assert 'id="ask-cancel"' not in page.content.decode()
    assert "Only ask for the cancellation" in words(dialog)


def test_own_words_come_before_the_offered_ones_and_are_checked(browser, clerk, order, place, element) -> None:
    refused = browser.tap(place(order, "cancellation-request"), reason="other", words="a\x00", version="1")
    browser.press(place(order, "cancellation-request"), reason="other", words="Too late for Christmas.", version="1")

    assert (refused.status_code, 'aria-invalid="true"' in element(refused, "words")) == (422, True)
    assert clerk.sees(order).open_request.reason == "Too late for Christmas."


def test_a_capture_says_beforehand_that_a_cancellation_is_requested(browser, clerk, asked, place, words) -> None:
    payment = asked.payments[0].id
    asking = browser.peek(place(asked, "payments", payment, "capture"), amount="10.00")
    silent = browser.tap(place(asked, "payments", payment, "capture"), amount="10.00", version=asked.version)
    said = browser.tap(
        place(asked, "payments", payment, "capture"), amount="10.00", version=asked.version, confirmed="yes"
    )

    assert "A cancellation is requested; what is captured now would have to be refunded." in words(asking)
    assert '<input type="hidden" name="confirmed" value="yes">' in asking.content.decode()
    assert silent.status_code == 409
    assert "Captured $10.00" in words(said)


def test_the_list_has_a_filter_and_the_overview_a_tile(browser, asked, take_in, words) -> None:  # W5
    other = take_in()

    found = words(browser.open("/orders/open", cancellation="requested"))
    tiles = browser.open("/overview")

    assert f"#{asked.number}" in found
    assert f"#{other.number}" not in found
    assert "Cancellations to decide 1" in found
    assert "Cancel Requested To decide" in found
    assert "Cancellations to decide 1 asked for, to be accepted or declined" in words(tiles)
    assert "/orders/open?cancellation=requested" in tiles.content.decode()


def test_without_a_request_neither_is_shown_as_urgent(browser, order, words) -> None:
    assert "to decide" not in words(browser.open("/orders/open"))
    assert "Cancellations to decide 0 nobody waits for a decision" in words(browser.open("/overview"))


def test_a_viewer_neither_asks_nor_decides(viewer_browser, clerk, asked, place) -> None:
    for below in (("cancellation-request",), ("cancellation-request", "decline")):
        assert viewer_browser.press(place(asked, *below)).status_code == 403

    assert clerk.sees(asked).open_request is not None


def test_whoever_asked_takes_it_back_by_a_button_that_nobody_else_has(
    browser, clerk, order, place, words, element, now
) -> None:
    desk = Browser(hire(name="Olga", email="olga@cozy-home.example.com", now=now, role="order-clerk").user)
    asked = desk.tap(place(order, "cancellation-request"), reason="other", words="", version="1")
    element(asked, "withdraw-request")
    assert 'id="withdraw-request"' not in browser.open(place(order)).content.decode()

    refused = browser.tap(place(order, "cancellation-request", "withdraw"))
    answer = desk.tap(place(order, "cancellation-request", "withdraw"))

    assert (refused.status_code, answer.status_code) == (409, 200)
    assert "Taken back; the order goes on" in words(answer)
    assert "Request for a cancellation taken back" in words(answer)
    assert clerk.sees(order).state.slug == "new"
