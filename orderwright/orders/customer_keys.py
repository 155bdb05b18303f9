"""Sealing what names a customer in the journal, with a key per customer. See docs/adr/0021."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final

from cryptography.fernet import Fernet, InvalidToken
from django.db.models.functions import Lower

from orderwright.core.db import assert_in_transaction
from orderwright.core.sealing import SealBroken, open_text, seal_text
from orderwright.orders.customer_model import CustomerKey
from orderwright.orders.models import Order

SEALED: Final = "sealed"
# What stands where nobody can read any more, and where whoever asks may not.
ERASED: Final = {"erased": True}
HIDDEN: Final = {"hidden": True}


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """An open key of a customer."""

    id: int
    fernet: Fernet

    def seal(self, value: Any) -> dict[str, Any]:
        """Return what stands for the plain JSON value in an entry: {"key": 7, "sealed": "…"}."""
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        return {"key": self.id, SEALED: self.fernet.encrypt(text.encode()).decode()}


def key_of(order: Order) -> Key:
    """Return the key of the order's customer, made when there is none yet. Needs the order's lock.

    A customer is who has the same e-mail at the same site, in any letter case; an order without one stands for itself.
    Effects: at most one key, and the order's column; the version stays.
    """
    assert_in_transaction("a customer's key is made inside the transaction that needs it")
    if order.customer_key_id is None:
        known = _key_of_same_customer(order)
        order.customer_key_id = known if known is not None else _fresh_key()
        Order.objects.filter(pk=order.pk).update(customer_key_id=order.customer_key_id)
    sealed = CustomerKey.objects.values_list("sealed_key", flat=True).get(pk=order.customer_key_id)
    return Key(id=order.customer_key_id, fernet=Fernet(open_text(sealed)))


def move_key(order: Order, *, had_email: str) -> Key:
    """Return the key of the order's customer after the e-mail was changed from `had_email`. Needs the order's lock.

    Another customer's e-mail brings that customer's key. A new one keeps the key, for it is the same person, unless the
    customer of the old e-mail has other orders: then they are two.
    """
    if order.customer_email.lower() == had_email.lower() or order.customer_key_id is None:
        return key_of(order)
    others = Order.objects.alias(folded=Lower("customer_email")).filter(site_id=order.site_id).exclude(pk=order.pk)
    known = _key_of_same_customer(order)
    if known is None and had_email and others.filter(folded=had_email.lower()).exists():
        known = _fresh_key()
    if known is not None and known != order.customer_key_id:
        order.customer_key_id = known
        Order.objects.filter(pk=order.pk).update(customer_key_id=known)
    return key_of(order)


def seal_for(order_id: int, text: str) -> dict[str, Any]:
    """Return the text sealed for the customer of the order with this id. Needs the order's lock. As `key_of`."""
    return key_of(Order.objects.only("site", "customer_email", "customer_key").get(pk=order_id)).seal(text)


def sealer(order_id: int) -> Any:
    """Return `seal_for` of this order, for its stream."""
    return partial(seal_for, order_id)


def open_keys(ids: Iterable[int]) -> dict[int, Fernet | None]:
    """Return the keys with these ids; None for one that is gone. Cost: one statement, none for no ids.

    A key that this installation cannot open is left out.
    """
    wanted = set(ids)
    found: dict[int, Fernet | None] = {}
    rows = CustomerKey.objects.filter(pk__in=wanted).values_list("pk", "sealed_key") if wanted else ()
    for pk, sealed in rows:
        try:
            found[pk] = Fernet(open_text(sealed)) if sealed else None
        except SealBroken:
            continue
    return found


def opened(value: Any, keys: Mapping[int, Fernet | None]) -> Any:
    """Return a value of an entry as it was before it was sealed; ERASED or HIDDEN where that cannot be."""
    if not is_sealed(value):
        return value
    fernet = keys.get(value["key"])
    if fernet is None:
        return ERASED if value["key"] in keys else HIDDEN
    try:
        return json.loads(fernet.decrypt(value[SEALED].encode()))
    except (InvalidToken, ValueError):
        return HIDDEN


def is_sealed(value: Any) -> bool:
    """Return whether the value of an entry is a sealed one."""
    return isinstance(value, Mapping) and value.keys() == {"key", SEALED}


def erase_keys(ids: Iterable[int], *, now: datetime) -> int:
    """Throw the keys away and return how many there were. Nothing opens what they sealed after that."""
    return CustomerKey.objects.filter(pk__in=set(ids), erased_at__isnull=True).update(sealed_key="", erased_at=now)


def seal_keys_anew() -> tuple[int, list[int]]:
    """Seal every key with the installation's first one; return how many, and the ids of those that nothing opens.

    Effects: one statement per key.
    """
    done, unreadable = 0, []
    for pk, sealed in CustomerKey.objects.exclude(sealed_key="").order_by("pk").values_list("pk", "sealed_key"):
        try:
            fresh = seal_text(open_text(sealed))
        except SealBroken:
            unreadable.append(pk)
            continue
        # Somebody may have been erased meanwhile.
        done += CustomerKey.objects.filter(pk=pk, sealed_key=sealed).update(sealed_key=fresh)
    return done, unreadable


def _key_of_same_customer(order: Order) -> int | None:
    if not order.customer_email:
        return None
    same = Order.objects.alias(folded=Lower("customer_email")).filter(
        site_id=order.site_id, folded=order.customer_email.lower(), customer_key__erased_at__isnull=True
    )
    found = same.exclude(pk=order.pk).filter(customer_key__isnull=False)
    return found.values_list("customer_key_id", flat=True).first()


def _fresh_key() -> int:
    return CustomerKey.objects.create(sealed_key=seal_text(Fernet.generate_key().decode())).pk
