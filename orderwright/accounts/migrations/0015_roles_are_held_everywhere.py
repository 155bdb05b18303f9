"""Grant everybody the role that they have, everywhere."""

from typing import Any

from django.db import migrations


def grant(apps: Any, _schema_editor: Any) -> None:
    """Add a grant without a site for each person."""
    user, role_grant = apps.get_model("accounts", "User"), apps.get_model("accounts", "RoleGrant")
    role_grant.objects.bulk_create(role_grant(user=each, role_id=each.role_id) for each in user.objects.all())


class Migration(migrations.Migration):
    dependencies = [("accounts", "0014_role_grants")]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
