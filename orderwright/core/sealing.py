"""Text at rest, sealed with keys that stand outside the database. Whose text it is does not belong here."""

from __future__ import annotations

from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class SealBroken(ValueError):
    """No key of this installation opens the text."""


def seal_text(text: str) -> str:
    """Return the text as only this installation's keys open it; the first of SECRET_SEALING_KEYS seals."""
    return _keys(tuple(settings.SECRET_SEALING_KEYS)).encrypt(text.encode()).decode()


def open_text(sealed: str) -> str:
    """Return what was sealed. Raises: SealBroken."""
    try:
        return _keys(tuple(settings.SECRET_SEALING_KEYS)).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise SealBroken("the key that sealed this text is not among SECRET_SEALING_KEYS") from error


@lru_cache(maxsize=4)
def _keys(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])
