"""The root of all anticipated failures and its kinds. Concrete errors stand beside what raises them, not here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar


class OrderwrightError(Exception):
    """A failure that was anticipated: it has a permanent code, a message fit for a person, and facts.

    A concrete error sets `code` on its class; `status` is the HTTP answer of its kind.
    """

    status: ClassVar[int] = 500
    code: str = "internal_error"

    def __init__(self, message: str, *, code: str | None = None, facts: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code
        self.facts: dict[str, Any] = dict(facts or {})


class NotFound(OrderwrightError):
    """The named thing does not exist, or not for this actor."""

    status = 404
    code = "not_found"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldError:
    """One thing wrong with what was handed in. Shape: a JSON pointer (RFC 6901), a stable code and a sentence."""

    pointer: str
    code: str
    message: str


class Invalid(OrderwrightError):
    """What was handed in cannot be read or does not add up; `fields` points at each place."""

    status = 422
    code = "invalid"

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        facts: Mapping[str, Any] | None = None,
        fields: tuple[FieldError, ...] = (),
    ) -> None:
        super().__init__(message, code=code, facts=facts)
        self.fields = fields


class Conflict(OrderwrightError):
    """The request clashes with how things stand now; nothing was written."""

    status = 409
    code = "conflict"


class Stale(Conflict):
    """Somebody changed the same fields since the caller looked; `facts["changes"]` says who changed what."""

    status = 412
    code = "changed_since"


class Refused(OrderwrightError):
    """The actor may not do this at all."""

    status = 403
    code = "not_permitted"


class Declined(OrderwrightError):
    """The payment provider said no; its words are in the message."""

    status = 402
    code = "declined"


class Unavailable(OrderwrightError):
    """Something needed is out of reach for now; trying again later is right."""

    status = 503
    code = "unavailable"
