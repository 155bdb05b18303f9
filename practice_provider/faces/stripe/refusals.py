"""Refusals in Stripe's shape: a type, a code, a message, the parameter at fault. Source: Stripe, Errors."""

from http import HTTPStatus

from practice_provider.answers import Answer, answer_of
from practice_provider.documents import Json
from practice_provider.faults import Fault
from practice_provider.refusals import (
    AmountExceedsCapture,
    AmountExceedsHold,
    AmountInvalid,
    CardDeclined,
    CurrencyUnknown,
    HoldExpired,
    HoldReversed,
    InvalidRequest,
    KeyInUse,
    KeyReused,
    MethodNotAllowed,
    NotFound,
    NothingToRelease,
    Refusal,
)
from practice_provider.words import gettext as _

_REQUEST, _IDEMPOTENCY = "invalid_request_error", "idempotency_error"
# Status, type and code of each refusal of the rules; what is not listed is a request of the wrong form.
_SHAPES: dict[type[Refusal], tuple[int, str, str]] = {
    CardDeclined: (402, "card_error", "card_declined"),
    HoldExpired: (400, _REQUEST, "charge_expired_for_capture"),
    HoldReversed: (400, _REQUEST, "payment_intent_unexpected_state"),
    NothingToRelease: (400, _REQUEST, "payment_intent_unexpected_state"),
    AmountExceedsHold: (400, _REQUEST, "amount_too_large"),
    AmountExceedsCapture: (400, _REQUEST, "charge_already_refunded"),
    AmountInvalid: (400, _REQUEST, "parameter_invalid_integer"),
    CurrencyUnknown: (400, _REQUEST, "parameter_invalid_string_empty"),
    NotFound: (404, _REQUEST, "resource_missing"),
    MethodNotAllowed: (404, _REQUEST, ""),
    KeyReused: (400, _IDEMPOTENCY, ""),
    KeyInUse: (409, _IDEMPOTENCY, "idempotency_key_in_use"),
}


class Unauthenticated(Refusal):
    """The request came without a test key that this face takes."""

    status = 401

    def __init__(self) -> None:
        super().__init__(_("Invalid API Key provided: send a test key, such as sk_test_practice."))


class ParameterInvalid(InvalidRequest):
    """A parameter is missing, unknown, or not of its form."""

    def __init__(self, message: str, *, parameter: str, code: str = "") -> None:
        super().__init__(message, param=parameter)
        self.error_code = code


def refused(refusal: Refusal) -> Answer:
    """Return the answer that tells of a refusal."""
    status, kind, code = _shape(refusal)
    error: Json = {"type": kind, "message": refusal.message}
    if code:
        error["code"] = code
    if code == "card_declined":
        error["decline_code"] = "generic_decline"
    if "param" in refusal.facts:
        error["param"] = refusal.facts["param"]
    return answer_of(status, {"error": error})


def _shape(refusal: Refusal) -> tuple[int, str, str]:
    if isinstance(refusal, ParameterInvalid):
        return 400, _REQUEST, refusal.error_code
    return _SHAPES.get(type(refusal), (refusal.status, _REQUEST, ""))


def failed_by(fault: Fault) -> Answer:
    """Return what is said when a fault makes the provider answer by itself."""
    if fault.kind == "decline":
        return refused(CardDeclined())
    if fault.kind == "conflict":
        return refused(KeyInUse())
    if fault.kind == "busy":
        error = {"type": _REQUEST, "code": "rate_limit", "message": _("Too many requests; try again later.")}
        wait = max(1, -int(-fault.seconds // 1))
        return answer_of(HTTPStatus.TOO_MANY_REQUESTS, {"error": error}, headers=(("Retry-After", str(wait)),))
    error = {"type": "api_error", "message": _("An error happened on our side.")}
    return answer_of(HTTPStatus.INTERNAL_SERVER_ERROR, {"error": error})
