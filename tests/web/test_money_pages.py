"""Exceptions, Expiring holds and Provider drift: what stands in the menu, on the rows and in their dialogs."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from orderwright.core.actor import SYSTEM
from orderwright.payments.models import Drift, Operation, ProviderAccount
from orderwright.payments.states import TAKEN_BACK
from orderwright.reads.expiring_holds import list_holds
from tests.factories.orders import payment
from tests.support.drivers import hire
from tests.support.practice import rfc3339
from tests.web.conftest import Browser
from tests.web.forms import form_to


@pytest.fixture
def key(clerk, order, practice):
    """Have a capture whose answer named another amount; the money did move."""
    practice.fault("wrong_amount", "capture")
    clerk.capture(order, 30900)
    return clerk.result.key


def test_nothing_to_do_is_said(browser, order, words) -> None:
    assert "Nothing needs you" in words(browser.open("/exceptions"))
    assert "Nothing to decide" in words(browser.open("/provider-drift"))
    assert "No hold ends soon" in words(browser.open("/expiring-holds", days="2"))


def test_the_menu_counts_what_needs_somebody(browser, key, words) -> None:
    page = words(browser.open("/orders/open"))

    assert re.search(
        r"Orders Open Orders 1 All Orders Exceptions 1 Money Expiring holds Provider drift Ledger Outbox", page
    )


def test_an_exception_shows_the_evidence_and_what_helps(browser, order, key, words) -> None:
    page = words(browser.open("/exceptions"))

    assert "Capture $309.00 Needs a person" in page
    assert "Asked for $309.00, was told $309.01." in page
    assert f"#{order.number} Bob Norman Visa •••• 4242 · Practice provider" in page
    assert "wrong_echo · tried once · first sent 21 Nov 2026, 04:00 EST · asked for by Mia Chen" in page
    assert key in page
    assert "It happened It did not happen" in page


def test_it_happened_asks_for_reason_and_reference_before_it_books(browser, clerk, order, practice, key, words) -> None:
    asked = browser.peek(f"/exceptions/{key}/settle", happened="yes")
    assert "Book this capture of $309.00 as done?" in words(asked)
    assert re.search(r'id="confirm">\s*Book \$309\.00\s*</button>', asked.content.decode())
    refused = browser.tap(f"/exceptions/{key}/settle", happened="yes", reason="", reference="cap_1")
    assert refused.status_code == 422
    assert 'value="cap_1"' in refused.content.decode()
    assert "It must not be empty." in words(refused)

    reference = practice.movements(order.payments[0].reference)[0]["id"]
    answer = browser.tap(f"/exceptions/{key}/settle", happened="yes", reason="Seen there.", reference=reference)

    assert "Booked as done at the provider" in words(answer)
    assert "Nothing needs you" in words(answer)
    assert clerk.sees(order).payments[0].captured_minor == 30900


def test_without_script_it_did_not_happen_is_a_page_and_a_redirect(
    browser, clerk, take_in, practice, now, words
) -> None:
    order = take_in()
    practice.fault("drop_before", "capture")
    clerk.capture(order, 30900)
    key = clerk.result.key
    Operation.objects.filter(key=key).update(state="manual", due_at=None)

    asked = browser.open(f"/exceptions/{key}/settle", happened="no")
    answer = browser.press(f"/exceptions/{key}/settle", happened="no", reason="Not there.")

    assert "Free $309.00: the capture did not happen?" in words(asked)
    assert answer["Location"] == "/exceptions"
    assert clerk.sees(order).payments[0].free_minor == 59894


def test_what_somebody_else_settled_meanwhile_is_said(browser, order, practice, key, words) -> None:
    reference = practice.movements(order.payments[0].reference)[0]["id"]
    browser.tap(f"/exceptions/{key}/settle", happened="yes", reason="x", reference=reference)

    again = browser.tap(f"/exceptions/{key}/settle", happened="no", reason="x")

    assert again.status_code == 409
    assert "It is settled already." in words(again)


def test_checking_again_settles_in_place(browser, clerk, order, practice, words) -> None:
    practice.fault("drop_after", "capture")
    clerk.capture(order, 30900)

    answer = browser.tap(f"/exceptions/{clerk.result.key}/check", at="/exceptions?problem=unknown")

    assert "It happened; the money is booked" in words(answer)
    assert clerk.sees(order).payments[0].captured_minor == 30900


def test_a_refused_capture_is_dismissed_in_place(browser, clerk, order, practice, words) -> None:
    practice.fault("decline", "capture")
    clerk.capture(order, 30900)
    assert "Capture $309.00 Declined" in words(browser.open("/exceptions"))

    answer = browser.tap(f"/exceptions/{clerk.result.key}/dismiss")

    assert "Dismissed" in words(answer)
    assert "Nothing needs you" in words(answer)


@pytest.mark.breaks_invariants
def test_what_the_provider_took_back_is_dismissed_once_somebody_knows(browser, clerk, order, words) -> None:
    clerk.capture(order, 30900)
    Operation.objects.update(failure_code=TAKEN_BACK)  # as a late message leaves it
    assert "Taken back by the provider" in words(browser.open("/exceptions"))

    answer = browser.tap(f"/exceptions/{clerk.result.key}/dismiss")

    assert "Nothing needs you" in words(answer)


def test_who_only_refunds_sees_why_others_dismiss(clerk, order, practice, now, words) -> None:
    clerk.capture(order, 30900)
    practice.fault("decline", "refund")
    clerk.refund(clerk.sees(order), other=500)
    refunds = hire(
        name="Rosa Lind",
        email="rosa@cozy-home.example.com",
        now=now,
        role="returns",
        permissions=("orders.view", "payments.refund"),
    )

    returns = Browser(refunds.user)
    assert "Your role does not allow this: Capture payments." in words(returns.open("/exceptions"))
    refused = returns.tap(f"/exceptions/{Operation.objects.get(kind='refund').key}/dismiss")

    assert refused.status_code == 403


def test_a_stopped_cancellation_is_resumed_from_its_leg(browser, clerk, order, practice, place, words) -> None:
    practice.fault("decline", "reversal")
    clerk.cancel(order)
    page = browser.open("/exceptions")
    assert "Reversal $598.94 Cancellation stopped" in words(page)
    assert f'action="{place(order, "cancel/resume")}"' in page.content.decode()


def test_a_viewer_sees_exceptions_with_controls_that_say_why(viewer_browser, key, element) -> None:
    page = viewer_browser.open("/exceptions")
    operation = Operation.objects.get(key=key)

    assert 'aria-disabled="true"' in element(page, f"exception-{operation.pk}-yes")
    assert "Your role does not allow this: Settle operations and differences by hand." in page.content.decode()


def test_a_difference_is_accepted_with_a_reason(browser, clerk, order, practice, words) -> None:
    practice.fault("drop_before", "capture")
    clerk.capture(order, 30000)
    practice.capture_by_hand(order.payments[0].reference, 40000)
    clerk.sync_payments(order)
    row = Drift.objects.get()
    page = words(browser.open("/provider-drift"))
    assert "Practice provider $400.00 Our books nothing Done at the provider, and more than" in page

    asked = browser.peek(f"/provider-drift/{row.pk}", decision="accept")
    assert "Accept this difference as it is?" in words(asked)
    refused = browser.tap(f"/provider-drift/{row.pk}", decision="accept", reason="")
    assert (refused.status_code, "It must not be empty." in words(refused)) == (422, True)
    answer = browser.tap(f"/provider-drift/{row.pk}", decision="accept", reason="Settled by letter.")

    assert "Accepted; nothing was booked" in words(answer)
    assert "Nothing to decide" in words(answer)
    assert "Settled by letter." in words(browser.open("/provider-drift", view="accepted"))


def test_a_day_of_a_providers_list_is_compared_by_hand(browser, order, fresh_practice, now, words) -> None:
    assert "Practice provider Not compared Not compared yet." in words(browser.open("/provider-drift"))
    yesterday = now - timedelta(days=1)
    unknown = fresh_practice.authorise(4000, at=yesterday)
    fresh_practice._call("POST", f"/authorisations/{unknown}/captures", {"amount": 4000, "at": rfc3339(yesterday)})

    browser.press("/provider-drift/reconcile", account="practice", day="2026-11-20")
    page = words(browser.open("/provider-drift"))

    assert "Practice provider, 20 Nov 2026: 1 movement, 1 difference" in page
    assert "1 difference Last reconciled: 20 Nov 2026 (America/New_York), 1 movement, 1 difference." in page
    assert "USD: captured $40.00 there and $0.00 here, refunded $0.00 there and $0.00 here." in page
    assert f"Capture To decide No order {unknown} Practice provider $40.00 Our books nothing" in page
    assert "On the provider’s list, on a payment that no order knows." in page
    asked = words(browser.peek(f"/provider-drift/{Drift.objects.get().pk}", decision="accept"))
    assert "in our books, which know no such payment" in asked


def test_a_day_that_is_not_over_is_refused_beside_its_field(browser, order, words) -> None:
    answer = browser.press("/provider-drift/reconcile", account="practice", day="2026-11-21")

    assert answer.status_code == 422
    assert "Choose a day up to 20 Nov 2026, by the clock of America/New_York" in words(answer)
    assert 'value="2026-11-21"' in answer.content.decode()
    assert "It must be a day" in words(browser.press("/provider-drift/reconcile", account="practice", day="x"))


def test_who_has_no_list_is_named_with_what_to_do_instead(browser, order, words) -> None:
    ProviderAccount.objects.create(slug="adyen", name="Adyen US", gateway="adyen", priority=200)
    ProviderAccount.objects.create(slug="bank", name="Bank transfer", gateway="manual", priority=300)

    page = words(browser.open("/provider-drift"))

    assert "Adyen US No list Adyen has no list that can be asked for." in page
    assert "Bank transfer" in page
    assert "No list Staff record what came in, so there is no list to compare with." in page


def test_a_currency_that_does_not_exist_is_shown_all_the_same(browser, order, words) -> None:
    Drift.objects.create(
        payment_id=order.payments[0].id,
        kind="refund",
        provider_ref="ref_1",
        there_minor=5,
        currency="ZZZ",
        found_at=order.taken_in_at,
    )

    page = words(browser.open("/provider-drift"))

    assert "5 ZZZ Our books nothing The provider tells another currency." in page


def test_holds_stand_by_their_end_and_lead_to_the_capture(browser, take_in, words) -> None:
    later, sooner = take_in(expires_in=timedelta(days=5)), take_in(expires_in=timedelta(hours=10))
    take_in(expires_in=timedelta(days=20))

    page = browser.open("/expiring-holds")

    text = words(page)
    assert text.index(f"#{sooner.number}") < text.index(f"#{later.number}")
    assert "Ends in 10 h 21 Nov 14:00 EST" in text
    assert "$598.94" in text
    capture = f'href="/orders/{sooner.number}/payments/{sooner.payments[0].id}/capture?amount=598.94"'
    assert capture in page.content.decode()
    assert "Within 2 days Within 7 days Within 30 days" in text


@pytest.mark.parametrize("path", ["/exceptions", "/provider-drift", "/expiring-holds"])
def test_a_page_costs_the_same_few_statements_however_many_rows(
    browser, clerk, take_in, practice, statements, path
) -> None:
    browser.open(path)
    counts = []
    for rows in (1, 4):
        for _ in range(rows):
            practice.fault("decline", "capture")
            clerk.capture(take_in(expires_in=timedelta(days=2)), 100)
        with statements() as counted:
            browser.open(path)
        counts.append(counted.count)

    # Session, person, page, chips, menu; on Provider drift also the accounts and by whose clocks their days are cut.
    most = {"/expiring-holds": 4, "/exceptions": 5, "/provider-drift": 8}[path]
    assert counts == [most, most]


def test_holds_go_on_where_the_last_page_ended(take_in, now) -> None:
    orders = [take_in(expires_in=timedelta(hours=hours)) for hours in (5, 6, 7)]

    first = list_holds(now=now, within=timedelta(days=2), limit=2, actor=SYSTEM)
    second = list_holds(now=now, within=timedelta(days=2), limit=2, after=first.next, actor=SYSTEM)

    assert [row.order_number for row in (*first.items, *second.items)] == [order.number for order in orders]
    assert second.next is None


def test_what_has_ended_stays_in_sight_and_cannot_be_captured(browser, take_in, practice, clerk, words) -> None:
    reference = practice.authorise(59894, at=clerk.now - timedelta(days=8), expires_in=timedelta(days=7))
    held = payment(reference, 59894, at=clerk.now - timedelta(days=8))
    take_in(payments=[held])

    page = words(browser.open("/expiring-holds"))

    assert "Hold has ended 20 Nov 04:00 EST" in page
    assert "$598.94 Open" in page


def test_a_hold_that_ran_out_stays_in_sight_for_a_week_after_it_is_booked(
    browser, clerk, practice, take_in, words, now
) -> None:
    order = take_in()
    practice.advance(timedelta(days=7, hours=1))
    clerk.at(timedelta(days=7, hours=1)).cancel(order)

    later = list_holds(now=now + timedelta(days=8), within=timedelta(days=2), actor=SYSTEM)

    assert [(row.order_number, row.held_minor, row.is_booked) for row in later.items] == [("1001", 59894, True)]
    assert list_holds(now=now + timedelta(days=15), within=timedelta(days=2), actor=SYSTEM).items == []


def test_a_hold_that_may_not_be_captured_says_why(browser, clerk, order, words) -> None:
    clerk.change_state(order, "fraud")

    page = words(browser.open("/expiring-holds"))

    assert "Fraud The order is considered as fraudulent; set it to Processing to capture. $598.94 Open" in page


def test_a_cancellation_resumed_from_exceptions_leads_back_to_them(browser, clerk, order, practice, words) -> None:
    practice.fault("decline", on="reversal")
    clerk.cancel(order)
    asking = form_to("cancel/resume", browser.open("/exceptions"))
    question = browser.open(asking.action, **asking.hidden)
    assert "Resume, reverse $598.94" in words(question)
    assert practice.effects(order) == []
    answering = form_to("cancel/resume", question)
    assert "hx-post" not in answering.tag  # it leads to another page

    answer = browser.press(answering.action, **answering.hidden)

    again = browser.press(answering.action, **answering.hidden)

    assert (answer["Location"], again["Location"]) == ("/exceptions", "/exceptions")
    assert "Order #1001 is canceled. The authorised amount of $598.94 has been reversed." in words(
        browser.open("/exceptions")
    )
