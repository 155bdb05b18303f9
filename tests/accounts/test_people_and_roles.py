"""Inviting, deactivating and giving roles; roles of the shop's own; and that somebody stays in charge (W11)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.http import HttpRequest

from orderwright.accounts.errors import (
    BeyondOwnRights,
    EmailTaken,
    GrantNotFound,
    InvitationInvalid,
    LastAdministrator,
    NobodyToInviteFrom,
    RoleChanged,
    RoleHeldAlready,
    RoleInUse,
    RoleIsSystem,
    RoleNameTaken,
)
from orderwright.accounts.keys import create_key
from orderwright.accounts.models import ApiKey, Role, RoleGrant, User
from orderwright.accounts.permissions import GROUPS, PERMISSIONS
from orderwright.actions import (
    accept_invitation,
    add_role,
    deactivate_person,
    delete_role,
    edit_role,
    grant_role,
    invite_again,
    invite_person,
    reactivate_person,
    remove_second_factor,
    revoke_role,
)
from orderwright.actions.invite_person import WantedRole
from orderwright.actions.role_fields import RoleFields
from orderwright.core.errors import Conflict, Invalid, Refused
from orderwright.journal.models import Entry
from orderwright.orders.models import Site
from orderwright.outbox.models import Mail
from orderwright.reads.people import list_people, read_person
from orderwright.reads.roles import list_roles, read_role
from tests.support.drivers import hire

PASSWORD = "a long walk by the sea"
VIEWER = (WantedRole(role="viewer"),)


@pytest.fixture
def invite(site: Any, clerk: Any) -> Callable[..., int]:
    """Invite Nora Neu as a viewer, unless told otherwise."""

    def run(**changes: Any) -> int:
        facts = {"name": "Nora Neu", "email": "Nora@shop.example.com", "roles": VIEWER, "now": clerk.now, **changes}
        return invite_person.run(actor=clerk.actor, link="https://desk.example.com/invitation/{}".format, **facts)

    return run


def token_in(mail: Mail) -> str:
    """Return the token of the link in the mail."""
    (line,) = (line for line in mail.text.splitlines() if line.startswith("https://"))
    return line.rpartition("/")[2]


def sign_in(email: str, password: str = PASSWORD) -> Any:
    return authenticate(HttpRequest(), email=email, password=password)


def kinds(stream: str) -> list[str]:
    return list(Entry.objects.filter(stream=stream).order_by("sequence").values_list("kind", flat=True))


def reread(person: Any) -> Any:
    return User.objects.get(pk=person.user.pk).actor()


# Inviting -------------------------------------------------------------------------------------------------------------


def test_who_is_invited_chooses_a_password_by_the_mailed_link_and_signs_in(invite: Any, clerk: Any) -> None:
    user_id = invite()
    mail = Mail.objects.get(kind="invitation")
    assert (mail.recipient, mail.order_id) == ("Nora@shop.example.com", None)
    assert "Mia Chen gives you access" in mail.text

    accept_invitation.run(token=token_in(mail), password=PASSWORD, now=clerk.now + timedelta(days=6))

    assert sign_in("nora@shop.example.com").pk == user_id
    assert [(grant.role, grant.site) for grant in read_person(user_id=user_id).grants] == [("viewer", None)]
    assert kinds(f"user:{user_id}") == ["user.invited", "user.password_chosen"]
    assert Entry.objects.get(kind="user.invited").after == {"roles": ["viewer"]}


def test_a_link_is_good_once(invite: Any, clerk: Any) -> None:
    invite()
    token = token_in(Mail.objects.get(kind="invitation"))
    accept_invitation.run(token=token, password=PASSWORD, now=clerk.now)

    with pytest.raises(InvitationInvalid):
        accept_invitation.run(token=token, password="another one, quite long", now=clerk.now)

    assert sign_in("nora@shop.example.com") is not None


@pytest.mark.parametrize("case", ["too late", "a newer one", "deactivated", "changed", "nonsense"])
def test_a_link_that_is_not_good_any_more_sets_no_password(invite: Any, clerk: Any, case: str) -> None:
    user_id, now = invite(), clerk.now
    token = token_in(Mail.objects.get(kind="invitation"))
    if case == "too late":
        now += timedelta(days=7)
    elif case == "a newer one":
        later = clerk.now + timedelta(minutes=1)
        invite_again.run(user_id=user_id, actor=clerk.actor, now=later, link="https://desk.example.com/i/{}".format)
    elif case == "deactivated":
        deactivate_person.run(user_id=user_id, actor=clerk.actor, now=now)
    else:
        token = token[:-2] + "xx" if case == "changed" else "nothing"

    with pytest.raises(InvitationInvalid):
        accept_invitation.run(token=token, password=PASSWORD, now=now)

    assert not User.objects.get(pk=user_id).has_usable_password()


def test_a_weak_password_is_refused_and_the_link_stays_good(invite: Any, clerk: Any) -> None:
    invite()
    token = token_in(Mail.objects.get(kind="invitation"))

    with pytest.raises(Invalid) as refused:
        accept_invitation.run(token=token, password="short", now=clerk.now)

    assert refused.value.fields[0].pointer == "/password"
    accept_invitation.run(token=token, password=PASSWORD, now=clerk.now)


def test_who_forgot_the_password_gets_a_link_and_keeps_the_old_one_until_it_is_used(invite: Any, clerk: Any) -> None:
    user_id = invite()
    accept_invitation.run(token=token_in(Mail.objects.get()), password=PASSWORD, now=clerk.now)

    invite_again.run(user_id=user_id, actor=clerk.actor, now=clerk.now, link="https://desk.example.com/i/{}".format)

    assert sign_in("nora@shop.example.com") is not None
    accept_invitation.run(token=token_in(Mail.objects.latest("id")), password="quite another one", now=clerk.now)
    assert sign_in("nora@shop.example.com") is None
    assert sign_in("nora@shop.example.com", "quite another one") is not None


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"name": "  "}, "/name"),
        ({"email": "nobody"}, "/email"),
        ({"email": "nobody@localhost"}, "/email"),
        ({"roles": ()}, "/roles"),
        ({"roles": (WantedRole(role="emperor"),)}, "/role"),
        ({"roles": (WantedRole(role="viewer", site="nowhere"),)}, "/site"),
    ],
)
def test_an_invitation_that_cannot_be_read_invites_nobody(invite: Any, wrong: Any, pointer: str) -> None:
    with pytest.raises(Invalid) as refused:
        invite(**wrong)

    assert refused.value.fields[0].pointer == pointer
    assert (User.objects.count(), Mail.objects.count()) == (1, 0)


def test_an_e_mail_is_invited_once_in_any_letter_case(invite: Any) -> None:
    invite()

    with pytest.raises(EmailTaken):
        invite(email="NORA@shop.example.com")

    assert (User.objects.count(), Mail.objects.count()) == (2, 1)


def test_nobody_is_invited_where_no_mail_can_go_out(invite: Any) -> None:
    Site.objects.update(sender="nobody")

    with pytest.raises(NobodyToInviteFrom):
        invite()

    assert User.objects.count() == 1


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


# Roles of the shop's own ----------------------------------------------------------------------------------------------


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
