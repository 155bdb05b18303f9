"""Keep what providers tell by themselves."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0006_drift_and_exceptions"),
    ]

    operations = [
        migrations.CreateModel(
            name="ProviderNotice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("event_id", models.CharField(max_length=200)),
                ("kind", models.CharField(max_length=80)),
                ("reference", models.CharField(max_length=120)),
                ("key", models.CharField(default="", max_length=64)),
                ("provider_ref", models.CharField(default="", max_length=120)),
                ("amount_minor", models.BigIntegerField(default=0)),
                ("currency", models.CharField(default="", max_length=3)),
                ("failure_code", models.CharField(default="", max_length=60)),
                ("failure_message", models.CharField(default="", max_length=300)),
                ("happened_at", models.DateTimeField(null=True)),
                ("received_at", models.DateTimeField()),
                ("state", models.CharField(default="new", max_length=12)),
                ("tries", models.PositiveIntegerField(default=0)),
                ("due_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="payments.provideraccount",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("due_at__isnull", False)), fields=["due_at"], name="notice_due")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("account", "event_id"), name="one_notice_per_event"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["new", "applied", "unmatched", "stuck"])),
                        name="notice_state_is_known",
                    ),
                ],
            },
        ),
    ]
