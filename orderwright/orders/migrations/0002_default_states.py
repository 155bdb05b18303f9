"""Add the six default states, and Cancel Requested (G4)."""

from typing import Any

from django.db import migrations

from orderwright.orders.states import CANCEL_REQUESTED_STATE, DEFAULT_STATES


def add_states(apps: Any, _schema_editor: Any) -> None:
    """Add the rows, as the models stand at this migration."""
    order_state = apps.get_model("orders", "OrderState")
    for position, state in enumerate((*DEFAULT_STATES, CANCEL_REQUESTED_STATE), start=1):
        order_state.objects.create(
            slug=state.slug,
            name=state.name,
            color=state.color,
            description=state.description,
            system_state=state.system_state,
            is_default=True,
            position=position * 10,
        )


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_initial")]
    operations = [migrations.RunPython(add_states, migrations.RunPython.noop)]
