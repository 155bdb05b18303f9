"""Invite a person: they get a mail with a link to choose a password, and the roles that they are given (W11)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError
from django.utils.translation import gettext as _

from orderwright.accounts.errors import EmailTaken, NobodyToInviteFrom
from orderwright.accounts.invitations import GOOD_FOR, make_token
from orderwright.accounts.models import User
from orderwright.actions.configured import at
from orderwright.actions.grant_role import give
from orderwright.actions.people import PERMISSION, held, lock_people, stream_of_user
from orderwright.actions.permission import lacks
from orderwright.actions.staff_mail import staff_sender
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability, allowed
from orderwright.core.db import in_write_transaction
from orderwright.core.text import clean_text
from orderwright.journal.writes import append
from orderwright.outbox.addresses import is_mailable
from orderwright.outbox.compose import invitation
from orderwright.outbox.models import Mail
from orderwright.outbox.writes import enqueue_mail

LONGEST_NAME: Final = 120
LONGEST_EMAIL: Final = 254
# From a token to the address of the page where it is good; who knows the desk's own address gives it.
Link = Callable[[str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedRole:
    """A role that somebody is to have, by slug, at one site or, where `site` is None, everywhere."""

    role: str
    site: str | None = None


def availability(actor: Actor) -> Availability:
    """Return whether this actor may invite people."""
    return lacks(actor, PERMISSION) or allowed()


def run(*, name: str, email: str, roles: Sequence[WantedRole], actor: Actor, now: datetime, link: Link) -> int:
    """Add the person with these roles, write the mail, and return the person's id.

    Raises: Invalid with a pointer; EmailTaken; BeyondOwnRights; RoleHeldAlready; NobodyToInviteFrom; Refused.
    Effects: one person who has no password yet, their grants, one mail, one journal entry.
    """
    availability(actor).require()
    called = clean_text(name, pointer="/name", longest=LONGEST_NAME, required=True)
    address = _checked_email(email)
    if not roles:
        raise at("/roles", "required", _("Choose at least one role."))

    def change() -> int:
        lock_people()
        if User.objects.filter(email__iexact=address).exists():
            raise _taken()
        user = User(name=called, email=address, invited_at=now)
        user.set_unusable_password()
        user.save()
        for wanted in roles:
            give(user, role=wanted.role, site=wanted.site, actor=actor)
        write_invitation(user, by=actor, now=now, link=link)
        append(
            stream=stream_of_user(user.pk),
            kind="user.invited",
            actor=actor,
            now=now,
            before={"roles": None},
            after={"roles": held(user)},
        )
        return user.pk

    try:
        return in_write_transaction(change)
    except IntegrityError as error:  # another one of this address was invited in this very moment
        raise _taken() from error


def write_invitation(user: User, *, by: Actor, now: datetime, link: Link) -> Mail:
    """Put the mail with the link into the outbox. Raises: NobodyToInviteFrom. Needs the transaction of the change."""
    sender = staff_sender()
    if not sender:
        raise NobodyToInviteFrom(_("No site has an address from which a mail could go out. Give one a sender first."))
    mail = invitation(
        name=user.name, by=by.name, link=link(make_token(user)), until=now + GOOD_FOR, email=user.email, address=sender
    )
    return enqueue_mail(
        order_id=None,
        kind="invitation",
        sender=mail.sender,
        recipient=user.email,
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        now=now,
    )


def _checked_email(typed: str) -> str:
    address = clean_text(typed, pointer="/email", longest=LONGEST_EMAIL, required=True, is_reference=True)
    try:
        validate_email(address)
    except ValidationError as error:
        raise at("/email", "not_an_address", _("It is not an e-mail address.")) from error
    if not is_mailable(address):
        raise at("/email", "not_an_address", _("It is not an e-mail address that mail can be sent to."))
    return address


def _taken() -> EmailTaken:
    return EmailTaken(_("Somebody with this e-mail is here already."), facts={"pointer": "/email"})
