"""Give the system roles the permission to see and export the ledger."""

from typing import Any

from django.db import migrations

from orderwright.accounts.permissions import SYSTEM_ROLES


def follow(apps: Any, _schema_editor: Any) -> None:
    """Set the permissions of each system role to those of the list."""
    role = apps.get_model("accounts", "Role")
    for slug, (_name, permissions) in SYSTEM_ROLES.items():
        role.objects.filter(slug=slug, is_system=True).update(permissions=sorted(permissions))


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_system_roles_follow_the_list")]
    operations = [migrations.RunPython(follow, migrations.RunPython.noop)]
