"""Refund and Reverse on the order page: asked, rehearsed, confirmed."""

from __future__ import annotations

import re

import pytest


@pytest.fixture
def paid(clerk, order):
    return clerk.capture(order)


def hidden(answer) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', answer.content.decode()))


def line(order, sku):
    return next(each.id for each in order.lines if each.sku == sku)


def test_an_order_on_which_nothing_was_captured_offers_no_refund(browser, order, place, words) -> None:
    page = words(browser.open(place(order)))

    assert "Reverse" in page
    assert "Refund" not in page.replace("Refunded", "")


def test_the_dialog_offers_what_can_go_back(browser, paid, place, words) -> None:
    shown = words(browser.peek(place(paid, "refund")))

    assert "At most $598.94 can be refunded." in shown
    assert "Linen lamp shade, sand $49.00 each with its share of discount and tax, 2 left to refund" in shown
    assert "up to $10.06" in shown


def test_a_refund_is_rehearsed_with_its_legs_before_it_is_confirmed(browser, practice, paid, place, words) -> None:
    lamp = line(paid, "LMP-LIN-SND")

    asked = browser.peek(
        place(paid, "refund"),
        **{"review": "yes", "item": str(lamp), f"quantity-{lamp}": "1", "shipping": "10.06", "reason": "damaged"},
    )

    assert "Refund $59.19 on order #1001? $539.75 stays captured. 1 × Linen lamp shade, sand $49.13" in words(asked)
    assert "Shipping $10.06 Reason: Arrived damaged or wrong Refund to Visa •••• 4242" in words(asked)
    assert re.search(r'id="confirm">\s*Refund \$59\.19\s*</button>', asked.content.decode())
    assert practice.effects(paid) == [("capture", 59894)]


def test_the_confirmed_refund_moves_the_money_once_even_when_sent_twice(browser, practice, paid, place, words) -> None:
    asked = browser.peek(place(paid, "refund"), review="yes", other="9.50", reason="goodwill")

    first = browser.tap(place(paid, "refund"), **hidden(asked))
    browser.tap(place(paid, "refund"), **hidden(asked))

    assert "Refunded $9.50" in words(first)
    assert practice.effects(paid) == [("capture", 59894), ("refund", 950)]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "Choose what to refund: items, shipping or another amount."),
        ({"other": "700"}, "At most $598.94 can be refunded: captured less refunded and under way."),
        ({"shipping": "11"}, "At most $10.06 of the shipping can go back."),
        ({"other": "ten"}, "“ten” is not an amount."),
    ],
)
def test_what_does_not_add_up_stays_as_typed_with_the_reason(
    browser, practice, paid, place, words, typed, said
) -> None:
    answer = browser.peek(place(paid, "refund"), review="yes", **typed)

    assert answer.status_code == 422
    assert said in words(answer)
    for value in typed.values():
        assert f'value="{value}"' in answer.content.decode()
    assert practice.effects(paid) == [("capture", 59894)]


def test_several_payments_may_be_shared_otherwise(browser, clerk, take_in, place, words) -> None:  # W7
    order = clerk.capture(take_in(held=[39894, 20000]))
    order = clerk.capture(order, payment=order.payments[1])
    second = f"share-{order.payments[1].id}"
    assert f'name="{second}"' in browser.peek(place(order, "refund")).content.decode()

    asked = browser.peek(place(order, "refund"), **{"review": "yes", "other": "50", second: "50"})
    browser.tap(place(order, "refund"), **hidden(asked))

    assert [payment.refunded_minor for payment in clerk.sees(order).payments] == [0, 5000]


def test_a_declined_refund_is_said_plainly(browser, clerk, practice, paid, place, words) -> None:
    practice.fault("decline", "refund")

    answer = browser.tap(place(paid, "refund"), other="9.50")

    assert "The provider refunded $0.00 of $9.50 and declined the rest." in words(answer)
    assert clerk.sees(paid).payments[0].refunded_minor == 0


def test_a_hold_is_reversed_after_its_rehearsal(browser, practice, order, place, words) -> None:
    address = place(order, "payments", order.payments[0].id, "reversal")

    asked = browser.peek(address)
    answer = browser.tap(address, **hidden(asked))

    assert "Reverse $598.94 on order #1001?" in words(asked)
    assert "Reversed $598.94" in words(answer)
    assert practice.effects(order) == [("reversal", 59894)]


def test_without_script_a_refund_is_three_plain_pages(browser, practice, paid, place) -> None:
    asked = browser.open(place(paid, "refund"), review="yes", other="9.50")

    answer = browser.press(place(paid, "refund"), **hidden(asked))

    assert answer["Location"] == place(paid)
    assert practice.effects(paid) == [("capture", 59894), ("refund", 950)]


def test_a_full_refund_sent_twice_is_told_the_same_twice(browser, paid, place, practice) -> None:
    asked = browser.peek(place(paid, "refund"), review="yes", other="598.94", reason="goodwill")
    form = hidden(asked)

    answers = [browser.tap(place(paid, "refund"), **form) for _time in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert practice.effects(paid) == [("capture", 59894), ("refund", 59894)]


def test_a_reversal_is_said_once_in_the_timeline(browser, order, place, words) -> None:
    address = place(order, "payments", order.payments[0].id, "reversal")

    browser.tap(address, **hidden(browser.peek(address)))

    assert "Asked the provider to reverse" not in words(browser.open(place(order)))


def test_one_can_go_back_from_the_review_to_what_was_typed(browser, paid, place) -> None:
    lamp = line(paid, "LMP-LIN-SND")
    typed = {"item": str(lamp), f"quantity-{lamp}": "1", "shipping": "10.06", "reason": "damaged"}
    review = browser.peek(place(paid, "refund"), review="yes", **typed).content.decode()
    back = re.search(r'<form id="revise-form" action="([^"]*)" method="get".*?</form>', review, re.DOTALL)

    again = browser.peek(back[1], **dict(re.findall(r'name="([^"]+)" value="([^"]*)"', back[0]))).content.decode()

    assert re.search(rf'name="item" value="{lamp}" checked', again)
    assert re.search(rf'name="quantity-{lamp}" value="1"', again)
    assert 'name="shipping" value="10.06"' in again
    assert '<option value="damaged" selected>' in again


def test_the_timeline_tells_a_refund_once_with_what_it_was_for(browser, clerk, paid, place, words) -> None:
    clerk.refund(paid, items={"LMP-LIN-SND": 1}, shipping=1006, reason="damaged")

    page = words(browser.open(place(paid)))

    assert "Refund done: $59.19 · Mia Chen 1 × Linen lamp shade, sand, shipping Arrived damaged or wrong" in page
    assert "Refund asked for" not in page
