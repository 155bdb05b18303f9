"""How much the people of a role may refund per order and per day, by currency."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_ledger_permission"),
    ]

    operations = [
        migrations.AddField(
            model_name="role",
            name="refund_ceilings",
            field=models.JSONField(default=dict),
        ),
    ]
