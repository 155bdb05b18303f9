"""Refunds with their lines, and which refund an operation is a leg of."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0002_default_states"),
        ("payments", "0009_recorded_accounts"),
    ]

    operations = [
        migrations.CreateModel(
            name="Refund",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveIntegerField()),
                ("request_ref", models.CharField(max_length=120, null=True, unique=True)),
                ("state", models.CharField(default="running", max_length=12)),
                ("reason", models.CharField(default="", max_length=200)),
                ("amount_minor", models.BigIntegerField()),
                ("shipping_minor", models.BigIntegerField(default=0)),
                ("other_minor", models.BigIntegerField(default=0)),
                ("refunded_minor", models.BigIntegerField(default=0)),
                ("actor_kind", models.CharField(max_length=10)),
                ("actor_ref", models.CharField(max_length=80)),
                ("actor_name", models.CharField(max_length=120)),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="refunds", to="orders.order"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="operation",
            name="refund",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="legs", to="payments.refund"
            ),
        ),
        migrations.CreateModel(
            name="RefundLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("quantity", models.PositiveIntegerField()),
                ("amount_minor", models.BigIntegerField()),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="refunds", to="orders.line"
                    ),
                ),
                (
                    "refund",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="payments.refund"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.UniqueConstraint(fields=("order", "position"), name="refund_number_unique_in_order"),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["running", "done", "partly", "failed"])), name="refund_state_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("amount_minor__gte", 1),
                    ("other_minor__gte", 0),
                    ("refunded_minor__gte", 0),
                    ("shipping_minor__gte", 0),
                    ("amount_minor__gte", models.F("refunded_minor")),
                ),
                name="refund_amounts_in_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="refundline",
            constraint=models.UniqueConstraint(fields=("refund", "line"), name="one_refund_line_per_line"),
        ),
        migrations.AddConstraint(
            model_name="refundline",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_minor__gte", 0), ("quantity__gte", 1)), name="refund_line_has_pieces"
            ),
        ),
    ]
