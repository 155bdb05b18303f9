"""What can go wrong between a program and the desk before an action is asked: body, key, headers, route, repetition."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from orderwright.core.errors import Conflict, Invalid, NotFound, OrderwrightError, Unavailable


class MalformedJson(Invalid):
    """The body is not JSON that can be read in one way only; `fields` points at the place where there is one."""

    status = 400
    code = "malformed_json"


class BodyTooLarge(OrderwrightError):
    """The body is larger than any order; it was not read."""

    status = 413
    code = "body_too_large"


class LengthRequired(OrderwrightError):
    """The body came without its length, so nobody can say beforehand whether it is too large."""

    status = 411
    code = "length_required"


class UnsupportedMediaType(OrderwrightError):
    """The body is said to be something other than JSON."""

    status = 415
    code = "unsupported_media_type"


class HeaderMalformed(Invalid):
    """A header cannot be read. The pointers of `fields` are names of headers."""

    status = 400
    code = "header_malformed"
    place: ClassVar[str] = "header"


class ParameterInvalid(Invalid):
    """The address has a parameter that is unknown, repeated or cannot be read. Pointers are names of parameters."""

    code = "parameter_invalid"
    place: ClassVar[str] = "parameter"


class KeyRefused(OrderwrightError):
    """No API key came with the request, or one that is unknown, expired or revoked."""

    status = 401
    code = "key_refused"


class RouteNotFound(NotFound):
    """The API has nothing at this address."""

    code = "route_not_found"


class MethodNotAllowed(OrderwrightError):
    """The address exists, but not for this method; facts give `allow`."""

    status = 405
    code = "method_not_allowed"

    def __init__(self, message: str, *, allow: list[str], facts: Mapping[str, Any] | None = None) -> None:
        super().__init__(message, facts={"allow": allow, **(facts or {})})


class IdempotencyKeyReused(Invalid):
    """The Idempotency-Key was used for another request (I12)."""

    code = "idempotency_key_reused"


class RequestInProgress(Conflict):
    """The first request with this Idempotency-Key is still being worked on (I12)."""

    code = "request_in_progress"


class AnswerWithheld(Conflict):
    """It was done under this Idempotency-Key, and the answer may hold what the key has no right to see any more."""

    code = "answer_withheld"


class DatabaseUnavailable(Unavailable):
    """The database did not answer; nothing was changed."""

    code = "database_unavailable"
