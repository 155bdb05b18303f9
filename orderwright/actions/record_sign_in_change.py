"""A person changed how they sign in: the journal keeps it, and a mail tells them, in case it was somebody else."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from orderwright.accounts.models import User
from orderwright.actions.staff_mail import staff_sender
from orderwright.journal.writes import append
from orderwright.outbox.addresses import is_mailable
from orderwright.outbox.compose import sign_in_changed
from orderwright.outbox.writes import enqueue_mail

# Kind of the journal: what the mail says of it.
CHANGES: Final = {
    "user.password_changed": _("Your password was changed."),
    "user.password_reset": _("A new password was chosen by a link that was sent to this address."),
    "user.authenticator_app_added": _("An authenticator app was added to your account."),
    "user.authenticator_app_removed": _("The authenticator app was removed from your account."),
    "user.recovery_codes_made": _("New recovery codes were made; the old ones no longer work."),
    "user.passkey_added": _("A passkey was added to your account."),
    "user.passkey_removed": _("A passkey was removed from your account."),
    "user.single_sign_on_connected": _("Single sign-on was connected with your account."),
    "user.single_sign_on_removed": _("Single sign-on was removed from your account."),
}


def run(*, user_id: int, kind: str, now: datetime) -> None:
    """Append the entry and write the mail, in the transaction of the change where one is open.

    No mail where no site has an address from which it could be sent. Raises: KeyError for another kind.
    Effects: one journal entry, at most one mail in the outbox. Source: W13.
    """
    words = str(CHANGES[kind])
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user_id)
        append(stream=f"user:{user_id}", kind=kind, actor=user.actor(), now=now)
        tell(user, words=words, now=now)


def tell(user: User, *, words: str, now: datetime) -> None:
    """Write the mail that tells somebody what was changed about how they sign in, where one can be sent.

    Needs the transaction of the change. Effects: at most one mail in the outbox.
    """
    address = staff_sender()
    if not address or not is_mailable(user.email):
        return
    mail = sign_in_changed(words=words, name=user.name, at=now, address=address)
    enqueue_mail(
        order_id=None,
        kind="sign_in_changed",
        sender=mail.sender,
        recipient=user.email,
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        now=now,
    )
