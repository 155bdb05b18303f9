"""Where folders above the actions say what they have to forget when a customer is erased. Knows nobody's tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence

# What is told the numbers of the orders whose customer is erased, inside the transaction that erases.
Forget = Callable[[Sequence[str]], None]

_told: list[Forget] = []


def on_erasure(forget: Forget) -> None:
    """Have this called for every erasure from now on; the same one twice is called once."""
    if forget not in _told:
        _told.append(forget)


def forget_everywhere(numbers: Sequence[str]) -> None:
    """Tell everybody who has something to forget."""
    for forget in _told:
        forget(numbers)
