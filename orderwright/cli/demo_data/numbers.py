"""Tracking numbers as the carriers of the demo's shipping methods give them, with check digits that fit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import cycle
from typing import Final

_S10_WEIGHTS: Final = (8, 6, 4, 2, 3, 5, 9, 7)


def number_of(method: str, chance: int) -> str:
    """Return a tracking number of the method's carrier. `chance` is a number below 10**9 that makes it."""
    return _MAKERS.get(method, _courier)(chance)


def _ups(chance: int) -> str:
    serial = f"999AA103{chance % 10**7:07d}"
    values = [int(char) if char.isdigit() else (ord(char) - 3) % 10 for char in serial]
    return f"1Z{serial}{_to_ten(values, (1, 2))}"


def _usps(chance: int) -> str:
    serial = f"94001112025{chance:010d}"
    return f"{serial}{_to_ten([*map(int, serial)], (3, 1))}"


def _fedex(chance: int) -> str:
    serial = f"78{chance:09d}"
    weighed = sum(int(digit) * weight for digit, weight in zip(serial, cycle((3, 1, 7)), strict=False))
    return f"{serial}{weighed % 11 % 10}"


def _dhl_express(chance: int) -> str:
    return f"{chance:09d}{chance % 7}"


def _dhl_paket(chance: int) -> str:
    return f"003404341{chance:011d}"


def _royal_mail(chance: int) -> str:
    serial = f"{chance % 10**8:08d}"
    left = 11 - sum(int(digit) * weight for digit, weight in zip(serial, _S10_WEIGHTS, strict=True)) % 11
    return f"RM{serial}{ {10: 0, 11: 5}.get(left, left) }GB"


def _yamato(chance: int) -> str:
    return f"4{chance:011d}"


def _courier(chance: int) -> str:
    return f"GX-{chance:09d}"


def _to_ten(values: Sequence[int], weights: tuple[int, int]) -> int:
    return -sum(value * weight for value, weight in zip(values, cycle(weights), strict=False)) % 10


_MAKERS: Final[dict[str, Callable[[int], str]]] = {
    "ups-ground": _ups,
    "ups-next-day": _ups,
    "usps-priority": _usps,
    "fedex-home": _fedex,
    "dhl-express": _dhl_express,
    "dhl-paket": _dhl_paket,
    "royal-mail-48": _royal_mail,
    "yamato-ta-q-bin": _yamato,
}
