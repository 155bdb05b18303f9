"""Choose a password by the link of an invitation: good once, for some days, and for nobody who was deactivated."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from orderwright.accounts.errors import InvitationInvalid
from orderwright.accounts.invitations import find_invited
from orderwright.accounts.models import User
from orderwright.actions.configured import at
from orderwright.actions.people import stream_of_user
from orderwright.core.db import in_write_transaction
from orderwright.journal.writes import append


def look_up(token: str, *, now: datetime) -> User:
    """Return the person whose link this is. Raises: InvitationInvalid. Cost: one statement."""
    user = find_invited(token, now=now)
    if user is None:
        raise InvitationInvalid(
            _("This link is not good any more. Ask for a new one under “Forgot your password?” on the sign-in page.")
        )
    return user


def run(*, token: str, password: str, now: datetime) -> None:
    """Set the password, and end the link and every session of the person.

    Raises: InvitationInvalid, also for the second of two at once; Invalid at /password.
    Effects: the person's row, one journal entry.
    """

    def change() -> None:
        user = look_up(token, now=now)
        try:
            validate_password(password, user)
        except ValidationError as error:
            raise at("/password", "password_too_weak", " ".join(error.messages)) from error
        user.set_password(password)
        used = User.objects.filter(pk=user.pk, invited_at=user.invited_at, is_active=True).update(
            password=user.password, invited_at=None
        )
        if not used:
            raise InvitationInvalid(_("This link was just used."))
        append(stream=stream_of_user(user.pk), kind="user.password_chosen", actor=user.actor(), now=now)

    in_write_transaction(change)
