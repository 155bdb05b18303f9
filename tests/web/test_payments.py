"""Payments: Current Status, Transaction History, Capture Value with its rehearsal, Sync Payments."""

from __future__ import annotations

import re
from datetime import timedelta

from orderwright.accounts.models import Role
from orderwright.actions import settle_operation, sync_payments
from orderwright.payments.models import Operation, ProviderAccount
from tests.factories.orders import payment


def hidden(answer, name: str) -> str:
    return re.search(rf'name="{name}" value="([^"]*)"', answer.content.decode())[1]


def capture_path(order, place) -> str:
    return place(order, "payments", order.payments[0].id, "capture")


def test_the_whole_hold_is_what_one_captures_unless_one_types(browser, order, place, element) -> None:  # G23 G24
    page = browser.open(place(order))

    assert 'value="598.94"' in element(page, f"capture-{order.payments[0].id}")


def test_a_capture_is_rehearsed_before_it_is_confirmed(browser, practice, order, place, words) -> None:  # G25
    asked = browser.peek(capture_path(order, place), amount="289.94")

    assert "Capture $289.94 on order #1001? $309.00 stays held and can be captured later." in words(asked)
    assert "Capture from Visa •••• 4242" in words(asked)
    assert re.search(r'id="confirm">\s*Capture \$289\.94\s*</button>', asked.content.decode())
    assert practice.effects(order) == []


def test_an_account_may_have_any_name(browser, order, place, words) -> None:
    ProviderAccount.objects.update(name="Bank 50%")

    assert "Bank 50% takes it from the customer now" in words(browser.peek(capture_path(order, place), amount="10.00"))


def test_the_confirmed_capture_moves_the_money_once_even_when_sent_twice(
    browser, practice, order, place, words
) -> None:
    asked = browser.peek(capture_path(order, place), amount="289.94")
    form = {name: hidden(asked, name) for name in ("amount", "request_ref", "version")}

    first = browser.tap(capture_path(order, place), **form)
    second = browser.tap(capture_path(order, place), **form)

    assert practice.effects(order) == [("capture", 28994)]
    assert "Captured $289.94" in words(first)
    assert "Captured $289.94" in words(second)
    assert first["HX-Trigger-After-Swap"] == '{"dialog:close": {}}'
    assert "Captured $289.94 Still held $309.00" in words(second)


def test_without_script_the_capture_is_two_plain_pages(browser, practice, order, place) -> None:
    asked = browser.open(capture_path(order, place), amount="598.94")
    form = {name: hidden(asked, name) for name in ("amount", "request_ref", "version")}

    answer = browser.press(capture_path(order, place), **form)

    assert answer["Location"] == place(order)
    assert practice.effects(order) == [("capture", 59894)]


def test_an_amount_that_cannot_be_captured_stays_as_typed_with_the_reason(
    browser, practice, order, place, element, words
) -> None:
    control = f"capture-{order.payments[0].id}"
    for typed, reason in (
        ("598.95", "Capture Value must be above zero and at most $598.94."),
        ("0", "Capture Value must be above zero and at most $598.94."),
        ("1.234.5", "is not an amount"),
        ("", "Type an amount, such as 1234.56."),
        ("10.005", "USD has 2 decimals"),
    ):
        answer = browser.peek(capture_path(order, place), amount=typed)

        assert answer.status_code == 422, typed
        assert answer["HX-Retarget"] == "#order"
        assert reason in words(answer), typed
        assert f'value="{typed}"' in element(answer, control)
    assert practice.effects(order) == []


def test_a_decline_says_so_beside_the_amount_and_the_hold_stays(
    browser, clerk, practice, order, place, words, element
) -> None:
    practice.fault("decline", on="capture")
    asked = browser.peek(capture_path(order, place), amount="100")
    form = {name: hidden(asked, name) for name in ("amount", "request_ref", "version")}

    answer = browser.tap(capture_path(order, place), **form)

    assert answer.status_code == 402
    assert "The provider declined $100.00:" in words(answer)
    assert 'value="100"' in element(answer, f"capture-{order.payments[0].id}")
    assert clerk.sees(order).payments[0].held_minor == 59894
    assert "Capture declined $100.00" in words(answer)


def test_who_may_not_see_the_customer_is_told_the_code_of_a_decline_and_not_the_providers_words(
    browser, practice, order, place, words
) -> None:
    Role.objects.update(permissions=["orders.view", "payments.capture", "payments.reverse"])
    practice.fault("decline", on="capture")
    practice.fault("decline", on="reversal")
    asked = browser.peek(capture_path(order, place), amount="100")

    captured = browser.tap(capture_path(order, place), amount="100", version=hidden(asked, "version"))
    reversal = browser.tap(place(order, "payments", order.payments[0].id, "reversal"))

    assert "The provider declined $100.00: card_declined. The hold stays." in words(captured)
    assert "The provider did not reverse $598.94: card_declined" in words(reversal)
    assert "issuer" not in words(captured) + words(reversal)


def test_an_unknown_outcome_is_shown_and_the_page_looks_again_until_it_settles(
    browser, clerk, practice, order, place, words
) -> None:
    practice.fault("drop_after", on="capture")
    asked = browser.peek(capture_path(order, place), amount="100")
    form = {name: hidden(asked, name) for name in ("amount", "request_ref", "version")}

    answer = browser.tap(capture_path(order, place), **form)

    assert "Outcome unknown, checking" in words(answer)
    watch = re.search(r'hx-get="([^"]+/news[^"]*)" hx-trigger="every 3s"', answer.content.decode())[1]
    assert browser.client.get(watch.replace("&amp;", "&"), headers={"HX-Request": "true"}).status_code == 204

    key = clerk.sees(order).payments[0].operations[0].key
    settle_operation.run(key=key, now=clerk.now + timedelta(minutes=1))
    news = browser.client.get(watch.replace("&amp;", "&"), headers={"HX-Request": "true"})

    assert "Captured $100.00 of $598.94" in words(news)
    assert "every 3s" not in news.content.decode()
    assert practice.effects(order) == [("capture", 10000)]


def test_the_history_has_every_movement_with_its_outcome(browser, clerk, order, place, words, element) -> None:  # G21
    clerk.capture(order, 30900)

    page = browser.open(place(order), payments="history")

    assert 'aria-selected="true"' in element(page, "tab-history")
    shown = words(page)
    assert re.search(r"Capture Visa •••• 4242 \S+ Succeeded Mia Chen \$309\.00", shown)
    assert re.search(r"Authorisation Visa •••• 4242 \S+ Succeeded came with the order \$598\.94", shown)


def test_sync_payments_finds_what_was_done_at_the_provider(
    browser, clerk, practice, order, place, words
) -> None:  # G22
    practice.capture_by_hand(order.payments[0].reference, 5000)

    shown = browser.tap(place(order, "payments/sync"))

    assert "1 change at the provider is not in the books" in words(shown)
    assert "Capture on Visa •••• 4242 done at Practice provider, 21 Nov 2026, 04:00 EST" in words(shown)
    assert clerk.sees(order).payments[0].captured_minor == 0

    answer = browser.tap(place(order, "payments/sync"), seen=hidden(shown, "seen"))

    assert "Payments synced; 1 change found" in words(answer)
    assert "Found at the provider: captured $50.00" in words(answer)
    assert clerk.sees(order).payments[0].captured_minor == 5000


def test_only_what_was_shown_is_booked(browser, clerk, practice, order, place, words) -> None:
    practice.capture_by_hand(order.payments[0].reference, 5000)
    shown = browser.tap(place(order, "payments/sync"))
    practice.capture_by_hand(order.payments[0].reference, 7000)

    again = browser.tap(place(order, "payments/sync"), seen=hidden(shown, "seen"))

    assert "2 changes at the provider are not in the books" in words(again)
    assert clerk.sees(order).payments[0].captured_minor == 0


def test_without_script_a_sync_shows_what_differs_on_a_page_of_its_own(
    browser, clerk, practice, order, place, words
) -> None:
    practice.capture_by_hand(order.payments[0].reference, 5000)
    shown = browser.press(place(order, "payments/sync"))
    assert "<html" in shown.content.decode()

    answer = browser.press(place(order, "payments/sync"), seen=hidden(shown, "seen"))

    assert answer["Location"] == place(order)
    assert clerk.sees(order).payments[0].captured_minor == 5000


def test_what_contradicts_the_books_is_not_offered_but_said(browser, clerk, practice, order, place, words) -> None:
    practice.fault("drop_before", "capture")
    clerk.capture(order, 30000)
    practice.capture_by_hand(order.payments[0].reference, 40000)

    answer = browser.tap(place(order, "payments/sync"))

    said = "Payments synced; nothing was booked. 1 difference contradicts the books: see Provider drift"
    assert said in words(answer)
    assert clerk.sees(order).payments[0].captured_minor == 0


def test_sync_says_when_the_provider_does_not_answer(browser, practice, order, place, words) -> None:
    practice.fault("drop_before", on="lookup")

    answer = browser.tap(place(order, "payments/sync"))

    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"
    assert "The provider does not answer." in words(answer)


def test_a_capture_that_is_not_possible_says_why(browser, clerk, order, place, element, words) -> None:
    clerk.capture(order)

    page = browser.open(place(order))

    assert 'aria-disabled="true"' in element(page, f"capture-{order.payments[0].id}-press")
    assert "Nothing is held any more: all of it was captured or reversed." in words(page)


def test_two_payments_each_have_figures_and_a_capture_of_their_own(browser, take_in, place, words) -> None:  # W7
    order = take_in(held=[30000, 29894])

    shown = words(browser.open(place(order)))

    assert "Authorised $598.94 Captured $0.00 Still held $598.94" in shown
    assert "Authorised $300.00 Still held $300.00" in shown
    assert "Authorised $298.94 Still held $298.94" in shown


def test_a_sync_books_nothing_that_nobody_was_shown(browser, clerk, order, practice, place, monkeypatch):
    """Nothing fitted when it was looked at; a reservation ended before the booking, and room came free."""
    practice.fault("drop_before", "capture")
    clerk.capture(order, 50000)
    practice.capture_by_hand(order.payments[0].reference, 20000)
    fingerprint, key = sync_payments.fingerprint, Operation.objects.get(kind="capture").key

    def slow(result):
        settle_operation.run(key=key, now=clerk.now + timedelta(minutes=1))
        return fingerprint(result)

    monkeypatch.setattr(sync_payments, "fingerprint", slow)

    browser.tap(place(order, "payments", "sync"))

    assert clerk.sees(order).payments[0].captured_minor == 0


def test_a_sync_says_what_was_booked_though_another_provider_is_silent(
    browser, clerk, take_in, practice, place, words
) -> None:
    order = take_in(held=[39894, 20000])
    practice.capture_by_hand(order.payments[0].reference, 100)
    address, silent = place(order, "payments", "sync"), order.payments[1].reference
    practice.fault("drop_before", "lookup", authorisation=silent)
    seen = hidden(browser.tap(address), "seen")
    practice.fault("drop_before", "lookup", authorisation=silent)

    answer = browser.tap(address, seen=seen)

    assert clerk.sees(order).payments[0].captured_minor == 100
    assert "1 change found" in words(answer)
    assert "does not answer" in words(answer)
    assert "Nothing was changed" not in words(answer)


def test_a_hold_that_has_ended_is_expired_and_can_be_neither_captured_nor_reversed(
    browser, clerk, practice, take_in, place, words, element
) -> None:
    reference = practice.authorise(59894, at=clerk.now - timedelta(days=8), expires_in=timedelta(days=7))
    order = take_in(payments=[payment(reference, 59894, at=clerk.now - timedelta(days=8))])
    control = order.payments[0].id

    page = browser.open(place(order))

    assert "Still held $0.00 Refunded $0.00 Expired $598.94 Hold ended 20 Nov" in words(page)
    assert 'aria-disabled="true"' in element(page, f"reverse-{control}")
    assert 'aria-disabled="true"' in element(page, f"capture-{control}-press")
    assert words(page).count("The hold ended on 20 Nov; the bank gives nothing on it.") == 3


def test_an_expiry_is_told_in_words_and_not_as_a_reversal(browser, clerk, practice, order, place, words) -> None:
    practice.advance(timedelta(days=8))
    clerk.reverse_hold(order)

    page = words(browser.open(place(order)))

    assert "Reversed" not in page
    assert "Expired $598.94" in page
    assert "Hold ended; the bank had let it go: $598.94 · Mia Chen" in page
    assert "expired at" not in page


def test_another_amount_told_by_the_provider_is_said_so_and_leads_to_exceptions(
    browser, practice, order, place, words
) -> None:
    practice.fault("wrong_amount", on="capture")

    answer = browser.tap(capture_path(order, place), amount="100")

    assert "$100.00: The provider named another amount; a person has to decide. It stands on Exceptions." in words(
        answer
    )
    assert 'href="/exceptions">Decide on Exceptions</a>' in answer.content.decode()
    assert "No answer" not in words(answer)


def test_a_toast_about_an_open_outcome_goes_away_with_it(browser, practice, order, place) -> None:
    practice.fault("drop_before", on="capture")

    answer = browser.tap(capture_path(order, place), amount="100")

    assert "data-passing" in answer.content.decode()


def test_what_is_not_booked_after_a_sync_waits_on_provider_drift(browser, clerk, practice, order, place, words) -> None:
    practice.capture_by_hand(order.payments[0].reference, 5000)
    shown = browser.tap(place(order, "payments/sync"))

    answer = browser.tap(place(order, "payments/sync"), seen=hidden(shown, "seen"), keep="yes")

    assert "Nothing was booked; 1 difference waits on Provider drift" in words(answer)
    assert "At the provider and not in the books: capture $50.00" in words(answer)
    assert clerk.sees(order).payments[0].captured_minor == 0
    assert "Done at the provider, not by us. Accepting books it." in words(browser.open("/provider-drift"))


def test_a_decline_for_want_of_a_hold_points_to_sync_payments(browser, practice, order, place, words) -> None:
    practice.capture_by_hand(order.payments[0].reference, 59894)

    answer = browser.tap(capture_path(order, place), amount="100")

    assert "The hold stays. Sync Payments shows what was done at the provider." in words(answer)


def test_a_split_order_is_captured_over_its_payments_in_one_go(browser, clerk, practice, take_in, place, words) -> None:
    order = take_in(held=[30000, 20000, 9894])
    page = browser.open(place(order))
    assert 'id="capture-order" name="amount" value="598.94"' in page.content.decode()
    assert page.content.decode().count('class="strip own"') == 3

    asked = browser.peek(place(order, "capture"), amount="400")
    form = {name: hidden(asked, name) for name in ("amount", "request_ref", "version")}
    answers = [browser.tap(place(order, "capture"), **form) for _time in range(2)]

    assert "Capture $400.00 on order #1001?" in words(asked)
    assert [payment.captured_minor for payment in clerk.sees(order).payments] == [30000, 10000, 0]
    assert all("Captured $400.00" in words(answer) for answer in answers)
    assert practice.effects(order) == [("capture", 30000), ("capture", 10000)]


def test_what_is_typed_wrong_over_several_payments_is_said_beside_it(browser, take_in, place, words) -> None:
    order = take_in(held=[30000, 29894])

    answer = browser.peek(place(order, "capture"), amount="600")

    assert answer.status_code == 422
    assert "Capture Value must be above zero and at most $598.94." in words(answer)


def test_one_declined_part_is_told_with_what_was_taken(browser, practice, take_in, place, words) -> None:
    order = take_in(held=[30000, 29894])
    practice.fault("decline", "capture", authorisation=order.payments[0].reference)
    asked = browser.peek(place(order, "capture"), amount="400")
    form = {name: hidden(asked, name) for name in ("amount", "request_ref", "version")}

    answer = browser.tap(place(order, "capture"), **form)

    assert "Captured $100.00; $300.00 was declined and stays held." in words(answer)
