"""Add the system roles of W11, bring the others up to the list, and keep somebody who manages users and roles."""

from typing import Any

from django.db import migrations

from orderwright.accounts.permissions import ADMINISTRATOR, SYSTEM_ROLES

# Whoever held this role could do everything until now.
_UNTIL_NOW = "order-manager"
_MANAGING = "users.manage"


def add_roles(apps: Any, _schema_editor: Any) -> None:
    """Add the roles that are missing, and set the permissions of each to those of the list.

    Active order managers become administrators when nobody else could manage users: they lose nothing, and the desk is
    not locked. Their API keys stay order managers' keys, for a program is given such rights by a person.
    """
    role, user = apps.get_model("accounts", "Role"), apps.get_model("accounts", "User")
    for slug, (name, permissions) in SYSTEM_ROLES.items():
        role.objects.update_or_create(
            slug=slug, defaults={"name": name, "permissions": sorted(permissions), "is_system": True}
        )
    managing = [one.pk for one in role.objects.all() if _MANAGING in one.permissions]
    if not user.objects.filter(is_active=True, role__in=managing).exists():
        user.objects.filter(is_active=True, role__slug=_UNTIL_NOW).update(role=role.objects.get(slug=ADMINISTRATOR))


class Migration(migrations.Migration):
    dependencies = [("accounts", "0011_provider_permissions")]
    operations = [migrations.RunPython(add_roles, migrations.RunPython.noop)]
