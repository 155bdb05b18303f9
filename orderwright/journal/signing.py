"""The key that signs heads: it stands in the environment, never in the database that it vouches for."""

from __future__ import annotations

import base64
import binascii
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from orderwright.journal.heads import public_half

_SEED_BYTES: Final = 32


def signing_key() -> Ed25519PrivateKey:
    """Return the key of AUDIT_SIGNING_KEY. Raises: ImproperlyConfigured when it is not 32 bytes in base64."""
    try:
        seed = base64.b64decode(settings.AUDIT_SIGNING_KEY, altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        seed = b""
    if len(seed) != _SEED_BYTES:
        raise ImproperlyConfigured("AUDIT_SIGNING_KEY is 32 random bytes in URL-safe base64.")
    return Ed25519PrivateKey.from_private_bytes(seed)


def trusted_keys() -> frozenset[str]:
    """Return the public keys whose heads this desk calls its own: the present one, and those it had before."""
    return frozenset({public_half(signing_key()), *settings.AUDIT_FORMER_KEYS})
