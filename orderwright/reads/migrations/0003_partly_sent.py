"""Count the shipments of each order of which some pieces have left and some have not."""

from typing import Any

from django.db import migrations

from orderwright.shipping.states import SENT_PHASES

_SENT = ", ".join(f"'{phase}'" for phase in sorted(SENT_PHASES))
_PARTLY = (
    "(SELECT count(*) FROM (SELECT h.id FROM shipping_shipment h JOIN shipping_shipmentpart p ON p.shipment_id = h.id "
    "JOIN shipping_deliverystate d ON d.id = p.delivery_state_id WHERE h.order_id = orders_order.id GROUP BY h.id "
    f"HAVING count(DISTINCT CASE WHEN d.phase IN ({_SENT}) THEN 1 ELSE 0 END) = 2) AS mixed)"
)


def count(_apps: Any, schema_editor: Any) -> None:
    """Set the column of the orders whose shipments are not all sent."""
    schema_editor.execute(
        f"UPDATE orders_order SET shipments_partly = {_PARTLY} WHERE shipments_sent < shipments_total"
    )


class Migration(migrations.Migration):
    dependencies = [
        ("reads", "0002_expired_standings"),
        ("orders", "0006_shipments_partly"),
        ("shipping", "0004_recognised_carriers"),
    ]
    operations = [migrations.RunPython(count, migrations.RunPython.noop)]
