"""Roles of the shop's own: what they may be, who has them, and what becomes of those when one goes (W11)."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from orderwright.accounts.errors import (
    RoleChanged,
    RoleInUse,
    RoleIsSystem,
    RoleNameTaken,
)
from orderwright.accounts.keys import create_key
from orderwright.accounts.models import ApiKey, Role
from orderwright.actions import (
    add_role,
    delete_role,
    edit_role,
    grant_role,
)
from orderwright.actions.role_fields import RoleFields
from orderwright.core.errors import Invalid
from orderwright.journal.models import Entry
from orderwright.reads.people import read_person
from orderwright.reads.roles import read_role
from tests.accounts.conftest import kinds


def test_a_role_of_ones_own_is_added_edited_and_deleted(clerk: Any) -> None:
    fields = RoleFields(
        name="Returns desk", permissions=["payments.refund", "orders.view"], refund_ceilings={"USD": {"order": 5000}}
    )
    slug = add_role.run(fields=fields, actor=clerk.actor, now=clerk.now)
    role = read_role(slug=slug)
    assert (slug, role.permissions, role.is_system) == ("returns-desk", ["orders.view", "payments.refund"], False)
    assert role.refund_ceilings == {"USD": {"order": 5000}}

    changed = RoleFields(name="Returns", permissions=["payments.refund"], needs_second_person=True)
    edit_role.run(slug=slug, fields=changed, actor=clerk.actor, now=clerk.now, version=1)
    assert read_role(slug=slug).version == 2
    with pytest.raises(RoleChanged):
        edit_role.run(slug=slug, fields=fields, actor=clerk.actor, now=clerk.now, version=1)
    delete_role.run(slug=slug, move_to=None, actor=clerk.actor, now=clerk.now)

    assert not Role.objects.filter(slug=slug).exists()
    assert [entry.kind for entry in Entry.objects.filter(kind__startswith="role.").order_by("id")] == [
        *("role.added", "role.edited", "role.deleted")
    ]
    assert set(Entry.objects.get(kind="role.edited").after) == {
        *("name", "permissions", "refund_ceilings", "needs_second_person")
    }


def test_the_same_again_leaves_a_role_and_its_version_alone(clerk: Any) -> None:
    ceilings = {"USD": {"order": 5000}, "EUR": {}}
    fields = RoleFields(name="Desk", permissions=["payments.refund"], refund_ceilings=ceilings)
    slug = add_role.run(fields=fields, actor=clerk.actor, now=clerk.now)

    edit_role.run(slug=slug, fields=fields, actor=clerk.actor, now=clerk.now)

    role = read_role(slug=slug)
    assert (role.version, role.refund_ceilings) == (1, {"USD": {"order": 5000}})
    assert kinds(f"role:{Role.objects.get(slug=slug).pk}") == ["role.added"]


@pytest.mark.parametrize("slug", ["administrator", "viewer"])
def test_a_system_role_stays_as_it_is(clerk: Any, slug: str) -> None:
    before = read_role(slug=slug)

    with pytest.raises(RoleIsSystem):
        edit_role.run(
            slug=slug, fields=RoleFields(name="X", permissions=["orders.view"]), actor=clerk.actor, now=clerk.now
        )
    with pytest.raises(RoleIsSystem):
        delete_role.run(slug=slug, move_to="order-clerk", actor=clerk.actor, now=clerk.now)

    assert read_role(slug=slug) == before


def test_two_roles_have_no_one_name(clerk: Any) -> None:
    fields = RoleFields(name="order CLERK", permissions=["orders.view"])

    with pytest.raises(RoleNameTaken):
        add_role.run(fields=fields, actor=clerk.actor, now=clerk.now)

    assert Role.objects.count() == 6


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"name": ""}, "/name"),
        ({"permissions": []}, "/permissions"),
        ({"permissions": ["orders.view", "orders.burn"]}, "/permissions/1"),
        ({"refund_ceilings": {"XXQ": {"order": 1}}}, "/refund_ceilings/XXQ"),
        ({"refund_ceilings": {"USD": {"order": -1}}}, "/refund_ceilings/USD/order"),
        ({"refund_ceilings": {"USD": {"week": 1}}}, "/refund_ceilings/USD/week"),
    ],
)
def test_a_role_that_cannot_be_read_is_refused_with_its_place(clerk: Any, wrong: Any, pointer: str) -> None:
    fields = RoleFields(**{"name": "Desk", "permissions": ["orders.view"], **wrong})

    with pytest.raises(Invalid) as refused:
        add_role.run(fields=fields, actor=clerk.actor, now=clerk.now)

    assert refused.value.fields[0].pointer == pointer
    assert Role.objects.count() == 6


def test_a_role_in_use_is_deleted_only_with_its_people_and_keys_moved(clerk: Any, viewer: Any, site: Any) -> None:
    slug = add_role.run(fields=RoleFields(name="Desk", permissions=["orders.view"]), actor=clerk.actor, now=clerk.now)
    for place in (None, site.slug):
        grant_role.run(user_id=viewer.user.pk, role=slug, site=place, actor=clerk.actor, now=clerk.now)
    create_key(name="Till", role=Role.objects.get(slug=slug))
    delete = partial(delete_role.run, slug=slug, actor=clerk.actor, now=clerk.now)

    with pytest.raises(RoleInUse) as refused:
        delete(move_to=None)
    assert (refused.value.facts["people"], refused.value.facts["keys"]) == (1, 1)
    with pytest.raises(Invalid):
        delete(move_to=slug)
    delete(move_to="viewer")

    held = [(grant.role, grant.site) for grant in read_person(user_id=viewer.user.pk).grants]
    assert held == [("viewer", None), ("viewer", "cozy-home-us")]
    assert ApiKey.objects.get(name="Till").role.slug == "viewer"
    assert not Role.objects.filter(slug=slug).exists()


def test_two_changes_of_one_person_at_once_are_both_kept(clerk: Any, viewer: Any, both_at_once: Any) -> None:
    def give(role: str) -> str:
        grant_role.run(user_id=viewer.user.pk, role=role, site=None, actor=clerk.actor, now=clerk.now)
        return "given"

    outcomes = both_at_once(partial(give, "order-clerk"), partial(give, "payments-clerk"))

    assert outcomes == ["given", "given"]
    last = Entry.objects.filter(stream=f"user:{viewer.user.pk}").latest("sequence")
    assert last.after == {"roles": ["order-clerk", "payments-clerk", "viewer"]}
