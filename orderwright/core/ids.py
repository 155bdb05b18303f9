"""Identifiers that leave the database: operation keys, request tokens, and how large a row's number gets."""

from __future__ import annotations

import secrets
from typing import Final

# What the databases number rows with holds no more.
LARGEST_ID: Final = 2**63 - 1


def operation_key() -> str:
    """Return a fresh key for one call to a provider: 128 random bits, never reused for another purpose."""
    return f"op_{secrets.token_hex(16)}"


def form_token() -> str:
    """Return a token that names one rendering of a form, so that sending it twice does the thing once."""
    return f"form_{secrets.token_urlsafe(16)}"
