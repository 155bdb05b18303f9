"""Roles as they are offered for a person or a key."""

from __future__ import annotations

from orderwright.accounts.models import Role


def list_role_names() -> list[tuple[str, str]]:
    """Return slug and name of every role, by name. Cost: one statement."""
    return list(Role.objects.order_by("name").values_list("slug", "name"))
