"""Money is counted in whole minor units; reading, showing and splitting it loses nothing and guesses nothing."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderwright.core.money import (
    MAX_MINOR,
    AmountUnreadable,
    Money,
    UnknownCurrency,
    decimal_text,
    exponent,
    format_money,
    format_plain,
    known_currencies,
    parse_amount,
    split,
    to_minor,
)
from practice_provider.currencies import DECIMALS as ISO_4217

CURRENCIES = ("JPY", "CLP", "USD", "EUR", "GBP", "CHF", "BHD", "TND")
# Points, commas, apostrophes, no-break and narrow spaces, lakhs, and a script that is written from the right.
LOCALES = ("en-US", "en-GB", "de-DE", "de-CH", "fr-FR", "sv-SE", "pl-PL", "pt-BR", "en-IN", "ja-JP", "he-IL")

amounts = st.integers(min_value=0, max_value=MAX_MINOR)
weights = st.lists(st.integers(min_value=0, max_value=10**9), min_size=1, max_size=12).filter(any)


@pytest.mark.parametrize(("currency", "places"), [("JPY", 0), ("USD", 2), ("EUR", 2), ("BHD", 3), ("TND", 3)])
def test_each_currency_has_its_own_number_of_decimals(currency, places):
    assert exponent(currency) == places


def test_every_currency_has_the_minor_unit_of_iso_4217():
    here = {currency: exponent(currency) for currency in known_currencies() if currency in ISO_4217}

    assert here == {currency: ISO_4217[currency] for currency in here}
    assert len(here) > 140


@pytest.mark.parametrize(
    ("amount", "currency", "locale", "shown"),
    [
        (123456, "RSD", "de-DE", "1.234,56\u00a0RSD"),
        (5, "LBP", "en-US", "LBP\u00a00.05"),
        (38500, "IQD", "en-US", "IQD\u00a038.500"),
        (-100, "MGA", "fr-FR", "\u22121,00\u00a0MGA"),
    ],
)
def test_decimals_that_people_seldom_write_are_shown_and_read_all_the_same(amount, currency, locale, shown):
    money = Money(amount, currency)

    assert format_money(money, locale=locale) == shown
    assert parse_amount(format_plain(money, locale=locale).lstrip("-"), currency=currency, locale=locale) == Money(
        abs(amount), currency
    )


def test_showing_such_a_currency_changes_no_other():
    before = format_money(Money(59894, "USD"), locale="en-US")
    format_money(Money(38500, "IQD"), locale="en-US")
    format_money.cache_clear()

    assert format_money(Money(59894, "USD"), locale="en-US") == before == "$598.94"


@pytest.mark.parametrize("code", ["", "usd", "US", "USDX", "XAU", "XXX", "ZZZ", "DEM", "CLF", "USN", "\uff35SD"])
def test_what_is_no_tender_today_is_refused(code):
    with pytest.raises(UnknownCurrency) as refused:
        exponent(code)

    assert refused.value.code == "unknown_currency"
    assert refused.value.facts == {"currency": code}


@pytest.mark.parametrize("amount", [598.94, True, "59894", Decimal(59894), None])
def test_money_refuses_everything_but_whole_numbers(amount):
    with pytest.raises(TypeError, match="whole minor units"):
        Money(amount, "USD")


@pytest.mark.parametrize(
    ("amount", "currency", "locale", "shown"),
    [
        (59894, "USD", "en-US", "$598.94"),
        (194000, "EUR", "de-DE", "1.940,00\u00a0€"),
        (12800, "JPY", "en-US", "¥12,800"),
        (12800, "JPY", "ja-JP", "￥12,800"),
        (38500, "BHD", "en-US", "BHD\u00a038.500"),
        (-500, "USD", "en-US", "\u2212$5.00"),
        (0, "GBP", "en-GB", "£0.00"),
    ],
)
def test_amounts_are_shown_as_the_locale_writes_them(amount, currency, locale, shown):
    assert format_money(Money(amount, currency), locale=locale) == shown


@pytest.mark.parametrize("locale", ["tlh-KLI", "qx", ""], ids=["malformed", "unknown", "empty"])
def test_an_unknown_locale_is_shown_in_english_instead_of_failing(locale):
    assert format_money(Money(123456, "USD"), locale=locale) == "$1,234.56"


def test_letters_and_digits_have_a_space_between_them_on_either_side():
    assert format_money(Money(38500, "BHD"), locale="en-US") == "BHD\u00a038.500"
    assert format_money(Money(38500, "BHD"), locale="twq-NE") == "38.500\u00a0BHD"


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        (59894, "USD", "598.94"),
        (5, "USD", "0.05"),
        (12800, "JPY", "12800"),
        (38500, "BHD", "38.500"),
        (-7, "BHD", "-0.007"),
    ],
)
def test_plain_digits_have_exactly_the_currencys_decimals(amount, currency, text):
    assert decimal_text(Money(amount, currency)) == text
    assert str(Money(amount, currency)) == f"{text} {currency}"


@given(amount=amounts, currency=st.sampled_from(CURRENCIES), locale=st.sampled_from(LOCALES))
def test_what_the_field_shows_is_read_back_as_the_same_amount(amount, currency, locale):
    money = Money(amount, currency)

    assert parse_amount(format_plain(money, locale=locale), currency=currency, locale=locale) == money


@given(amount=amounts, currency=st.sampled_from(CURRENCIES))
def test_plain_digits_are_read_back_exactly(amount, currency):
    assert to_minor(Decimal(decimal_text(Money(amount, currency))), currency=currency) == amount


@pytest.mark.parametrize(
    ("text", "currency", "locale", "amount"),
    [
        ("289.94", "USD", "en-US", 28994),
        (" 289.94 ", "USD", "en-US", 28994),
        ("289.9", "USD", "en-US", 28990),
        ("289", "USD", "en-US", 28900),
        ("1,940.00", "USD", "en-US", 194000),
        ("1.940,00", "EUR", "de-DE", 194000),
        ("1 940,00", "EUR", "fr-FR", 194000),
        ("1\u202f940,00", "EUR", "fr-FR", 194000),
        ("12,800", "JPY", "ja-JP", 12800),
        ("38.500", "BHD", "en-US", 38500),
        ("38.5", "BHD", "en-US", 38500),
        ("0", "USD", "en-US", 0),
        ("007.50", "USD", "en-US", 750),
    ],
)
def test_a_persons_way_of_writing_an_amount_is_read(text, currency, locale, amount):
    assert parse_amount(text, currency=currency, locale=locale) == Money(amount, currency)


@pytest.mark.parametrize(
    ("text", "currency", "locale"),
    [
        ("", "USD", "en-US"),
        ("free", "USD", "en-US"),
        ("$5", "USD", "en-US"),
        ("-5.00", "USD", "en-US"),
        ("\u22125.00", "USD", "en-US"),
        ("5.", "USD", "en-US"),
        (".50", "USD", "en-US"),
        ("1e3", "USD", "en-US"),
        ("NaN", "USD", "en-US"),
        ("0x10", "USD", "en-US"),
        ("1_000", "USD", "en-US"),
        ("٢٨٩", "USD", "en-US"),
        # These can be read in two ways that lie a hundred or a thousand times apart.
        ("289,94", "USD", "en-US"),
        ("289.94", "EUR", "de-DE"),
        ("1,94", "USD", "en-US"),
        ("1,9400", "USD", "en-US"),
        ("19,40,000", "USD", "en-US"),
        ("1,940,00", "USD", "en-US"),
        ("1~940,00", "EUR", "fr-FR"),
        # More decimals than the currency has.
        ("289.945", "USD", "en-US"),
        ("289.9010", "USD", "en-US"),
        ("128.5", "JPY", "en-US"),
        ("38.5001", "BHD", "en-US"),
        # More than anybody orders for.
        ("10,000,000,000.00", "USD", "en-US"),
        ("9" * 400, "USD", "en-US"),
    ],
)
def test_what_is_no_amount_or_could_be_two_is_refused(text, currency, locale):
    with pytest.raises(AmountUnreadable) as refused:
        parse_amount(text, currency=currency, locale=locale)

    assert (refused.value.code, refused.value.status) == ("amount_unreadable", 422)


@pytest.mark.parametrize(
    ("text", "locale", "told"),
    [
        ("", "en-US", "Type an amount, such as 1234.56."),
        ("  ", "de-DE", "Type an amount, such as 1234,56."),
        ("  free ", "en-US", "“free” is not an amount. Write it like 1234.56."),
        ("289.94", "de-DE", "“289.94” is not an amount. Write it like 1234,56."),
        ("x" * 50, "en-US", f"“{'x' * 40}” is not an amount. Write it like 1234.56."),
    ],
)
def test_a_refusal_shows_how_an_amount_is_written_here(text, locale, told):
    with pytest.raises(AmountUnreadable) as refused:
        parse_amount(text, currency="USD", locale=locale)

    assert refused.value.message == told


def test_a_refusal_of_decimals_says_how_many_the_currency_has():
    with pytest.raises(AmountUnreadable, match="JPY has 0 decimals") as refused:
        parse_amount("128.5", currency="JPY")

    assert refused.value.facts == {"currency": "JPY", "decimals": 0}


@given(text=st.text(max_size=40), currency=st.sampled_from(CURRENCIES), locale=st.sampled_from(LOCALES))
def test_any_text_is_either_an_amount_within_bounds_or_refused(text, currency, locale):
    try:
        money = parse_amount(text, currency=currency, locale=locale)
    except AmountUnreadable:
        return

    assert 0 <= money.amount_minor <= MAX_MINOR
    assert money.currency == currency


@pytest.mark.parametrize(
    "amount", ["NaN", "sNaN", "Infinity", "-Infinity", "1E+999999", "1E+15", "1E-3", "10000000000"]
)
def test_decimals_that_do_not_fit_are_refused_without_being_expanded(amount):
    with pytest.raises(AmountUnreadable):
        to_minor(Decimal(amount), currency="USD")


@pytest.mark.parametrize(
    ("amount", "minor"), [("1E+2", 10000), ("5.900", 590), ("-3.20", -320), ("0E-9", 0), ("-0.00", 0), ("0E+999999", 0)]
)
def test_decimals_are_taken_at_their_value_however_they_are_written(amount, minor):
    assert to_minor(Decimal(amount), currency="USD") == minor


@given(total=st.integers(min_value=-MAX_MINOR, max_value=MAX_MINOR), shares=weights)
def test_shares_add_up_to_the_minor_unit(total, shares):
    assert sum(split(total, weights=shares)) == total


@given(total=st.integers(min_value=-MAX_MINOR, max_value=MAX_MINOR), shares=weights)
def test_each_share_lies_within_one_unit_of_its_proportion(total, shares):
    for share, weight in zip(split(total, weights=shares), shares, strict=True):
        assert abs(share - Fraction(total * weight, sum(shares))) < 1


@given(total=amounts, shares=weights)
def test_a_share_without_weight_is_nothing_and_none_is_more_than_the_whole(total, shares):
    found = split(total, weights=shares)

    assert [share for share, weight in zip(found, shares, strict=True) if weight == 0] == [0] * shares.count(0)
    assert all(0 <= share <= total for share in found)


@pytest.mark.parametrize(
    ("total", "shares", "expected"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (-100, [1, 1, 1], [-34, -33, -33]),
        (1, [1, 1], [1, 0]),
        (1000, [334, 166, 500], [334, 166, 500]),
        (10, [2, 5], [3, 7]),
        (7, [1], [7]),
        (5000, [59894], [5000]),
        (0, [3, 4], [0, 0]),
        (10, [0, 7, 0], [0, 10, 0]),
    ],
)
def test_the_largest_remainder_takes_the_odd_unit_and_the_earlier_of_two_equals(total, shares, expected):
    assert split(total, weights=shares) == expected


@pytest.mark.parametrize("shares", [[], [0], [0, 0], [1, -1, 5]])
def test_nothing_can_be_shared_among_nobody_or_by_negative_weights(shares):
    with pytest.raises(ValueError, match="weights"):
        split(100, weights=shares)


def test_the_known_currencies_are_those_that_somebody_pays_with():
    known = known_currencies()

    assert {"USD", "EUR", "JPY", "BHD", "VES", "SLE"} <= known
    assert all(re.fullmatch("[A-Z]{3}", code) for code in known)
    assert len(known) > 140


def test_metals_units_of_account_and_money_of_the_past_are_no_currency_to_pay_with():
    metals, accounts = {"XAG", "XAU", "XPD", "XPT"}, {"XBA", "XBB", "XBC", "XBD", "XDR", "XSU", "XTS", "XUA", "XXX"}
    indexed, past = {"BOV", "CHE", "CHW", "CLF", "COU", "MXV", "USN", "UYI", "UYW"}, {"DEM", "FRF"}

    assert not known_currencies() & (metals | accounts | indexed | past)
