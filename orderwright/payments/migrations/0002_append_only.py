"""Let the database refuse to change or remove what the ledger holds."""

from django.db import migrations

from orderwright.core.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial")]
    operations = [append_only("payments_ledgertransaction"), append_only("payments_ledgerentry")]
