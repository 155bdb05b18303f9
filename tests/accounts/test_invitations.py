"""Inviting people, and what the mailed link is good for (W11)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.http import HttpRequest

from orderwright.accounts.errors import (
    EmailTaken,
    InvitationInvalid,
    NobodyToInviteFrom,
)
from orderwright.accounts.models import User
from orderwright.actions import (
    accept_invitation,
    deactivate_person,
    invite_again,
)
from orderwright.actions.invite_person import WantedRole
from orderwright.core.errors import Invalid
from orderwright.journal.models import Entry
from orderwright.orders.models import Site
from orderwright.outbox.models import Mail
from orderwright.reads.people import read_person
from tests.accounts.conftest import PASSWORD, kinds


def token_in(mail: Mail) -> str:
    """Return the token of the link in the mail."""
    (line,) = (line for line in mail.text.splitlines() if line.startswith("https://"))
    return line.rpartition("/")[2]


def sign_in(email: str, password: str = PASSWORD) -> Any:
    return authenticate(HttpRequest(), email=email, password=password)


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
