"""Add accounts for money that staff record: bank transfers, cash on delivery, invoices."""

from typing import Any

from django.db import migrations

ACCOUNTS = {
    "bank-transfer": "Bank transfer",
    "cash-on-delivery": "Cash on delivery",
    "invoice": "Invoice",
}


def add_accounts(apps: Any, _schema_editor: Any) -> None:
    """Add the rows, unless a shop has accounts of these names."""
    account = apps.get_model("payments", "ProviderAccount")
    for slug, name in ACCOUNTS.items():
        account.objects.get_or_create(slug=slug, defaults={"name": name, "gateway": "manual", "is_live": True})


class Migration(migrations.Migration):
    dependencies = [("payments", "0007_provider_notices")]
    operations = [migrations.RunPython(add_accounts, migrations.RunPython.noop)]
