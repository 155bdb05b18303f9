"""What people call the brands of cards and wallets."""

from __future__ import annotations

import pytest

from orderwright.payments.brands import brand_name


@pytest.mark.parametrize(
    ("slug", "name"),
    [
        ("visa", "Visa"),
        ("AMEX", "American Express"),
        ("jcb", "JCB"),
        ("paypal", "PayPal"),
        ("gift_card", "Gift card"),
        ("", ""),
    ],
)
def test_a_brand_is_called_as_it_writes_itself(slug: str, name: str) -> None:
    assert brand_name(slug) == name
