"""Card numbers are told from other numbers, however they are typed (W14)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderwright.core.cards import has_card_number, is_card_number
from orderwright.core.errors import Invalid
from orderwright.core.text import clean_text, text_problem

# The numbers that the schemes and payment providers publish for tests.
TEST_NUMBERS = [
    "4242424242424242", "4000056655665556", "4222222222222", "4000000000000000006", "5555555555554444",
    "5105105105105100", "2223003122003222", "378282246310005", "371449635398431", "6011111111111117",
    "6445644564456445", "30569309025904", "36227206271667", "3530111333300000", "6200000000000005", "6759649826438453",
]  # fmt: skip
# Long numbers that shops write down every day.
OTHERS = [
    "+378 282 246 310 005", "1Z999AA10123456784", "9405511899223197428490", "JD014600006281230704", "4006381333931",
    "00340434161094042557", "INV-2026-0001-0000-0042", "4242424242424241", "9780306406157", "order 42 42 42",
    "5532", "2026-11-21 09:00:00", "a4242424242424242", "4242424242424242b", "ES91 2100 0418 4502 0005 1332",
]  # fmt: skip


@pytest.mark.parametrize("number", TEST_NUMBERS)
@pytest.mark.parametrize("sign", ["", " ", "-", "\u00a0", "."])
def test_a_card_number_is_seen_in_groups_of_four_with_any_sign_between_them(number, sign):
    grouped = sign.join(number[at : at + 4] for at in range(0, len(number), 4))

    assert has_card_number(f"the customer says {grouped}, valid 12/27")


WIDE = "".join(chr(0xFF10 + int(digit)) for digit in "4242424242424242")
ARABIC = "".join(chr(0x0660 + int(digit)) for digit in "4242424242424242")


@pytest.mark.parametrize(
    "text", ["4242 4242 4242 4242 12 27 123", "77 4242 4242 4242 4242", "+4242 4242 4242 4242", WIDE, ARABIC]
)
def test_neighbouring_figures_and_foreign_digits_do_not_hide_it(text):
    assert has_card_number(text)


@pytest.mark.parametrize("text", OTHERS)
def test_numbers_of_orders_parcels_goods_and_phones_are_none(text):
    assert not has_card_number(text)


@given(st.from_regex(r"[0-9]{12}|[0-9]{20,40}", fullmatch=True))
def test_what_is_shorter_or_longer_than_any_card_number_is_none(digits):
    assert not is_card_number(digits)
    assert not has_card_number(digits)


@given(st.sampled_from(TEST_NUMBERS), st.integers(0, 12), st.integers(1, 9))
def test_one_wrong_digit_makes_it_another_number(number, at, by):
    wrong = number[:at] + str((int(number[at]) + by) % 10) + number[at + 1 :]

    assert not has_card_number(wrong)


def test_text_with_a_card_number_is_refused_and_a_reference_is_not():
    with pytest.raises(Invalid) as refused:
        clean_text("paid with 4242 4242 4242 4242", pointer="/text", longest=60)

    assert [(field.pointer, field.code) for field in refused.value.fields] == [("/text", "card_number_refused")]
    assert "4242" not in refused.value.message
    assert text_problem("4242424242424242", longest=60, is_reference=True) is None
