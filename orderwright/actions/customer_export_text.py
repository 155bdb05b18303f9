"""An export of a customer as text for that person: each section names its own fields, so that no word means two."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from orderwright.core.money import Money, format_money
from orderwright.orders.customer_keys import ERASED

# By name; None is not told, for it says nothing to a person.
Fields: TypeAlias = "Mapping[str, str | Section | None]"


class Amount(str):
    """The label of an amount of money, which is kept in minor units."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Section:
    """What a section is called, and its fields. One that is not named here stands as whoever wrote it named it."""

    label: str
    fields: Fields


def readable(exported: dict[str, Any]) -> str:
    """Return an export as text that a person reads: names and values, indented as they belong together."""
    fields = {"format": None, "site": None, "exported_at": _("Exported at"), "orders": Section(_("Order"), _order())}
    lines = [_("What %(site)s keeps about you") % {"site": exported["site"]}, ""]
    return "\n".join([*lines, *_told(exported, fields, currency="", depth=0)]) + "\n"


def _told(values: Mapping[str, Any], fields: Fields, *, currency: str, depth: int) -> list[str]:
    currency = values.get("currency") or currency
    found: list[str] = []
    for name, value in values.items():
        label, inner = _named(name, fields)
        if label is None:
            continue
        if isinstance(value, dict) and value != ERASED:
            found += _headed(label, value, inner, currency=currency, depth=depth)
        elif isinstance(value, list) and any(isinstance(each, dict) for each in value):
            for place, each in enumerate(value, start=1):
                found += _headed(f"{label} {place}", each, inner, currency=currency, depth=depth)
        elif text := _text(value, currency=currency if isinstance(label, Amount) else ""):
            space = "  " * depth
            found.append(f"{space}{label}: {text}".replace("\n", f"\n{space}  "))
    return found


def _headed(label: str, values: Mapping[str, Any], fields: Fields, *, currency: str, depth: int) -> list[str]:
    told = _told(values, fields, currency=currency, depth=depth + 1)
    return [f"{'  ' * depth}{label}:", *told] if told else []


def _named(name: str, fields: Fields) -> tuple[str | None, Fields]:
    """Return the label of a field and the fields in it. `payment:3` is the third of what `payment:` names."""
    kind, colon, number = name.partition(":")
    is_numbered = bool(colon) and f"{kind}:" in fields
    declared = fields.get(f"{kind}:" if is_numbered else name, name)
    inner: Fields = declared.fields if isinstance(declared, Section) else {}
    label = declared.label if isinstance(declared, Section) else declared
    return label % {"number": number} if label and is_numbered else label, inner


def _text(value: Any, *, currency: str) -> str:
    if currency and type(value) is int:
        return format_money(Money(value, currency), locale=get_language() or "en")
    if value == ERASED:
        return _("erased")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    return "" if value is None else str(value)


def _order() -> Fields:
    return {
        "number": _("Order number"),
        "external_id": _("The shop’s number"),
        "placed_at": _("Placed at"),
        "state": _("State"),
        "currency": _("Currency"),
        "total": Amount(_("Total")),
        "invoice_number": _("Invoice number"),
        "customer": Section(
            _("Customer"),
            {
                "reference": _("Customer number"),
                "name": _("Name"),
                "email": _("Email address"),
                "phone": _("Phone"),
                "language": _("Language"),
            },
        ),
        "shipping_address": Section(_("Shipping address"), _address()),
        "billing_address": Section(_("Billing address"), _address()),
        "items": Section(
            _("Item"),
            {
                "sku": _("SKU"),
                "name": _("Name"),
                "quantity": _("Quantity"),
                "unit_price": Amount(_("Price of one")),
                "attributes": Section(_("Attributes"), {}),  # named by the shop
            },
        ),
        "shipments": Section(
            _("Shipment"),
            {"method": _("Method"), "sent_at": _("Sent at"), "tracking_numbers": _("Tracking numbers")},
        ),
        "payments": Section(
            _("Payment"),
            {
                "method": _("Method"),
                "provider": _("Provider"),
                "authorised": Amount(_("Authorised")),
                "captured": Amount(_("Captured")),
                "refunded": Amount(_("Refunded")),
            },
        ),
        "tags": _("Tags"),
        "notes": Section(_("Note"), {"written_at": _("Written at"), "text": _("Text")}),
        "emails": Section(
            _("Email"),
            {
                "written_at": _("Written at"),
                "sent_at": _("Sent at"),
                "to": _("To"),
                "subject": _("Subject"),
                "text": _("Text"),
            },
        ),
        "changes": Section(
            _("Change"),
            {
                "at": _("At"),
                "what": _("What"),
                "before": Section(_("Before"), _changed()),
                "after": Section(_("After"), _changed()),
                "why": _("Why"),
            },
        ),
    }


def _address() -> Fields:
    return {
        "name": _("Name"),
        "company": _("Company"),
        "line1": _("Street"),
        "line2": _("Address, second line"),
        "city": _("City"),
        "region": _("Region"),
        "postcode": _("Postcode"),
        "country": _("Country"),
        "phone": _("Phone"),
    }


def _changed() -> Fields:
    """Return what the journal's fields are called: those that entries of an order may have."""
    return {
        **_money(),
        "state_name": _("Name of the state"),
        "system_state": _("System state"),
        "_made": None,
        "currency": _("Currency"),
        "total_minor": Amount(_("Total")),
        "source": _("Came from"),
        "external_id": _("The shop’s number"),
        "invoice_number": _("Invoice number"),
        "items": _("Items"),
        "note": _("Note"),
        "tags": _("Tags"),
        "customer": _("Customer"),
        "customer_name": _("Name"),
        "customer_email": _("Email address"),
        "customer_phone": _("Phone"),
        "customer_language": _("Language"),
        "customer_reference": _("Customer number"),
        "shipping_address": Section(_("Shipping address"), _address()),
        "billing_address": Section(_("Billing address"), _address()),
        "cancellation": _("Cancellation"),
        "cancellation_request": _("Request for a cancellation"),
        "orders": _("Orders"),
        "synced": Section(_("Asked the provider"), {"payment": _("Payment"), "provider": _("Provider")}),
        "mail": Section(_("Email"), {"id": _("Number"), "kind": _("What"), "state": _("State")}),
        "shipments": _("Shipments"),
        "tracking_number:": _("Tracking numbers of shipment %(number)s"),
        "emails_customer:": _("Email when shipment %(number)s leaves"),
        "delivery_state:": Section(
            _("Delivery state of item %(number)s"),
            {
                "item": _("Item"),
                "name": _("Delivery state"),
                "quantity": _("Quantity"),
                "sent_at": _("Sent at"),
                "shipment": _("Shipment"),
                "state": None,
            },
        ),
        "refund:": Section(_("Refund %(number)s"), _money()),
        "payment:": Section(_("Payment %(number)s"), _money()),
    }


def _money() -> Fields:
    return {
        "state": _("State"),
        "operation": _("What"),
        "amount_minor": Amount(_("Amount")),
        "authorised_minor": Amount(_("Authorised")),
        "captured_minor": Amount(_("Captured")),
        "released_minor": Amount(_("Released")),
        "reversed_minor": Amount(_("Reversed")),
        "refunded_minor": Amount(_("Refunded")),
        "refund_minor": Amount(_("To refund")),
        "here_minor": Amount(_("In the books")),
        "there_minor": Amount(_("At the provider")),
        "shipping_minor": Amount(_("Shipping")),
        "currency": _("Currency"),
        "payment": _("Payment"),
        "method": _("Method"),
        "provider": _("Provider"),
        "reference": _("The provider’s number"),
        "provider_ref": _("The provider’s number"),
        "key": _("Key of the request"),
        "failure_code": _("Refused with"),
        "failure_message": _("Why it was refused"),
        "applied": _("Booked"),
    }
