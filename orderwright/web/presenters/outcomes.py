"""How a call to a provider stands, in words: badges, toasts, reasons. Figures and rows are elsewhere."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _

from orderwright.payments.gateways.port import HOLD_EXPIRED
from orderwright.payments.states import WRONG_ECHO
from orderwright.reads.money_rows import OperationRow
from orderwright.web.presenters.parts import Badge

# The provider has less left than our books say: somebody has taken it there.
_TAKEN_THERE: Final = frozenset({"amount_exceeds_hold", "amount_exceeds_capture"})


def act_text(kind: str) -> str:
    """Return the word for a movement of money."""
    return {
        "authorise": _("Authorisation"),
        "capture": _("Capture"),
        "reverse": _("Reversal"),
        "expire": _("Hold ended"),
        "refund": _("Refund"),
        "capture_failed": _("Capture taken back"),
        "refund_failed": _("Refund taken back"),
        "dispute": _("Dispute"),
        "dispute_won": _("Dispute won"),
    }.get(kind, kind)


def outcome_badge(operation: OperationRow) -> Badge:
    """Return how a call to the provider stands."""
    return {
        "succeeded": Badge(_("Succeeded"), "green"),
        "failed": Badge(_("Declined"), "red"),
        "unknown": Badge(_("Outcome unknown, checking"), "amber", is_checking=True),
        "manual": Badge(_("Needs a person"), "red"),
        "pending": Badge(_("Accepted, settles later"), "blue", is_checking=True),
    }.get(operation.state, Badge(_("Under way"), "blue", is_checking=True))


def why_failed(code: str, message: str) -> str:
    """Return why a call failed: in our words where we know the case, else in the provider's."""
    return _("The hold had ended; the bank had let it go already.") if code == HOLD_EXPIRED else message


def why_waiting(code: str) -> str:
    """Return why a call waits for a person."""
    if code == WRONG_ECHO:
        return _("The provider named another amount; a person has to decide.")
    return _("The provider cannot tell what became of it; a person has to decide.")


def said_of_open(state: str, code: str, amount: str) -> str:
    """Return what to say of a call that has no outcome yet."""
    if state == "manual":
        return f"{amount}: {why_waiting(code)} {_('It stands on Exceptions.')}"
    return _("No answer for %(amount)s yet: outcome unknown, checking") % {"amount": amount}


def advice_after(code: str) -> str:
    """Return what helps after a refusal with this code, or nothing."""
    return _("Sync Payments shows what was done at the provider.") if code in _TAKEN_THERE else ""
