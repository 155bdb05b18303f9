"""Which mails there are and what a template may name in each: the fixed list of placeholders. Pure data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True, kw_only=True)
class Placeholder:
    """A word that a template may use. A list is gone through with `for`; its rows have `fields`, or are plain text."""

    name: str
    meaning: str | Promise
    is_list: bool = False
    fields: tuple[Placeholder, ...] = ()

    def field(self, name: str) -> Placeholder | None:
        """Return what a row of this list calls by that name, or None."""
        return next((field for field in self.fields if field.name == name), None)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)  # there is one of each
class MailKind:
    """One occasion on which a customer is written to. `placeholders` by name, those of every mail first."""

    slug: str
    title: str | Promise
    about: str | Promise
    placeholders: Mapping[str, Placeholder]


def _text(name: str, meaning: str | Promise) -> Placeholder:
    return Placeholder(name=name, meaning=meaning)


_QUANTITY: Final = _text("quantity", _("how many pieces"))
_NAME: Final = _text("name", _("the item’s name"))
_SKU: Final = _text("sku", _("its SKU, perhaps empty"))

# What every mail may tell of an order: what the customer knows already, never notes, tags or staff's reasons.
_OF_EVERY_ORDER: Final = (
    _text("site_name", _("the site’s name")),
    _text("site_email", _("the address that the mail comes from, and that answers go to")),
    _text("number", _("the order’s number, such as #1042")),
    _text("customer_name", _("the customer’s name")),
    _text("placed_on", _("the day on which the order was placed, in the site’s time zone")),
    Placeholder(
        name="items",
        meaning=_("what was ordered, at most 200 rows"),
        is_list=True,
        fields=(_QUANTITY, _NAME, _SKU, _text("price", _("for all pieces of the row, before discount and tax"))),
    ),
    _text("more_items", _("how many rows of a very long order are not in items; else empty")),
    _text("items_total", _("the sum of the items")),
    _text("discount", _("all discounts together, or empty")),
    _text("shipping", _("the price of shipping, or empty")),
    _text("tax", _("all taxes together, or empty")),
    _text("total", _("what the order comes to")),
    _text("payment_method", _("such as Visa ending in 4242; empty where several payments or none were made")),
    Placeholder(name="address", meaning=_("the lines of the address that it is sent to"), is_list=True),
)


def _kind(
    slug: str, title: str | Promise, about: str | Promise, placeholders: tuple[Placeholder, ...] = ()
) -> MailKind:
    words = {placeholder.name: placeholder for placeholder in (*_OF_EVERY_ORDER, *placeholders)}
    return MailKind(slug=slug, title=title, about=about, placeholders=MappingProxyType(words))


RECEIVED: Final = "order_received"
SHIPPED: Final = "order_shipped"
CANCELED: Final = "order_canceled"
REFUNDED: Final = "order_refunded"
DELAYED: Final = "order_delayed"
STATE_ENTERED: Final = "order_state"
CANCELLATION_DECLINED: Final = "cancellation_declined"

MAIL_KINDS: Final[Mapping[str, MailKind]] = MappingProxyType(
    {
        kind.slug: kind
        for kind in (
            _kind(RECEIVED, _("Order received"), _("The order has come in.")),
            _kind(
                SHIPPED,
                _("Order shipped"),
                _("A shipment has left."),
                (
                    Placeholder(
                        name="shipped_items",
                        meaning=_("what is in this shipment"),
                        is_list=True,
                        fields=(_QUANTITY, _NAME, _SKU),
                    ),
                    Placeholder(
                        name="parcels",
                        meaning=_("the shipment’s parcels that have a tracking number"),
                        is_list=True,
                        fields=(
                            _text("number", _("the tracking number")),
                            _text("link", _("the carrier’s page for it, or empty")),
                        ),
                    ),
                    _text("carrier", _("who carries it, or empty")),
                    _text("method", _("the shipping method")),
                    _text("is_complete", _("“yes” when nothing is left to be sent, else empty")),
                ),
            ),
            _kind(
                CANCELED,
                _("Order canceled"),
                _("The order is canceled; what was captured goes back, what was held is let go."),
                (
                    _text("refunded", _("what goes back, or empty")),
                    _text("reversed", _("what was held and is never charged, or empty")),
                    _text("refund_method", _("what it goes back to; empty where it is not exactly one card")),
                ),
            ),
            _kind(
                REFUNDED,
                _("Refund made"),
                _("A refund has gone through, for all or part of the order."),
                (
                    _text("refunded", _("what goes back")),
                    _text("refund_method", _("what it goes back to; empty where it is not exactly one card")),
                    Placeholder(
                        name="refunded_items",
                        meaning=_("the items that are refunded; empty for shipping or an amount alone"),
                        is_list=True,
                        fields=(_QUANTITY, _NAME),
                    ),
                ),
            ),
            _kind(
                DELAYED,
                _("Order delayed"),
                _("Staff tell the customer that it takes longer."),
                (
                    _text("message", _("what staff wrote")),
                    _text("expected_on", _("the day by which it is expected to leave, or empty")),
                ),
            ),
            _kind(
                STATE_ENTERED,
                _("Order State changed"),
                _("The order has come into a state of which Order Configurations says that the customer is emailed."),
                (_text("message", _("what Order Configurations says for that state")),),
            ),
            _kind(
                CANCELLATION_DECLINED,
                _("Cancellation declined"),
                _("The customer asked for a cancellation, and the order goes on."),
                (_text("message", _("what staff wrote, or empty")),),
            ),
        )
    }
)
