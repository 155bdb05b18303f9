"""Which accounts are the demo's: their passwords are known to everybody, so production refuses them. Pure data."""

from __future__ import annotations

from typing import Final

# Nobody's real address ever ends so: the top-level domain is reserved for examples (RFC 2606).
DEMO_DOMAIN: Final = "cozy-home.example"
DEMO_KEY_NAME: Final = "Demo storefront"


def is_demo_email(email: str) -> bool:
    """Return whether the address belongs to somebody of the demo."""
    return email.lower().endswith(f"@{DEMO_DOMAIN}")
