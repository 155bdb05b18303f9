"""Shopify's customer and addresses as an order document has them. Nothing about items or money."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from babel import Locale

from orderwright.actions.shopify_order.reading import Node

LONGEST_NAME = 120
LONGEST_LINE = 200
LONGEST_EMAIL = 254
LONGEST_PHONE = 40
_EMAIL = re.compile(r"[^@\s,;:<>\"]+@[^@\s,;:<>\"]+")
_COUNTRY = re.compile("[A-Z]{2}", re.ASCII)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*", re.ASCII)
LONGEST_LANGUAGE = 12


def customer_of(order: Node, *, order_name: str) -> dict[str, Any]:
    """Return who bought. The name falls back to the addresses, the email and at last the order's name.

    Shape: what Shopify does not know is absent. E-mail keeps its letter case (W14).
    """
    customer = order.object("customer")
    addresses = [each for key in ("shipping_address", "billing_address") if (each := order.object(key)) is not None]
    people = [each for each in (customer, *addresses) if each is not None]
    names = [_person(each) for each in people]
    emails = [_email(order, "email"), _email(order, "contact_email"), *(_email(each, "email") for each in people)]
    phones = [each.text("phone", longest=LONGEST_PHONE) for each in (order, *people)]
    email, phone = (next((each for each in found if each), None) for found in (emails, phones))
    companies = [each.text("company", longest=LONGEST_NAME, shorten=True) for each in addresses]
    name = next((each for each in (*names, *companies) if each), None) or (email or phone or order_name)[:LONGEST_NAME]
    known = {
        "reference": None if customer is None else customer.id("id"),
        "name": name,
        "email": email,
        "phone": phone,
        "language": _language(order),
    }
    return {key: value for key, value in known.items() if value is not None}


def addresses_of(order: Node) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """Return the shipping and the billing address; billing is None where it is the same as shipping."""
    shipping = _address(order.object("shipping_address"))
    billing = _address(order.object("billing_address"))
    return shipping, None if billing == shipping else billing


def _email(holder: Node, key: str) -> str | None:
    email = holder.text(key, longest=LONGEST_EMAIL)
    if email is not None and not _EMAIL.fullmatch(email):
        holder.at(key).warn("email_unreadable", "This is no e-mail address; it was left out.")
        return None
    return email


def _person(holder: Node) -> str | None:
    whole = holder.text("name", longest=LONGEST_NAME, shorten=True)
    parts = [holder.text(key, longest=LONGEST_NAME, shorten=True) for key in ("first_name", "last_name")]
    return whole or " ".join(part for part in parts if part)[:LONGEST_NAME] or None


def _language(order: Node) -> str | None:
    locale = order.text("customer_locale", longest=40)
    if locale is None:
        return None
    tag = locale.replace("_", "-")
    if _LANGUAGE.fullmatch(tag) and len(tag) <= LONGEST_LANGUAGE:
        return tag
    order.at("customer_locale").warn("language_unreadable", "The customer's language is no language code; left out.")
    return None


def _address(address: Node | None) -> dict[str, Any] | None:
    """Return an address with the lines that Shopify has; one in which nothing is filled in is none."""
    if address is None:
        return None
    fields = {
        "name": _person(address),
        "company": address.text("company", longest=LONGEST_NAME, shorten=True),
        "line1": address.text("address1", longest=LONGEST_LINE),
        "line2": address.text("address2", longest=LONGEST_LINE),
        "city": address.text("city", longest=LONGEST_NAME),
        "region": address.text("province_code", longest=LONGEST_NAME) or address.text("province", longest=LONGEST_NAME),
        "postcode": address.text("zip", longest=40),
        "country": _country(address),
        "phone": address.text("phone", longest=LONGEST_PHONE),
    }
    return fields if any(fields.values()) else None


def _country(address: Node) -> str | None:
    code = address.text("country_code", longest=2)
    name = address.text("country", longest=LONGEST_NAME)
    if code is None and name is None:
        return None
    known = _country_codes().get((name or "").casefold()) if code is None else code.upper()
    if known is None or not _COUNTRY.fullmatch(known):
        place = address.at("country" if code is None else "country_code")
        place.fault("country_unknown", "The country is no two-letter code, and its name is not known.")
        return None
    return known


@cache
def _country_codes() -> dict[str, str]:
    """Return the two-letter code of every country by its English name, which is what Shopify writes."""
    territories = Locale("en").territories
    return {name.casefold(): code for code, name in territories.items() if _COUNTRY.fullmatch(code)}
