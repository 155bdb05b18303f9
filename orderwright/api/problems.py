"""The one map from errors to answers: RFC 9457 problem documents with a stable code. No error is worded here twice."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from orderwright.api.errors import BodyTooLarge, DatabaseUnavailable, MalformedJson, RouteNotFound
from orderwright.api.validation import error_of
from orderwright.core.errors import OrderwrightError
from orderwright.core.money import Money

logger = logging.getLogger(__name__)

MEDIA_TYPE: Final = "application/problem+json"

# The kinds: their names are anchors on the page at /api/docs, their titles never change.
KINDS: Final[dict[int, tuple[str, str]]] = {
    400: ("malformed", "The request cannot be read"),
    401: ("key-refused", "A valid API key is needed"),
    402: ("declined", "The payment provider said no"),
    403: ("not-permitted", "The key may not do this"),
    404: ("not-found", "There is no such thing"),
    405: ("method-not-allowed", "The address does not take this method"),
    409: ("conflict", "The request clashes with how things stand"),
    411: ("length-required", "The body came without its length"),
    412: ("changed-since", "Somebody changed it since you looked"),
    413: ("body-too-large", "The body is too large"),
    415: ("unsupported-media-type", "The body is not JSON"),
    422: ("invalid", "What was handed in is not right"),
    500: ("internal-error", "Something went wrong on our side"),
    503: ("unavailable", "Something needed is out of reach"),
}
# How long a program waits before it asks again, in seconds, where the error does not say.
_RETRY_AFTER: Final = 5


def problem(error: OrderwrightError) -> HttpResponse:
    """Return the error as a problem document.

    Shape: type, title, status, detail and code; `errors` where places are known, each with a code, a message and one of
    pointer, parameter or header; then the error's facts under their own names.
    """
    kind, title = KINDS[error.status]
    document: dict[str, Any] = {
        **error.facts,
        "type": f"/api/docs#{kind}",
        "title": title,
        "status": error.status,
        "detail": error.message,
        "code": error.code,
    }
    if fields := getattr(error, "fields", ()):
        place = getattr(error, "place", "pointer")
        document["errors"] = [
            {place: field.pointer, "code": field.code, "message": str(field.message)} for field in fields
        ]
    body = msgspec.json.encode(document, enc_hook=_plain)
    response = HttpResponse(body, status=error.status, content_type=MEDIA_TYPE)
    response["Content-Length"] = str(len(body))
    response["Cache-Control"] = "no-store"
    for name, value in _headers(error).items():
        response[name] = value
    return response


def internal_problem() -> HttpResponse:
    """Return the problem of a failure that nobody anticipated. It says nothing about the inside."""
    return problem(OrderwrightError("The desk could not answer; the failure was logged. Trying again later may help."))


def register(api: NinjaAPI) -> None:
    """Make the API answer every exception with a problem document."""
    api.add_exception_handler(OrderwrightError, _anticipated)
    api.add_exception_handler(ValidationError, _not_valid)
    api.add_exception_handler(HttpError, _unreadable)
    api.add_exception_handler(Http404, _no_route)
    api.add_exception_handler(RequestDataTooBig, _too_large)
    api.add_exception_handler(UnreadablePostError, _cut_off)
    api.add_exception_handler(SuspiciousOperation, _suspicious)
    api.add_exception_handler(OperationalError, _no_database)
    api.add_exception_handler(InterfaceError, _no_database)
    api.add_exception_handler(Exception, _unexpected)


def _anticipated(_request: HttpRequest, error: Any) -> HttpResponse:
    return problem(error)


def _not_valid(_request: HttpRequest, error: Any) -> HttpResponse:
    return problem(error_of(error.errors))


def _unreadable(_request: HttpRequest, error: Any) -> HttpResponse:
    # ninja wraps what the parser of bodies raises into an HttpError of its own; the cause is what we said.
    if isinstance(error.__cause__, OrderwrightError):
        return problem(error.__cause__)
    return problem(MalformedJson("The request cannot be read."))


def _no_route(_request: HttpRequest, _error: Any) -> HttpResponse:
    return problem(RouteNotFound("The API has nothing at this address."))


def _too_large(_request: HttpRequest, _error: Any) -> HttpResponse:
    return problem(BodyTooLarge("The body is larger than 1 MB.", facts={"most_bytes": 1_048_576}))


def _cut_off(_request: HttpRequest, _error: Any) -> HttpResponse:
    return problem(MalformedJson("The body ended before its length was reached."))


def _suspicious(_request: HttpRequest, error: Any) -> HttpResponse:
    # Thousands of parameters, or a Host that this desk does not go by.
    logger.warning("refused: %s", error)
    return problem(MalformedJson("The request cannot be read."))


def _no_database(request: HttpRequest, error: Any) -> HttpResponse:
    logger.error("%s %s: the database did not answer", request.method, request.path, exc_info=error)
    return problem(DatabaseUnavailable("The database did not answer. Ask how things stand before you send it again."))


def _unexpected(request: HttpRequest, error: Any) -> HttpResponse:
    logger.error("%s %s failed", request.method, request.path, exc_info=error)
    return internal_problem()


def _headers(error: OrderwrightError) -> Mapping[str, str]:
    match error.status:
        case 401:
            return {"WWW-Authenticate": 'Bearer realm="orderwright"'}
        case 405:
            allow: Sequence[str] = error.facts["allow"]
            return {"Allow": ", ".join(allow)}
        case 409 if "retry_after" in error.facts:
            return {"Retry-After": str(error.facts["retry_after"])}
        case 503:
            return {"Retry-After": str(error.facts.get("retry_after", _RETRY_AFTER))}
        case _:
            return {}


def _plain(value: Any) -> Any:
    """Return a fact that JSON has no word for as one that it has: amounts as minor units, translated text as text."""
    return {"amount": value.amount_minor, "currency": value.currency} if isinstance(value, Money) else str(value)
