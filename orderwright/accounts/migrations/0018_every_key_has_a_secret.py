"""Move each key's secret to a row of its own, so that a second one can take its place for a while."""

from typing import Any

from django.db import migrations
from django.utils import timezone


def move(apps: Any, _schema_editor: Any) -> None:
    """Add one secret per key, made when it was last used, which is the earliest that is known of it, or now."""
    key, secret = apps.get_model("accounts", "ApiKey"), apps.get_model("accounts", "ApiKeySecret")
    secret.objects.bulk_create(
        secret(
            key=each,
            prefix=each.prefix,
            secret_hash=each.secret_hash,
            made_at=each.last_used_at or timezone.now(),
            last_used_at=each.last_used_at,
        )
        for each in key.objects.all()
    )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0017_key_secrets")]
    operations = [migrations.RunPython(move, migrations.RunPython.noop)]
