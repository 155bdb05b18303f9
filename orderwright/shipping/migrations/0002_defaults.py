"""Add the carriers, methods and delivery states that an installation begins with."""

from typing import Any

from django.db import migrations

from orderwright.shipping.states import DEFAULT_CARRIERS, DEFAULT_DELIVERY_STATES, DEFAULT_METHODS


def add_defaults(apps: Any, _schema_editor: Any) -> None:
    """Add the rows, as the models stand at this migration."""
    carriers = {
        slug: apps.get_model("shipping", "Carrier").objects.create(slug=slug, name=name, tracking_url_template=template)
        for slug, name, template in DEFAULT_CARRIERS
    }
    for position, (slug, name, carrier) in enumerate(DEFAULT_METHODS, start=1):
        apps.get_model("shipping", "ShippingMethod").objects.create(
            slug=slug, name=name, carrier=carriers[carrier] if carrier else None, position=position * 10
        )
    for position, (slug, name, color, phase) in enumerate(DEFAULT_DELIVERY_STATES, start=1):
        apps.get_model("shipping", "DeliveryState").objects.create(
            slug=slug, name=name, color=color, phase=phase, position=position * 10, is_default=True
        )


class Migration(migrations.Migration):
    dependencies = [("shipping", "0001_initial")]
    operations = [migrations.RunPython(add_defaults, migrations.RunPython.noop)]
