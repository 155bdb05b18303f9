"""Refusals in Adyen's shape: status, errorCode, message, errorType. Source: Adyen, API errors; API idempotency."""

from http import HTTPStatus

from practice_provider.answers import Answer, answer_of
from practice_provider.faults import Fault
from practice_provider.refusals import (
    AmountExceedsCapture,
    AmountExceedsHold,
    AmountInvalid,
    CardDeclined,
    CurrencyUnknown,
    HoldExpired,
    HoldReversed,
    KeyInUse,
    KeyReused,
    MethodNotAllowed,
    NotFound,
    NothingToRelease,
    Refusal,
)
from practice_provider.words import gettext as _

_TRANSIENT = (("Transient-Error", "true"),)


class Unacceptable(Refusal):
    """The request is refused before anything is done: its status, errorCode and errorType are given."""

    def __init__(self, message: str, *, error_code: str, status: int = 422, error_type: str = "validation") -> None:
        super().__init__(message)
        self.status = status
        self.error_code = error_code
        self.error_type = error_type


def unauthenticated() -> Unacceptable:
    """Return the refusal of a request without an API key that this face takes."""
    words = _("HTTP Status Response - Unauthorized")
    return Unacceptable(words, error_code="000", status=HTTPStatus.UNAUTHORIZED, error_type="security")


def wrong_account() -> Unacceptable:
    """Return the refusal of a merchant account that the API key does not open."""
    words = _("Invalid Merchant Account")
    return Unacceptable(words, error_code="901", status=HTTPStatus.FORBIDDEN, error_type="security")


def refused(refusal: Refusal) -> Answer:
    """Return the answer that tells of a refusal."""
    if isinstance(refusal, Unacceptable):
        return _answer(refusal.status, refusal.error_code, refusal.message, refusal.error_type)
    if isinstance(refusal, KeyInUse | KeyReused):
        return _in_progress(headers=_TRANSIENT if isinstance(refusal, KeyInUse) else ())
    code, message = _SHAPES.get(type(refusal), ("702", refusal.message))
    status = refusal.status if isinstance(refusal, MethodNotAllowed) else 422
    return _answer(status, code, message, "validation")


# errorCode and message of refusals of the rules; what is not listed is a request of the wrong form.
_SHAPES: dict[type[Refusal], tuple[str, str]] = {
    NotFound: ("167", _("Original pspReference required for this operation")),
    AmountInvalid: ("137", _("Invalid amount specified")),
    CurrencyUnknown: ("137", _("Invalid amount specified")),
}
# Why an accepted modification came to nothing, in the words of a webhook's reason.
_REASONS: dict[type[Refusal], str] = {
    AmountExceedsHold: "Insufficient balance on payment",
    AmountExceedsCapture: "Insufficient balance on payment",
    NothingToRelease: "Transaction already captured or cancelled",
    HoldReversed: "Transaction already cancelled",
    HoldExpired: "Authorisation expired",
    CardDeclined: "Refused by the issuing bank",
}


def reason_of(refusal: Refusal) -> str:
    """Return why a modification came to nothing, as a webhook says it."""
    return _REASONS.get(type(refusal), refusal.message)


def failed_by(fault: Fault) -> Answer:
    """Return what is said when a fault makes the provider answer by itself."""
    if fault.kind == "decline":
        return _answer(422, "905", _("Payment details are not supported"), "configuration")
    if fault.kind == "conflict":
        return _in_progress(headers=_TRANSIENT)
    if fault.kind == "busy":
        wait = str(max(1, -int(-fault.seconds // 1)))
        return _answer(429, "00_429", _("Too many requests"), "security", headers=(("Retry-After", wait),))
    return _answer(500, "000", _("Internal error"), "internal")


def _in_progress(*, headers: tuple[tuple[str, str], ...] = ()) -> Answer:
    return _answer(422, "704", _("request already processed or in progress"), "validation", headers=headers)


def _answer(status: int, code: str, message: str, kind: str, *, headers: tuple[tuple[str, str], ...] = ()) -> Answer:
    document = {"status": status, "errorCode": code, "message": message, "errorType": kind}
    return answer_of(status, {**document}, headers=headers)
