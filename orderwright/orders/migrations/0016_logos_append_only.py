"""Let the database refuse to change or remove a logo, which mails that were sent name."""

from django.db import migrations

from orderwright.core.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("orders", "0015_sites_configured")]
    operations = [append_only("orders_logo")]
