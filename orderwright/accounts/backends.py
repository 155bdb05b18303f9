"""How Django loads the person who is signed in: with their roles, in one statement."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from orderwright.accounts.demo import is_demo_email
from orderwright.accounts.models import User, held_by


class EmailBackend(BaseBackend):
    """Signs people in by e-mail and password."""

    def authenticate(
        self,
        request: HttpRequest | None,  # noqa: ARG002 - the signature is Django's
        email: str | None = None,
        password: str | None = None,
        **_kwargs: Any,
    ) -> User | None:
        """Return the person, or None. An unknown e-mail costs as much time as a wrong password.

        In production nobody of the demo signs in, for their passwords are known to everybody.
        """
        if not email or password is None:
            return None
        # No address has control characters, and PostgreSQL refuses to be asked about some.
        if not email.isprintable():
            return None
        try:
            user = User.objects.get_by_natural_key(email)
        except User.DoesNotExist:
            User().set_password(password)
            return None
        return user if user.check_password(password) and user.is_active and _is_welcome(user) else None

    def get_user(self, user_id: int) -> User | None:
        """Return the active person of a session, roles included."""
        rows = list(User.objects.with_roles().filter(pk=user_id, is_active=True))
        if not rows or not _is_welcome(rows[0]):
            return None
        user = rows[0]
        user.held_roles = held_by(rows)
        return user


def _is_welcome(user: User) -> bool:
    return not (settings.IS_PRODUCTION and is_demo_email(user.email))
