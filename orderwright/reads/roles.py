"""Roles: what each allows, and how many people and keys have it."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from orderwright.accounts.errors import RoleNotFound
from orderwright.accounts.models import Role
from orderwright.reads.row import Row


class RoleRow(Row, frozen=True, kw_only=True):
    """One role. `refund_ceilings` as the role stores them: minor units by currency; `keys` leaves revoked ones out."""

    slug: str
    name: str
    is_system: bool
    permissions: list[str]
    refund_ceilings: dict[str, dict[str, int]]
    needs_second_person: bool
    needs_second_factor: bool
    version: int
    people: int
    keys: int


_COLUMNS = (
    *("slug", "name", "is_system", "permissions", "refund_ceilings", "needs_second_person", "needs_second_factor"),
    "version",
)


def list_role_names() -> list[tuple[str, str]]:
    """Return slug and name of every role, by name. Cost: one statement."""
    return list(Role.objects.order_by("name").values_list("slug", "name"))


def list_roles() -> list[RoleRow]:
    """Return every role: system roles first, in the order in which they were made, then others by name.

    Cost: one statement.
    """
    rows = [RoleRow(**row) for row in _counted()]
    return [row for row in rows if row.is_system] + sorted(
        (row for row in rows if not row.is_system), key=lambda row: row.name.casefold()
    )


def read_role(*, slug: str) -> RoleRow:
    """Return one role. Raises: RoleNotFound. Cost: one statement."""
    row = _counted().filter(slug=slug).first()
    if row is None:
        raise RoleNotFound(_("There is no such role."), facts={"role": slug})
    return RoleRow(**row)


def _counted() -> Any:
    counted = Role.objects.annotate(
        people=Count("grants__user", distinct=True),
        keys=Count("api_keys", distinct=True, filter=Q(api_keys__revoked_at__isnull=True)),
    )
    return counted.order_by("pk").values(*_COLUMNS, "people", "keys")
