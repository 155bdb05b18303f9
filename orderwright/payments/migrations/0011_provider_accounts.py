"""Give provider accounts sites, a priority and a breaker (W8)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0002_default_states"),
        ("payments", "0010_refunds"),
    ]

    operations = [
        migrations.AddField(
            model_name="provideraccount",
            name="breaker_cool_down_s",
            field=models.PositiveIntegerField(default=15),
        ),
        migrations.AddField(
            model_name="provideraccount",
            name="breaker_failures",
            field=models.PositiveSmallIntegerField(default=3),
        ),
        migrations.AddField(
            model_name="provideraccount",
            name="breaker_wait_s",
            field=models.PositiveIntegerField(default=10),
        ),
        migrations.AddField(
            model_name="provideraccount",
            name="credentials_stored",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="provideraccount",
            name="failures_in_row",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="provideraccount",
            name="last_failed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="provideraccount",
            name="last_failure",
            field=models.CharField(default="", max_length=300),
        ),
        migrations.AddField(
            model_name="provideraccount",
            name="next_try_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="provideraccount",
            name="opened_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="provideraccount",
            name="priority",
            field=models.PositiveSmallIntegerField(default=100),
        ),
        migrations.AddField(
            model_name="provideraccount",
            name="sites",
            field=models.ManyToManyField(related_name="provider_accounts", to="orders.site"),
        ),
        migrations.AddField(
            model_name="provideraccount",
            name="tried_by",
            field=models.CharField(default="", max_length=64),
        ),
        migrations.AddField(
            model_name="provideraccount",
            name="version",
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddConstraint(
            model_name="provideraccount",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("breaker_cool_down_s__gte", 1), ("breaker_failures__gte", 1), ("breaker_wait_s__gte", 1)
                ),
                name="breaker_settings_above_zero",
            ),
        ),
        migrations.AddConstraint(
            model_name="provideraccount",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("next_try_at__isnull", True), ("opened_at__isnull", True)),
                    models.Q(("next_try_at__isnull", False), ("opened_at__isnull", False)),
                    _connector="OR",
                ),
                name="open_breaker_has_a_next_try",
            ),
        ),
    ]
