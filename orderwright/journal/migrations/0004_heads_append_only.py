"""Let the database refuse to change or remove a signed head."""

from django.db import migrations

from orderwright.core.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("journal", "0003_heads_and_checks")]
    operations = [append_only("journal_head")]
