"""What the placeholders of a mail stand for: plain text made of an order's facts. Pure; rows do not belong here."""

# ruff: noqa: D102 - what a fact is, its name says

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, Protocol

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from django.utils import translation
from django.utils.translation import gettext as _

from orderwright.core.days import zone
from orderwright.core.money import Money, format_money
from orderwright.outbox.addresses import address_in
from orderwright.payments.brands import brand_name

# A mail is to be read; what an order of thousands of lines leaves out, `more_items` counts.
MOST_ITEMS: Final = 200
# In English a day is written as most of the world writes it.
_DATE_LOCALES: Final = {"en": "en_GB"}


class SiteFacts(Protocol):
    """The site in whose name a mail goes out."""

    @property
    def name(self) -> str: ...
    @property
    def sender(self) -> str: ...
    @property
    def sender_name(self) -> str: ...
    @property
    def logo_id(self) -> int | None: ...
    @property
    def locale(self) -> str: ...
    @property
    def time_zone(self) -> str: ...


class LineFacts(Protocol):
    """One line of the order. Unit: `total_minor` before discount and tax."""

    @property
    def name(self) -> str: ...
    @property
    def sku(self) -> str: ...
    @property
    def quantity(self) -> int: ...
    @property
    def total_minor(self) -> int: ...


class PaymentFacts(Protocol):
    """One means of payment. Unit: `captured_minor` counts all that was ever captured."""

    @property
    def brand(self) -> str: ...
    @property
    def last4(self) -> str: ...
    @property
    def captured_minor(self) -> int: ...


class AddressFacts(Protocol):
    """A postal address; every part may be missing."""

    @property
    def name(self) -> str | None: ...
    @property
    def company(self) -> str | None: ...
    @property
    def line1(self) -> str | None: ...
    @property
    def line2(self) -> str | None: ...
    @property
    def city(self) -> str | None: ...
    @property
    def region(self) -> str | None: ...
    @property
    def postcode(self) -> str | None: ...
    @property
    def country(self) -> str | None: ...


class OrderFacts(Protocol):
    """What a mail may tell of an order: what the customer knows already, never notes, tags or staff's reasons."""

    @property
    def number(self) -> str: ...
    @property
    def placed_at(self) -> datetime: ...
    @property
    def currency(self) -> str: ...
    @property
    def customer_name(self) -> str: ...
    @property
    def items_minor(self) -> int: ...
    @property
    def discount_minor(self) -> int: ...
    @property
    def shipping_minor(self) -> int: ...
    @property
    def tax_minor(self) -> int: ...
    @property
    def total_minor(self) -> int: ...
    @property
    def site(self) -> SiteFacts: ...
    @property
    def lines(self) -> Sequence[LineFacts]: ...
    @property
    def payments(self) -> Sequence[PaymentFacts]: ...
    @property
    def shipping_address(self) -> AddressFacts | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """What is told beside the order itself: the facts of one kind of mail."""

    def values(self, order: OrderFacts, *, language: str) -> dict[str, Any]:
        """Return this occasion's own placeholders with what they stand for."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True, kw_only=True)
class Received(Occasion):
    """The order has come in; there is nothing to add."""

    def values(self, order: OrderFacts, *, language: str) -> dict[str, Any]:  # noqa: ARG002 - as the others
        return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pieces:
    """So many pieces of something."""

    quantity: int
    name: str
    sku: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelFacts:
    """A parcel with its tracking number and the carrier's page for it, empty where there is none."""

    number: str
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipped(Occasion):
    """A shipment has left. `is_complete` says that nothing is left to be sent."""

    items: Sequence[Pieces]
    parcels: Sequence[ParcelFacts] = ()
    carrier: str = ""
    method: str = ""
    is_complete: bool = True

    def values(self, order: OrderFacts, *, language: str) -> dict[str, Any]:  # noqa: ARG002 - as the others
        return {
            "shipped_items": [
                {"quantity": str(each.quantity), "name": each.name, "sku": each.sku} for each in self.items[:MOST_ITEMS]
            ],
            "parcels": [{"number": each.number, "link": each.link} for each in self.parcels[:MOST_ITEMS]],
            "carrier": self.carrier,
            "method": self.method,
            "is_complete": "yes" if self.is_complete else "",
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Canceled(Occasion):
    """The order is canceled. Unit: `refunded` was captured and goes back; `reversed` was only held (G27, G28)."""

    refunded: Money
    reversed: Money

    def values(self, order: OrderFacts, *, language: str) -> dict[str, Any]:  # noqa: ARG002 - as the others
        return {
            "refunded": _amount(self.refunded, order.site.locale),
            "reversed": _amount(self.reversed, order.site.locale),
            "refund_method": _card([payment for payment in order.payments if payment.captured_minor]),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Refunded(Occasion):
    """A refund has gone through; `refunded` is what really went back."""

    refunded: Money
    items: Sequence[Pieces] = ()

    def values(self, order: OrderFacts, *, language: str) -> dict[str, Any]:  # noqa: ARG002 - as the others
        return {
            "refunded": format_money(self.refunded, locale=order.site.locale),
            "refund_method": _card([payment for payment in order.payments if payment.captured_minor]),
            "refunded_items": [{"quantity": str(each.quantity), "name": each.name} for each in self.items[:MOST_ITEMS]],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Delayed(Occasion):
    """Staff tell the customer that it takes longer."""

    message: str
    expected_on: date | None = field(default=None)

    def values(self, order: OrderFacts, *, language: str) -> dict[str, Any]:  # noqa: ARG002 - as the others
        expected = _day(self.expected_on, language) if self.expected_on else ""
        return {"message": self.message, "expected_on": expected}


@dataclass(frozen=True, slots=True, kw_only=True)
class StateEntered(Occasion):
    """The order has come into a state; `message` is what the shop says of it, never the state's own name."""

    message: str

    def values(self, order: OrderFacts, *, language: str) -> dict[str, Any]:  # noqa: ARG002 - as the others
        return {"message": self.message}


@dataclass(frozen=True, slots=True, kw_only=True)
class CancellationDeclined(Occasion):
    """A cancellation was asked for and declined; `message` is what staff wrote, perhaps nothing."""

    message: str = ""

    def values(self, order: OrderFacts, *, language: str) -> dict[str, Any]:  # noqa: ARG002 - as the others
        return {"message": self.message}


def mail_values(order: OrderFacts, occasion: Occasion, *, language: str) -> dict[str, Any]:
    """Return what every placeholder of the mail stands for, as text; dates are written in the language of the mail."""
    site = order.site

    def money(minor: int) -> str:
        return format_money(Money(minor, order.currency), locale=site.locale)

    with translation.override(language):
        return {
            "site_name": site.name,
            "site_email": address_in(site.sender),
            "number": f"#{order.number}",
            "customer_name": order.customer_name,
            "placed_on": _day(order.placed_at.astimezone(zone(site.time_zone)).date(), language),
            "items": [
                {"quantity": str(line.quantity), "name": line.name, "sku": line.sku, "price": money(line.total_minor)}
                for line in order.lines[:MOST_ITEMS]
            ],
            "more_items": str(len(order.lines) - MOST_ITEMS) if len(order.lines) > MOST_ITEMS else "",
            "items_total": money(order.items_minor),
            "discount": money(order.discount_minor) if order.discount_minor else "",
            "shipping": money(order.shipping_minor) if order.shipping_minor else "",
            "tax": money(order.tax_minor) if order.tax_minor else "",
            "total": money(order.total_minor),
            "payment_method": _card(order.payments),
            "address": _lines_of(order.shipping_address, language),
            **occasion.values(order, language=language),
        }


def _amount(money: Money, locale: str) -> str:
    return format_money(money, locale=locale) if money.amount_minor else ""


def _card(payments: Sequence[PaymentFacts]) -> str:
    if len(payments) != 1 or not payments[0].last4:
        return ""
    brand = brand_name(payments[0].brand) or _("card")
    return _("%(brand)s ending in %(last4)s") % {"brand": brand, "last4": payments[0].last4}


def _day(day: date, language: str) -> str:
    return format_date(day, format="long", locale=_locale(_DATE_LOCALES.get(language, language)))


def _lines_of(address: AddressFacts | None, language: str) -> list[str]:
    if address is None:
        return []
    country = _locale(language).territories.get(address.country or "", address.country)
    place = " ".join(filter(None, (address.city, address.region, address.postcode)))
    return [line for line in (address.name, address.company, address.line1, address.line2, place, country) if line]


def _locale(name: str) -> Locale:
    try:
        return Locale.parse(name.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en_GB")
