"""Describe Cancel Requested as what it means now, where a shop has not described it otherwise (W5)."""

from typing import Any

from django.db import migrations

_WAS = "A cancellation has begun and a part of the money is not settled yet."
_IS = "A cancellation is asked for and not decided, or under way and not settled."


def describe(apps: Any, _schema_editor: Any) -> None:
    """Replace the old words by the new ones."""
    states = apps.get_model("orders", "OrderState").objects
    states.filter(system_state="cancel_requested", is_default=True, description=_WAS).update(description=_IS)


class Migration(migrations.Migration):
    dependencies = [("orders", "0013_cancellation_requests")]
    operations = [migrations.RunPython(describe, migrations.RunPython.noop)]
