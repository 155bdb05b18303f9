"""Add the system roles."""

from typing import Any

from django.db import migrations

from orderwright.accounts.permissions import SYSTEM_ROLES


def add_roles(apps: Any, _schema_editor: Any) -> None:
    """Add the rows, as the models stand at this migration."""
    role = apps.get_model("accounts", "Role")
    for slug, (name, permissions) in SYSTEM_ROLES.items():
        role.objects.create(slug=slug, name=name, permissions=sorted(permissions), is_system=True)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunPython(add_roles, migrations.RunPython.noop)]
