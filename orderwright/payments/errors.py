"""What can go wrong with payments: one class per anticipated failure."""

from __future__ import annotations

from orderwright.core.errors import Conflict, Invalid, NotFound, Unavailable


class PaymentNotFound(NotFound):
    """The order has no payment with this id."""

    code = "payment_not_found"


class ProviderUnknown(Invalid):
    """No provider account has this slug."""

    code = "provider_unknown"


class PaymentTaken(Invalid):
    """Another order has a payment with this reference at the same provider account."""

    code = "payment_taken"


class AmountOutOfRange(Invalid):
    """The amount is not between one minor unit and what is left."""

    code = "amount_out_of_range"


class NothingLeft(Conflict):
    """What was asked for is no longer free: another call has taken or reserved it."""

    code = "nothing_left"


class RequestReused(Conflict):
    """The same request reference asked for something else before."""

    code = "request_reused"


class ProviderUnreachable(Unavailable):
    """The provider gave no usable answer to a question; nothing was changed."""

    code = "provider_unreachable"


class OperationNotFound(NotFound):
    """No operation has this key."""

    code = "operation_not_found"


class ReferenceBooked(Conflict):
    """The provider's reference stands in the ledger already, for a movement of the same kind on this payment."""

    code = "reference_booked"


class DriftNotFound(NotFound):
    """No difference has this id."""

    code = "drift_not_found"
