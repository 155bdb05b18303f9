"""What a mail says: subject, text and HTML from plain facts. Pure; rows, recipients and sending do not belong here."""

# ruff: noqa: D102 - what a fact is, its name says

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from babel.dates import format_date
from django.utils import translation
from django.utils.translation import gettext, ngettext
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from orderwright.core.money import Money, format_money
from orderwright.outbox.addresses import named
from orderwright.payments.brands import brand_name

# Mails are written in one language until sites have templates of their own.
_LANGUAGE = "en"


class SiteFacts(Protocol):
    """The store in whose name a mail goes out."""

    @property
    def name(self) -> str: ...
    @property
    def sender(self) -> str: ...
    @property
    def locale(self) -> str: ...
    @property
    def time_zone(self) -> str: ...


class LineFacts(Protocol):
    """One line of the order."""

    @property
    def name(self) -> str: ...
    @property
    def quantity(self) -> int: ...


class PaymentFacts(Protocol):
    """One means of payment. Unit: `captured_minor` counts all that was ever captured."""

    @property
    def brand(self) -> str: ...
    @property
    def last4(self) -> str: ...
    @property
    def captured_minor(self) -> int: ...


class OrderFacts(Protocol):
    """What a mail may tell of an order: what the customer knows already, never notes, tags or staff's reasons."""

    @property
    def number(self) -> str: ...
    @property
    def placed_at(self) -> datetime: ...
    @property
    def customer_name(self) -> str: ...
    @property
    def site(self) -> SiteFacts: ...
    @property
    def lines(self) -> Sequence[LineFacts]: ...
    @property
    def payments(self) -> Sequence[PaymentFacts]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """One mail as it will be read. `sender` carries the site's name; answers go to the same address."""

    sender: str
    subject: str
    text: str
    html: str


def order_canceled(*, order: OrderFacts, refunded: Money, reversed: Money) -> Composed:  # noqa: A002 - the trade's word
    """Return the mail that tells a customer of a cancellation and of both amounts, where they are not zero.

    Unit: `refunded` was captured and goes back; `reversed` was only held and is never charged. Source: G27, G28.
    """
    site = order.site
    with translation.override(_LANGUAGE):
        facts = {
            "site": site.name,
            "number": f"#{order.number}",
            "name": order.customer_name,
            "placed_on": format_date(
                order.placed_at.astimezone(ZoneInfo(site.time_zone)), format="long", locale=f"{_LANGUAGE}_GB"
            ),
            "refunded": _amount(refunded, site.locale),
            "reversed": _amount(reversed, site.locale),
            "means": _means(order.payments),
            "lines": order.lines,
        }
        return Composed(
            sender=named(name=site.name, address=site.sender),
            subject=_shortened(gettext("Your order %(number)s from %(site)s is canceled") % facts),
            text=_environment().get_template("order_canceled.txt").render(facts).strip() + "\n",
            html=_environment().get_template("order_canceled.html").render(facts),
        )


class HoldFacts(Protocol):
    """One hold that ends soon. Unit: `held_minor` in minor units of `currency`."""

    @property
    def order_number(self) -> str: ...
    @property
    def customer_name(self) -> str: ...
    @property
    def expires_at(self) -> datetime: ...
    @property
    def held_minor(self) -> int: ...
    @property
    def currency(self) -> str: ...
    @property
    def site_name(self) -> str: ...
    @property
    def site_locale(self) -> str: ...
    @property
    def site_time_zone(self) -> str: ...


def hold_digest(*, holds: Sequence[HoldFacts], address: str, is_more: bool) -> Composed:
    """Return the mail that tells staff which holds end soon, the first to end first. `address` is the sender's."""
    rows = [
        {
            "number": f"#{hold.order_number}",
            "customer": hold.customer_name,
            "site": hold.site_name,
            "held": format_money(Money(hold.held_minor, hold.currency), locale=hold.site_locale),
            "ends": f"{hold.expires_at.astimezone(ZoneInfo(hold.site_time_zone)):%Y-%m-%d %H:%M %Z}",
        }
        for hold in holds
    ]
    with translation.override(_LANGUAGE):
        subject = ngettext("%(n)s hold ends soon", "%(n)s holds end soon", len(rows)) % {"n": len(rows)}
        facts = {"subject": subject, "holds": rows, "is_more": is_more}
        return Composed(
            sender=named(name="Orderwright", address=address),
            subject=subject,
            text=_environment().get_template("hold_digest.txt").render(facts).strip() + "\n",
            html="",
        )


def sign_in_changed(*, words: str, name: str, at: datetime, address: str) -> Composed:
    """Return the mail that tells a member of staff what was changed about signing in. `address` is the sender's."""
    with translation.override(_LANGUAGE):
        facts = {"words": words, "name": name, "at": f"{at:%Y-%m-%d %H:%M} UTC"}
        return Composed(
            sender=named(name="Orderwright", address=address),
            subject=gettext("How you sign in to Orderwright was changed"),
            text=_environment().get_template("sign_in_changed.txt").render(facts).strip() + "\n",
            html="",
        )


def _amount(money: Money, locale: str) -> str:
    return format_money(money, locale=locale) if money.amount_minor else ""


def _means(payments: Sequence[PaymentFacts]) -> str:
    charged = [payment for payment in payments if payment.captured_minor]
    if len(charged) != 1 or not charged[0].last4:
        return ""
    return gettext("%(brand)s ending in %(last4)s") % {
        "brand": brand_name(charged[0].brand) or gettext("card"),
        "last4": charged[0].last4,
    }


def _shortened(subject: str) -> str:
    # The column's length; only a site with an endless name comes near it.
    return subject if len(subject) <= 250 else f"{subject[:249]}…"  # noqa: PLR2004


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates" / "mail"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    return environment
