"""One whole order in one statement: the database builds the JSON, msgspec decodes it into frozen rows."""

from __future__ import annotations

from functools import cache

import msgspec
from django.db import connection
from django.utils.translation import gettext as _

from orderwright.core.actor import Actor
from orderwright.orders.errors import OrderNotFound
from orderwright.outbox.writing.vocabulary import SHIPPED
from orderwright.reads.dialect import Dialect, current
from orderwright.reads.personal import masked, may_see
from orderwright.reads.rows import OrderDetail

_decoder = msgspec.json.Decoder(OrderDetail)


def read_order(*, number: str, actor: Actor) -> OrderDetail:
    """Return the order as the actor may see it, with all that belongs to it and what its dropdowns offer.

    Customers' personal data are hidden from whoever may not see them. Cost: one statement.
    Raises: OrderNotFound, also for an order of a site that the actor does not see.
    """
    order = read_whole_order(number=number, actor=actor)
    return order if may_see(actor, order.site.id) else masked(order)


def read_whole_order(*, number: str, actor: Actor) -> OrderDetail:
    """Return the order with nothing hidden, for an action that stores or sends something of it; never to show it.

    Raises: OrderNotFound, also for an order of a site that the actor does not see. Cost: one statement.
    """
    with connection.cursor() as cursor:
        cursor.execute(_statement(current()), [number])
        row = cursor.fetchone()
    order = _decoder.decode(row[0]) if row is not None else None
    if order is None or not actor.sees(order.site.id):
        raise OrderNotFound(_("There is no order #%(number)s.") % {"number": number}, facts={"number": number})
    return order


@cache
def _statement(d: Dialect) -> str:
    order = d.obj(
        **{name: f"o.{name}" for name in _PLAIN},
        placed_at=d.time("o.placed_at"),
        taken_in_at=d.time("o.taken_in_at"),
        hold_ends_at=d.time("o.hold_ends_at"),
        customer_erased_at=d.time("o.customer_erased_at"),
        prices_include_tax=d.boolean("o.prices_include_tax"),
        is_open=d.boolean("o.is_open"),
        shipping_address=d.json("o.shipping_address"),
        billing_address=d.json("o.billing_address"),
        discounts=d.json("o.discounts"),
        tags=d.json("o.tags"),
        customer_orders=_CUSTOMER_ORDERS,
        state=_state(d),
        site=_site(d),
        lines=_lines(d),
        shipments=_shipments(d),
        payments=_payments(d),
        notes=_notes(d),
        cancellation=_cancellation(d),
        cancellation_request=_cancellation_request(d),
        refunds=_refunds(d),
        choices=_choices(d),
    )
    return (
        f"SELECT {d.text(order)} FROM orders_order o JOIN orders_orderstate s ON s.id = o.state_id "
        "JOIN orders_site t ON t.id = o.site_id WHERE o.number = %s"
    )


_PLAIN = (
    *("id", "number", "external_id", "source", "currency", "customer_reference", "customer_name", "customer_email"),
    *("customer_phone", "customer_language", "items_minor", "discount_minor", "shipping_minor", "shipping_tax_minor"),
    *("shipping_discount_minor", "tax_minor", "total_minor", "invoice_number", "version", "payment_standing"),
    *("pieces", "shipments_total", "shipments_sent", "shipments_partly", "shipments_made"),
)
# "4th order": how many this customer has placed up to this one, known by the e-mail or, without one, just this.
_CUSTOMER_ORDERS = (
    "(SELECT count(*) FROM orders_order c WHERE c.site_id = o.site_id AND o.customer_email <> '' "
    "AND lower(c.customer_email) = lower(o.customer_email) AND (c.placed_at, c.id) <= (o.placed_at, o.id))"
)


def _columns(alias: str, *names: str) -> dict[str, str]:
    return {name: f"{alias}.{name}" for name in names}


def _state_columns(d: Dialect, alias: str) -> dict[str, str]:
    return {
        **_columns(alias, "id", "slug", "name", "color", "description", "system_state", "version", "stage"),
        **{
            name: d.boolean(f"{alias}.{name}")
            for name in ("is_default", "emails_customer", "allows_cancel", "allows_shipments")
        },
    }


def _state(d: Dialect) -> str:
    return d.obj(**_state_columns(d, "s"))


def _site(d: Dialect) -> str:
    names = ("id", "slug", "name", "time_zone", "locale", "currency", "sender", "sender_name", "logo_id")
    return d.obj(**_columns("t", *names))


def _lines(d: Dialect) -> str:
    return d.array(
        d.obj(
            **_columns("l", "id", "position", "sku", "name", "reference", "quantity"),
            **_columns("l", "unit_price_minor", "discount_minor", "tax_minor"),
            tax_lines=d.json("l.tax_lines"),
            attributes=d.json("l.attributes"),
            requires_shipping=d.boolean("l.requires_shipping"),
        ),
        "orders_line l WHERE l.order_id = o.id ORDER BY l.position",
    )


def _shipments(d: Dialect) -> str:
    parts = d.array(
        d.obj(**_columns("p", "id", "line_id", "delivery_state_id", "quantity")),
        "shipping_shipmentpart p JOIN orders_line pl ON pl.id = p.line_id WHERE p.shipment_id = h.id "
        "ORDER BY pl.position, p.id",
    )
    parcels = d.array(
        d.obj(**_columns("c", "position", "tracking_number")),
        "shipping_parcel c WHERE c.shipment_id = h.id ORDER BY c.position",
    )
    told = d.one(
        d.obj(**_columns("g", "id", "state"), created_at=d.time("g.created_at")),
        f"outbox_mail g WHERE g.order_id = o.id AND g.kind = '{SHIPPED}' AND g.about = 'shipment:' || h.number "
        "AND g.resend_of_id IS NULL",
    )
    return d.array(
        d.obj(
            **_columns("h", "id", "number", "method_id"),
            sent_at=d.time("h.sent_at"),
            parts=parts,
            parcels=parcels,
            emails_customer=d.boolean("coalesce(h.emails_customer, t.mails_shipped)"),
            told=told,
        ),
        "shipping_shipment h WHERE h.order_id = o.id ORDER BY h.number",
    )


def _payments(d: Dialect) -> str:
    operations = d.array(
        d.obj(
            **_columns("q", "id", "payment_id", "cancellation_id", "refund_id", "kind", "amount_minor"),
            **_columns("q", "capture_ref", "key"),
            **_columns("q", "state", "provider_ref", "failure_code", "failure_message", "actor_name", "attempts"),
            prepared_at=d.time("q.prepared_at"),
            sent_at=d.time("q.sent_at"),
            finished_at=d.time("q.finished_at"),
        ),
        "payments_operation q WHERE q.payment_id = y.id AND NOT (q.kind = 'lookup' AND q.state = 'succeeded') "
        "ORDER BY q.id",
    )
    transactions = d.array(
        d.obj(
            **_columns("x", "id", "operation_id", "kind", "provider_ref", "parent_ref", "origin"),
            at=d.time("x.at"),
            amount_minor="(SELECT sum(e.amount_minor) FROM payments_ledgerentry e "
            "WHERE e.transaction_id = x.id AND e.amount_minor > 0)",
        ),
        "payments_ledgertransaction x WHERE x.payment_id = y.id ORDER BY x.at, x.id",
    )
    return d.array(
        d.obj(
            **_columns("y", "id", "position", "reference", "method_type", "brand", "last4", "currency"),
            **_columns("y", "authorised_minor", "captured_minor", "released_minor", "refunded_minor"),
            **_columns("y", "pending_minor", "refund_pending_minor"),
            account_slug="a.slug",
            account_name="a.name",
            account_is_on=d.boolean("a.is_enabled"),
            account_rests_until=d.time("a.next_try_at"),
            gateway="a.gateway",
            authorised_at=d.time("y.authorised_at"),
            expires_at=d.time("y.expires_at"),
            synced_at=d.time("y.synced_at"),
            operations=operations,
            transactions=transactions,
        ),
        "payments_payment y JOIN payments_provideraccount a ON a.id = y.account_id WHERE y.order_id = o.id "
        "ORDER BY a.priority, y.position",
    )


def _notes(d: Dialect) -> str:
    return d.array(
        d.obj(**_columns("n", "id", "text", "author_name"), written_at=d.time("n.written_at")),
        "orders_note n WHERE n.order_id = o.id ORDER BY n.id DESC",
    )


def _cancellation(d: Dialect) -> str:
    return d.one(
        d.obj(
            **_columns("k", "id", "state", "reason", "from_state", "refunded_minor", "reversed_minor", "actor_name"),
            email_customer=d.boolean("k.email_customer"),
            started_at=d.time("k.started_at"),
            finished_at=d.time("k.finished_at"),
        ),
        "payments_cancellation k WHERE k.order_id = o.id AND k.state <> 'withdrawn' ORDER BY k.id DESC",
    )


def _cancellation_request(d: Dialect) -> str:
    return d.one(
        d.obj(
            **_columns(
                "g", "id", "state", "reason", "from_state", "actor_kind", "actor_ref", "actor_name", "decided_by"
            ),
            asked_at=d.time("g.asked_at"),
            decided_at=d.time("g.decided_at"),
        ),
        "orders_cancellationrequest g WHERE g.order_id = o.id ORDER BY g.id DESC",
    )


def _refunds(d: Dialect) -> str:
    lines = d.array(
        d.obj(**_columns("w", "line_id", "quantity", "amount_minor")),
        "payments_refundline w WHERE w.refund_id = u.id ORDER BY w.id",
    )
    return d.array(
        d.obj(
            **_columns("u", "id", "position", "state", "reason", "amount_minor", "shipping_minor", "other_minor"),
            **_columns("u", "refunded_minor", "actor_name"),
            started_at=d.time("u.started_at"),
            finished_at=d.time("u.finished_at"),
            lines=lines,
        ),
        "payments_refund u WHERE u.order_id = o.id ORDER BY u.position",
    )


def _choices(d: Dialect) -> str:
    states = d.array(d.obj(**_state_columns(d, "z")), "orders_orderstate z ORDER BY z.position, z.id")
    moves = d.array(d.obj(**_columns("j", "from_system", "to_system")), "orders_ordermove j ORDER BY j.id")
    deliveries = d.array(
        d.obj(**_columns("v", "id", "slug", "name", "color", "phase")),
        "shipping_deliverystate v ORDER BY v.position, v.id",
    )
    # Methods offered at the order's site, for the dialog, and those that this order's shipments came in with.
    is_offered = f"(m.is_offered AND {_is_for_site('shippingmethod', 'm.id')} AND {_is_for_site('carrier', 'r.id')})"
    methods = d.array(
        d.obj(
            **_columns("m", "id", "slug", "name", "carrier_id"),
            is_offered=d.boolean(is_offered),
            carrier="r.name",
            tracking_url_template="r.tracking_url_template",
            recognised_as="r.recognised_as",
        ),
        f"shipping_shippingmethod m LEFT JOIN shipping_carrier r ON r.id = m.carrier_id WHERE {is_offered} "
        "OR m.id IN (SELECT hm.method_id FROM shipping_shipment hm WHERE hm.order_id = o.id) ORDER BY m.position, m.id",
    )
    return d.obj(states=states, moves=moves, delivery_states=deliveries, methods=methods)


def _is_for_site(kind: str, row: str) -> str:
    """Return whether a carrier or method is for the order's site: it names that one, or none at all."""
    named = f"(SELECT 1 FROM shipping_{kind}_sites w WHERE w.{kind}_id = {row}"
    return f"(NOT EXISTS {named}) OR EXISTS {named} AND w.site_id = o.site_id))"
