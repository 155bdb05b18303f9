"""How allauth fits this desk: staff are invited and sign in by e-mail; what changes is journalled and told by mail."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from orderwright.accounts.models import User
from orderwright.actions import record_sign_in_change, send_reset_link
from orderwright.core.clock import now
from orderwright.core.own_address import own_address
from orderwright.core.sealing import open_text, seal_text

# What allauth calls its notification: the journal's kind.
_CHANGES: Final = {
    "account/email/password_changed": "user.password_changed",
    "account/email/password_set": "user.password_changed",
    "account/email/password_reset": "user.password_reset",
    "mfa/email/totp_activated": "user.authenticator_app_added",
    "mfa/email/totp_deactivated": "user.authenticator_app_removed",
    "mfa/email/recovery_codes_generated": "user.recovery_codes_made",
    "mfa/email/webauthn_added": "user.passkey_added",
    "mfa/email/webauthn_removed": "user.passkey_removed",
    "socialaccount/email/account_connected": "user.single_sign_on_connected",
    "socialaccount/email/account_disconnected": "user.single_sign_on_removed",
}


class StaffAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Accounts of staff."""

    error_messages: Final = DefaultAccountAdapter.error_messages | {
        # One sentence for every cause: who works here is nobody's business.
        "email_password_mismatch": _("E-mail or password is wrong."),
        "too_many_login_attempts": _("Too many tries. Wait some minutes, then try again."),
        "incorrect_password": _("The password is wrong."),
        "enter_current_password": _("The present password is wrong."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's signature
        """Nobody signs up: an administrator invites."""
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """Return whether the way on is a place of this desk."""
        return bool(url and url.startswith("/") and super().is_safe_url(url))

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the caller's address, behind as many proxies as the settings trust."""
        try:
            return str(super().get_client_ip(request))
        except PermissionDenied:
            return "0.0.0.0"  # noqa: S104 - nothing is bound: who comes by a file's socket has no address

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:  # noqa: ARG002 - as above
        """Lead who has left back to where everybody signs in."""
        return redirect("sign-in")

    def reauthenticate(self, user: User, password: str) -> bool:
        """Return whether the password is this person's; failures count like those of signing in."""
        found = self.authenticate(context.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk

    def set_password(self, user: User, password: str) -> None:
        """Set the password; a link that is still to be used ends with it."""
        user.set_password(password)
        user.invited_at = None
        user.save(update_fields=["password", "invited_at"])

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:  # noqa: ARG002 - as above
        """Write the mail with the link to the person's own address, in whatever letter case it was typed.

        allauth's link begins with whatever host and port the caller has named, ours does not.
        """
        link = own_address(self.request, urlsplit(context["password_reset_url"]).path)
        send_reset_link.run(user_id=user.pk, link=link, now=now())

    def add_message(self, request: HttpRequest, level: int, *_templates: Any, message: str = "", **_more: Any) -> None:
        """Keep a failure for the next page. What worked, the page that follows shows by itself."""
        if message and level >= messages.ERROR:
            messages.add_message(request, level, message)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,  # noqa: ARG002 - allauth's signature
        email: str | None = None,  # noqa: ARG002 - allauth's signature
    ) -> None:
        """Write the change into the journal and a mail about it, in the transaction of the change."""
        record_sign_in_change.run(user_id=user.pk, kind=_CHANGES[template_prefix], now=now())


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Second factors: secrets sealed at rest."""

    error_messages: Final = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("The code is wrong, or was used already."),
    }

    def encrypt(self, text: str) -> str:
        """Return the secret as it is stored."""
        return seal_text(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret. Raises: SealBroken."""
        return open_text(encrypted_text)
