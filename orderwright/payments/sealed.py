"""Credentials at rest: sealed with keys that stand outside the database. Source: architecture, Security."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from orderwright.core.sealing import SealBroken, open_text, seal_text
from orderwright.payments.errors import CredentialsUnreadable


def seal(credentials: Mapping[str, str]) -> str:
    """Return the credentials as text that only this installation's keys open; the first key seals."""
    return seal_text(msgspec.json.encode(dict(credentials)).decode())


def unseal(sealed: str) -> dict[str, str]:
    """Return the credentials. Raises: CredentialsUnreadable when no key of this installation opens them."""
    try:
        opened = open_text(sealed)
    except SealBroken as error:
        raise CredentialsUnreadable(
            "The account's credentials cannot be opened: the key that sealed them is not among SECRET_SEALING_KEYS."
        ) from error
    return msgspec.json.decode(opened, type=dict[str, str])


def seal_anew(sealed: str) -> str:
    """Return the same credentials sealed with the first key. Raises: CredentialsUnreadable."""
    return seal(unseal(sealed))
