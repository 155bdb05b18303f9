"""Stop where amounts are stored by another count of decimals than the one from now on; see adr/0024."""

from typing import Any

from django.db import migrations

# Their amounts were whole units; from now on they are hundredths, of the Iraqi dinar thousandths.
COUNTED_ANEW = ("AFN", "ALL", "IQD", "IRR", "KPW", "LAK", "LBP", "MGA", "MMK", "RSD", "SOS", "SYP", "YER")


class StoredOtherwise(Exception):
    """Orders or payments in one of these currencies exist, and would change their meaning silently."""


def stop_where_meaning_would_change(apps: Any, schema_editor: Any) -> None:
    """Raise StoredOtherwise where such an amount is stored; change nothing."""
    for app, name in (("orders", "Order"), ("payments", "Payment")):
        rows = apps.get_model(app, name).objects.using(schema_editor.connection.alias)
        found = rows.filter(currency__in=COUNTED_ANEW).values_list("currency", flat=True).first()
        if found is not None:
            raise StoredOtherwise(
                f"There are amounts in {found} that were stored in whole units. This version counts {found} by ISO 4217, "
                "so that they would mean less. Nothing was changed; stay on the version before. See docs/adr/0024."
            )


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0016_reconciliation"),
    ]

    operations = [
        migrations.RunPython(stop_where_meaning_would_change, migrations.RunPython.noop),
    ]
