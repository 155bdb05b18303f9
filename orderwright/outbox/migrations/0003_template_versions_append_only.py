"""Let the database refuse to change or remove what a template once said."""

from django.db import migrations

from orderwright.core.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("outbox", "0002_email_templates")]
    operations = [append_only("outbox_emailtemplateversion")]
