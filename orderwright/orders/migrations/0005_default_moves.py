"""Begin with the default moves between system states (W3)."""

from typing import Any

from django.db import migrations

from orderwright.orders.states import DEFAULT_MOVES


def add_moves(apps: Any, _schema_editor: Any) -> None:
    """Add the rows, as the model stands at this migration."""
    move = apps.get_model("orders", "OrderMove")
    move.objects.bulk_create(
        move(from_system=from_system, to_system=to_system)
        for from_system, ends in DEFAULT_MOVES.items()
        for to_system in sorted(ends)
    )


class Migration(migrations.Migration):
    dependencies = [("orders", "0004_moves")]
    operations = [migrations.RunPython(add_moves, migrations.RunPython.noop)]
