"""The system roles (W11), and what a desk that is brought up to this release makes of its people."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps

from orderwright.accounts.models import Role, User
from orderwright.accounts.permissions import PERMISSIONS, SYSTEM_ROLES
from tests.support.drivers import hire

add_roles = import_module("orderwright.accounts.migrations.0012_six_system_roles").add_roles


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


def test_active_order_managers_of_an_older_release_become_administrators(db, now):
    hire(name="Nadia Brun", email="nadia@shop.example.com", now=now, role="order-manager")
    left = hire(name="Omar Lind", email="omar@shop.example.com", now=now, role="order-manager").user
    User.objects.filter(pk=left.pk).update(is_active=False)
    hire(name="Vera Lund", email="vera@shop.example.com", now=now, role="viewer")

    add_roles(apps, None)

    assert {user.name: user.role.slug for user in User.objects.select_related("role")} == {
        "Nadia Brun": "administrator",
        "Omar Lind": "order-manager",
        "Vera Lund": "viewer",
    }


def test_order_managers_stay_so_where_somebody_else_manages_users(db, now):
    hire(name="Ada Roy", email="ada@shop.example.com", now=now)
    hire(name="Nadia Brun", email="nadia@shop.example.com", now=now, role="order-manager")

    add_roles(apps, None)

    assert User.objects.get(name="Nadia Brun").role.slug == "order-manager"
