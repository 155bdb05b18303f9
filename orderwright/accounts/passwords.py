"""What a password must not be, beyond what Django refuses by itself."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


class RepeatedPasswordValidator(CommonPasswordValidator):
    """Refuses one of the most used passwords written several times, such as `passwordpassword`."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:  # noqa: ARG002 - Django's name
        """Pass what is no repetition of a common password, and what Django refuses itself. Raises: ValidationError."""
        word = password.lower().strip()
        if word in self.passwords:
            return  # Django has refused it already, and once is enough.

        for length in range(1, len(word) // 2 + 1):
            times, rest = divmod(len(word), length)
            if not rest and word == word[:length] * times and word[:length] in self.passwords:
                raise ValidationError(
                    _("This password is one that many people use, written several times."), code="password_too_common"
                )

    def get_help_text(self) -> str:
        """Return the rule in words."""
        return _("A password that many people use is not made safer by writing it several times.")
