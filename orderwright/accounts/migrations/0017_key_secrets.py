import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0016_no_single_role")]
    operations = [
        migrations.AddField("apikey", "scopes", models.JSONField(default=list)),
        migrations.AddField("apikey", "version", models.PositiveIntegerField(default=1)),
        migrations.CreateModel(
            name="ApiKeySecret",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("prefix", models.CharField(max_length=12, unique=True)),
                ("secret_hash", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField(null=True)),
                ("last_used_at", models.DateTimeField(null=True)),
                (
                    "key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="secrets", to="accounts.apikey"
                    ),
                ),
            ],
        ),
    ]
