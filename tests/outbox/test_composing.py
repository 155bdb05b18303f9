"""What the customer reads when an order is canceled (G27, G28)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest

from orderwright.core.money import Money
from orderwright.outbox.compose import order_canceled


@dataclass(frozen=True)
class Site:
    name: str = "Cozy Home US"
    sender: str = "orders@cozy-home.example.com"
    locale: str = "en-US"
    time_zone: str = "America/New_York"


@dataclass(frozen=True)
class Line:
    name: str
    quantity: int


@dataclass(frozen=True)
class Payment:
    brand: str = "visa"
    last4: str = "4242"
    captured_minor: int = 30900


@dataclass(frozen=True)
class Order:
    number: str = "1042"
    placed_at: datetime = datetime(2026, 11, 21, 2, 42, 11, tzinfo=UTC)  # still the 20th in New York
    customer_name: str = "Bob Norman"
    site: Site = Site()
    lines: list[Line] = field(default_factory=lambda: [Line("Oak side table", 1), Line("Linen lamp shade, sand", 2)])
    payments: list[Payment] = field(default_factory=lambda: [Payment()])


def dollars(amount_minor):
    return Money(amount_minor, "USD")


def test_the_mail_names_both_amounts_and_what_becomes_of_them():
    mail = order_canceled(order=Order(), refunded=dollars(30900), reversed=dollars(28994))

    assert mail.sender == "Cozy Home US <orders@cozy-home.example.com>"
    assert mail.subject == "Your order #1042 from Cozy Home US is canceled"
    assert mail.text.splitlines() == [
        "Hello Bob Norman,",
        "",
        "your order #1042 of 20 November 2026 is canceled.",
        "",
        "    $309.00  refunded",
        "    $289.94  reversed (never charged)",
        "",
        "The refund goes back to Visa ending in 4242. Most banks show it within 5 to 10 days.",
        "The reversed amount was only held; your bank frees it, usually within a few days.",
        "",
        "Your order was:",
        "  1 × Oak side table",
        "  2 × Linen lamp shade, sand",
        "",
        "Questions? Just answer this e-mail.",
        "",
        "-- ",
        "Cozy Home US",
    ]


@pytest.mark.parametrize(
    ("refunded", "reversed_", "there", "not_there"),
    [
        (30900, 0, ["$309.00", "Refunded"], ["Reversed", "$0.00", "Nothing was charged"]),
        (0, 28994, ["$289.94", "Reversed (never charged)"], ["Refunded", "$0.00", "Nothing was charged"]),
        (0, 0, ["Nothing was charged"], ["Refunded", "Reversed", "$0.00"]),
    ],
)
def test_an_amount_that_is_zero_is_not_mentioned(refunded, reversed_, there, not_there):
    mail = order_canceled(order=Order(), refunded=dollars(refunded), reversed=dollars(reversed_))

    for form in (mail.text.lower(), mail.html.lower()):
        assert all(words.lower() in form for words in there)
        assert not any(words.lower() in form for words in not_there)


@pytest.mark.parametrize(
    ("locale", "money", "written"),
    [
        ("en-US", Money(123456, "USD"), "$1,234.56"),
        ("ja-JP", Money(12800, "JPY"), "￥12,800"),
        ("de-DE", Money(123456, "EUR"), "1.234,56\u00a0€"),
        ("sv-SE", Money(149900, "SEK"), "1\u00a0499,00\u00a0kr"),
    ],
)
def test_amounts_are_written_as_the_store_writes_them(locale, money, written):
    order = Order(site=replace(Site(), locale=locale))

    mail = order_canceled(order=order, refunded=money, reversed=Money(0, money.currency))

    assert written in mail.text
    assert written in mail.html


def test_without_one_card_to_name_the_refund_goes_to_the_means_of_payment():
    order = Order(payments=[Payment(), Payment(last4="1111")])

    mail = order_canceled(order=order, refunded=dollars(30900), reversed=dollars(0))

    assert "goes back to the means of payment that you used" in mail.text
    assert "4242" not in mail.text + mail.html


def test_what_customers_write_is_text_in_the_mail_never_markup():  # FH2
    hostile = "<script>alert(1)</script> & 'x'"
    order = Order(customer_name=hostile, lines=[Line(hostile, 1)], site=replace(Site(), name=hostile))

    mail = order_canceled(order=order, refunded=dollars(30900), reversed=dollars(28994))

    assert "<script>" not in mail.html
    assert mail.html.count("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &#39;x&#39;") == 4
    assert hostile in mail.text


def test_the_html_loads_nothing_from_anywhere():
    mail = order_canceled(order=Order(), refunded=dollars(30900), reversed=dollars(28994))

    assert not any(word in mail.html for word in ("http:", "https:", "//", "src=", "url(", "@import"))


def test_the_mail_of_an_order_is_made_from_the_order_as_it_is_read(order):
    mail = order_canceled(order=order, refunded=dollars(0), reversed=dollars(59894))

    assert "$598.94  reversed (never charged)" in mail.text
    assert "1 × Wool rug 160 x 230" in mail.text
