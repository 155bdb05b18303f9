"""What the addresses of lists may ask for: filters and pages."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from orderwright.api.errors import ParameterInvalid
from orderwright.api.fields import OWN_CODE, TextRule
from orderwright.core.errors import FieldError
from orderwright.reads.cursors import CursorInvalid

_MOST_PER_PAGE: Final = 200
# Long enough for any e-mail address; the search index has no use for more.
_LONGEST_SEARCH: Final = 200
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)", flags=re.ASCII)


def moment(value: Any) -> datetime:
    """Return the time as aware UTC. A plus sign that was not encoded arrives as a blank, and is read as meant."""
    text = str(value).upper().replace(" ", "+")
    try:
        if _TIME.fullmatch(text):
            return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise PydanticCustomError(f"{OWN_CODE}not_a_time", "It must be a time such as 2026-11-20T21:42:11Z (RFC 3339).")


def _digits(value: Any) -> Any:
    """Return the text when it is digits alone; pydantic would take `+5`, `5_0` and `5.0` too."""
    if not re.fullmatch(r"\d{1,18}", str(value), flags=re.ASCII):
        raise PydanticCustomError(f"{OWN_CODE}not_an_integer", "It must be a whole number.")
    return value


Moment = Annotated[datetime, BeforeValidator(moment), WithJsonSchema({"type": "string", "format": "date-time"})]
Limit = Annotated[
    int,
    BeforeValidator(_digits),
    Field(ge=1, le=_MOST_PER_PAGE, description="How many at most."),
    WithJsonSchema({"type": "integer", "minimum": 1, "maximum": _MOST_PER_PAGE}),
]
Sequence = Annotated[
    int,
    BeforeValidator(_digits),
    Field(ge=1, description="The `next` of the page before."),
    WithJsonSchema({"type": "string", "pattern": "^[1-9][0-9]{0,17}$"}),
]


class OrderFilters(BaseModel):
    """What a list of orders shows. Filters narrow each other."""

    model_config = ConfigDict(frozen=True)

    view: Annotated[Literal["open", "all"], Field(description="`open`: neither completed nor canceled.")] = "open"
    state: Annotated[str | None, TextRule(60), Field(description="Slug of an order state.")] = None
    payment: Annotated[
        Literal[
            "none",
            "authorised",
            "partly_captured",
            "captured",
            "partly_refunded",
            "refunded",
            "reversed",
            "expired",
            "unknown",
        ]
        | None,
        Field(description="How the payments stand together."),
    ] = None
    delivery: Annotated[
        Literal["unsent", "part", "sent"] | None, Field(description="How much of the shipments has left.")
    ] = None
    hold: Annotated[Literal["ending"] | None, Field(description="`ending`: a hold ends within 48 hours.")] = None
    cancellation: Annotated[
        Literal["requested"] | None, Field(description="`requested`: somebody asked for it, and nobody has decided.")
    ] = None
    site: Annotated[str | None, TextRule(60), Field(description="Slug of a site.")] = None
    placed_from: Annotated[Moment | None, Field(description="Placed then or later.")] = None
    placed_to: Annotated[Moment | None, Field(description="Placed before then.")] = None
    q: Annotated[
        str,
        TextRule(_LONGEST_SEARCH, is_reference=True),
        Field(description="A piece of a number, name, e-mail, phone, SKU or tracking number."),
    ] = ""
    after: Annotated[
        str | None, TextRule(200, is_reference=True), Field(description="The `next` of the page before.")
    ] = None
    limit: Limit = 50


class MethodFilter(BaseModel):
    """Which shipping methods are shown."""

    model_config = ConfigDict(frozen=True)

    offered: Annotated[Literal["true", "false"] | None, Field(description="`true`: those that staff may choose.")] = (
        None
    )


class ExceptionFilters(BaseModel):
    """Which exceptions are shown."""

    model_config = ConfigDict(frozen=True)

    problem: Annotated[
        Literal["manual", "failed_leg", "unknown", "stuck", "failed"] | None,
        Field(description="`manual`: waits for a person. `stuck`: nobody looked after it in time."),
    ] = None
    after: Annotated[
        str | None, TextRule(200, is_reference=True), Field(description="The `next` of the page before.")
    ] = None
    limit: Limit = 50


class DriftFilters(BaseModel):
    """Which differences are shown."""

    model_config = ConfigDict(frozen=True)

    view: Annotated[
        Literal["undecided", "investigating", "accepted", "gone", "all"],
        Field(description="`undecided`: open or being investigated."),
    ] = "undecided"
    after: Annotated[
        str | None, TextRule(200, is_reference=True), Field(description="The `next` of the page before.")
    ] = None
    limit: Limit = 50


class ReconciliationFilters(BaseModel):
    """Which days are shown."""

    model_config = ConfigDict(frozen=True)

    provider: Annotated[str, TextRule(40), Field(description="Slug of a provider account.")] = ""
    limit: Limit = 50


class EmailFilters(BaseModel):
    """Which emails are listed."""

    model_config = ConfigDict(frozen=True)

    state: Annotated[
        Literal["due", "sent", "undelivered"] | None,
        Field(description="`undelivered`: bounced or given up, and not sent again."),
    ] = None
    order: Annotated[str, TextRule(24), Field(description="Only those about the order with this number.")] = ""
    after: Annotated[
        str | None, TextRule(200, is_reference=True), Field(description="The `next` of the page before.")
    ] = None
    limit: Limit = 50


class LedgerFilters(BaseModel):
    """Which part of the ledger, and as what."""

    model_config = ConfigDict(frozen=True)

    first: Annotated[
        str,
        TextRule(40, required=True),
        Field(alias="from", description="First day, in each site's time zone. Missing: of the month before `to`."),
        WithJsonSchema({"type": "string", "format": "date"}),
    ] = ""
    last: Annotated[
        str,
        TextRule(40, required=True),
        Field(alias="to", description="Last day, included. Missing: today. At most 366 days."),
        WithJsonSchema({"type": "string", "format": "date"}),
    ] = ""
    site: Annotated[str, TextRule(60), Field(description="Slug of a site.")] = ""
    provider: Annotated[str, TextRule(40), Field(description="Slug of a provider account.")] = ""
    format: Annotated[Literal["json", "csv", "xlsx"], Field(description="`csv`, `xlsx`: a file.")] = "json"


class LedgerTransactionFilters(LedgerFilters):
    """Which ledger transactions, and as what."""

    after: Annotated[str | None, TextRule(200), Field(description="The `next` of the page before; JSON only.")] = None
    limit: Limit = 50


class AuditFilters(BaseModel):
    """Which entries of the journal. Filters narrow each other; what names nobody and nothing finds nothing."""

    model_config = ConfigDict(frozen=True)

    who: Annotated[
        str,
        TextRule(100, is_reference=True),
        Field(description="Kind and reference of who did it, such as `person:3`: `by_kind` and `by_reference`."),
    ] = ""
    kind: Annotated[
        str, TextRule(60), Field(description="Kind of entry, or the beginning of several, such as `payment.`")
    ] = ""
    since: Annotated[Moment | None, Field(alias="from", description="Written then or later.")] = None
    until: Annotated[Moment | None, Field(alias="to", description="Written before then.")] = None
    order: Annotated[str, TextRule(24), Field(description="Number of an order.")] = ""
    site: Annotated[str, TextRule(60), Field(description="Slug of a site: entries about its orders.")] = ""
    after: Annotated[
        str | None, TextRule(200, is_reference=True), Field(description="The `next` of the page before.")
    ] = None
    limit: Limit = 50


class BulkRowFilters(BaseModel):
    """Which rows of a bulk job are shown."""

    model_config = ConfigDict(frozen=True)

    outcome: Annotated[
        Literal["waiting", "done", "passed", "refused"] | None, Field(description="Only rows with this state.")
    ] = None
    after: Annotated[
        str | None, TextRule(200, is_reference=True), Field(description="The `next` of the page before.")
    ] = None
    limit: Limit = 50


class RoleDeletion(BaseModel):
    """What becomes of those who have the role."""

    model_config = ConfigDict(frozen=True)

    move_to: Annotated[
        str | None, TextRule(40), Field(description="Slug of the role that its people and keys get instead.")
    ] = None


class TimelinePage(BaseModel):
    """Which part of a timeline is shown."""

    model_config = ConfigDict(frozen=True)

    money_only: Annotated[Literal["true", "false"], Field(description="`true`: only what tells of money.")] = "false"
    after: Sequence | None = None
    limit: Limit = 50


def cursor_refused(message: str) -> ParameterInvalid:
    """Return the refusal of a cursor that no page of this list gave."""
    fault = FieldError(pointer="after", code=CursorInvalid.code, message=message)
    return ParameterInvalid(message, code=CursorInvalid.code, fields=(fault,))
