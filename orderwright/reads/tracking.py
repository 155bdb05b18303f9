"""Where an order's parcel is followed: the carrier's page, for portal, API and mail alike."""

from __future__ import annotations

from orderwright.reads.rows import OrderDetail, ShipmentRow
from orderwright.shipping.tracking_links import tracking_link

_LANGUAGE = "en"


def tracking_href(order: OrderDetail, shipment: ShipmentRow, tracking_number: str) -> str:
    """Return the carrier's page about this parcel of the order, or nothing where there is none."""
    address = order.shipping_address
    return tracking_link(
        order.method(shipment.method_id).tracking_url_template or "",
        number=tracking_number,
        postcode=(address.postcode if address else None) or "",
        country=(address.country if address else None) or "",
        language=order.customer_language or _LANGUAGE,
    )
