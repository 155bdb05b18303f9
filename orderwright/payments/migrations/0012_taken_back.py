"""What banks and schemes take back later, in the ledger; and what notices tell of movements."""

from django.db import migrations, models

from orderwright.core.triggers import append_only, changeable


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0011_provider_accounts"),
    ]

    operations = [
        # Where a table is changed by being written anew, the triggers that guard it would be lost on the way.
        changeable("payments_ledgertransaction"),
        migrations.RemoveConstraint(
            model_name="ledgertransaction",
            name="ledger_kind_is_known",
        ),
        migrations.AddField(
            model_name="providernotice",
            name="movement",
            field=models.CharField(default="", max_length=16),
        ),
        migrations.AddField(
            model_name="providernotice",
            name="parent_ref",
            field=models.CharField(default="", max_length=120),
        ),
        migrations.AlterField(
            model_name="drift",
            name="kind",
            field=models.CharField(max_length=16),
        ),
        migrations.AlterField(
            model_name="ledgertransaction",
            name="kind",
            field=models.CharField(max_length=16),
        ),
        migrations.AddIndex(
            model_name="operation",
            index=models.Index(
                condition=models.Q(("failure_code", "taken_back")), fields=["id"], name="operation_taken_back"
            ),
        ),
        migrations.AddConstraint(
            model_name="ledgertransaction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "authorise",
                            "capture",
                            "reverse",
                            "expire",
                            "refund",
                            "capture_failed",
                            "refund_failed",
                            "dispute",
                            "dispute_won",
                        ],
                    )
                ),
                name="ledger_kind_is_known",
            ),
        ),
        append_only("payments_ledgertransaction"),
    ]
