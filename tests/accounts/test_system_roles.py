"""The system roles (W11)."""

from __future__ import annotations

import pytest

from orderwright.accounts.models import Role
from orderwright.accounts.permissions import PERMISSIONS, SYSTEM_ROLES


def test_there_are_six_and_each_has_the_permissions_of_the_list(db):
    stored = {role.slug: (role.name, frozenset(role.permissions)) for role in Role.objects.filter(is_system=True)}

    assert stored == SYSTEM_ROLES
    assert len(stored) == 6


@pytest.mark.parametrize("role", sorted(SYSTEM_ROLES))
def test_every_permission_of_a_role_is_on_the_list(role):
    assert SYSTEM_ROLES[role][1] <= set(PERMISSIONS)


def test_an_administrator_may_do_everything_and_an_order_manager_all_but_three_things():
    assert SYSTEM_ROLES["administrator"][1] == set(PERMISSIONS)
    assert set(PERMISSIONS) - SYSTEM_ROLES["order-manager"][1] == {"users.manage", "keys.manage", "providers.edit"}


@pytest.mark.parametrize("role", ["order-clerk", "viewer", "integrator"])
def test_who_moves_no_money_cannot_cancel_either(role):
    moving = {"payments.capture", "payments.refund", "payments.reverse", "payments.settle", "orders.cancel"}

    assert not SYSTEM_ROLES[role][1] & moving
