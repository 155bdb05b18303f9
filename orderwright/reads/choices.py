"""Delivery states and shipping methods, for the API's lists."""

from __future__ import annotations

from orderwright.reads.rows import DeliveryStateRow, MethodRow
from orderwright.shipping.models import DeliveryState, ShippingMethod


def list_delivery_states() -> list[DeliveryStateRow]:
    """Return every delivery state in its order. Cost: one statement."""
    rows = DeliveryState.objects.order_by("position", "id").values("id", "slug", "name", "color", "phase")
    return [DeliveryStateRow(**row) for row in rows]


def list_methods() -> list[MethodRow]:
    """Return the shipping methods that staff may choose, in their order. Cost: one statement."""
    methods = ShippingMethod.objects.filter(is_offered=True).select_related("carrier").order_by("position", "id")
    return [
        MethodRow(
            id=method.pk,
            slug=method.slug,
            name=method.name,
            carrier_id=method.carrier_id,
            carrier=method.carrier.name if method.carrier else None,
            tracking_url_template=method.carrier.tracking_url_template if method.carrier else None,
            recognised_as=method.carrier.recognised_as if method.carrier else None,
            is_offered=True,
        )
        for method in methods
    ]
