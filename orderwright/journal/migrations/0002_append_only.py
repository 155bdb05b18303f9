"""Let the database refuse to change or remove a journal entry."""

from django.db import migrations

from orderwright.core.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]
    operations = [append_only("journal_entry")]
