"""The link by which somebody who forgot their password chooses another: good once, for an hour, until they sign in."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.tokens import PasswordResetTokenGenerator


class ResetLinks(PasswordResetTokenGenerator):
    """Django's tokens, which end with the password and with a sign-in; these end with a deactivation too."""

    key_salt = "orderwright.reset_link"

    def _make_hash_value(self, user: Any, timestamp: int) -> str:
        return f"{super()._make_hash_value(user, timestamp)}{user.session_epoch}{user.is_active}"
