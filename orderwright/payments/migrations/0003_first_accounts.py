"""Add the practice provider's account, and one for history that comes in from a storefront platform."""

from typing import Any

from django.db import migrations


def add_accounts(apps: Any, _schema_editor: Any) -> None:
    """Add the rows, as the models stand at this migration."""
    account = apps.get_model("payments", "ProviderAccount")
    account.objects.create(slug="practice", name="Practice provider", gateway="practice")
    account.objects.create(slug="shopify", name="Shopify", gateway="external", is_live=True)


class Migration(migrations.Migration):
    dependencies = [("payments", "0002_append_only")]
    operations = [migrations.RunPython(add_accounts, migrations.RunPython.noop)]
