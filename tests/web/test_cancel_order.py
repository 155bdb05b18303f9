"""Cancel Order: rehearsal, email or not, the pop-up with both amounts, and resuming after a refusal."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from orderwright.actions import settle_operation
from orderwright.actions.refund_plan import left_of
from orderwright.outbox.models import Mail
from tests.web.forms import form_to


@pytest.fixture
def partly_captured(clerk, order):
    """Return the sample order with $309.00 captured and $289.94 still held."""
    return clerk.capture(order, 30900)


def test_the_dialog_rehearses_both_amounts_before_the_confirm_button(
    browser, partly_captured, place, words
) -> None:  # G26
    asked = browser.peek(place(partly_captured, "cancel"))

    shown = words(asked)
    assert "Refund to Visa •••• 4242 What was captured on 21 Nov." in shown
    assert "Reverse the hold on Visa •••• 4242 Never charged; the bank frees it. $289.94" in shown
    assert re.search(
        r'id="confirm">\s*Cancel order, refund \$309\.00, reverse \$289\.94\s*</button>', asked.content.decode()
    )


def test_what_went_back_before_is_named_beside_what_goes_back_now(
    browser, clerk, partly_captured, place, words
) -> None:  # G26
    clerk.refund(partly_captured, other=2000)

    shown = words(browser.peek(place(partly_captured, "cancel")))

    assert "Given back before to Visa •••• 4242 $20.00" in shown
    assert "Cancel order, refund $289.00, reverse $289.94" in shown


def test_the_menu_says_where_the_order_stands_once_it_is_canceled(browser, order, place) -> None:
    before = browser.open(place(order)).content.decode()
    after = browser.tap(place(order, "cancel"), email_customer="no", reason="other").content.decode()

    assert '<a href="/orders/open" aria-current="page">' in before
    assert '<nav class="nav" id="menu" hx-swap-oob="true"' in after
    assert '<a href="/orders" aria-current="page">' in after
    assert '/</span><a href="/orders">All Orders</a>' in after


def test_cancelling_gives_the_money_back_and_says_both_amounts(
    browser, clerk, practice, partly_captured, place, words
) -> None:  # G28 G29
    answer = browser.tap(
        place(partly_captured, "cancel"),
        email_customer="yes",
        reason="item unavailable",
        version=str(partly_captured.version),
    )

    assert sorted(practice.effects(partly_captured)) == [("capture", 30900), ("refund", 30900), ("reversal", 28994)]
    assert clerk.sees(partly_captured).state.slug == "canceled"
    shown = words(answer)
    assert "Order #1001 is canceled The captured amount of $309.00 has been refunded, " in shown
    assert "the authorised amount of $289.94 reversed." in shown
    assert 'hx-swap-oob="innerHTML:#dialog"' in answer.content.decode()
    assert "HX-Trigger-After-Swap" not in answer


def test_without_script_the_pop_up_is_a_page(browser, partly_captured, place, words) -> None:  # G29
    answer = browser.press(place(partly_captured, "cancel"), email_customer="no", reason="other")

    assert answer["Location"] == place(partly_captured, "cancellation")
    assert "$309.00 has been refunded" in words(browser.open(answer["Location"]))


@pytest.mark.parametrize(("choice", "mails"), [("yes", 1), ("no", 0)])
def test_the_customer_is_mailed_only_when_that_was_chosen(browser, order, place, choice, mails) -> None:  # G27
    browser.tap(place(order, "cancel"), email_customer=choice, reason="other")

    assert Mail.objects.count() == mails


def test_the_mail_can_be_read_before_it_is_decided(browser, partly_captured, place, words) -> None:
    shown = words(browser.open(place(partly_captured, "cancel/email")))

    assert "Nothing has been sent." in shown
    assert "$309.00" in shown
    assert "$289.94" in shown
    assert Mail.objects.count() == 0


def test_the_mail_is_seen_as_the_customer_sees_it_in_a_frame_that_can_reach_nothing(
    browser, partly_captured, place, element
) -> None:
    page = browser.open(place(partly_captured, "cancel/email"))
    frame = browser.open(place(partly_captured, "cancel/email/html"))

    assert (
        f'<iframe class="letter-frame" sandbox name="letter" src="{place(partly_captured, "cancel/email/html")}"'
        in (page.content.decode())
    )
    assert "$289.94" in frame.content.decode()
    assert frame.content.decode().startswith("<!DOCTYPE html>")
    assert frame["Content-Security-Policy"].endswith("frame-ancestors 'self'; sandbox")
    assert Mail.objects.count() == 0


def test_an_order_without_an_address_cannot_be_mailed(browser, take_in, place, words) -> None:
    order = take_in(customer={"reference": None, "name": "Walk-in", "email": None, "phone": None, "language": "en"})

    asked = browser.peek(place(order, "cancel"))

    assert 'id="email-yes"' not in asked.content.decode()
    assert "Do not email" in words(asked)


def test_the_same_form_sent_twice_gives_the_money_back_once(browser, practice, partly_captured, place, words) -> None:
    form = {"email_customer": "no", "reason": "other", "version": str(partly_captured.version)}
    browser.tap(place(partly_captured, "cancel"), **form)

    again = browser.tap(place(partly_captured, "cancel"), **form)

    assert practice.effects(partly_captured).count(("refund", 30900)) == 1
    assert "Order #1001 is canceled" in words(again)


def test_a_rehearsal_that_is_out_of_date_is_shown_anew(browser, clerk, colleague, order, place, words) -> None:
    colleague.capture(order, 10000)

    answer = browser.tap(place(order, "cancel"), email_customer="no", reason="other", version=str(order.version))

    assert answer.status_code == 412
    assert answer["HX-Retarget"] == "#dialog"
    assert "Cancel order, refund $100.00, reverse $498.94" in words(answer)
    assert clerk.sees(order).state.slug == "new"


def test_a_refused_leg_leaves_a_banner_with_a_status_per_leg_and_resume(
    browser, clerk, practice, partly_captured, place, words, element
) -> None:
    practice.fault("decline", on="refund")

    answer = browser.tap(place(partly_captured, "cancel"), email_customer="no", reason="other")

    assert "The cancellation is not finished" in words(answer)
    page = browser.open(place(partly_captured))
    assert "Cancellation under way: a part of the money could not be given back" in words(page)
    assert re.search(r"Refund to Visa •••• 4242 .*\$309\.00 Declined", words(page))
    assert re.search(r"Reverse the hold on Visa •••• 4242 \$289\.94 Reversed", words(page))
    assert "aria-disabled" not in element(page, "resume-cancellation")

    question = browser.peek(place(partly_captured, "cancel/resume"))

    assert "Resume the cancellation of order #1001?" in words(question)
    assert "gets an email" not in words(question)  # nobody chose that
    assert re.search(r"Reversed Refund to Visa •••• 4242 .*\$309\.00", words(question))
    assert "Money that has moved is final: this cannot be undone." in words(question)
    assert "Resume, refund $309.00" in words(question)
    assert practice.effects(partly_captured).count(("refund", 30900)) == 0

    resumed = browser.tap(place(partly_captured, "cancel/resume"), **form_to("cancel/resume", question).hidden)
    again = browser.tap(place(partly_captured, "cancel/resume"), **form_to("cancel/resume", question).hidden)

    assert "Order #1001 is canceled" in words(resumed)
    assert "Order #1001 is canceled" in words(again)
    assert practice.effects(partly_captured).count(("refund", 30900)) == 1
    assert clerk.sees(partly_captured).state.slug == "canceled"


def test_the_question_before_resuming_says_that_the_customer_will_be_mailed(
    browser, practice, partly_captured, place, words
) -> None:
    practice.fault("decline", on="refund")
    browser.tap(place(partly_captured, "cancel"), email_customer="yes", reason="other")

    question = browser.peek(place(partly_captured, "cancel/resume"))

    assert f"Then {partly_captured.customer_email} gets an email, as was chosen." in words(question)


def test_what_is_resumed_is_what_the_question_named(
    browser, clerk, colleague, practice, partly_captured, place, words
) -> None:  # a refund by somebody else meanwhile: the question is asked anew, with what is left
    practice.fault("decline", on="refund")
    browser.tap(place(partly_captured, "cancel"), email_customer="no", reason="other")
    question = browser.peek(place(partly_captured, "cancel/resume"))
    (capture,) = left_of(clerk.sees(partly_captured).payments[0])
    practice.refund_by_hand(capture.reference, 10000)
    colleague.sync_payments(partly_captured)

    answer = browser.tap(place(partly_captured, "cancel/resume"), **form_to("cancel/resume", question).hidden)

    assert answer.status_code == 412
    assert "Resume, refund $209.00" in words(answer)
    assert ("refund", 20900) not in practice.effects(partly_captured)
    assert clerk.sees(partly_captured).state.slug == "cancel-requested"


def test_a_stopped_cancellation_can_be_given_up_from_the_banner(
    browser, clerk, practice, partly_captured, place, words
) -> None:
    practice.fault("decline", on="refund")
    browser.tap(place(partly_captured, "cancel"), email_customer="no", reason="other")
    assert "Keep the order" in words(browser.open(place(partly_captured)))

    answer = browser.tap(place(partly_captured, "cancel/withdraw"))

    assert "Cancellation given up; the order goes on" in words(answer)
    assert "Keep the order" not in words(answer)
    assert clerk.sees(partly_captured).state.slug == partly_captured.state.slug


def test_an_unknown_leg_keeps_the_page_looking_and_then_pops_up(
    browser, clerk, practice, order, place, words, element
) -> None:
    practice.fault("drop_after", on="reversal")
    answer = browser.tap(place(order, "cancel"), email_customer="no", reason="other")
    assert "Cancellation under way: waiting for the provider" in words(answer)
    assert 'aria-disabled="true"' in element(answer, "resume-cancellation")
    watch = re.search(r'hx-get="([^"]+/news[^"]*)"', answer.content.decode())[1].replace("&amp;", "&")

    settle_operation.run(key=clerk.sees(order).legs[0].key, now=clerk.now + timedelta(minutes=1))
    news = browser.client.get(watch, headers={"HX-Request": "true"})

    assert "Order #1001 is canceled" in words(news)
    assert 'hx-swap-oob="innerHTML:#dialog"' in news.content.decode()


def test_a_canceled_order_says_why_nothing_can_be_done(browser, clerk, order, place, element, words) -> None:
    clerk.cancel(order)

    page = browser.open(place(order))

    assert 'aria-disabled="true"' in element(page, "cancel-order")
    assert "The order is canceled already." in words(page)
    assert "The order is canceled; that is final." in words(page)


def test_only_what_happened_is_named(browser, clerk, take_in, place, words) -> None:  # G29
    held = clerk.cancel(take_in())
    paid = clerk.cancel(clerk.capture(take_in()))
    free = clerk.cancel(take_in(held=0))

    for order, said, told in (
        (held, "The authorised amount of $598.94 has been reversed.", "Canceled · reversed $598.94"),
        (paid, "The captured amount of $598.94 has been refunded.", "Canceled · refunded $598.94"),
        (free, "No money was held or kept, so none went back.", "Canceled; no money was held or kept"),
    ):
        assert said in words(browser.open(place(order, "cancellation")))
        page = words(browser.open(place(order)))
        assert told in page
        assert f"{told} and" not in page
