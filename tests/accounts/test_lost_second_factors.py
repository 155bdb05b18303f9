"""A second factor that was lost is removed by whoever manages users, for others alone (W11, W13)."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP

from orderwright.accounts.errors import BeyondOwnRights
from orderwright.accounts.models import RoleGrant, User
from orderwright.accounts.permissions import SYSTEM_ROLES
from orderwright.actions import remove_second_factor
from orderwright.core.errors import Conflict
from orderwright.journal.models import Entry
from orderwright.outbox.models import Mail
from orderwright.reads.people import list_people
from tests.support.drivers import hire

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def locked_out(viewer: Any, site: Any) -> User:
    """Give Vera an authenticator app and recovery codes, and return her."""
    TOTP.activate(viewer.user, SECRET)
    RecoveryCodes.activate(viewer.user)
    user: User = viewer.user
    return user


def nothing_happened(user: User) -> bool:
    return (
        Authenticator.objects.filter(user=user).exists()
        and User.objects.get(pk=user.pk).session_epoch == user.session_epoch
        and not Entry.objects.filter(kind="user.second_factor_removed").exists()
        and not Mail.objects.exists()
    )


def test_every_factor_goes_sessions_end_and_the_person_is_told(clerk: Any, locked_out: User) -> None:
    known = locked_out.get_session_auth_hash()
    assert {row.name: row.has_second_factor for row in list_people()} == {"Mia Chen": False, "Vera Lund": True}

    remove_second_factor.run(user_id=locked_out.pk, actor=clerk.actor, now=clerk.now)

    assert not Authenticator.objects.filter(user=locked_out).exists()
    assert not any(row.has_second_factor for row in list_people())
    assert User.objects.get(pk=locked_out.pk).get_session_auth_hash() != known
    entry = Entry.objects.get(stream=f"user:{locked_out.pk}")
    assert (entry.kind, entry.actor_ref) == ("user.second_factor_removed", clerk.actor.ref)
    assert (entry.before, entry.after) == (
        {"second_factors": ["recovery_codes", "totp"]},
        {"second_factors": []},
    )
    mail = Mail.objects.get()
    assert (mail.kind, mail.recipient) == ("sign_in_changed", locked_out.email)
    assert "Mia Chen has removed your second factor" in mail.text
    assert SECRET not in f"{entry.before}{mail.text}"


def test_the_factors_of_others_stay(clerk: Any, locked_out: User) -> None:
    TOTP.activate(clerk.user, SECRET)

    remove_second_factor.run(user_id=locked_out.pk, actor=clerk.actor, now=clerk.now)

    assert [each.user for each in Authenticator.objects.all()] == [clerk.user]


def test_who_has_none_has_none_to_lose(clerk: Any, viewer: Any) -> None:
    with pytest.raises(Conflict) as refused:
        remove_second_factor.run(user_id=viewer.user.pk, actor=clerk.actor, now=clerk.now)

    assert refused.value.code == "no_second_factor"
    assert not Entry.objects.exists()


def test_nobody_removes_their_own_through_this_door(clerk: Any, site: Any) -> None:
    TOTP.activate(clerk.user, SECRET)

    with pytest.raises(Conflict) as refused:
        remove_second_factor.run(user_id=clerk.user.pk, actor=clerk.actor, now=clerk.now)

    assert refused.value.code == "own_second_factor"
    assert nothing_happened(clerk.user)


@pytest.mark.parametrize("where", ["everywhere", "at a site"])
def test_nobody_lowers_the_guard_of_somebody_who_may_do_more(
    clerk: Any, locked_out: User, site: Any, where: str
) -> None:
    pia = hire(
        name="Pia",
        email="pia@shop.example.com",
        now=clerk.now,
        role="people",
        permissions=["users.manage", *sorted(SYSTEM_ROLES["viewer"][1])],
    )
    roles = RoleGrant.objects.get(user=clerk.user).role
    RoleGrant.objects.create(user=locked_out, role=roles, site=site if where == "at a site" else None)

    with pytest.raises(BeyondOwnRights):
        remove_second_factor.run(user_id=locked_out.pk, actor=pia.actor, now=clerk.now)
    assert nothing_happened(locked_out)

    RoleGrant.objects.filter(user=locked_out, role=roles).delete()
    remove_second_factor.run(user_id=locked_out.pk, actor=pia.actor, now=clerk.now)
    assert not Authenticator.objects.exists()


def test_where_no_mail_can_go_out_it_is_removed_all_the_same(clerk: Any, viewer: Any) -> None:
    TOTP.activate(viewer.user, SECRET)

    remove_second_factor.run(user_id=viewer.user.pk, actor=clerk.actor, now=clerk.now)

    assert not Authenticator.objects.exists()
    assert not Mail.objects.exists()
