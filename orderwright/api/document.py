"""The order document as the OpenAPI file describes it. `actions.order_document` reads and checks it, not this."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from orderwright.actions.order_document.reader import (
    LONGEST_ATTRIBUTE,
    LONGEST_ATTRIBUTE_NAME,
    MAX_PIECES,
    MOST_ATTRIBUTES,
)
from orderwright.actions.order_document.schema import MOST_ITEMS, MOST_PAYMENTS, MOST_SHIPMENTS
from orderwright.core.money import MAX_MINOR

EXAMPLE: JsonDict = {
    "site": "cozy-home-us",
    "external_id": "5532",
    "placed_at": "2026-11-20T21:42:11Z",
    "currency": "USD",
    "customer": {"name": "Bob Norman", "email": "bob.norman@mail.example.com", "language": "en"},
    "shipping_address": {
        "name": "Bob Norman",
        "line1": "123 Amoebobacterieae St",
        "line2": "Unit 806",
        "city": "Ottawa",
        "region": "ON",
        "postcode": "K2P 0V6",
        "country": "CA",
    },
    "items": [
        {
            "sku": "LMP-LIN-SND",
            "name": "Linen lamp shade, sand",
            "quantity": 2,
            "unit_price": 4900,
            "discount": 166,
            "tax": 192,
        }
    ],
    "shipping": {"method": "ups-ground", "price": 1006, "discount": 0, "tax": 0},
    "discounts": [{"code": "TENOFF", "amount": 166}],
    "totals": {"items": 9800, "discount": 166, "shipping": 1006, "tax": 192, "total": 10832},
    "payments": [
        {
            "provider": "practice",
            "reference": "auth_9f2c",
            "method": {"type": "card", "brand": "visa", "last4": "4242"},
            "authorised": 10832,
            "authorised_at": "2026-11-20T21:42:12Z",
            "expires_at": "2026-11-27T21:42:12Z",
        }
    ],
}

Minor = Annotated[int, Field(ge=0, le=MAX_MINOR, description="Minor units of the order's currency.")]
MinorAboveZero = Annotated[int, Field(ge=1, le=MAX_MINOR, description="Minor units of the order's currency.")]
Pieces = Annotated[int, Field(ge=1, le=MAX_PIECES)]
Place = Annotated[int, Field(ge=0, le=MAX_PIECES, description="Index into `items`, from 0.")]


Text20 = Annotated[str, Field(max_length=20)]
Text40 = Annotated[str, Field(max_length=40)]
Text60 = Annotated[str, Field(max_length=60)]
Text80 = Annotated[str, Field(max_length=80)]
Text120 = Annotated[str, Field(max_length=120)]
Text200 = Annotated[str, Field(max_length=200)]
AttributeName = Annotated[str, Field(max_length=LONGEST_ATTRIBUTE_NAME)]
Attribute = (
    Annotated[str, Field(max_length=LONGEST_ATTRIBUTE)]
    | Annotated[int, Field(ge=-MAX_MINOR, le=MAX_MINOR)]
    | bool
    | None
)
# What has to be there has to say something, too.
Needed = Field(min_length=1)


class Given(BaseModel):
    """A part of the document. Unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class CustomerGiven(Given):
    """Who ordered."""

    reference: Text80 | None = None
    name: Annotated[Text120, Needed]
    email: Annotated[str, Field(max_length=254)] | None = None
    phone: Text40 | None = None
    language: Annotated[str, Field(max_length=12)] | None = None


class AddressGiven(Given):
    """A postal address; every part may be missing."""

    name: Text200 | None = None
    company: Text200 | None = None
    line1: Text200 | None = None
    line2: Text200 | None = None
    city: Text200 | None = None
    region: Text200 | None = None
    postcode: Text200 | None = None
    country: Annotated[str, Field(pattern="^[A-Z]{2}$")] | None = None
    phone: Text200 | None = None


class TaxLineGiven(Given):
    """One tax on a line or on shipping."""

    title: Annotated[Text80, Needed]
    rate: Annotated[Text20 | None, Field(description="Kept as written, such as 19%.")] = None
    amount: Minor


class ItemGiven(Given):
    """One line. Discount and tax are of the whole line; tax lines, where given, add up to the tax."""

    sku: Text80 | None = None
    name: Annotated[Text200, Needed]
    reference: Annotated[Text80 | None, Field(description="Your own id of the line.")] = None
    quantity: Pieces
    unit_price: Minor
    discount: Minor | None = None
    tax: Minor | None = None
    tax_lines: Annotated[list[TaxLineGiven], Field(max_length=50)] | None = None
    attributes: Annotated[dict[AttributeName, Attribute], Field(max_length=MOST_ATTRIBUTES)] | None = None
    requires_shipping: bool | None = None


class ShippingGiven(Given):
    """How it shall be sent, and what that costs before its discount."""

    method: Annotated[Text120 | None, Field(description="Slug of a shipping method, or a title of your own.")] = None
    price: Minor | None = None
    discount: Minor | None = None
    tax: Minor | None = None
    tax_lines: Annotated[list[TaxLineGiven], Field(max_length=50)] | None = None


class DiscountGiven(Given):
    """A discount code and what it took off. Where there are any, they add up to the total discount."""

    code: Annotated[Text80, Needed]
    amount: Minor


class TotalsGiven(Given):
    """items = Σ quantity × unit_price; total = items − discount + shipping + tax (tax not where prices include it)."""

    items: Minor
    discount: Minor
    shipping: Minor
    tax: Minor
    total: Minor


class PaymentMethodGiven(Given):
    """How the customer pays. Card numbers are never accepted."""

    type: Text20 | None = None
    brand: Text40 | None = None
    last4: Annotated[str, Field(pattern=r"^\d{4}$")] | None = None


class TransactionGiven(Given):
    """What already happened to the payment at its provider. A refund names its capture as `parent`."""

    kind: Literal["capture", "refund", "reversal"]
    amount: MinorAboveZero
    reference: Annotated[Text120, Needed]
    parent: Text120 | None = None
    at: datetime


class PaymentGiven(Given):
    """A hold that you obtained from the provider; `authorised` is the whole of it."""

    provider: Annotated[Text40, Needed, Field(description="Slug of a provider account.")]
    reference: Annotated[Text120, Needed, Field(description="The authorisation's id at the provider.")]
    method: PaymentMethodGiven | None = None
    authorised: MinorAboveZero
    authorised_at: datetime
    expires_at: Annotated[
        datetime | None,
        Field(description="When the bank lets go. Missing: after as long as the provider's manual says."),
    ] = None
    transactions: Annotated[list[TransactionGiven], Field(max_length=200)] | None = None


class ShipmentItemGiven(Given):
    """So many pieces of an item."""

    item: Place
    quantity: Pieces


class ShipmentGiven(Given):
    """A shipment that is made up already. Pieces in none of them go in one more, by the order's method."""

    method: Text120 | None = None
    tracking_numbers: Annotated[list[Text60], Field(max_length=50)] | None = None
    delivery_state: Annotated[Text60 | None, Field(description="Slug of a delivery state; pending when missing.")] = (
        None
    )
    sent_at: datetime | None = None
    items: Annotated[list[ShipmentItemGiven], Field(min_length=1, max_length=MOST_ITEMS)]


class OrderDocument(Given):
    """A placed order as a storefront hands it in. Everything must add up to the minor unit."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [EXAMPLE]})

    site: Annotated[Text60, Needed, Field(description="Slug of a site.")]
    external_id: Annotated[Text80, Needed, Field(description="Your own number of the order, unique within the site.")]
    source: Text20 | None = None
    placed_at: datetime
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$", description="ISO 4217.")]
    prices_include_tax: bool | None = None
    customer: CustomerGiven
    shipping_address: AddressGiven | None = None
    billing_address: Annotated[AddressGiven | None, Field(description="null: as shipping")] = None
    items: Annotated[list[ItemGiven], Field(min_length=1, max_length=MOST_ITEMS)]
    shipping: ShippingGiven | None = None
    discounts: Annotated[list[DiscountGiven], Field(max_length=100)] | None = None
    totals: TotalsGiven
    payments: Annotated[list[PaymentGiven], Field(max_length=MOST_PAYMENTS)] | None = None
    shipments: Annotated[list[ShipmentGiven], Field(max_length=MOST_SHIPMENTS)] | None = None
    state: Annotated[Text60 | None, Field(description="Slug of an order state; new when missing.")] = None
    invoice_number: Text60 | None = None
    note: Annotated[str, Field(max_length=5000)] | None = None
    tags: Annotated[list[Text60], Field(max_length=50)] | None = None
