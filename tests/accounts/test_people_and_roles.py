"""Deactivating people, giving and taking roles, and that somebody stays in charge (W11)."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from orderwright.accounts.errors import (
    BeyondOwnRights,
    GrantNotFound,
    LastAdministrator,
    RoleHeldAlready,
)
from orderwright.accounts.models import Role, RoleGrant, User
from orderwright.accounts.permissions import GROUPS, PERMISSIONS
from orderwright.actions import (
    add_role,
    deactivate_person,
    delete_role,
    edit_role,
    grant_role,
    reactivate_person,
    remove_second_factor,
    revoke_role,
)
from orderwright.actions.invite_person import WantedRole
from orderwright.actions.role_fields import RoleFields
from orderwright.core.errors import Conflict, Refused
from orderwright.journal.models import Entry
from orderwright.reads.people import list_people
from orderwright.reads.roles import list_roles
from tests.accounts.conftest import kinds
from tests.support.drivers import hire


def reread(person: Any) -> Any:
    return User.objects.get(pk=person.user.pk).actor()


# Deactivating ---------------------------------------------------------------------------------------------------------


def test_who_is_deactivated_is_signed_out_at_once_and_has_to_sign_in_anew(clerk: Any, colleague: Any) -> None:
    hash_before = colleague.user.get_session_auth_hash()

    deactivate_person.run(user_id=colleague.user.pk, actor=clerk.actor, now=clerk.now)
    user = User.objects.get(pk=colleague.user.pk)
    assert (user.is_active, user.has_perm("orders.view")) == (False, False)
    reactivate_person.run(user_id=colleague.user.pk, actor=clerk.actor, now=clerk.now)

    user = User.objects.get(pk=colleague.user.pk)
    assert user.is_active
    assert user.has_perm("orders.view")
    assert user.get_session_auth_hash() != hash_before
    assert kinds(f"user:{user.pk}") == ["user.deactivated", "user.reactivated"]


def test_deactivating_twice_is_refused(clerk: Any, colleague: Any) -> None:
    deactivate_person.run(user_id=colleague.user.pk, actor=clerk.actor, now=clerk.now)

    with pytest.raises(Conflict) as refused:
        deactivate_person.run(user_id=colleague.user.pk, actor=clerk.actor, now=clerk.now)

    assert refused.value.code == "user_inactive"


def test_who_may_sign_in_is_not_reactivated(clerk: Any, colleague: Any) -> None:
    with pytest.raises(Conflict) as refused:
        reactivate_person.run(user_id=colleague.user.pk, actor=clerk.actor, now=clerk.now)

    assert refused.value.code == "user_active"
    assert kinds(f"user:{colleague.user.pk}") == []


# The last administrator -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["deactivate", "revoke", "edit the role", "delete the role"])
def test_the_last_administrator_cannot_lock_the_shop_out(clerk: Any, viewer: Any, site: Any, way: str) -> None:
    clerk_of_people = hire(
        name="Pia", email="pia@shop.example.com", now=clerk.now, role="people", permissions=sorted(PERMISSIONS)
    )
    RoleGrant.objects.exclude(user=clerk_of_people.user).exclude(user=viewer.user).delete()
    actor, now, entries = clerk_of_people.actor, clerk.now, Entry.objects.count()
    grant = clerk_of_people.user.grants.get()
    acts: dict[str, Any] = {
        "deactivate": partial(deactivate_person.run, user_id=clerk_of_people.user.pk),
        "revoke": partial(revoke_role.run, user_id=clerk_of_people.user.pk, grant_id=grant.pk),
        "edit the role": partial(
            edit_role.run, slug="people", fields=RoleFields(name="People", permissions=["orders.view"])
        ),
        "delete the role": partial(delete_role.run, slug="people", move_to="order-manager"),
    }

    with pytest.raises(LastAdministrator):
        acts[way](actor=actor, now=now)

    assert Entry.objects.count() == entries
    assert User.objects.get(pk=clerk_of_people.user.pk).has_perm("users.manage")


def test_an_administrator_who_was_invited_and_never_came_is_nobody_in_charge(invite: Any, clerk: Any) -> None:
    invite(roles=(WantedRole(role="administrator"),))

    with pytest.raises(LastAdministrator):
        deactivate_person.run(user_id=clerk.user.pk, actor=clerk.actor, now=clerk.now)


@pytest.mark.parametrize(
    "office",
    [
        {"permissions": ["users.manage"]},
        {"permissions": sorted(PERMISSIONS), "refund_ceilings": {"USD": {"order": 100}}},
        {"permissions": sorted(PERMISSIONS), "needs_second_person": True},
    ],
    ids=["manages users alone", "has a ceiling", "is bound by four eyes"],
)
def test_who_manages_users_but_could_make_no_administrator_is_not_in_charge(clerk: Any, office: Any) -> None:
    hana = hire(name="Hana", email="hana@shop.example.com", now=clerk.now, role="office", permissions=["users.manage"])
    Role.objects.filter(slug="office").update(**office)
    actor, grant = reread(hana), clerk.user.grants.get()

    with pytest.raises(LastAdministrator):
        deactivate_person.run(user_id=clerk.user.pk, actor=actor, now=clerk.now)
    with pytest.raises(LastAdministrator):
        revoke_role.run(user_id=clerk.user.pk, grant_id=grant.pk, actor=clerk.actor, now=clerk.now)

    assert User.objects.get(pk=clerk.user.pk).is_active
    assert clerk.user.grants.get() == grant
    assert kinds(f"user:{clerk.user.pk}") == []


def test_a_shop_without_an_administrator_keeps_those_who_manage_users(clerk: Any) -> None:
    hana = hire(name="Hana", email="hana@shop.example.com", now=clerk.now, role="office", permissions=["users.manage"])
    RoleGrant.objects.exclude(user=hana.user).delete()

    with pytest.raises(LastAdministrator):
        deactivate_person.run(user_id=hana.user.pk, actor=hana.actor, now=clerk.now)

    assert User.objects.get(pk=hana.user.pk).is_active


def test_two_administrators_who_deactivate_each_other_at_once_leave_one(
    clerk: Any, colleague: Any, both_at_once: Any
) -> None:
    def by(actor: Any, other: Any) -> str:
        deactivate_person.run(user_id=other.user.pk, actor=actor.actor, now=clerk.now)
        return "deactivated"

    outcomes = both_at_once(partial(by, clerk, colleague), partial(by, colleague, clerk))

    assert sorted(outcomes) == ["deactivated", "last_administrator"]
    assert User.objects.filter(is_active=True).count() == 1


# Giving and taking roles ----------------------------------------------------------------------------------------------


def test_a_role_is_given_and_taken_at_one_site(clerk: Any, viewer: Any, site: Any) -> None:
    grant_id = grant_role.run(
        user_id=viewer.user.pk, role="order-clerk", site=site.slug, actor=clerk.actor, now=clerk.now
    )
    assert reread(viewer).at(site.pk).can("orders.edit")
    assert not reread(viewer).at(None).can("orders.edit")

    revoke_role.run(user_id=viewer.user.pk, grant_id=grant_id, actor=clerk.actor, now=clerk.now)

    assert not reread(viewer).can("orders.edit")
    entries = [entry.after for entry in Entry.objects.filter(stream=f"user:{viewer.user.pk}").order_by("sequence")]
    assert entries == [{"roles": ["order-clerk @ cozy-home-us", "viewer"]}, {"roles": ["viewer"]}]


def test_a_role_is_had_once_at_a_place_and_taken_once(clerk: Any, viewer: Any) -> None:
    with pytest.raises(RoleHeldAlready):
        grant_role.run(user_id=viewer.user.pk, role="viewer", site=None, actor=clerk.actor, now=clerk.now)
    (grant,) = viewer.user.grants.all()
    revoke = partial(revoke_role.run, user_id=viewer.user.pk, grant_id=grant.pk, actor=clerk.actor, now=clerk.now)
    revoke()

    with pytest.raises(GrantNotFound):
        revoke()


@pytest.mark.parametrize("who", ["finance", "order-manager"])
def test_only_who_manages_users_gives_roles(clerk: Any, viewer: Any, finance: Any, who: str) -> None:
    manager = hire(name="M", email="m@shop.example.com", now=clerk.now, role="order-manager")
    actor = finance.actor if who == "finance" else manager.actor

    for act in (
        partial(grant_role.run, user_id=viewer.user.pk, role="viewer", site=None),
        partial(revoke_role.run, user_id=viewer.user.pk, grant_id=1),
        partial(deactivate_person.run, user_id=viewer.user.pk),
        partial(reactivate_person.run, user_id=viewer.user.pk),
        partial(remove_second_factor.run, user_id=viewer.user.pk),
        partial(add_role.run, fields=RoleFields(name="X", permissions=["orders.view"])),
        partial(delete_role.run, slug="viewer", move_to=None),
    ):
        with pytest.raises(Refused):
            act(actor=actor, now=clerk.now)


def test_nobody_gives_rights_that_they_lack(clerk: Any, viewer: Any, site: Any) -> None:
    of_people = hire(
        name="Pia",
        email="pia@shop.example.com",
        now=clerk.now,
        role="people",
        permissions=("users.manage", "orders.view", "configuration.view", "emails.view"),
    )
    give = partial(grant_role.run, user_id=viewer.user.pk, actor=of_people.actor, now=clerk.now)

    for role in ("administrator", "order-clerk"):
        with pytest.raises(BeyondOwnRights):
            give(role=role, site=None)
    with pytest.raises(BeyondOwnRights):
        add_role.run(
            fields=RoleFields(name="More", permissions=["orders.cancel"]), actor=of_people.actor, now=clerk.now
        )
    give(role="viewer", site=site.slug)


def test_nobody_gives_a_higher_ceiling_than_their_own_or_none(clerk: Any, viewer: Any) -> None:
    permissions = ("users.manage", "payments.refund", "payments.settle")
    pia = hire(name="Pia", email="pia@shop.example.com", now=clerk.now, role="people", permissions=permissions)
    Role.objects.filter(slug="people").update(refund_ceilings={"USD": {"order": 5000}}, needs_second_person=True)
    actor = reread(pia)

    def add(**more: Any) -> str:
        fields = RoleFields(**{"name": "Desk", "permissions": ["payments.refund"], **more})
        return add_role.run(fields=fields, actor=actor, now=clerk.now)

    for ceilings in ({}, {"USD": {"order": 5001}}, {"USD": {"day": 100}}, {"EUR": {"order": 1}}):
        with pytest.raises(BeyondOwnRights):
            add(refund_ceilings=ceilings)
    with pytest.raises(BeyondOwnRights):
        add(permissions=["payments.settle"])
    add(refund_ceilings={"USD": {"order": 5000, "day": 9000}})
    add(name="Settling", permissions=["payments.settle"], needs_second_person=True)


def test_whom_a_ceiling_binds_lets_nobody_else_refund_for_each_would_have_one_ceiling_more(
    clerk: Any, viewer: Any
) -> None:
    permissions = ("users.manage", "orders.view", "payments.refund")
    pia = hire(name="Pia", email="pia@shop.example.com", now=clerk.now, role="people", permissions=permissions)
    ceilings = {"USD": {"order": 5000}}
    Role.objects.filter(slug="people").update(refund_ceilings=ceilings)
    Role.objects.create(slug="looking", name="Looking", permissions=["orders.view"])
    fields = RoleFields(name="Looking", permissions=["orders.view", "payments.refund"], refund_ceilings=ceilings)
    act = {"actor": reread(pia), "now": clerk.now}

    with pytest.raises(BeyondOwnRights):
        grant_role.run(user_id=viewer.user.pk, role="people", site=None, **act)
    with pytest.raises(BeyondOwnRights):
        edit_role.run(slug="looking", fields=fields, **act)

    grant_role.run(user_id=viewer.user.pk, role="looking", site=None, **act)
    assert not reread(viewer).can("payments.refund")


# Reading --------------------------------------------------------------------------------------------------------------


def test_people_and_roles_are_read_in_one_statement_each(clerk: Any, viewer: Any, site: Any, statements: Any) -> None:
    grant_role.run(user_id=viewer.user.pk, role="integrator", site=site.slug, actor=clerk.actor, now=clerk.now)

    with statements() as counted:
        people, roles = list_people(), list_roles()

    assert counted.count == 2, counted
    assert [(person.name, len(person.grants)) for person in people] == [("Mia Chen", 1), ("Vera Lund", 2)]
    held = {role.slug: role.people for role in roles if role.people}
    assert held == {"administrator": 1, "viewer": 1, "integrator": 1}
    assert roles[0].slug == "administrator"


def test_every_permission_stands_in_one_group() -> None:
    grouped = [permission for _title, permissions in GROUPS for permission in permissions]

    assert sorted(grouped) == sorted(PERMISSIONS)
