"""Credentials at rest: sealed with keys that stand outside the database. Source: architecture, Security."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import msgspec
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from orderwright.payments.errors import CredentialsUnreadable


def seal(credentials: Mapping[str, str]) -> str:
    """Return the credentials as text that only this installation's keys open; the first key seals."""
    return _keys(tuple(settings.SECRET_SEALING_KEYS)).encrypt(msgspec.json.encode(dict(credentials))).decode()


def unseal(sealed: str) -> dict[str, str]:
    """Return the credentials. Raises: CredentialsUnreadable when no key of this installation opens them."""
    try:
        opened = _keys(tuple(settings.SECRET_SEALING_KEYS)).decrypt(sealed.encode())
    except InvalidToken as error:
        raise CredentialsUnreadable(
            "The account's credentials cannot be opened: the key that sealed them is not among SECRET_SEALING_KEYS."
        ) from error
    return msgspec.json.decode(opened, type=dict[str, str])


def seal_anew(sealed: str) -> str:
    """Return the same credentials sealed with the first key. Raises: CredentialsUnreadable."""
    return seal(unseal(sealed))


@lru_cache(maxsize=4)
def _keys(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])
