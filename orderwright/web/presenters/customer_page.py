"""The shape of the customer's dialogs: plain strings only. How they come about does not belong here."""

from __future__ import annotations

from dataclasses import dataclass

from orderwright.web.presenters.parts import Choice, Field, Press


@dataclass(frozen=True, slots=True)
class TextField:
    """A field of one line. `width` is whole, half or third."""

    name: str
    label: str
    value: str
    error: str = ""
    kind: str = "text"
    longest: int = 200
    is_required: bool = False
    width: str = "whole"


@dataclass(frozen=True, slots=True)
class AddressFields:
    """An address. `is_same`: whether billing is as shipping; None where that cannot be said of it."""

    name: str
    title: str
    fields: tuple[TextField, ...]
    countries: tuple[Choice, ...]
    country_error: str = ""
    same_text: str = ""
    is_same: bool | None = None


@dataclass(frozen=True, slots=True)
class Clash:
    """A field that somebody else changed meanwhile: who, to what, and what was typed here."""

    name: str
    told: str
    mine: str
    theirs: str


@dataclass(frozen=True, slots=True)
class CustomerDialog:
    """Edit the customer. `seen` is how everything stood when the dialog was opened, as the form sends it back."""

    title: str
    action: str
    back_href: str
    version: str
    seen: str
    consequences: tuple[str, ...]
    fields: tuple[TextField, ...]
    addresses: tuple[AddressFields, ...]
    clashes: tuple[Clash, ...] = ()
    error: str = ""


@dataclass(frozen=True, slots=True)
class PrivacyDialog:
    """What is kept about a customer: exporting it, and erasing it once the order's number was typed."""

    title: str
    who: str
    orders: str
    export_action: str
    erase_action: str
    back_href: str
    goes: tuple[str, ...]
    stays: str
    number: str
    confirmation: Field
    press: Press
