"""A person has the roles that were granted, and no single one beside them."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0015_roles_are_held_everywhere")]

    operations = [
        migrations.RemoveField(
            model_name="user",
            name="role",
        ),
    ]
