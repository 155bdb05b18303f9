"""Shipping's configuration: delivery states, carriers and methods, each with how many orders use it.

Who sees some sites alone sees what serves one of those, and orders of those are counted.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec
from django.db import connection
from django.utils.translation import gettext as _

from orderwright.core.actor import Actor
from orderwright.reads.counts import CEILING
from orderwright.reads.dialect import current
from orderwright.reads.row import Row
from orderwright.shipping.errors import CarrierNotFound, DeliveryStateNotFound, ShippingMethodNotFound

# Counting stops after so many rows too, however few orders they are of: a page of configuration is no report.
_MOST_ROWS: Final = 20 * CEILING


class DeliveryStateEntry(Row, frozen=True, kw_only=True):
    """A delivery state. `orders` counts those with a piece in it, up to CEILING."""

    id: int
    slug: str
    name: str
    color: str
    description: str
    phase: str
    is_default: bool
    version: int
    orders: int


class SiteName(Row, frozen=True, kw_only=True):
    """A site by slug and name."""

    slug: str
    name: str


class CarrierEntry(Row, frozen=True, kw_only=True):
    """A carrier. `sites` none: every one. `methods` counts its methods, `orders` those with a shipment by them."""

    id: int
    slug: str
    name: str
    tracking_url_template: str
    recognised_as: str
    sites: list[SiteName]
    version: int
    methods: int
    orders: int


class MethodEntry(Row, frozen=True, kw_only=True):
    """A shipping method. `sites` none: every one. `orders` counts those with a shipment by it, up to CEILING."""

    id: int
    slug: str
    name: str
    carrier_slug: str | None
    carrier: str | None
    is_offered: bool
    sites: list[SiteName]
    version: int
    orders: int


# What one row is made of, where it comes from, which rows, and their order.
_Asked = tuple[str, str, str, str]

_delivery_states = msgspec.json.Decoder(list[DeliveryStateEntry])
_carriers = msgspec.json.Decoder(list[CarrierEntry])
_methods = msgspec.json.Decoder(list[MethodEntry])


def list_delivery_states(*, actor: Actor) -> list[DeliveryStateEntry]:
    """Return every delivery state in the order of the dropdown. Cost: one statement."""
    return _delivery_states.decode(_read(*_delivery_state(actor)))


def read_delivery_state(*, slug: str, actor: Actor) -> DeliveryStateEntry:
    """Return one delivery state. Raises: DeliveryStateNotFound. Cost: one statement."""
    found = _delivery_states.decode(_read(*_delivery_state(actor), slug=slug))
    if not found:
        raise DeliveryStateNotFound(_("There is no such delivery state."), facts={"delivery_state": slug})
    return found[0]


def list_carriers(*, actor: Actor) -> list[CarrierEntry]:
    """Return every carrier by name. Cost: one statement."""
    return _carriers.decode(_read(*_carrier(actor)))


def read_carrier(*, slug: str, actor: Actor) -> CarrierEntry:
    """Return one carrier. Raises: CarrierNotFound. Cost: one statement."""
    found = _carriers.decode(_read(*_carrier(actor), slug=slug))
    if not found:
        raise CarrierNotFound(_("There is no such carrier."), facts={"carrier": slug})
    return found[0]


def list_methods(*, actor: Actor) -> list[MethodEntry]:
    """Return every shipping method: those that are offered in the order of the dropdown, then the others.

    Cost: one statement.
    """
    return _methods.decode(_read(*_method(actor)))


def read_method(*, slug: str, actor: Actor) -> MethodEntry:
    """Return one shipping method. Raises: ShippingMethodNotFound. Cost: one statement."""
    found = _methods.decode(_read(*_method(actor), slug=slug))
    if not found:
        raise ShippingMethodNotFound(_("There is no such shipping method."), facts={"shipping_method": slug})
    return found[0]


def _read(element: str, source: str, condition: str, order: str, *, slug: str | None = None) -> Any:
    d = current()
    if slug is not None and not (slug.isascii() and slug.isprintable()):
        return "[]"  # PostgreSQL refuses to be asked about some characters, and no slug has them
    alias = source.split()[1]
    named = "TRUE" if slug is None else f"{alias}.slug = %s"
    rows = f"{source} WHERE {condition} AND {named} ORDER BY {order}"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {d.text(d.array(element, rows))}", [] if slug is None else [slug])
        return cursor.fetchone()[0]


def _delivery_state(actor: Actor) -> _Asked:
    d = current()
    columns = ("id", "slug", "name", "color", "description", "phase", "version")
    element = d.obj(
        **{name: f"v.{name}" for name in columns},
        is_default=d.boolean("v.is_default"),
        orders=_orders(
            "shipping_shipmentpart p JOIN shipping_shipment h ON h.id = p.shipment_id WHERE p.delivery_state_id = v.id",
            actor,
        ),
    )
    return element, "shipping_deliverystate v", "TRUE", "v.position, v.id"


def _carrier(actor: Actor) -> _Asked:
    d = current()
    columns = ("id", "slug", "name", "tracking_url_template", "recognised_as", "version")
    element = d.obj(
        **{name: f"c.{name}" for name in columns},
        sites=_sites("carrier", "c.id", actor),
        methods="(SELECT count(*) FROM shipping_shippingmethod m WHERE m.carrier_id = c.id)",
        orders=_orders(
            "shipping_shipment h JOIN shipping_shippingmethod m ON m.id = h.method_id WHERE m.carrier_id = c.id", actor
        ),
    )
    return element, "shipping_carrier c", _serves("carrier", "c.id", actor), "lower(c.name), c.id"


def _method(actor: Actor) -> _Asked:
    d = current()
    element = d.obj(
        **{name: f"m.{name}" for name in ("id", "slug", "name", "version")},
        carrier_slug="c.slug",
        carrier="c.name",
        is_offered=d.boolean("m.is_offered"),
        sites=_sites("shippingmethod", "m.id", actor),
        orders=_orders("shipping_shipment h WHERE h.method_id = m.id", actor),
    )
    source = "shipping_shippingmethod m LEFT JOIN shipping_carrier c ON c.id = m.carrier_id"
    return element, source, _serves("shippingmethod", "m.id", actor), "m.is_offered DESC, m.position, m.id"


def _own(actor: Actor, column: str) -> str:
    """Return the condition that keeps to the sites that the actor sees; their ids are numbers of ours."""
    if actor.sites is None:
        return "TRUE"
    return f"{column} IN ({', '.join(str(site) for site in sorted(actor.sites)) or 'NULL'})"


def _serves(kind: str, row: str, actor: Actor) -> str:
    links = f"SELECT 1 FROM shipping_{kind}_sites l WHERE l.{kind}_id = {row}"
    return f"(NOT EXISTS ({links}) OR EXISTS ({links} AND {_own(actor, 'l.site_id')}))"


def _sites(kind: str, row: str, actor: Actor) -> str:
    d = current()
    return d.array(
        d.obj(slug="s.slug", name="s.name"),
        f"shipping_{kind}_sites l JOIN orders_site s ON s.id = l.site_id "
        f"WHERE l.{kind}_id = {row} AND {_own(actor, 's.id')} ORDER BY s.name, s.id",
    )


def _orders(source: str, actor: Actor) -> str:
    if actor.sites is not None:
        source = source.replace(
            " WHERE ", f" JOIN orders_order o ON o.id = h.order_id WHERE {_own(actor, 'o.site_id')} AND "
        )
    rows = f"SELECT h.order_id FROM {source} LIMIT {_MOST_ROWS}"
    distinct = f"SELECT DISTINCT order_id FROM ({rows}) AS r LIMIT {CEILING}"
    return f"(SELECT count(*) FROM ({distinct}) AS n)"
