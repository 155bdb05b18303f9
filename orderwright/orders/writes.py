"""Writing orders: locking one, bumping its version, changing its columns. Needs an open transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import F
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from orderwright.core.actor import Actor
from orderwright.core.db import assert_in_transaction, is_postgresql
from orderwright.journal.reads import changes_since, values_since
from orderwright.journal.streams import Stream
from orderwright.orders.customer_keys import is_sealed, open_keys, opened, sealer
from orderwright.orders.errors import OrderChanged, OrderNotFound
from orderwright.orders.models import Order, OrderMove, OrderState
from orderwright.orders.rules import Moves

# The stream of the journal in which the table of moves is kept.
MOVES_STREAM = "order_moves"


def stream_of(order_id: int) -> Stream:
    """Return the order's stream in the journal: it belongs to the order's site and seals what names the customer."""
    return Stream(
        f"order:{order_id}",
        site=RawSQL("(SELECT site_id FROM orders_order WHERE id = %s)", [order_id]),
        seal=sealer(order_id),
    )


def lock_order(
    *, number: str, actor: Actor, version: int | None = None, touches: frozenset[str] = frozenset()
) -> Order:
    """Return the order, locked until the transaction ends. One of a site that the actor does not see does not exist.

    `version` is what the caller last saw. When it is older and one of the fields in `touches` changed since, the change
    is refused; changes to other fields do not clash and are merged.
    Raises: OrderNotFound; OrderChanged as `require_unchanged` does.
    Effects: a row lock on PostgreSQL; on SQLite the transaction itself is the lock.
    """
    assert_in_transaction("an order is locked for the length of a transaction")
    order = Order.objects.select_for_update().filter(number=number).first()
    if order is None or not actor.sees(order.site_id):
        raise OrderNotFound(_("There is no order #%(number)s.") % {"number": number}, facts={"number": number})
    sees_customer = actor.at(order.site_id).can("customers.view")
    require_unchanged(order, version=version, touches=touches, sees_customer=sees_customer)
    return order


def require_unchanged(
    order: Order, *, version: int | None, touches: frozenset[str], sees_customer: bool = False
) -> None:
    """Do nothing unless a field in `touches` changed since `version`. Needs the lock.

    Raises: OrderChanged with facts {"changes": who changed which field, when, as which entry of the timeline;
    "now": what the fields that clash were set to, HIDDEN unless `sees_customer`; "version"}.
    """
    if version is not None and version != order.version:
        changes = changes_since(stream_of(order.pk), version=version)
        clashes = [change for change in changes if touches.intersection(change["fields"])]
        if clashes or version > order.version:
            by = ", ".join(sorted({change["by"] for change in clashes})) or "somebody"
            told = _("%(by)s changed this order since you opened it: %(what)s.") if clashes else ""
            words = {"by": by, "what": ", ".join(_what(clashes, touches))}
            raise OrderChanged(
                (told or _("%(by)s changed this order since you opened it.")) % words,
                facts={
                    "changes": clashes,
                    "now": _now(stream_of(order.pk), version, touches, sees_customer=sees_customer),
                    "version": order.version,
                },
            )


def _now(stream: Stream, version: int, touches: frozenset[str], *, sees_customer: bool) -> dict[str, Any]:
    """Return what the fields in `touches` that changed since `version` were set to."""
    values = {field: value for field, value in values_since(stream, version=version).items() if field in touches}
    keys = open_keys({value["key"] for value in values.values() if is_sealed(value)} if sees_customer else ())
    return {field: opened(value, keys) for field, value in values.items()}


def _what(changes: Sequence[dict[str, Any]], touches: frozenset[str]) -> list[str]:
    """Return the clashing fields as people call them, each once; `payment:7` is one of the payments."""
    names = field_names()
    fields = sorted({field for change in changes for field in touches.intersection(change["fields"])})
    kinds = [field.partition(":")[0] for field in fields]
    return list(dict.fromkeys(names.get(kind, kind) for kind in kinds))


def field_names() -> dict[str, str]:
    """Return what people call the fields about which two can disagree, by the names that actions list as `touches`."""
    return {
        "state": _("Order State"),
        "invoice_number": _("Invoice Number"),
        "shipments": _("shipments"),
        "tracking_number": _("Tracking Number"),
        "delivery_state": _("Delivery State"),
        "payment": _("payments"),
        "cancellation": _("cancellation"),
        "cancellation_request": _("request for a cancellation"),
        "customer_name": _("name"),
        "customer_email": _("e-mail"),
        "customer_phone": _("phone"),
        "customer_language": _("language"),
        "shipping_address": _("shipping address"),
        "billing_address": _("billing address"),
    }


def hold_state(*, slug: str) -> OrderState | None:
    """Return the order state, kept from being edited or deleted until the transaction ends, or None.

    Any number of orders may hold one state at once. Effects: a shared row lock on PostgreSQL; on SQLite the transaction
    itself is the lock. Source: W2.
    """
    assert_in_transaction("a state is held for the length of a transaction")
    if not (slug.isascii() and slug.isprintable()):
        return None  # PostgreSQL refuses to be asked about some characters, and no slug has them
    if not is_postgresql():
        return OrderState.objects.filter(slug=slug).first()
    held = OrderState.objects.raw("SELECT * FROM orders_orderstate WHERE slug = %s FOR SHARE", [slug])
    return next(iter(held), None)


def hold_move(order: Order, *, to_system: str) -> None:
    """Keep the order's move into this system state in the table, where it stands there, until the transaction ends.

    So what is journaled was allowed as it was made. Any number of orders may hold one move at once.
    Effects: a shared row lock on PostgreSQL; on SQLite the transaction itself is the lock. Source: W3, I6.
    """
    assert_in_transaction("a move is held for the length of a transaction")
    statement = (
        "SELECT m.* FROM orders_ordermove m JOIN orders_orderstate s ON s.system_state = m.from_system "
        "WHERE s.id = %s AND m.to_system = %s"
    )
    shared = " FOR SHARE OF m" if is_postgresql() else ""
    list(OrderMove.objects.raw(statement + shared, [order.state_id, to_system]))


def lock_moves() -> None:
    """Lock the table of moves until the transaction ends, once no order holds a move of it any more.

    Effects: row locks on PostgreSQL; on SQLite the transaction itself is the lock. The table is never empty, for a
    table that leads nowhere is refused.
    """
    assert_in_transaction("the table of moves is locked for the length of a transaction")
    list(OrderMove.objects.select_for_update().order_by("id"))


def store_moves(*, before: Moves, after: Moves) -> None:
    """Write what differs between the tables. Needs the lock. Effects: at most one statement each way, and per state."""
    for state, ends in after.items():
        gone, come = before[state] - ends, ends - before[state]
        if gone:
            OrderMove.objects.filter(from_system=state, to_system__in=gone).delete()
        OrderMove.objects.bulk_create(OrderMove(from_system=state, to_system=end) for end in sorted(come))


def change_order(order: Order, **columns: Any) -> None:
    """Set the columns and raise the version by one, guarded by the version that was locked.

    Effects: one UPDATE; `order` carries the new values. Raises: RuntimeError if the lock did not hold.
    """
    changed = Order.objects.filter(pk=order.pk, version=order.version).update(version=F("version") + 1, **columns)
    if changed != 1:
        raise RuntimeError(f"order {order.pk} changed under its lock")
    order.version += 1
    for name, value in columns.items():
        setattr(order, name, value)
