"""Changes of people and roles that meet somebody else's in the same moment, or that find nobody there (W11)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db.models import QuerySet

from orderwright.accounts.errors import EmailTaken, InvitationInvalid, RoleNameTaken, RoleNotFound, UserNotFound
from orderwright.accounts.models import Role, User
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
from orderwright.journal.models import Entry
from orderwright.outbox.models import Mail
from tests.support.rivals import look_too_early, meanwhile

LINK = "https://desk.example.com/invitation/{}".format
DESK = RoleFields(name="Desk", permissions=["orders.view"])


@pytest.fixture
def invite(site: Any, clerk: Any) -> Callable[..., int]:
    """Invite Nora Neu as a viewer, unless told otherwise."""

    def run(**changes: Any) -> int:
        roles = (WantedRole(role="viewer"),)
        facts = {"name": "Nora Neu", "email": "nora@shop.example.com", "roles": roles, **changes}
        return invite_person.run(actor=clerk.actor, now=clerk.now, link=LINK, **facts)

    return run


# In the same moment ---------------------------------------------------------------------------------------------------


def test_an_address_that_a_rival_took_a_moment_ago_is_taken(invite: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    invite()
    look_too_early(monkeypatch, QuerySet, "exists", seeing=False)

    with pytest.raises(EmailTaken):
        invite(name="Another Nora", email="NORA@shop.example.com")

    assert [user.name for user in User.objects.filter(email__iexact="nora@shop.example.com")] == ["Nora Neu"]
    assert (Mail.objects.count(), Entry.objects.filter(kind="user.invited").count()) == (1, 1)


def test_a_name_that_another_role_took_a_moment_ago_is_taken(clerk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    add = partial(add_role.run, fields=DESK, actor=clerk.actor, now=clerk.now)
    add()
    look_too_early(monkeypatch, add_role, "require_name_free", seeing=None)

    with pytest.raises(RoleNameTaken):
        add()

    assert Role.objects.filter(name="Desk").count() == Entry.objects.filter(kind="role.added").count() == 1


def test_of_two_who_use_one_link_at_once_one_chooses_the_password(
    invite: Any, clerk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    user_id = invite()
    token = Mail.objects.get().text.partition("/invitation/")[2].split()[0]
    use_it = partial(User.objects.filter(pk=user_id).update, invited_at=None)
    meanwhile(monkeypatch, accept_invitation, "validate_password", use_it)

    with pytest.raises(InvitationInvalid) as refused:
        accept_invitation.run(token=token, password="a long walk by the sea", now=clerk.now)

    assert refused.value.message == "This link was just used."
    assert not User.objects.get(pk=user_id).has_usable_password()
    assert not Entry.objects.filter(kind="user.password_chosen").exists()


# Who and what is not there --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "act",
    [
        partial(deactivate_person.run),
        partial(reactivate_person.run),
        partial(remove_second_factor.run),
        partial(invite_again.run, link=LINK),
        partial(grant_role.run, role="viewer", site=None),
        partial(revoke_role.run, grant_id=1),
    ],
)
def test_nothing_is_done_with_somebody_who_is_not_there(clerk: Any, act: Any) -> None:
    with pytest.raises(UserNotFound) as refused:
        act(user_id=999, actor=clerk.actor, now=clerk.now)

    assert refused.value.facts == {"user": 999}
    assert not Entry.objects.exists()


def test_a_role_that_is_not_there_is_neither_edited_nor_deleted(clerk: Any) -> None:
    for act in (partial(edit_role.run, fields=DESK), partial(delete_role.run, move_to="viewer")):
        with pytest.raises(RoleNotFound) as refused:
            act(slug="desk", actor=clerk.actor, now=clerk.now)
        assert refused.value.facts == {"role": "desk"}

    assert not Entry.objects.exists()
