"""What people call the brands of cards and wallets. Pure."""

from __future__ import annotations

_NAMES = {"amex": "American Express", "jcb": "JCB", "paypal": "PayPal", "ideal": "iDEAL", "sepa_debit": "SEPA debit"}


def brand_name(slug: str) -> str:
    """Return the brand as it writes itself, such as `JCB`; one that we do not know in plain words: `Gift card`."""
    return _NAMES.get(slug.lower()) or slug.replace("_", " ").replace("-", " ").capitalize()
