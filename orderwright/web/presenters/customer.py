"""The customer's card on the order page, and the dialog that edits it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

import msgspec
from babel import Locale
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from orderwright.actions import edit_customer, export_customer
from orderwright.actions.contact_remarks import address_remarks, phone_digits, phone_text
from orderwright.actions.edit_customer import ADDRESSES
from orderwright.core.actor import Actor
from orderwright.core.dates import full_day
from orderwright.core.days import zone
from orderwright.reads.rows import Address, OrderDetail
from orderwright.reads.written_to import WrittenTo
from orderwright.web.presenters.customer_page import AddressFields, Clash, CustomerDialog, TextField
from orderwright.web.presenters.order_page import Customer
from orderwright.web.presenters.parts import Choice
from orderwright.web.presenters.press import press
from orderwright.web.presenters.words import country_text, when

_COUNTRY_CODE: Final = 2
_WIDTHS: Final = {
    **dict.fromkeys(("name", "company", "phone"), "half"),
    **dict.fromkeys(("city", "region", "postcode"), "third"),
}


def customer_card(order: OrderDetail, actor: Actor, *, base: str) -> Customer:
    """Return the card: who bought, where it goes, and what looks wrong about that."""
    seen, country = order.customer_orders, _country(order)
    if order.is_masked:
        return Customer(
            name=order.customer_name,
            email="",
            phone="",
            phone_href="",
            seen=_nth_order(seen) if seen else "",
            ships_to=address_lines(order.shipping_address, besides=""),
            bills_to=address_lines(order.billing_address, besides=""),
            why_hidden=_("Your role does not show who the customer is."),
            edit_href=f"{base}/customer",
            edit=press(edit_customer.availability(order, actor)),
        )
    return Customer(
        name=order.customer_name,
        email=order.customer_email,
        phone=phone_text(order.customer_phone, country=country),
        phone_href=f"tel:{phone_digits(order.customer_phone, country=country)}",
        seen=_nth_order(seen) if seen else "",
        ships_to=address_lines(order.shipping_address, besides=order.customer_name),
        bills_to=address_lines(order.billing_address, besides=order.customer_name),
        ships_remarks=_remarks(order, order.shipping_address),
        bills_remarks=_remarks(order, order.billing_address),
        edit_href=f"{base}/customer",
        edit=press(edit_customer.availability(order, actor)),
        privacy_href=f"{base}/privacy" if export_customer.availability(order, actor).allowed else "",
        erased=_erased(order),
    )


def _remarks(order: OrderDetail, address: Address | None) -> tuple[str, ...]:
    is_erased = order.customer_erased_at is not None
    return () if is_erased else tuple(remark.words for remark in address_remarks(address))


def _erased(order: OrderDetail) -> str:
    if order.customer_erased_at is None:
        return ""
    local = order.customer_erased_at.astimezone(zone(order.site.time_zone))
    return _("Erased on %(day)s. What is left is for the books.") % {"day": full_day(local.date())}


def _country(order: OrderDetail) -> str | None:
    return order.shipping_address.country if order.shipping_address else None


def address_lines(address: Address | None, *, besides: str) -> tuple[str, ...]:
    """Return the address as lines, without the name where it is this one."""
    if address is None:
        return ()
    town = " ".join(filter(None, (address.city, address.region, address.postcode)))
    name = address.name if address.name != besides else None
    lines = (name, address.company, address.line1, address.line2, town)
    country = country_text(address.country) if address.country else None
    phone = phone_text(address.phone, country=address.country) if address.phone else None
    return tuple(filter(None, (*lines, country, phone)))


def _nth_order(number: int) -> str:
    if number == 1:
        return _("first order")
    # English ordinals; other languages translate the whole phrase with the plain number.
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return pgettext("how many orders of this customer", "%(number)s%(ending)s order") % {
        "number": number,
        "ending": ending,
    }


# The dialog -----------------------------------------------------------------------------------------------------------


def standing(order: OrderDetail) -> dict[str, Any]:
    """Return the customer as the dialog's form sends it: by the names of `edit_customer.COLUMNS`, without language."""
    plain = {"name": order.customer_name, "email": order.customer_email, "phone": order.customer_phone}
    addresses = {name: getattr(order, name) for name in ADDRESSES}
    return plain | {name: msgspec.to_builtins(each) if each else None for name, each in addresses.items()}


def customer_dialog(
    order: OrderDetail,
    written: WrittenTo,
    *,
    base: str,
    now: datetime,
    typed: Mapping[str, Any] | None = None,
    errors: Mapping[str, str] | None = None,
    changes: Sequence[Mapping[str, Any]] = (),
) -> CustomerDialog:
    """Return the dialog. `typed` stands in its fields instead of what is stored.

    `errors`: JSON pointer to words. `changes`: what others did meanwhile to fields that were typed too.
    """
    stored = standing(order)
    shown = {**stored, **(typed or {})}
    wrong = dict(errors or {})
    return CustomerDialog(
        title=_("Customer of order #%(number)s") % {"number": order.number},
        action=f"{base}/customer",
        back_href=base,
        version=str(order.version),
        seen=json.dumps(stored, ensure_ascii=False),
        consequences=_consequences(order, written),
        fields=_plain_fields(shown, wrong),
        addresses=tuple(_address_fields(name, shown, wrong) for name in ADDRESSES),
        clashes=tuple(_clashes(order, changes, shown, stored, now=now)),
        error="" if wrong.keys() & _pointers() else next(iter(wrong.values()), ""),
    )


def _pointers() -> set[str]:
    parts = {f"/{name}/{part}" for name in ADDRESSES for part in Address.__struct_fields__}
    return parts | {"/name", "/email", "/phone"}


def _plain_fields(shown: Mapping[str, Any], wrong: Mapping[str, str]) -> tuple[TextField, ...]:
    def field(name: str, label: str, **more: Any) -> TextField:
        return TextField(name=name, label=label, value=str(shown[name] or ""), error=wrong.get(f"/{name}", ""), **more)

    return (
        field("name", _("Name"), longest=120, is_required=True),
        field("email", _("E-mail"), longest=254, kind="email", width="half"),
        field("phone", _("Phone"), longest=40, kind="tel", width="half"),
    )


def _address_fields(name: str, shown: Mapping[str, Any], wrong: Mapping[str, str]) -> AddressFields:
    address = shown[name] or {}
    labels = {
        "name": _("Name"),
        "company": _("Company"),
        "line1": _("Street"),
        "line2": _("Unit, floor"),
        "city": _("City"),
        "region": _("Region"),
        "postcode": _("Postcode"),
        "phone": _("Phone"),
    }
    is_billing = name == "billing_address"
    return AddressFields(
        name=name,
        title=_("Bills to") if is_billing else _("Ships to"),
        fields=tuple(
            TextField(
                name=f"{name}-{part}",
                label=label,
                value=str(address.get(part) or ""),
                error=wrong.get(f"/{name}/{part}", ""),
                width=_WIDTHS.get(part, "whole"),
            )
            for part, label in labels.items()
        ),
        countries=_countries(str(address.get("country") or "")),
        country_error=wrong.get(f"/{name}/country", ""),
        same_text=_("Same as shipping") if is_billing else "",
        is_same=shown[name] is None if is_billing else None,
    )


def _countries(chosen: str) -> tuple[Choice, ...]:
    known = _territories(get_language() or "en")
    strange = () if not chosen or chosen in dict(known) else ((chosen, chosen),)
    return (
        Choice("", "—", not chosen),
        *(Choice(code, text, code == chosen) for code, text in (*strange, *known)),
    )


@lru_cache(maxsize=8)
def _territories(language: str) -> tuple[tuple[str, str], ...]:
    try:
        names = Locale.parse(language, sep="-").territories
    except ValueError:
        names = Locale("en").territories
    # Two letters that are no country: the European Union and the euro area, the United Nations, "unknown", test codes.
    left_out = {"EU", "EZ", "UN", "ZZ", "XA", "XB", "QO"}
    known = (
        (code, str(text))
        for code, text in names.items()
        if len(code) == _COUNTRY_CODE and code.isalpha() and code not in left_out
    )
    return tuple(sorted(known, key=lambda each: each[1]))


def _consequences(order: OrderDetail, written: WrittenTo) -> tuple[str, ...]:
    """Return what an edit does not reach any more."""
    said = []
    if written.sent:
        text = ngettext(
            "%(n)s email went out and stays as it was sent.",
            "%(n)s emails went out and stay as they were sent.",
            written.sent,
        )
        said.append(text % {"n": written.sent})
    if written.waiting:
        text = ngettext(
            "%(n)s email waits to go out and keeps its address.",
            "%(n)s emails wait to go out and keep their address.",
            written.waiting,
        )
        said.append(text % {"n": written.waiting})
    labelled = [shipment.number for shipment in order.shipments if shipment.sent_at is not None or shipment.parcels]
    if labelled:
        numbers = ", ".join(map(str, labelled))
        text = ngettext(
            "Shipment %(numbers)s has its label already; a new address does not reach it.",
            "Shipments %(numbers)s have their labels already; a new address does not reach them.",
            len(labelled),
        )
        said.append(text % {"numbers": numbers})
    return tuple(said)


def _clashes(
    order: OrderDetail,
    changes: Sequence[Mapping[str, Any]],
    typed: Mapping[str, Any],
    stored: Mapping[str, Any],
    *,
    now: datetime,
) -> Iterable[Clash]:
    names = {column: name for name, column in edit_customer.COLUMNS.items()}
    labels = {
        "name": _("Name"),
        "email": _("E-mail"),
        "phone": _("Phone"),
        "shipping_address": _("Ships to"),
        "billing_address": _("Bills to"),
    }
    last = {names[field]: change for change in changes for field in change["fields"] if field in names}
    for name, change in last.items():
        if name in labels and typed[name] != stored[name]:
            at = when(datetime.fromisoformat(change["at"]), now=now, zone_name=order.site.time_zone).text
            told = _("%(by)s changed this meanwhile, %(when)s: %(field)s")
            told %= {"by": change["by"], "when": at, "field": labels[name]}
            yield Clash(name=name, told=told, mine=_shown(order, typed[name]), theirs=_shown(order, stored[name]))


def _shown(order: OrderDetail, value: Any) -> str:
    if isinstance(value, Mapping):
        address = Address(**{part: value.get(part) for part in Address.__struct_fields__})
        return ", ".join(address_lines(address, besides="")) or "—"
    return str(value) if value else _("Same as shipping") if value is None and order.shipping_address else "—"
