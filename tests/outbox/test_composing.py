"""What customers read: the built-in mails, and what becomes of a template that cannot be used (G27, G28)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from orderwright.core.money import Money
from orderwright.outbox.compose import Composed
from orderwright.outbox.writing.markup import html_fault
from orderwright.outbox.writing.values import Canceled
from orderwright.outbox.writing.vocabulary import MAIL_KINDS
from orderwright.outbox.writing.wording import Wording, compose
from tests.outbox.mail_facts import OCCASIONS, Address, Line, Order, Payment, Site, dollars


def mail_of(kind="order_canceled", *, order=None, occasion=None, wording=None) -> Composed:
    return compose(kind=MAIL_KINDS[kind], order=order or Order(), occasion=occasion or OCCASIONS[kind], wording=wording)


def canceled(*, refunded=0, reversed_=0, order=None) -> Composed:
    return mail_of(order=order, occasion=Canceled(refunded=dollars(refunded), reversed=dollars(reversed_)))


def test_the_mail_of_a_cancellation_names_both_amounts():  # G28
    mail = mail_of()

    assert mail.sender == "Cozy Home US <orders@cozy-home.example.com>"
    assert mail.subject == "Your order #1042 from Cozy Home US is canceled"
    assert mail.text.splitlines() == [
        "Hello Bob Norman,",
        "",
        "your order #1042 of 20 November 2026 is canceled.",
        "",
        "Refunded: $309.00",
        "Reversed (never charged): $289.94",
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


def test_the_mail_of_a_shipment_says_what_is_in_it_and_leads_to_the_carrier():
    mail = mail_of("order_shipped")

    assert mail.subject == "Your order #1042 from Cozy Home US is on its way"
    assert "a part of your order #1042 of 20 November 2026 is on its way. The rest follows." in mail.text
    assert "In this shipment, by UPS:\n  2 × Linen lamp shade, sand\n" in mail.text
    assert "Tracking number 1Z999AA10123456784\nhttps://carrier.example/1Z999AA10123456784?a=1&b=2\n" in mail.text
    assert 'href="https://carrier.example/1Z999AA10123456784?a=1&amp;b=2"' in mail.html


def test_the_mail_of_an_order_that_came_in_adds_up_as_the_order_does():
    text = mail_of("order_received").text

    assert "Items: $586.94\nDiscount: −$10.00\nShipping: $10.06\nTax: $11.94\nTotal: $598.94\n" in text
    assert "Paid with Visa ending in 4242\n" in text
    assert "It goes to:\n  Bob Norman\n  123 Amoebobacterieae St\n  Unit 806\n  Ottawa ON K2P 0V6\n  Canada\n" in text


def test_what_staff_say_of_a_delay_keeps_its_lines():
    mail = mail_of("order_delayed")

    assert "We expect it to leave by 4 December 2026.\n\nThe oak is late.\nWe are sorry.\n" in mail.text
    assert ">The oak is late.<br>We are sorry.</p>" in mail.html


def test_a_refund_names_its_items_and_what_goes_back():
    mail = mail_of("order_refunded")

    assert mail.subject == "$45.66 of your order #1042 at Cozy Home US goes back to you"
    assert "It is for:\n  1 × Linen lamp shade, sand\n" in mail.text


@pytest.mark.parametrize(
    ("refunded", "reversed_", "there", "not_there"),
    [
        (30900, 0, ["$309.00", "Refunded"], ["Reversed", "$0.00", "Nothing was charged"]),
        (0, 28994, ["$289.94", "Reversed (never charged)"], ["Refunded", "$0.00", "Nothing was charged"]),
        (0, 0, ["Nothing was charged"], ["Refunded", "Reversed", "$0.00"]),
    ],
)
def test_an_amount_that_is_zero_is_not_mentioned(refunded, reversed_, there, not_there):
    mail = canceled(refunded=refunded, reversed_=reversed_)

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

    mail = mail_of(order=order, occasion=Canceled(refunded=money, reversed=Money(0, money.currency)))

    assert written in mail.text
    assert written in mail.html.replace("&nbsp;", "\u00a0")


def test_without_one_card_to_name_the_refund_goes_to_the_means_of_payment():
    mail = canceled(refunded=30900, order=Order(payments=[Payment(), Payment(last4="1111")]))

    assert "goes back to the means of payment that you used" in mail.text
    assert "4242" not in mail.text + mail.html


@pytest.mark.parametrize("kind", list(MAIL_KINDS))
def test_what_customers_write_is_text_in_the_mail_never_markup(kind):  # FH2
    hostile = "<script>alert(1)</script> & 'x'"
    order = Order(customer_name=hostile, lines=[Line(hostile, 1)], site=replace(Site(), name=hostile))

    mail = mail_of(kind, order=order)

    assert "<script>" not in mail.html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; 'x'" in mail.html
    assert hostile in mail.text


@pytest.mark.parametrize("kind", list(MAIL_KINDS))
def test_the_built_in_html_has_only_what_a_mail_may_have_and_loads_nothing(kind):
    mail = mail_of(kind)

    assert html_fault(mail.html) is None
    assert not any(word in mail.html for word in ("src=", "url(", "@import"))
    assert ("https:" in mail.html) is (kind == "order_shipped")  # the carrier's page, which the customer opens
    assert 'class="card" style="' in mail.html
    assert "@media (prefers-color-scheme: dark)" in mail.html


@pytest.mark.parametrize("kind", list(MAIL_KINDS))
def test_the_built_in_mails_are_written_when_an_order_has_next_to_nothing(kind):
    bare = Order(lines=[], payments=[], shipping_address=None, discount_minor=0, shipping_minor=0, tax_minor=0)

    mail = mail_of(kind, order=bare)

    assert mail.fault == ""
    assert "\n\n\n" not in mail.text
    assert "None" not in mail.text + mail.html


def test_an_order_of_thousands_of_lines_is_told_in_part():
    mail = mail_of("order_received", order=Order(lines=[Line(f"Tile {n}", 1) for n in range(5_000)]))

    assert mail.text.count("× Tile") == 200
    assert "and 4800 more" in mail.text


def test_the_shop_s_own_words_take_the_place_of_the_built_in_ones():
    wording = Wording(
        subject="{{ number }} ist unterwegs",
        text="Hallo {{ customer_name }}, bestellt am {{ placed_on }}",
        html="<p>Hallo {{ customer_name }}</p>",
        language="de",
    )

    mail = mail_of("order_shipped", wording=wording)

    assert (mail.subject, mail.fault) == ("#1042 ist unterwegs", "")
    assert mail.text == "Hallo Bob Norman, bestellt am 20. November 2026\n"
    assert '<html lang="de" dir="ltr">' in mail.html


def test_a_mail_in_arabic_reads_from_right_to_left():
    wording = Wording(subject="{{ number }}", text="{{ number }}", html="<p>مرحبا</p>", language="ar")

    assert '<html lang="ar" dir="rtl">' in mail_of(wording=wording).html


def test_a_template_without_html_is_a_mail_of_plain_text_alone():
    mail = mail_of(wording=Wording(subject="{{ number }}", text="{{ number }}", html=" "))

    assert (mail.text, mail.html) == ("#1042\n", "")


@pytest.mark.parametrize(
    ("wording", "fault"),
    [
        (
            Wording(subject="x", text="one\n{{ loyalty_points }}", html=""),
            "Line 2: There is no placeholder “loyalty_points” in this mail.",
        ),
        (Wording(subject="{% if reversed %}{% endif %}", text="x", html=""), "Line 1: It is empty."),
        (
            Wording(subject="x", text="x", html="<script></script>"),
            "Line 1: A mail cannot have the element <script>.",
        ),
    ],
)
def test_a_template_that_cannot_be_used_any_more_gives_way_to_the_built_in_words_and_says_so(wording, fault):
    mail = mail_of(wording=wording)

    assert mail.fault == fault
    assert replace(mail, fault="") == mail_of()


def test_a_value_that_no_html_may_have_leaves_the_mail_in_plain_text():
    shipped = OCCASIONS["order_shipped"]
    hostile = replace(shipped, parcels=[replace(shipped.parcels[0], link="javascript:alert(1)")])

    mail = mail_of("order_shipped", occasion=hostile)

    assert mail.html == ""
    assert "Tracking number 1Z999AA10123456784" in mail.text


def test_a_subject_is_one_line_however_long_the_name_in_it():  # FM3
    order = Order(site=replace(Site(), name="Cozy " * 2_000))

    mail = mail_of(order=order)

    assert len(mail.subject) == 250
    assert mail.subject.endswith("…")
    assert "\n" not in mail.subject


def test_an_address_leaves_out_what_it_does_not_have():
    order = Order(shipping_address=Address(name=None, line2=None, region=None, country=None))

    assert "It goes to:\n  123 Amoebobacterieae St\n  Ottawa K2P 0V6\n\n" in mail_of("order_received", order=order).text


def test_the_mail_of_an_order_is_made_from_the_order_as_it_is_read(order):
    mail = canceled(reversed_=59894, order=order)

    assert "Reversed (never charged): $598.94" in mail.text
    assert "1 × Wool rug 160 x 230" in mail.text
