"""Amounts as Stripe writes them, which for some currencies differ from ISO 4217. Source: Stripe, Currencies."""

from practice_provider.currencies import DECIMALS
from practice_provider.faces.stripe.refusals import ParameterInvalid
from practice_provider.words import gettext as _

# Without decimals in ISO 4217, with two (always zero) on this wire.
_WRITTEN_WITH_TWO = frozenset({"ISK", "UGX"})
# With two decimals in ISO 4217, with none on this wire.
_WRITTEN_WITH_NONE = frozenset({"MGA"})


def to_wire(amount: int, currency: str) -> int:
    """Return an amount in minor units as this interface writes it."""
    if currency in _WRITTEN_WITH_TWO:
        return amount * 100
    return amount // 100 if currency in _WRITTEN_WITH_NONE else amount


def from_wire(figure: int, currency: str, *, parameter: str) -> int:
    """Return what a caller wrote in minor units.

    Raises: ParameterInvalid for digits that the currency has not: those of a currency with three decimals end in 0.
    """
    step = 100 if currency in _WRITTEN_WITH_TWO else 10 if DECIMALS.get(currency) == 3 else 1  # noqa: PLR2004
    if figure % step:
        raise ParameterInvalid(_("Invalid integer: amounts in this currency end in zero."), parameter=parameter)
    if currency in _WRITTEN_WITH_TWO:
        return figure // 100
    return figure * 100 if currency in _WRITTEN_WITH_NONE else figure
