"""Every way in which the provider says no, each with its permanent code and HTTP status; when is decided elsewhere."""

from practice_provider.currencies import format_amount
from practice_provider.instants import text_of
from practice_provider.words import gettext as _

Fact = str | int


class Refusal(Exception):
    """The provider does not do what was asked: a status, a permanent code, a sentence for people, and facts."""

    status = 422
    code = ""

    def __init__(self, message: str, **facts: Fact) -> None:
        super().__init__(message)
        self.message = message
        self.facts = facts


class InvalidRequest(Refusal):
    """The request has the wrong form: no JSON, a field unknown, missing or of another type."""

    status = 400
    code = "invalid_request"


class KeyMissing(Refusal):
    """A call that moves money came without an idempotency key."""

    status = 400
    code = "idempotency_key_missing"

    def __init__(self) -> None:
        super().__init__(_("Calls that move money need the header Idempotency-Key."))


class KeyInvalid(Refusal):
    """The idempotency key is too long, repeated, or not plain printable text."""

    status = 400
    code = "idempotency_key_invalid"

    def __init__(self, *, most: int) -> None:
        super().__init__(
            _("Idempotency-Key is given once, in 1 to {most} printable ASCII characters.").format(most=most)
        )


class KeyReused(Refusal):
    """The idempotency key belongs to another request."""

    code = "idempotency_key_reused"

    def __init__(self) -> None:
        super().__init__(_("This idempotency key was used for another request."))


class KeyInUse(Refusal):
    """The first call with this idempotency key has not ended yet."""

    status = 409
    code = "idempotency_key_in_use"

    def __init__(self) -> None:
        super().__init__(_("The first call with this idempotency key is still running."))


class CrossSite(Refusal):
    """A page of another site sent the request."""

    status = 403
    code = "cross_site"

    def __init__(self) -> None:
        super().__init__(_("Requests from pages of other sites are refused."))


class NotFound(Refusal):
    """Nothing stands at this address."""

    status = 404
    code = "not_found"

    def __init__(self) -> None:
        super().__init__(_("There is nothing under this address."))


class MethodNotAllowed(Refusal):
    """The address exists, but does not take this method."""

    status = 405
    code = "method_not_allowed"

    def __init__(self, *, allowed: str) -> None:
        super().__init__(_("This address takes {allowed}.").format(allowed=allowed), allowed=allowed)


class LengthRequired(Refusal):
    """The body came without its length."""

    status = 411
    code = "length_required"

    def __init__(self) -> None:
        super().__init__(_("Bodies need the header Content-Length."))


class BodyTooLarge(Refusal):
    """The body is longer than any request needs."""

    status = 413
    code = "body_too_large"

    def __init__(self, *, most: int) -> None:
        super().__init__(_("Bodies have at most {most} bytes.").format(most=most), most=most)


class CardDeclined(Refusal):
    """The card's bank said no."""

    status = 402
    code = "card_declined"

    def __init__(self) -> None:
        super().__init__(_("The card was declined."))


class AmountInvalid(Refusal):
    """The amount is zero, negative, or larger than any the provider moves."""

    code = "amount_invalid"

    def __init__(self, *, most: int) -> None:
        super().__init__(_("Amounts are from 1 to {most} minor units.").format(most=most))


class CurrencyUnknown(Refusal):
    """The provider holds no money in this currency."""

    code = "currency_unknown"

    def __init__(self) -> None:
        super().__init__(_("The currency is not one of ISO 4217 in which this provider holds money."))


class ReferenceTaken(Refusal):
    """Another authorisation has this id already."""

    code = "reference_taken"

    def __init__(self) -> None:
        super().__init__(_("Another authorisation has this reference."))


class AmountExceedsHold(Refusal):
    """More was asked for than is still held."""

    code = "amount_exceeds_hold"

    def __init__(self, *, available: int, currency: str) -> None:
        words = _("Only {amount} of this hold is left.").format(amount=format_amount(available, currency=currency))
        super().__init__(words, available=available)


class AmountExceedsCapture(Refusal):
    """More was asked back than this capture still has."""

    code = "amount_exceeds_capture"

    def __init__(self, *, available: int, currency: str) -> None:
        words = _("Only {amount} of this capture is left.").format(amount=format_amount(available, currency=currency))
        super().__init__(words, available=available)


class HoldExpired(Refusal):
    """The hold ended by itself."""

    code = "hold_expired"

    def __init__(self, *, expires_at: int) -> None:
        words = _("The hold expired at {time}.").format(time=text_of(expires_at))
        super().__init__(words, expires_at=text_of(expires_at))


class HoldReversed(Refusal):
    """The hold was reversed; a reversal closes it for captures."""

    code = "hold_reversed"

    def __init__(self) -> None:
        super().__init__(_("The hold was reversed; nothing more can be captured."))


class NothingToRelease(Refusal):
    """All of the hold is captured or released already."""

    code = "nothing_to_release"

    def __init__(self) -> None:
        super().__init__(_("Nothing of this hold is left to release."))
