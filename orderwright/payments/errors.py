"""What can go wrong with payments: one class per anticipated failure."""

from __future__ import annotations

from orderwright.core.errors import Conflict, Invalid, NotFound, OrderwrightError, Refused, Stale, Unavailable


class PaymentNotFound(NotFound):
    """The order has no payment with this id."""

    code = "payment_not_found"


class ProviderUnknown(Invalid):
    """No provider account has this slug."""

    code = "provider_unknown"


class ProviderAccountNotFound(NotFound):
    """No provider account has this slug."""

    code = "provider_account_not_found"


class ProviderAccountInUse(Conflict):
    """Payments are kept there: what would send their money elsewhere stays as it is."""

    code = "provider_account_in_use"


class ProviderAccountChanged(Stale):
    """Somebody changed this provider account since the caller looked."""

    code = "provider_account_changed"


class ProviderNameTaken(Conflict):
    """Another provider account has this name."""

    code = "provider_name_taken"


class ProviderSlugTaken(Conflict):
    """Another provider account has this slug."""

    code = "provider_slug_taken"


class ProviderResting(Unavailable):
    """The provider gave no answer several times in a row and is left alone for a while; nothing was written (W8)."""

    code = "provider_resting"


class PaymentTaken(Invalid):
    """Another payment has this reference, at the same provider account or at another one of the same provider."""

    code = "payment_taken"


class AmountOutOfRange(Invalid):
    """The amount is not between one minor unit and what is left."""

    code = "amount_out_of_range"


class RefundInvalid(Invalid):
    """What is to be refunded does not add up: too many pieces, too much money, or nothing at all."""

    code = "refund_invalid"


class ReferenceNeeded(Invalid):
    """What staff record as received has to name the reference under which it came."""

    code = "reference_needed"


class ReferenceTaken(Conflict):
    """Money was recorded under this reference already, on this payment."""

    code = "reference_taken"


class NothingLeft(Conflict):
    """What was asked for is no longer free: another call has taken or reserved it."""

    code = "nothing_left"


class RequestReused(Conflict):
    """The same request reference asked for something else before."""

    code = "request_reused"


class ProviderUnreachable(Unavailable):
    """The provider gave no usable answer to a question; nothing was changed."""

    code = "provider_unreachable"


class RefundAboveCeiling(Refused):
    """The amount is above what the role of whoever asks may refund per order or per day."""

    code = "refund_above_ceiling"


class DriftChanged(Conflict):
    """Accepting the difference would do something else by now than the person was told."""

    code = "drift_changed"


class NeedsSecondPerson(Conflict):
    """Who asked for a movement may not decide on it alone."""

    code = "needs_second_person"


class GatewayMissing(Unavailable):
    """The account's provider needs an SDK that is not installed."""

    code = "gateway_missing"


class OutcomeUnsaved(OrderwrightError):
    """The provider was asked and its answer could not be written down: unknown, and not to be asked for again."""

    status = 500
    code = "outcome_unsaved"


class CredentialsUnreadable(Unavailable):
    """No key of this installation opens the account's credentials; nobody was called."""

    code = "credentials_unreadable"


class NoticeForged(Refused):
    """A message that says to be a provider's does not carry its signature; nothing was kept."""

    code = "notice_forged"


class OperationNotFound(NotFound):
    """No operation has this key."""

    code = "operation_not_found"


class ReferenceBooked(Conflict):
    """The provider's reference stands in the ledger already, for a movement of the same kind on this payment."""

    code = "reference_booked"


class ProviderShowsIt(Conflict):
    """A person said that it did not happen, and the provider shows it, under the reference in the facts."""

    code = "provider_shows_it"


class DriftNotFound(NotFound):
    """No difference has this id."""

    code = "drift_not_found"


class DayNotOver(Invalid):
    """The provider's list of a day is compared when the day is over, and for a year."""

    code = "day_not_over"


class ReconciliationUnderWay(Conflict):
    """Somebody else is comparing this day."""

    code = "reconciliation_under_way"
