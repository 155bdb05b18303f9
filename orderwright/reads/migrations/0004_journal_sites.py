"""Give the journal's older entries the store that their order belongs to."""

from typing import Any

from django.db import migrations

from orderwright.core.triggers import append_only, changeable


def give(_apps: Any, schema_editor: Any) -> None:
    """Set the store of every entry about an order."""
    schema_editor.execute(
        "UPDATE journal_entry SET site_id = (SELECT o.site_id FROM orders_order o "
        "WHERE o.id = CAST(substr(journal_entry.stream, 7) AS bigint)) WHERE stream LIKE 'order:%'",
        params=None,  # a percent sign is a percent sign
    )


class Migration(migrations.Migration):
    dependencies = [
        ("reads", "0003_partly_sent"),
        ("journal", "0004_heads_append_only"),
        ("orders", "0003_expired_standing"),
    ]
    operations = [
        changeable("journal_entry"),
        migrations.RunPython(give, migrations.RunPython.noop),
        append_only("journal_entry"),
    ]
