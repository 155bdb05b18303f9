"""Give provider accounts a place for their credentials, sealed."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0003_first_accounts")]
    operations = [
        migrations.AddField(
            model_name="provideraccount",
            name="sealed_credentials",
            field=models.TextField(default=""),
        ),
    ]
