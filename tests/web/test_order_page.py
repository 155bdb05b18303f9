"""The order page, read and worked on: Order State, Invoice Number, Notes; the plain way and in place."""

from __future__ import annotations

import re

import pytest

from orderwright.actions import add_note, save_invoice
from tests.factories.orders import TABLE


def selected(answer, control: str) -> str:
    found = re.search(rf'<select id="{control}".*?</select>', answer.content.decode(), flags=re.DOTALL)
    assert found is not None
    return re.search(r'<option value="([^"]*)" selected', found[0])[1]


def test_a_field_takes_no_more_than_the_rule_does(browser, order, place, element) -> None:
    page = browser.open(place(order))

    assert f'maxlength="{save_invoice.LONGEST}"' in element(page, "invoice-number")
    assert f'maxlength="{add_note.LONGEST}"' in element(page, "note")


def test_the_page_shows_the_whole_order(browser, order, place, words) -> None:
    shown = words(browser.open(place(order)))

    for said in (
        f"#{order.number} Authorised 0 of 1 shipment sent",
        "Placed 20 Nov 2026, 16:42 EST · Cozy Home US · from the API as",
        "Shipment 1 · UPS Ground",
        "Linen lamp shade, sand LMP-LIN-SND · 2 × $49.00 2 $98.00",
        "Authorised $598.94 Captured $0.00 Still held $598.94 Refunded $0.00",
        "Bob Norman bob.norman@mail.example.com +1 613-555-0174 · first order",
        "123 Amoebobacterieae St Unit 806 Ottawa ON K2P 0V6 Canada",
        "Bills to Same as shipping",
        "Items (4) $586.94 Discount TENOFF −$10.00 Shipping $10.06 Tax $11.94 Total $598.94",
    ):
        assert said in shown


def test_the_page_costs_four_statements_however_many_lines(browser, take_in, place, statements) -> None:
    small, big = take_in(), take_in(items=[{**TABLE, "sku": f"SKU-{n}"} for n in range(30)])
    browser.open(place(small))

    counts = []
    for each in (small, big):
        with statements() as counted:
            browser.open(place(each))
        counts.append(counted.count)

    assert counts == [5, 5]  # session, person, order, timeline, the menu's count


def test_the_state_dropdown_offers_every_state_and_says_why_not(browser, order, place, words) -> None:  # G3 G4 G6 G7
    shown = words(browser.open(place(order)))

    for name in ("New", "Processing", "Fraud", "Completed", "Canceled"):
        assert name in shown
    assert "Suspended — " not in shown


def test_choosing_a_state_changes_it_without_script(browser, clerk, order, place, words) -> None:  # G3
    answer = browser.press(place(order, "state"), state="processing", version=str(order.version))

    assert answer.status_code == 302
    assert answer["Location"] == place(order)
    assert clerk.sees(order).state.slug == "processing"
    assert "Order State is now Processing" in words(browser.open(place(order)))


def test_choosing_a_state_answers_in_place_with_a_toast_and_the_timeline(browser, order, place, words) -> None:
    answer = browser.tap(place(order, "state"), state="processing", version=str(order.version))

    assert answer.status_code == 200
    assert answer["HX-Retarget"] == "#order"
    assert "<html" not in answer.content.decode()
    assert "Order State is now Processing" in words(answer)
    assert "Order State New → Processing · Mia Chen" in words(answer)
    assert selected(answer, "order-state") == "processing"


def test_a_move_that_is_not_allowed_says_why_beside_the_dropdown(browser, clerk, order, place, element) -> None:  # G7
    answer = browser.tap(place(order, "state"), state="suspended", version=str(order.version))

    assert answer.status_code == 409
    assert 'aria-invalid="true"' in element(answer, "order-state")
    assert "Suspended is reached from Processing or Fraud." in answer.content.decode()
    assert clerk.sees(order).state.slug == "new"


def test_choosing_canceled_opens_cancel_order_instead(browser, clerk, order, place, words) -> None:
    tapped = browser.tap(place(order, "state"), state="canceled", version=str(order.version))
    pressed = browser.press(place(order, "state"), state="canceled", version=str(order.version))

    assert tapped["HX-Retarget"] == "#dialog"
    assert "Cancel order, reverse $598.94" in words(tapped)
    assert pressed["Location"] == place(order, "cancel")
    assert clerk.sees(order).state.slug == "new"


def test_completing_with_open_ends_asks_first_and_lists_them(browser, clerk, order, place, words) -> None:
    asked = browser.tap(place(order, "state"), state="completed", version=str(order.version))

    assert asked["HX-Retarget"] == "#dialog"
    assert "Held on Visa •••• 4242 $598.94" in words(asked)
    assert "2 × Linen lamp shade, sand · Pending" in words(asked)
    assert clerk.sees(order).state.slug == "new"

    browser.tap(place(order, "state"), state="completed", confirmed="yes", version=str(order.version))

    assert clerk.sees(order).state.slug == "completed"


def test_somebody_else_s_change_of_the_same_field_is_named(browser, clerk, colleague, order, place, words) -> None:
    colleague.change_state(order, "processing")

    answer = browser.tap(place(order, "state"), state="fraud", version=str(order.version))

    assert answer.status_code == 412
    assert "Ravi Patel changed this order since you opened it, 21 Nov 04:00." in words(answer)
    assert clerk.sees(order).state.slug == "processing"


def test_somebody_else_s_change_of_another_field_does_not_matter(browser, clerk, colleague, order, place) -> None:
    colleague.add_note(order, "Called the customer.")

    answer = browser.press(place(order, "invoice-number"), invoice_number="INV-7", version=str(order.version))

    assert answer.status_code == 302
    assert clerk.sees(order).invoice_number == "INV-7"


def test_save_invoice_saves_that_and_nothing_else(browser, clerk, order, place, journal_kinds) -> None:  # G8
    browser.tap(place(order, "invoice-number"), invoice_number=" INV-2026-0871 ", version=str(order.version))

    after = clerk.sees(order)
    assert after.invoice_number == "INV-2026-0871"
    assert after.state == order.state
    assert journal_kinds(order)[-1] == "order.invoice_saved"


@pytest.mark.parametrize("typed", ["x" * 61, "INV\x00", "INV\u202e1"])
def test_a_bad_invoice_number_stays_as_typed_beside_its_error(browser, clerk, order, place, element, typed) -> None:
    answer = browser.tap(place(order, "invoice-number"), invoice_number=typed, version=str(order.version))

    assert answer.status_code == 422
    assert 'aria-invalid="true"' in element(answer, "invoice-number")
    assert f'value="{typed}"' in element(answer, "invoice-number")
    assert clerk.sees(order).invoice_number == ""


def test_a_note_is_added_and_the_field_is_empty_again(browser, clerk, order, place, words) -> None:  # G9
    answer = browser.tap(place(order, "notes"), text="Rug is back-ordered.\nCustomer agreed.")

    assert [note.text for note in clerk.sees(order).notes] == ["Rug is back-ordered.\nCustomer agreed."]
    assert "Rug is back-ordered. Customer agreed. Mia Chen ·" in words(answer)
    assert re.search(r'<textarea id="note"[^>]*></textarea>', answer.content.decode())


def test_an_empty_note_is_refused_beside_the_field(browser, clerk, order, place, element) -> None:  # G10
    answer = browser.press(place(order, "notes"), text="  ")

    assert answer.status_code == 422
    assert 'aria-describedby="note-error ' in element(answer, "note")
    assert clerk.sees(order).notes == []


def test_hostile_words_are_words(browser, clerk, take_in, place) -> None:
    hostile = '"><script>alert(1)</script>'
    order = take_in(
        customer={"reference": "C", "name": hostile, "email": "a@mail.example.com", "phone": None, "language": "en"}
    )
    clerk.add_note(order, hostile)
    clerk.save_invoice(order, hostile)

    for page in (browser.open(place(order)), browser.open("/orders"), browser.open(place(order, "cancel"))):
        assert "<script>alert" not in page.content.decode()


def test_the_timeline_can_show_money_only_and_the_address_follows(browser, clerk, order, place, words) -> None:
    clerk.add_note(order, "Not about money.")

    answer = browser.peek(place(order, "timeline"), at=f"{place(order)}?payments=history", timeline="money")

    assert "Authorised $598.94 on Visa •••• 4242 · Practice provider" in words(answer)
    assert "Note added" not in words(answer)
    assert answer["HX-Replace-Url"] == f"{place(order)}?payments=history&timeline=money"


def test_what_was_shown_stays_shown_after_an_act(browser, order, place, element) -> None:
    answer = browser.tap(place(order, "notes"), at=f"{place(order)}?payments=history&timeline=money", text="x")

    assert 'aria-selected="true"' in element(answer, "tab-history")
    assert 'aria-pressed="true"' in element(answer, "money-only")


def test_an_act_on_an_order_that_is_not_there_says_so(browser, order) -> None:
    answer = browser.tap("/orders/9999/notes", text="x")

    assert answer.status_code == 404
    assert answer["HX-Retarget"] == "#dialog"
