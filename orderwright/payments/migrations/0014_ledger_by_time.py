"""Find ledger transactions by when they happened."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0013_drift_key")]
    operations = [
        migrations.AddIndex(
            model_name="ledgertransaction",
            index=models.Index(fields=["at", "id"], name="ledger_by_time"),
        ),
    ]
