"""Telling customers on the order page: shipped, delayed, refunded; what was sent, from the timeline, and again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from orderwright.accounts.models import Role
from orderwright.orders.models import Site
from orderwright.outbox.models import Mail


def ship(clerk: Any, order: Any) -> Any:
    for line in order.lines:
        order = clerk.set_delivery_state(order, line.sku, "shipped")
    return order


def test_a_shipment_says_whether_the_customer_will_be_told_and_one_can_choose(browser, order, place, element) -> None:
    before = element(browser.open(place(order)), "shipment-1-emails")

    answer = browser.tap(place(order, "shipments/1/email/choice"), emails_customer="yes")

    assert 'aria-pressed="false"' in before
    assert 'aria-pressed="true"' in element(answer, "shipment-1-emails")


def test_what_a_store_does_by_itself_is_chosen_already(browser, order, place, element) -> None:
    Site.objects.update(mails_shipped=True)

    assert 'aria-pressed="true"' in element(browser.open(place(order)), "shipment-1-emails")


def test_a_shipment_that_has_left_is_told_of_after_a_look_at_the_mail(browser, clerk, order, place, words) -> None:
    ship(clerk, order)
    page = words(browser.open(place(order)))

    asked = browser.peek(place(order, "shipments/1/email"))
    answer = browser.tap(place(order, "shipments/1/email"))

    assert "Tell the customer: shipped" in page
    assert "Send the email" in words(asked)
    assert "is on its way" in words(asked)
    assert "An email to the customer is in the outbox" in words(answer)
    assert "Customer emailed 21 Nov" in words(answer)
    mail = Mail.objects.get()
    assert f'href="/emails/{mail.pk}"' in answer.content.decode()


def test_a_mail_about_a_shipment_is_seen_as_the_customer_sees_it(browser, clerk, order, place) -> None:
    ship(clerk, order)

    asked = browser.peek(place(order, "shipments/1/email")).content.decode()
    frame = browser.open(place(order, "shipments/1/email/html"))

    assert f'src="{place(order, "shipments/1/email/html")}"' in asked
    assert "is on its way" in frame.content.decode()
    assert frame["Content-Security-Policy"].endswith("sandbox")


def test_a_mail_of_a_delay_is_seen_with_what_was_typed(browser, order, place) -> None:
    typed = {"message": "The oak is <late>.", "expected_on": ""}

    reviewed = browser.tap(place(order, "delay"), **typed, request_ref="form_1").content.decode()
    frame = browser.press(place(order, "delay/html"), **typed)
    nothing = browser.press(place(order, "delay/html"), message=" ")

    assert f'<form id="letter-form" action="{place(order, "delay/html")}" method="post" target="letter"' in reviewed
    assert "The oak is &lt;late&gt;." in frame.content.decode()
    assert frame["Content-Security-Policy"].endswith("sandbox")
    assert nothing.status_code == 422
    assert not Mail.objects.exists()


def test_telling_twice_says_that_it_was_told(browser, clerk, order, place, words) -> None:
    ship(clerk, order)
    browser.tap(place(order, "shipments/1/email"))

    answer = browser.tap(place(order, "shipments/1/email"))

    assert answer.status_code == 409
    assert "The customer was told of this shipment already." in words(answer)
    assert Mail.objects.count() == 1


def test_without_script_a_shipment_is_told_of_on_pages(browser, clerk, order, place, words) -> None:
    ship(clerk, order)

    assert "Send the email" in words(browser.open(place(order, "shipments/1/email")))
    assert browser.press(place(order, "shipments/1/email"))["Location"] == place(order)


def test_a_delay_is_written_seen_and_sent(browser, order, place, words, now) -> None:
    soon = f"{now + timedelta(days=9):%Y-%m-%d}"
    typed = {"message": "The oak is late.", "expected_on": soon, "request_ref": "form_1"}

    asked = browser.peek(place(order, "delay"))
    reviewed = browser.tap(place(order, "delay"), **typed)
    revised = browser.tap(place(order, "delay"), **typed, act="revise")
    answer = browser.tap(place(order, "delay"), **typed, act="send")

    assert "What the customer reads" in words(asked)
    assert "The oak is late." in words(reviewed)
    assert "The oak is late.</textarea>" in revised.content.decode()
    assert "An email to the customer is in the outbox" in words(answer)
    assert Mail.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "control"),
    [
        ({"message": " "}, "delay-message"),
        ({"expected_on": "soon"}, "delay-day"),
        ({"expected_on": "2020-01-01", "act": "send"}, "delay-day"),
    ],
)
def test_what_is_wrong_with_a_delay_stands_beside_its_field(browser, order, place, element, changed, control) -> None:
    typed = {"message": "Late", "expected_on": "", "request_ref": "form_1", **changed}

    answer = browser.tap(place(order, "delay"), **typed)

    assert answer.status_code == 422
    assert 'aria-invalid="true"' in element(answer, control)
    assert not Mail.objects.exists()


def test_a_closed_order_offers_no_delay(browser, clerk, order, place) -> None:
    clerk.cancel(order)

    page = browser.open(place(order))

    assert 'id="tell-delayed"' not in page.content.decode()
    assert browser.open(place(order, "delay")).status_code == 409


def test_a_refund_offers_to_tell_the_customer_and_says_so_in_the_review(browser, clerk, order, place, words) -> None:
    clerk.capture(order)

    asked = words(browser.peek(place(order, "refund")))
    reviewed = browser.peek(place(order, "refund"), review="yes", other="10", email_customer="yes")
    browser.tap(place(order, "refund"), other="10", email_customer="yes", request_ref="form_1")

    assert "Email bob.norman@mail.example.com once the money has gone back" in asked
    assert "Email, once it has gone back: bob.norman@mail.example.com" in words(reviewed)
    assert 'name="email_customer" value="yes"' in reviewed.content.decode()
    assert Mail.objects.get().kind == "order_refunded"


def test_the_timeline_leads_to_the_mail_as_it_was_sent(browser, clerk, order, place) -> None:
    clerk.cancel(order, email=True)

    page = browser.open(place(order)).content.decode()

    assert f'<a href="/emails/{Mail.objects.get().pk}"><b><bdi>Order canceled</bdi></b></a>' in page


def test_a_mail_is_shown_as_the_customer_sees_it_in_a_frame_that_can_reach_nothing(browser, clerk, order) -> None:
    clerk.cancel(order, email=True)
    mail = Mail.objects.get()

    page, document = browser.open(f"/emails/{mail.pk}"), browser.open(f"/emails/{mail.pk}/html")

    assert f'src="/emails/{mail.pk}/html"' in page.content.decode()
    assert document.content.decode() == mail.html
    assert document["Content-Security-Policy"].endswith("frame-ancestors 'self'; sandbox")


def test_a_mail_that_bounced_is_sent_again_to_another_address(browser, clerk, order, words) -> None:
    clerk.cancel(order, email=True)
    Mail.objects.update(state="bounced", attempts=1, last_error="550 5.1.1 No such mailbox")
    first = Mail.objects.get()

    shown = words(browser.open(f"/emails/{first.pk}"))
    wrong = browser.press(f"/emails/{first.pk}/resend", recipient="bob@")
    answer = browser.press(f"/emails/{first.pk}/resend", recipient="bob@mail.example.net")

    again = Mail.objects.order_by("id").last()
    assert "Bounced" in shown
    assert "550 5.1.1 No such mailbox" in shown
    assert wrong.status_code == 422
    assert "Write exactly one e-mail address." in words(wrong)
    assert answer["Location"] == f"/emails/{again.pk}"
    assert "the email that this one repeats" in words(browser.open(f"/emails/{again.pk}"))
    assert "sent again" in words(browser.open(f"/emails/{first.pk}"))
    assert "No emails" in words(browser.open("/emails", state="undelivered"))


def test_whoever_may_not_send_again_is_not_offered_it(viewer_browser, clerk, order, words) -> None:
    clerk.cancel(order, email=True)
    Mail.objects.update(state="sent")
    mail = Mail.objects.get()

    assert "Send it again" not in words(viewer_browser.open(f"/emails/{mail.pk}"))
    assert viewer_browser.press(f"/emails/{mail.pk}/resend", recipient="a@b.example").status_code == 403
    assert Mail.objects.count() == 1


def test_who_may_not_see_the_customer_sends_a_mail_again_without_naming_an_address(
    browser, clerk, order, words
) -> None:
    clerk.cancel(order, email=True)
    Mail.objects.update(state="bounced")
    first = Mail.objects.get()
    Role.objects.update(permissions=["orders.view", "emails.view", "emails.resend"])

    shown = browser.open(f"/emails/{first.pk}")
    refused = browser.press(f"/emails/{first.pk}/resend", recipient="me@mail.example.net")
    again = browser.press(f"/emails/{first.pk}/resend")

    assert 'id="resend"' in shown.content.decode()
    assert 'name="recipient"' not in shown.content.decode()
    assert refused.status_code == 403
    assert "Your role does not allow this: See customers" in words(refused)
    assert again["Location"] == f"/emails/{Mail.objects.order_by('id').last().pk}"
    assert list(Mail.objects.values_list("recipient", flat=True)) == [first.recipient] * 2
