"""Amounts as providers write them, whose decimals are neither ISO 4217's nor ours for every currency."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from orderwright.core.money import exponent

_LONGEST_WAIT_S = 3600


class Unrepresentable(Exception):
    """The amount has digits that the provider has not in this currency. Its text names both."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WireDecimals:
    """One provider's decimals: none for some currencies, three for others, two for all the rest."""

    provider: str
    without: frozenset[str]
    with_three: frozenset[str]
    last_of_three_is_zero: bool = False

    def of(self, currency: str) -> int:
        """Return how many decimals the provider writes."""
        return 0 if currency in self.without else 3 if currency in self.with_three else 2

    def to_wire(self, minor: int, currency: str) -> int:
        """Return our minor units as the provider writes them. Raises: Unrepresentable."""
        theirs = self.of(currency)
        figure, rest = divmod(minor * pow(10, theirs), pow(10, exponent(currency)))
        is_too_fine = theirs == 3 and self.last_of_three_is_zero and figure % 10  # noqa: PLR2004 - three decimals
        if rest or is_too_fine:
            words = f"{self.provider} cannot move {minor} minor units of {currency}: it has fewer decimals."
            raise Unrepresentable(words)
        return int(figure)

    def from_wire(self, figure: int, currency: str) -> int:
        """Return what the provider wrote in our minor units."""
        minor: int = figure * pow(10, exponent(currency)) // pow(10, self.of(currency))
        return minor


def waiting_time(written: object) -> timedelta | None:
    """Return what a header Retry-After asks for in seconds, an hour at most, or None where it asks for nothing."""
    seconds = str(written or "")
    is_figure = seconds.isascii() and seconds.isdigit()
    return timedelta(seconds=min(int(seconds), _LONGEST_WAIT_S)) if is_figure else None
